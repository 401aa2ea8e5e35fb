// What the log says of one order, and which orders' parcels a channel was told of lately. Not part
// of Store: whoever asks has one of his own. Errors are sticky (query.hpp), but for an archive
// segment that cannot be read: then nothing is said of the order, and the turn goes on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/store/query.hpp"

namespace dockline::server::store {

struct ToldOrder {
  std::int64_t ord = 0;
  std::string number;
};

// By when it was told: else SQLite would walk all orders of the channel, to have them in order.
inline constexpr std::string_view kToldOrders =
    "SELECT ord, number FROM p_order INDEXED BY p_order_told WHERE channel = ?1 AND "
    "fulfilled_ms > 0 AND fulfilled_ms >= ?2 AND ord < ?3 AND state <> 'cancelled' "
    "ORDER BY ord DESC LIMIT ?4";

class OrderFacts {
 public:
  explicit OrderFacts(sqlite::Db& db);

  [[nodiscard]] bool amended(std::int64_t ord);
  // Its receipt, amendments and cancellations, byte for byte, in the order of the log. Empty: one
  // of them cannot be read any more.
  [[nodiscard]] std::vector<std::string> bodies(std::int64_t ord);
  // Orders of which the channel was told a parcel since then, however old they are, but for those
  // that are cancelled: before `before`, the newest order first.
  [[nodiscard]] std::vector<ToldOrder> told(std::string_view channel, std::int64_t since_ms,
                                            std::int64_t before, std::int64_t limit);
  [[nodiscard]] base::Status trouble() const { return trouble_.status(); }

 private:
  Trouble trouble_;
  sqlite::Db* db_;
  Query amended_, facts_, told_;
};

}  // namespace dockline::server::store
