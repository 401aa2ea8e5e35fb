// One prepared statement of this module with its trouble kept aside.
//
// Sticky errors: the first failure of any query of a Store is kept, later queries do nothing and
// return nothing. Whoever drives the Store asks trouble() after each input and before COMMIT; a
// turn with trouble is abandoned. So folding code reads as what it does, and no error is lost.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "shared/base/result.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::server::store {

class Trouble {
 public:
  void keep(const base::Error& error) {
    if (!first_) first_ = error;
  }
  [[nodiscard]] bool any() const { return first_.has_value(); }
  [[nodiscard]] base::Status status() const {
    if (first_) return base::pass(*first_);
    return {};
  }

 private:
  std::optional<base::Error> first_;
};

class Query {
 public:
  Query(sqlite::Db& db, Trouble& trouble, std::string_view sql)
      : stmt_(db.prepare(sql)), trouble_(&trouble) {}

  template <class... Args>
  void run(const Args&... args) {
    if (trouble_->any()) return;
    if (auto ok = stmt_.bind(args...).run(); !ok) trouble_->keep(ok.error());
  }
  // Calls `row(statement)` for each row.
  template <class F, class... Args>
  void each(F&& row, const Args&... args) {
    if (trouble_->any()) return;
    stmt_.bind(args...);
    for (;;) {
      auto there = stmt_.step();
      if (!there) return trouble_->keep(there.error());
      if (!*there) return;
      row(static_cast<const sqlite::Statement&>(stmt_));
    }
  }
  // What `row(statement)` makes of the first row; nothing when there is none.
  template <class F, class... Args>
  auto one(F&& row, const Args&... args)
      -> std::optional<decltype(row(std::declval<const sqlite::Statement&>()))> {
    if (trouble_->any()) return std::nullopt;
    auto there = stmt_.bind(args...).step();
    if (!there) {
      trouble_->keep(there.error());
      return std::nullopt;
    }
    if (!*there) return std::nullopt;
    auto value = row(static_cast<const sqlite::Statement&>(stmt_));
    stmt_.reset();
    return value;
  }
  template <class... Args>
  std::optional<std::int64_t> integer(const Args&... args) {
    return one([](const sqlite::Statement& s) { return s.integer(0); }, args...);
  }
  template <class... Args>
  std::optional<std::string> text(const Args&... args) {
    return one([](const sqlite::Statement& s) { return s.str(0); }, args...);
  }

 private:
  sqlite::Statement stmt_;
  Trouble* trouble_;
};

}  // namespace dockline::server::store
