#include "server/store/past_view.hpp"

#include <utility>

namespace dockline::server::store {

using sqlite::Statement;

base::Result<std::unique_ptr<PastView>> PastView::open(const std::string& path) {
  auto db = sqlite::Db::open(
      path, {.read_only = true, .cache_kib = 8'192, .check_bytes_max = sqlite::kNotChecked});
  if (!db) return base::pass(db.error());
  return std::unique_ptr<PastView>(new PastView(std::move(*db)));
}

PastView::PastView(sqlite::Db db)
    : db_(std::move(db)),
      trouble_(std::make_unique<Trouble>()),
      arrivals_(db_, *trouble_, "SELECT ord, received_ms FROM p_order ORDER BY ord"),
      head_(db_, *trouble_,
            "SELECT channel, number, currency, ship_to, promised_ms - received_ms, vip FROM "
            "p_order WHERE ord = ?1"),
      lines_(db_, *trouble_,
             "SELECT sku, title, site, quantity, unit_price_minor FROM p_line WHERE ord = ?1 "
             "ORDER BY line"),
      sites_(db_, *trouble_,
             "SELECT site FROM (SELECT site, 1 AS boxes FROM p_lease UNION ALL "
             "SELECT DISTINCT substr(place, 1, length(place) - 6), 0 FROM p_balance WHERE place "
             "LIKE '%/shelf' UNION ALL SELECT site, 0 FROM station) GROUP BY site "
             "ORDER BY sum(boxes) DESC, site"),
      stations_(db_, *trouble_, "SELECT site, station FROM station ORDER BY site, station"),
      boxes_(db_, *trouble_,
             "SELECT source, subject, type = 'dockline.pack.closed.v1', time_ms FROM events "
             "WHERE type IN ('dockline.pack.opened.v1', 'dockline.pack.closed.v1') "
             "ORDER BY position"),
      answers_(db_, *trouble_,
               "SELECT channel, location, confirmed_ms - sent_ms FROM p_told "
               "ORDER BY channel, location, sku"),
      last_ms_(db_, *trouble_, "SELECT heard_ms FROM events ORDER BY position DESC LIMIT 1"),
      promised_(db_, *trouble_,
                "SELECT DISTINCT o.ord, r.site, o.received_ms FROM p_order o JOIN p_reservation r "
                "USING(ord) WHERE o.ord > ?1 ORDER BY o.ord, r.site"),
      last_order_(db_, *trouble_, "SELECT coalesce(max(ord), 0) FROM p_order") {}

void PastView::arrivals(const std::function<void(std::int64_t, std::int64_t)>& take) {
  arrivals_.each([&](const Statement& s) { take(s.integer(0), s.integer(1)); });
}

std::optional<PastView::Head> PastView::head(std::int64_t ord) {
  return head_.one(
      [](const Statement& s) {
        return Head{s.str(0), s.str(1), s.str(2), s.str(3), s.maybe_integer(4), s.integer(5) != 0};
      },
      ord);
}

std::vector<PastView::Line> PastView::lines(std::int64_t ord) {
  std::vector<Line> out;
  lines_.each(
      [&](const Statement& s) {
        out.push_back({s.str(0), s.str(1), s.str(2), s.integer(3), s.maybe_integer(4)});
      },
      ord);
  return out;
}

std::vector<std::string> PastView::sites() {
  std::vector<std::string> out;
  sites_.each([&](const Statement& s) { out.push_back(s.str(0)); });
  return out;
}

std::vector<std::pair<std::string, std::string>> PastView::stations() {
  std::vector<std::pair<std::string, std::string>> out;
  stations_.each([&](const Statement& s) { out.emplace_back(s.str(0), s.str(1)); });
  return out;
}

void PastView::boxes(
    const std::function<void(std::string_view, std::string_view, bool, std::int64_t)>& take) {
  boxes_.each(
      [&](const Statement& s) { take(s.text(0), s.text(1), s.integer(2) != 0, s.integer(3)); });
}

void PastView::answers(
    const std::function<void(std::string_view, std::string_view, std::int64_t)>& take) {
  answers_.each([&](const Statement& s) { take(s.text(0), s.text(1), s.integer(2)); });
}

std::int64_t PastView::last_ms() { return last_ms_.integer().value_or(0); }
std::int64_t PastView::last_order() { return last_order_.integer().value_or(0); }

void PastView::promised(std::int64_t ord,
                        const std::function<void(std::string_view, std::int64_t)>& take) {
  promised_.each([&](const Statement& s) { take(s.text(1), s.integer(2)); }, ord);
}

}  // namespace dockline::server::store
