// What a rehearsal asks of a log: when orders came, what was in them, how long benches packed, how
// fast channels answered. One read-only connection of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/query.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::server::store {

class PastView {
  // Declared first: the queries below prepare their statements on it.
  sqlite::Db db_;
  std::unique_ptr<Trouble> trouble_;
  explicit PastView(sqlite::Db db);

 public:
  [[nodiscard]] static base::Result<std::unique_ptr<PastView>> open(const std::string& path);

  void arrivals(const std::function<void(std::int64_t ord, std::int64_t received_ms)>& take);
  struct Head {
    std::string channel, number, currency, ship_to_json;
    std::optional<std::int64_t> promised_after_ms;  // it came
    bool vip = false;
  };
  [[nodiscard]] std::optional<Head> head(std::int64_t ord);
  struct Line {
    std::string sku, title, site;  // site: where it was routed; empty: nowhere
    std::int64_t quantity = 0;
    std::optional<std::int64_t> unit_price_minor;
  };
  [[nodiscard]] std::vector<Line> lines(std::int64_t ord);
  // Sites that stock lies at or benches stand at, those that had most boxes first.
  [[nodiscard]] std::vector<std::string> sites();
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> stations();
  // Boxes opened and closed at benches, in the order of the log.
  void boxes(const std::function<void(std::string_view source, std::string_view order, bool closed,
                                      std::int64_t at_ms)>& take);
  // Of each figure that a channel confirmed last: where, and how long its answer took.
  void answers(const std::function<void(std::string_view channel, std::string_view location,
                                        std::int64_t took_ms)>& take);
  [[nodiscard]] std::int64_t last_ms();
  // Of orders after `ord`: what is reserved where, and when the order came.
  void promised(std::int64_t ord,
                const std::function<void(std::string_view site, std::int64_t received_ms)>& take);
  [[nodiscard]] std::int64_t last_order();
  [[nodiscard]] base::Status trouble() const { return trouble_->status(); }

 private:
  Query arrivals_, head_, lines_, sites_, stations_, boxes_, answers_, last_ms_, promised_,
      last_order_;
};

}  // namespace dockline::server::store
