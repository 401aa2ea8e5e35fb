// The read side of deliveries, transfers, counts and stock at a past instant. Thread rule and
// failures: reader.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/stock/asn.hpp"
#include "server/stock/transfers.hpp"
#include "server/store/lot_book.hpp"
#include "server/store/reader.hpp"

namespace dockline::server::store {

struct ReceiptRow {
  std::int64_t position = 0, at_ms = 0, quantity = 0, damaged = 0;
  std::string site, sku, code, by;
};
struct DeliveryRow {
  std::int64_t position = 0, announced_ms = 0;
  std::optional<std::int64_t> closed_ms;
  std::string purchase, origin, why, by;
  stock::Delivery delivery;
  std::vector<ReceiptRow> receipts;  // by position
};
struct TransferRow {
  std::int64_t position = 0, ordered_ms = 0, changed_ms = 0;
  std::string why, by;
  stock::Transfer transfer;
};
struct CountRow {
  std::int64_t position = 0, at_ms = 0, counted = 0, difference = 0;
  bool counts = true;  // false: nobody waited for it any more
  std::string sku, site, source, task, bin, by;
};
struct CountTaskRow {
  std::int64_t position = 0, asked_ms = 0, ended_ms = 0;
  std::string task, sku, title, site, station, bin, why, state;
};
struct PlaceRow {
  std::string place;
  std::int64_t quantity = 0;
};

// Newest first; `after` is a position as text.
struct ReceivingQuery {
  std::string state;  // open, closed (tasks: open, counted, dropped); empty: all
  std::string site, sku;
  std::string after;
  std::int64_t limit = 50;
  std::int64_t skip = 0;  // rows between `after` and the page
};
[[nodiscard]] base::Result<Page<DeliveryRow>> deliveries(Reader& reader,
                                                         const ReceivingQuery& query);
[[nodiscard]] base::Result<std::optional<DeliveryRow>> delivery(Reader& reader,
                                                                const std::string& id);
[[nodiscard]] base::Result<Page<TransferRow>> transfers(Reader& reader,
                                                        const ReceivingQuery& query);
[[nodiscard]] base::Result<std::optional<TransferRow>> transfer(Reader& reader,
                                                                const std::string& id);
[[nodiscard]] base::Result<Page<CountRow>> counts(Reader& reader, const ReceivingQuery& query);
[[nodiscard]] base::Result<Page<CountTaskRow>> count_tasks(Reader& reader,
                                                           const ReceivingQuery& query);

// Pieces of a SKU whose lot is known, first expired first within each place.
[[nodiscard]] base::Result<std::vector<HeldLot>> lots(Reader& reader, const std::string& sku);

// What lay at each place of a SKU by all that had happened up to an instant and is known now: by
// the clocks of those who did it, not by when it was heard. Places that hold nothing are left out.
[[nodiscard]] base::Result<std::vector<PlaceRow>> places_at(Reader& reader, const std::string& sku,
                                                            std::int64_t at_ms);

}  // namespace dockline::server::store
