#include "server/stock/reservations.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace dockline::server::stock {

Seen reserved(std::span<const Reservation> rows, std::string_view sku, std::string_view site) {
  Seen sum;
  for (const auto& row : rows) {
    if (row.sku != sku || row.site != site) continue;
    sum.value += row.pieces;
    sum.as_of_ms = std::max(sum.as_of_ms, row.since_ms);
  }
  return sum;
}

std::vector<Drift> drift(std::span<const Reservation> rows, std::span<const Claim> claims) {
  struct Both {
    Quantity rows = 0, claimed = 0;
  };
  std::map<std::tuple<std::string, std::int64_t, std::string, std::string>, Both> all;
  for (const auto& r : rows) all[{r.order, r.line, r.sku, r.site}].rows += r.pieces;
  for (const auto& c : claims) all[{c.order, c.line, c.sku, c.site}].claimed += c.pieces;
  std::vector<Drift> out;
  for (const auto& [key, both] : all) {
    if (both.rows == both.claimed) continue;
    const auto& [order, line, sku, site] = key;
    out.push_back({.order = order,
                   .line = line,
                   .sku = sku,
                   .site = site,
                   .rows = both.rows,
                   .claimed = both.claimed,
                   .remedy = both.rows > both.claimed
                                 ? "pieces are kept that no order wants: release them"
                                 : "an order counts on pieces that nobody keeps: route it again"});
  }
  return out;
}

}  // namespace dockline::server::stock
