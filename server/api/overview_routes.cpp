// Today at a glance, and one search for whatever a person holds in hand.
#include "server/api/route.hpp"
#include "server/api/values.hpp"
#include "server/store/reader_search.hpp"
#include "server/store/reader_today.hpp"

namespace dockline::server::api {
namespace {

constexpr std::size_t kSearchBytesMax = 200;

json::object hit(const store::SearchHit& h) {
  return {{"type", h.type}, {"id", h.id},       {"match", h.match},        {"text", h.text},
          {"sub", h.sub},   {"state", h.state}, {"at_ms", moment(h.at_ms)}};
}

Outcome get_search(Context& c) {
  const auto query = Query::parse(c.request.query, {"q", "limit"});
  if (!query) return refuse(query.error());
  const auto limit = query->integer("limit", 20, 1, 100);
  if (!limit) return refuse(limit.error());
  std::string text = query->text("q");
  text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
  while (text.ends_with(' ')) text.pop_back();
  if (text.empty() || text.size() > kSearchBytesMax) {
    return refuse({400, "bad_query", "q is empty or has more than 200 bytes",
                   "GET /api/v1/search?q=... with a number, name, SKU, bar code or label"});
  }
  return read(store::search(c.reader, text, *limit), [&](const auto& hits) {
    return json::serialize(json::object{{"q", text}, {"hits", list(hits, hit)}});
  });
}

json::object stations(const store::TodayStations& s) {
  return {{"total", s.total},
          {"up", s.up},
          {"silent", s.silent},
          {"never", s.never},
          {"waiting", s.waiting}};
}
json::object lag(const store::TodayLag& l) {
  return {{"channel", l.channel},
          {"n", l.n},
          {"p50_ms", l.p50_ms},
          {"p95_ms", l.p95_ms},
          {"p99_ms", l.p99_ms}};
}
json::object orders(const std::vector<std::pair<std::string, std::int64_t>>& counts) {
  json::object out;
  for (const char* state : {"open", "backordered", "allocated", "released", "packed", "shipped",
                            "delivered", "cancelled", "returned"}) {
    out[state] = 0;
  }
  std::int64_t total = 0;
  for (const auto& [state, n] : counts) {
    out[state] = n;
    total += n;
  }
  out["total"] = total;
  return out;
}

std::string today_json(const store::Today& t, Moment now_ms) {
  return json::serialize(json::object{
      {"now_ms", now_ms},
      {"orders", orders(t.orders)},
      {"late", t.late},
      {"at_risk", t.at_risk},
      {"held", t.held},
      {"stations", stations(t.stations)},
      {"lag", list(t.lag, lag)},
      {"exceptions", list(t.cases,
                          [](const store::TodayCases& e) {
                            return json::object{
                                {"kind", e.kind}, {"open", e.open}, {"oldest_ms", e.oldest_ms}};
                          })},
      {"waits", list(t.waits, [](const store::TodayWait& w) {
         return json::object{{"what", w.what}, {"id", w.id}, {"since_ms", w.since_ms}};
       })}});
}

Outcome get_today(Context& c) {
  return read(store::today(c.reader, c.now_ms),
              [&](const auto& found) { return today_json(found, c.now_ms); });
}

}  // namespace

std::span<const Route> overview_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "search", get_search},
      {"GET", "today", get_today},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
