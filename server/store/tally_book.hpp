// What left the shelves per day: for buyers, by the region it went to, and beside orders, by the
// station that said so. Not a projection: server/app/tally.hpp counts it from the movements. Days
// are since 1970-01-01, UTC. Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/query.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::store {

using domain::Quantity;

// Where goods go to, as far as routing tells places apart.
struct Region {
  std::string country, region, code;  // empty: the order does not say
  friend auto operator<=>(const Region&, const Region&) = default;
};

class TallyBook {
 public:
  TallyBook(sqlite::Db& db, Trouble& trouble);

  struct Move {
    std::int64_t position = 0, n = 0;
    std::string sku;
    Quantity quantity = 0;
    std::string from, to;
    std::string source;  // of the fact: "/<site>/<station>" or "/server"
    std::string order;   // what the fact is about: an order's id, or something else
    std::int64_t time_ms = 0, heard_ms = 0;
  };
  // Movements behind this one, in the log's order.
  [[nodiscard]] std::vector<Move> moves(std::int64_t position, std::int64_t n, std::int64_t limit);
  // Where the order goes to, as JSON; empty: no such order.
  [[nodiscard]] std::string ship_to(std::string_view order);

  void add_sold(std::string_view sku, std::string_view site, const Region& to, std::int64_t day,
                Quantity pieces);
  void add_used(std::string_view sku, std::string_view site, std::string_view station,
                std::int64_t day, Quantity pieces);
  void forget_before(std::int64_t day);
  void forget_all();

  struct Sold {
    std::string site;
    Region to;
    Quantity pieces = 0;  // below zero: more came back than left since
  };
  [[nodiscard]] std::vector<Sold> sold(std::string_view sku, std::int64_t since_day);
  struct Used {
    std::string station;
    Quantity pieces = 0;
  };
  [[nodiscard]] std::vector<Used> used(std::string_view site, std::string_view sku,
                                       std::int64_t since_day);
  // SKUs greater than `after` of which something was used at the site.
  [[nodiscard]] std::vector<std::string> used_skus(std::string_view site, std::string_view after,
                                                   std::int64_t limit);
  [[nodiscard]] bool any_used(std::string_view site);

 private:
  Query moves_, ship_to_, add_sold_, add_used_, old_sold_, old_used_, sold_, used_, used_skus_;
};

}  // namespace dockline::server::store
