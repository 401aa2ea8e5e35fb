// Projection tables of orders: lines, reservations, leases, parcels, timeline. Written by the
// projector alone; reactions read them. Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "server/orders/priority.hpp"
#include "server/orders/units.hpp"
#include "server/store/query.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::store {

using domain::Quantity;

inline const std::string kNoCurrency(3, 'X');  // ISO 4217: none is known

struct OrderHead {
  std::int64_t ord = 0;
  std::string id, channel, number, external_id, customer, currency, ship_to_json, charges_json;
  std::int64_t placed_ms = 0, received_ms = 0;
  std::string state, site, station, tracking;
  std::string buyer{};  // the channel's id of the customer
  std::optional<std::int64_t> promised_ms{};
  bool vip = false, fetched = false;
  bool held = false;  // a hold is open: it is neither routed nor released
};

struct NewLine {
  std::int64_t line = 0;
  std::string_view sku, title;
  Quantity quantity = 0;
  std::optional<std::int64_t> unit_price_minor;
  std::optional<std::string> external_id;
};

struct LineText {
  std::int64_t line = 0;
  std::string sku, title;
  std::optional<std::string> external_id;
  std::optional<std::int64_t> unit_price_minor{};
};

struct Reservation {
  std::int64_t line = 0;
  std::string site, lease, sku;  // lease: empty until released to a station
  Quantity quantity = 0;
};

struct Lease {
  std::string lease;
  std::int64_t ord = 0, epoch = 0;
  std::string site, station;
  std::string state;  // held, revoking, done, free
  bool touched = false;
  bool told = false;  // its channel has confirmed the fulfilment
  std::int64_t granted_ms = 0, ended_ms = 0;
  domain::ShippingLabel label;
  std::string holder;     // up incarnation; empty: granted before there was one, any
  std::int64_t part = 1;  // of a split order
  bool stale = false;     // its label names an address that the order no longer has
};

struct ParcelLine {
  std::int64_t line = 0;
  std::string sku;
  Quantity quantity = 0, accepted = 0;
};

class OrderBook {
 public:
  OrderBook(sqlite::Db& db, Trouble& trouble);

  [[nodiscard]] std::optional<std::int64_t> ord_of(const std::string& id);  // cached
  [[nodiscard]] std::optional<OrderHead> head(std::int64_t ord);
  // Of one of the channel's orders, the highest number first.
  [[nodiscard]] std::optional<std::string> currency_of(std::string_view channel);
  [[nodiscard]] std::int64_t insert(const OrderHead& head, Quantity pieces);  // gives the ord
  void insert_line(std::int64_t ord, const NewLine& line);
  // What an amendment changes. Pieces are added to the line's open ones and to the order's total.
  void set_address(std::int64_t ord, std::string_view customer, std::string_view ship_to_json);
  void set_promise(std::int64_t ord, std::optional<std::int64_t> promised_ms);
  void set_vip(std::int64_t ord, bool vip);
  void set_held(std::int64_t ord, bool held);
  void add_pieces(std::int64_t ord, std::int64_t line, std::string_view sku, Quantity pieces);
  void add_total(std::int64_t ord, Quantity pieces);
  [[nodiscard]] std::vector<orders::Line> lines(std::int64_t ord);
  [[nodiscard]] std::optional<orders::Line> line(std::int64_t ord, std::int64_t line);
  [[nodiscard]] std::vector<LineText> texts(std::int64_t ord);
  void put(std::int64_t ord, const orders::Line& line);
  void bump(std::int64_t ord, std::int64_t line, Quantity counted, Quantity missing);
  // Recomputes state, packed and updated_ms from the lines.
  void settle(std::int64_t ord, std::int64_t at_ms);
  void set_place(std::int64_t ord, std::string_view site, std::string_view station);
  void set_label(std::int64_t ord, const domain::ShippingLabel& label);
  void set_fulfilled(std::int64_t ord, std::int64_t at_ms);
  void note(std::int64_t ord, std::int64_t position);  // timeline
  // Writes what bump() and note() gathered. Store::commit() calls it.
  void flush();
  // Drops what is kept of the tables: after a rollback.
  void forget() {
    ords_.clear();
    current_ = {};
    counts_.clear();
    notes_.clear();
  }

  // Adds to (or, negative, takes from) a reservation; a row that comes to zero is deleted.
  void reserve(std::int64_t ord, const Reservation& change);
  [[nodiscard]] std::vector<Reservation> reservations(std::int64_t ord);
  // Pieces of a SKU that are bought and have no site: open or backordered, of held orders too.
  [[nodiscard]] Quantity unrouted(std::string_view sku);
  // SKUs whose lines or reservations change are added to it (StockBook::watch).
  void watch(std::vector<std::string>* touched) { touched_ = touched; }

  [[nodiscard]] std::optional<Lease> lease(std::string_view id);
  [[nodiscard]] std::optional<Lease> lease_by_tracking(std::int64_t ord, std::string_view tracking);
  [[nodiscard]] std::vector<Lease> leases(std::int64_t ord);
  // Held or being taken back, of a station.
  [[nodiscard]] std::vector<Lease> leases_at(std::string_view site, std::string_view station);
  // Closed boxes of a station.
  [[nodiscard]] std::vector<Lease> leases_ended(std::string_view site, std::string_view station);
  // Orders that are allocated, not held and not released, by rank (server/orders/priority.hpp);
  // those behind `after`.
  struct Ranked {
    std::int64_t ord = 0;
    orders::Rank rank;
  };
  [[nodiscard]] std::vector<Ranked> allocated(const std::optional<orders::Rank>& after,
                                              std::int64_t limit);
  // The same at one site, the first ones.
  [[nodiscard]] std::vector<std::int64_t> allocated_at(std::string_view site, std::int64_t limit);
  [[nodiscard]] std::int64_t max_epoch();  // of all leases; 0: none
  [[nodiscard]] std::int64_t leases_held(std::string_view site, std::string_view station);
  void put(const Lease& lease);

  void put_parcel(std::string_view lease, const ParcelLine& line);
  [[nodiscard]] std::vector<ParcelLine> parcel(std::string_view lease);
  void drop_parcel(std::string_view lease);

  // ---- what the order's channel is told of its parcels, by their labels
  struct Notice {
    std::string tracking;
    std::int64_t line = 0;
    Quantity quantity = 0;
    bool told = false;  // confirmed
  };
  // The box's contents are what is told under its label, unless an earlier closing was.
  void tell(const Lease& lease);
  [[nodiscard]] std::vector<Notice> notices(std::int64_t ord);
  // Of labels that none of the order's leases has any more, but `tracking`: their boxes are gone.
  [[nodiscard]] std::vector<Notice> told_elsewhere(std::int64_t ord, std::string_view tracking);
  void set_told(std::int64_t ord, std::string_view tracking);
  [[nodiscard]] bool told_as(std::int64_t ord, std::string_view tracking);
  // Of a parcel that is not told so far: this line with so many pieces (0: without it).
  void put_notice(std::int64_t ord, std::string_view tracking, std::int64_t line, Quantity pieces);
  void drop_notices(std::int64_t ord, std::string_view tracking);
  // By line: pieces that the order's channel was told have left.
  [[nodiscard]] std::map<std::int64_t, Quantity> told(std::int64_t ord);

  // Pieces of this SKU that wait, of all orders but one; those refused for now are left out.
  [[nodiscard]] Quantity waiting(std::string_view sku, std::int64_t but_ord);
  // Orders with a promise that are not packed, by promise; those behind (promised_ms, ord).
  struct Promised {
    std::int64_t promised_ms = 0, ord = 0;
  };
  [[nodiscard]] std::vector<Promised> promised(const Promised& after, std::int64_t limit);
  // How many orders that are at the benches of a site go before this one.
  [[nodiscard]] std::int64_t ahead_at(std::string_view site, std::int64_t ord);
  // Orders of a customer with cancellable pieces of a SKU, placed at or before `until_ms`, newest
  // first.
  struct Open {
    std::string order;
    std::int64_t line = 0;
    Quantity pieces = 0;
  };
  [[nodiscard]] std::vector<Open> open_of(std::string_view channel, std::string_view customer,
                                          std::string_view sku, std::int64_t until_ms);
  [[nodiscard]] std::vector<std::string> open_numbers(std::string_view channel,
                                                      std::string_view after, std::int64_t limit);

 private:
  Query ord_, head_, currency_, insert_, insert_line_, lines_, line_, texts_, put_line_, bump_,
      settle_, place_, label_, fulfilled_, note_, reserve_, unreserve_, lessen_, reservations_,
      lease_, by_tracking_, leases_, at_, ended_, allocated_, all_allocated_, max_epoch_, held_,
      put_lease_, put_parcel_, parcel_, drop_parcel_, tell_, notices_, elsewhere_, told_, told_now_,
      told_as_, put_notice_, drop_notice_, drop_notices_, told_lines_, waiting_, open_, numbers_,
      address_, promise_, vip_, held_now_, add_pieces_, add_total_, promised_, ahead_, unrouted_;
  void touch(std::string_view sku) {
    if (touched_ != nullptr) touched_->emplace_back(sku);
  }
  void write_counts(std::int64_t ord);

  std::unordered_map<std::string, std::int64_t> ords_;
  std::vector<std::string>* touched_ = nullptr;
  // Counts and timeline of this turn: the scans of one line become one row written, and rows go in
  // by their keys. Counts are written before anything reads or writes the lines of their order.
  struct Count {
    Quantity counted = 0, missing = 0;
  };
  std::map<std::pair<std::int64_t, std::int64_t>, Count> counts_;  // by order and line
  std::vector<std::pair<std::int64_t, std::int64_t>> notes_;       // order, position

  // The order that is worked on, as it is in its tables: a turn looks at it again and again.
  // Whoever writes an order here writes into this as well; flush() ends it.
  struct Current {
    std::int64_t ord = 0;
    std::optional<OrderHead> head;
    std::optional<std::vector<orders::Line>> lines;
  };
  Current current_;
  Current& current(std::int64_t ord) {
    if (current_.ord != ord) current_ = {.ord = ord, .head = {}, .lines = {}};
    return current_;
  }
};

}  // namespace dockline::server::store
