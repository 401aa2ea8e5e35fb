// Stock and items.
#include "server/api/receiving.hpp"
#include "server/api/route.hpp"
#include "server/api/stock.hpp"

namespace dockline::server::api {
namespace {

Outcome get_stock(Context& c) {
  const auto query = Query::parse(c.request.query, {"q", "after", "skip", "limit"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  const auto skip = skip_of(*query);
  if (!skip) return refuse(skip.error());
  return read(c.reader.stock(query->text("q"), query->text("after"), *limit, *skip), stock_json);
}

Outcome post_adjust(Context& c) { return ask(done_answer, adjust_body(c.request.body)); }

// As it was at a past instant, or as it is now.
Outcome get_stock_item(Context& c) {
  const auto query = Query::parse(c.request.query, {"at"});
  if (!query) return refuse(query.error());
  const auto at = query->integer("at", -1, 0, INT64_MAX >> 16);
  if (!at) return refuse(at.error());
  // First: what is newer than its mark is refused needlessly, what is older would be lost.
  const auto said = store::item_said(c.reader, c.id);
  if (!said) return unread(said.error());
  const auto item = c.reader.stock_of(c.id);
  if (item && !*item) {
    return missing("SKU", c.id, "GET /api/v1/stock?q=... finds it by a part of SKU or title");
  }
  if (item && *at >= 0) {
    return read(store::places_at(c.reader, c.id, *at),
                [&](const auto& places) { return places_json(c.id, *at, places); });
  }
  Answer answer = read(item, [&](const auto& found) { return stock_item_json(*found, *said); });
  answer.etag = std::to_string(said->position) + "-";  // what If-Match compares (api.cpp)
  return answer;
}

constexpr std::int64_t kMonthMs = 30 * 86'400'000LL;

Outcome get_history(Context& c) {
  const auto query = Query::parse(c.request.query, {"since", "points", "site"});
  if (!query) return refuse(query.error());
  const auto since = query->integer("since", c.now_ms - kMonthMs, 0, c.now_ms - 1);
  if (!since) return refuse(since.error());
  const auto points = query->integer("points", 40, 2, store::kHistoryPointsMax);
  if (!points) return refuse(points.error());
  const auto said = store::item_said(c.reader, c.id);
  if (!said) return unread(said.error());
  if (said->position == 0) {
    return missing("SKU", c.id, "GET /api/v1/stock?q=... finds it by a part of SKU or title");
  }
  const store::HistoryQuery wish{c.id, query->text("site"), *since, c.now_ms, *points};
  return read(store::shelf_history(c.reader, wish),
              [&](const auto& found) { return history_json(wish, found); });
}

Outcome post_item(Context& c) { return ask(created_answer, item_body(c.request.body)); }

}  // namespace

std::span<const Route> stock_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "stock", get_stock},        {"POST", "stock/adjust", post_adjust},
      {"GET", "stock/*", get_stock_item}, {"GET", "stock/*/history", get_history},
      {"POST", "items", post_item},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
