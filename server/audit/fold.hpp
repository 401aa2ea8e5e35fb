// Private to server/audit: what the tables must say, counted from the facts alone.
//
// Each piece of an order line is moved from state to state by rules written here a second time, on
// purpose: a mistake of the projector is found only by somebody who did not copy it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "server/audit/fact.hpp"
#include "server/audit/impl.hpp"

namespace dockline::server::audit {

inline constexpr std::array<const char*, 9> kStateNames = {"open",      "backordered", "allocated",
                                                           "released",  "packed",      "shipped",
                                                           "delivered", "cancelled",   "returned"};
enum State : std::size_t {
  kOpen,
  kBack,
  kAllocated,
  kReleased,
  kPacked,
  kShipped,
  kDelivered,
  kCancelled,
  kReturned
};

struct Promise {  // pieces kept for a line at a site, for a lease or (empty) for none yet
  std::string site, lease;
  std::int64_t pieces = 0;
};
struct LineBook {
  std::int64_t line = 0, quantity = 0;
  std::string sku;
  bool of_kit = false;  // sold as a part of one
  std::array<std::int64_t, 9> pieces{};
  std::vector<Promise> promises;
};
// Why an order stands still, open: neither released by a person nor corrected.
struct HoldBook {
  std::string reason, about, what;
};
struct OrderBook {
  std::string id, channel, number;
  std::vector<LineBook> lines;
  std::vector<std::size_t> leases;
  std::vector<HoldBook> holds;  // open ones
  std::int64_t parcel = 0;      // of the orders that go together, by the fact that said so
  bool apart = false;           // it went with others until its address was changed
};
struct BoxLine {
  std::int64_t line = 0, pieces = 0, counted = 0;
  std::string sku;
  std::vector<FactLot> lots{};  // what was scanned into it and is still there
  std::int64_t left = 0;        // of those that count: handed over
};
struct LeaseBook {
  std::string id, site, station, state, tracking, sscc;
  std::string holder;  // up stream of the station it was given to; empty: any
  std::size_t order = 0;
  std::int64_t epoch = 0, part = 1;
  bool stale = false;  // its label names an address that the order no longer has
  std::vector<BoxLine> box;
  std::string way;  // of its closed box: waiting, handed_over, delivered, reopened; empty: none
};
// A box closed without the right to: its goods moved, and it waits for a decision.
struct FencedBox {
  std::string id, order, lease, site, station, holder, tracking, sscc;
  std::int64_t epoch = 0;
  std::vector<BoxLine> lines;
  bool open = true;
};
struct MoveWanted {
  std::int64_t n = 0;
  std::string sku, from, to;
  std::int64_t pieces = 0;
  std::string from_bin{}, to_bin{};  // empty: the home bin, or no shelf
};
struct Ends {  // the bins of a movement
  std::string from, to;
};
struct DeliveryBook {
  std::string site;
  std::int64_t lines = 0, wanted = 0;  // pieces announced
  std::int64_t receipts = 0, came = 0, damaged = 0;
  bool announced = false, closed = false;
};
struct TransferBook {
  std::string sku, from, to;
  std::int64_t sent = 0, received = 0, damaged = 0, settled = 0;
  bool closed = false;
};
struct CountSeen {
  std::int64_t position = 0, moment = 0, pieces = 0, difference = 0;
  std::string source;
  std::int64_t said = 0;  // its station's word, if it was taken as later
};
// A shelf that was counted, or is to be.
struct ShelfBook {
  struct Move {
    std::int64_t moment = 0, change = 0;
    std::string source;
  };
  std::int64_t open = 0;  // tasks that wait
  std::vector<Move> since_asked;
  std::vector<CountSeen> counts;
};
struct LotHeld {
  std::string lot, serial, ownership, owner;
  std::int64_t expires_ms = 0, pieces = 0, received_ms = 0;
};
struct PurchaseBook {
  std::int64_t pieces = 0;
  std::string state = "proposed", told;
};
struct TaskBook {
  std::string sku, site, state = "open";
  std::int64_t asked_ms = 0;
};
struct CaseBook {
  std::string kind, subject;
  bool open = true;
};
// A closed box whose pieces counted: its channel must be told.
struct Parcel {
  std::string channel, order, tracking;
};

class Fold {
 public:
  explicit Fold(Findings& findings) : findings_(findings) {}

  // One fact, in order of position. `moves`: the postings the ledger must have for it.
  void take(std::int64_t position, const Fact& fact, std::vector<MoveWanted>& moves);

  // Its box waits for the carrier.
  [[nodiscard]] bool stands(const Parcel& parcel) const;

  std::vector<OrderBook> orders;
  std::vector<LeaseBook> leases;
  std::vector<FencedBox> fenced;
  bool keeps_fenced = false;  // this file's program kept books of them
  std::unordered_map<std::string, std::size_t> order_of, lease_of;
  std::map<std::pair<std::string, std::string>, std::int64_t> balances;  // (sku, place)
  std::map<std::string, CaseBook> cases;                                 // by exception id
  std::map<std::string, Parcel> parcels;  // "channel|order|tracking" of closed, counted boxes
  std::map<std::string, std::int64_t> fulfilled;  // the same key: confirmations by the channel
  std::map<std::string, std::int64_t> closings;   // the same key: times the box was closed
  std::map<std::string, std::int64_t> told;       // "channel|sku|location"
  std::set<std::string> items;
  std::map<std::string, std::map<std::string, std::int64_t>> recipes;  // kit -> part -> pieces
  std::map<std::string, DeliveryBook> deliveries;  // "" for goods that nobody announced
  std::map<std::string, TransferBook> transfers;
  std::map<std::pair<std::string, std::string>, ShelfBook> shelves;  // (sku, site)
  std::map<std::pair<std::string, std::string>, std::string> homes;  // (sku, site) -> home bin
  // (sku, site) -> what lies in its other bins; the home bin has the rest of the shelf.
  std::map<std::pair<std::string, std::string>, std::map<std::string, std::int64_t>> bins;
  std::map<std::string, TaskBook> tasks;
  std::map<std::pair<std::string, std::string>, std::vector<LotHeld>> lots;  // (sku, place)
  std::map<std::string, PurchaseBook> purchases;
  std::set<std::string> suppliers;
  std::set<std::pair<std::string, std::string>> supplies;   // (sku, supplier)
  std::map<std::int64_t, CountSeen> idle_counts;            // by position: nobody waited for them
  std::map<std::int64_t, CountSeen> bin_counts;             // of one bin of several
  std::set<std::pair<std::string, std::string>> one_label;  // leases that may bear the same one
  std::int64_t decisions = 0;

 private:
  void received(const Fact& fact);
  void take_apart(const std::string& sku, std::int64_t times, int depth,
                  std::map<std::string, std::int64_t>& out) const;
  void decided(const Fact& fact);
  void released(const Fact& fact);
  void cancelled(const Fact& fact);
  void held(const Fact& fact);
  void hold_released(const Fact& fact);
  void amended(const Fact& fact);
  void merged(std::int64_t position, const Fact& fact);
  static void freed(LeaseBook& lease);
  void closed(const Fact& fact, std::vector<MoveWanted>& moves);
  void reopened(const Fact& fact, std::vector<MoveWanted>& moves);
  // fold_handover.cpp
  [[nodiscard]] bool handover(std::string_view type, const Fact& fact,
                              std::vector<MoveWanted>& moves);
  void carry_box(LeaseBook& lease, const std::string& from, const std::string& to,
                 std::vector<MoveWanted>& moves);
  void bring_back(LeaseBook& lease, std::vector<MoveWanted>& moves);
  static void await_carrier(LeaseBook& lease);
  [[nodiscard]] FencedBox* open_fenced(const Fact& fact);
  void reopened_fenced(FencedBox& box, std::vector<MoveWanted>& moves);
  void accepted(const Fact& fact);
  void adopted(const Fact& fact);
  void put_back(const Fact& fact, std::vector<MoveWanted>& moves);
  std::int64_t claim(OrderBook& order, std::int64_t line, std::string_view sku, std::int64_t want);
  LeaseBook& lease_book(const std::string& id, std::size_t order);
  void returned(const Fact& fact);
  void revoked(const Fact& fact);
  void confirmed(std::int64_t position, const Fact& fact);
  void post(const std::string& sku, const std::string& from, const std::string& to,
            std::int64_t pieces, std::vector<MoveWanted>& moves, const Ends& ends = {});
  // fold_bins.cpp
  void moved(const Fact& fact, std::vector<MoveWanted>& moves);
  void assigned(const Fact& fact, std::vector<MoveWanted>& moves);
  void counted_bin(std::int64_t position, const Fact& fact, std::vector<MoveWanted>& moves);
  [[nodiscard]] std::string bin_name(const std::string& sku, const std::string& place,
                                     const std::string& bin) const;
  [[nodiscard]] std::int64_t in_bin(const std::string& sku, const std::string& site,
                                    const std::string& bin) const;
  [[nodiscard]] bool several_bins(const std::string& sku, const std::string& site) const {
    return !bins.empty() && bins.contains({sku, site});
  }
  void put_in_bin(const std::string& sku, const std::string& place, const std::string& bin,
                  std::int64_t change);
  void take_home(const std::string& sku, const std::string& shelf, const std::string& bin,
                 std::int64_t pieces, std::vector<MoveWanted>& moves);
  // After a movement between those two: the other bins hold no more than the shelf.
  void post_bins(const MoveWanted& move, std::vector<MoveWanted>& moves);
  void empty_bins(const std::string& sku, const std::string& shelf, std::vector<MoveWanted>& moves);
  // fold_lots.cpp: boxes, and what was scanned into them
  void into_box(const FactLine& line, const std::string& site, std::vector<MoveWanted>& moves);
  void out_of_box(BoxLine& line, const std::string& site, std::int64_t pieces,
                  std::vector<MoveWanted>& moves);
  void carry(const std::string& sku, const std::string& from, const std::string& to,
             std::int64_t pieces);
  // Lots follow each posting; the rest of what is known of them lies with pieces of no lot.
  void post_lots(const std::string& sku, const std::string& from, const std::string& to,
                 std::int64_t pieces);
  void fit_lots(const std::string& sku, const std::string& place);
  // fold_stock.cpp
  [[nodiscard]] bool stock(std::int64_t position, std::string_view type, const Fact& fact,
                           std::vector<MoveWanted>& moves);
  [[nodiscard]] std::vector<LotHeld> first_out(const std::string& sku, const std::string& place,
                                               std::int64_t pieces, bool for_sale);
  void goods_in(const Fact& fact, std::vector<MoveWanted>& moves);
  void transfer_leg(std::string_view type, const Fact& fact, std::vector<MoveWanted>& moves);
  void counted(std::int64_t position, const Fact& fact, std::vector<MoveWanted>& moves);
  void end_task(const std::string& task, const char* state);
  void at_shelf(const std::string& sku, const std::string& place, std::int64_t change,
                std::vector<MoveWanted>& moves);
  void correct(const std::string& sku, const std::string& shelf, std::int64_t change,
               std::vector<MoveWanted>& moves, const std::string& bin = {});
  LeaseBook* work_of(const Fact& fact, bool any_stream = false);
  void give_back(LeaseBook& lease, State to);
  void label(std::int64_t position, const LeaseBook& lease, bool adopted);
  [[nodiscard]] bool one_parcel(const std::string& other, const LeaseBook& lease,
                                bool adopted) const;

  Findings& findings_;
  std::int64_t n_ = 0,
               moment_ = 0;  // of the fact under way: its next posting, and when it was done
  std::string source_;
  const Fact* fact_ = nullptr;        // under way
  bool names_lot_ = false;            // what is posted now is of its lot
  const FactLot* scanned_ = nullptr;  // or of this one, by a code that was scanned
  std::unordered_map<std::string, std::vector<std::string>> trackings_, ssccs_;  // -> leases
};

// "/site/station" -> site, station; empty for other sources.
[[nodiscard]] std::pair<std::string_view, std::string_view> bench_of(std::string_view source);

// Moves up to `want` pieces; returns how many there were.
std::int64_t shift(LineBook& line, State from, State to, std::int64_t want);
// Null: the order has no such line.
[[nodiscard]] LineBook* line_of(OrderBook& order, std::int64_t number);

}  // namespace dockline::server::audit
