// Private to server/audit: what its parts share.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "server/audit/audit.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::server::audit {

class Findings {
 public:
  explicit Findings(Report& report) : report_(report) {}
  void add(std::string_view check, std::string place, std::string what, std::string remedy) {
    if (++of_check_[std::string(check)] > kFindingsOfACheckMax) {
      ++report_.more;
      return;
    }
    report_.findings.push_back(
        {std::string(check), std::move(place), std::move(what), std::move(remedy)});
  }
  void note(std::string text) { report_.notes.push_back(std::move(text)); }

 private:
  Report& report_;
  std::map<std::string, std::size_t> of_check_;
};

// The remedy of a table that does not say what the log says.
inline constexpr std::string_view kRebuild =
    "Stop the server, keep this file, restore the newest backup that audits clean (dockline "
    "restore) and send both to the support; the facts themselves are in the log.";

inline std::string str(std::int64_t n) { return std::to_string(n); }

// Runs a query and calls `row(statement)` for each row. A query that this file cannot answer (no
// such table, damaged page) is an error with its place.
template <class F, class... Args>
base::Status each_row(sqlite::Db& db, std::string_view sql, F&& row, const Args&... args) {
  auto statement = db.try_prepare(sql);
  if (!statement) return base::pass(statement.error());
  statement->bind(args...);
  for (;;) {
    auto there = statement->step();
    if (!there) return base::pass(there.error());
    if (!*there) return {};
    row(static_cast<const sqlite::Statement&>(*statement));
  }
}

}  // namespace dockline::server::audit
