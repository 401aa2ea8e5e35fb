// What routing asks of the projections beside figures: goods, what an order earns, what a site has
// to do. Reads only. Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/query.hpp"

namespace dockline::server::store {

class RoutingBook {
 public:
  RoutingBook(sqlite::Db& db, Trouble& trouble);

  struct Goods {
    std::optional<std::int64_t> weight_g;
    std::optional<bool> hazardous, cold_chain;
  };
  [[nodiscard]] std::optional<Goods> goods(std::string_view sku);

  // What a line is sold for and its goods were bought for, of each wanted piece.
  struct Sold {
    std::int64_t pieces = 0;
    std::optional<std::int64_t> price_minor, cost_minor;
  };
  [[nodiscard]] std::vector<Sold> sold(std::int64_t ord);

  // Stations of a site with a printer that is ready.
  [[nodiscard]] std::vector<std::string> printing(std::string_view site);
  // Orders that wait or are worked on at a site; boxes closed there since then.
  [[nodiscard]] std::int64_t waiting_at(std::string_view site);
  [[nodiscard]] std::int64_t closed_at(std::string_view site, std::int64_t since_ms);
  // Orders with pieces that no site has, after this one.
  [[nodiscard]] std::vector<std::int64_t> waiting(std::int64_t after, std::int64_t limit);
  // Orders with pieces at a site that no station holds, after this one.
  [[nodiscard]] std::vector<std::int64_t> allocated_at(std::string_view site, std::int64_t after,
                                                       std::int64_t limit);
  // The rule of the newest routing decision about an order; empty: none.
  [[nodiscard]] std::string newest_rule(std::string_view order);

 private:
  Query goods_, sold_, printing_, waiting_, closed_, allocated_, waits_, rule_;
};

}  // namespace dockline::server::store
