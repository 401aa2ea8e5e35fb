// How SQLite would answer a question: which indexes, what it goes through, what it sorts.
#pragma once

#include <string>
#include <string_view>

#include "shared/sqlite/db.hpp"

namespace dockline::server::testing {

// The lines of EXPLAIN QUERY PLAN, each ended; `args` as the question takes them.
template <class... Args>
std::string plan_of(sqlite::Db& db, std::string_view sql, const Args&... args) {
  auto plan = db.prepare("EXPLAIN QUERY PLAN " + std::string(sql));
  plan.bind(args...);
  std::string said;
  while (plan.step().value()) said += plan.str(3) + "\n";
  return said;
}

}  // namespace dockline::server::testing
