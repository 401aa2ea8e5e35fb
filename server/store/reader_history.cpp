#include "server/store/reader_history.hpp"

#include <algorithm>

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

struct Change {
  std::int64_t at_ms = 0, quantity = 0;
};

bool counts(std::string_view place, const std::string& site) {
  constexpr std::string_view kShelf = "/shelf";
  if (!place.ends_with(kShelf)) return false;
  return site.empty() || place.substr(0, place.size() - kShelf.size()) == site;
}

}  // namespace

base::Result<ShelfHistory> shelf_history(Reader& reader, const HistoryQuery& q,
                                         std::int64_t moves_max) {
  auto& in = reader.impl();
  return in.look([&] {
    ShelfHistory out;
    std::int64_t now = 0;
    in.query("SELECT place, quantity FROM p_balance WHERE sku = ?1")
        .each([&](const Statement& s) { now += counts(s.text(0), q.site) ? s.integer(1) : 0; },
              q.sku);
    // The newest by position; a fact that was heard late stands among them with its own time.
    std::vector<Change> changes;
    std::int64_t moves = 0, known_from_ms = INT64_MIN, oldest_ms = INT64_MAX;
    in.query(
          "SELECT e.time_ms, m.quantity, m.from_place, m.to_place FROM p_move m JOIN events e "
          "USING(position) WHERE m.sku = ?1 ORDER BY m.position DESC LIMIT ?2")
        .each(
            [&](const Statement& s) {
              if (++moves > moves_max) {
                out.cut = true;
                return;
              }
              oldest_ms = std::min(oldest_ms, s.integer(0));
              const auto pieces = (counts(s.text(3), q.site) ? s.integer(1) : 0) -
                                  (counts(s.text(2), q.site) ? s.integer(1) : 0);
              if (pieces != 0) changes.push_back({s.integer(0), pieces});
            },
            q.sku, moves_max + 1);
    if (out.cut) known_from_ms = oldest_ms;
    std::ranges::sort(changes, std::ranges::greater{}, &Change::at_ms);
    auto next = changes.begin();
    for (auto n = q.points - 1; n >= 0; --n) {
      const auto at_ms = q.since_ms + (q.until_ms - q.since_ms) * n / (q.points - 1);
      if (at_ms < known_from_ms && n < q.points - 1) break;
      for (; next != changes.end() && next->at_ms > at_ms; ++next) now -= next->quantity;
      out.points.push_back({at_ms, now});
    }
    std::ranges::reverse(out.points);
    return out;
  });
}

}  // namespace dockline::server::store
