#include "server/stock/reservations.hpp"

#include <map>
#include <tuple>

namespace dockline::server::stock {

std::vector<Drift> drift(std::span<const Kept> rows, std::span<const Kept> claims) {
  struct Both {
    Quantity rows = 0, claimed = 0;
  };
  std::map<std::tuple<std::int64_t, std::int64_t, std::string_view, bool>, Both> all;
  for (const auto& r : rows) all[{r.order, r.line, r.sku, r.leased}].rows += r.pieces;
  for (const auto& c : claims) all[{c.order, c.line, c.sku, c.leased}].claimed += c.pieces;
  std::vector<Drift> out;
  for (const auto& [key, both] : all) {
    if (both.rows == both.claimed) continue;
    const auto& [order, line, sku, leased] = key;
    out.push_back({.order = order,
                   .line = line,
                   .sku = std::string(sku),
                   .leased = leased,
                   .rows = both.rows,
                   .claimed = both.claimed});
  }
  return out;
}

}  // namespace dockline::server::stock
