// Answers kept by Idempotency-Key (migration answers). Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/store/query.hpp"

namespace dockline::server::store {

struct KeptAnswer {
  std::string request, told;
};

class AnswerTable {
 public:
  AnswerTable(sqlite::Db& db, Trouble& trouble);

  // Of a key that was used at `since_ms` or later.
  [[nodiscard]] std::optional<KeptAnswer> find(std::string_view key, std::int64_t since_ms);
  void put(std::string_view key, std::string_view request, std::string_view told,
           std::int64_t at_ms);
  // Drops at most `most` that are older than `since_ms`; how many it were.
  std::int64_t sweep(std::int64_t since_ms, std::int64_t most);
  [[nodiscard]] std::int64_t count();
  // Newest fact about an order; 0: no such order.
  [[nodiscard]] std::int64_t position_of(std::string_view order);

 private:
  Query find_, put_, old_, drop_, count_, position_;
};

}  // namespace dockline::server::store
