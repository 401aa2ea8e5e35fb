#include "server/store/reader_today.hpp"

#include <algorithm>
#include <map>

#include <boost/json.hpp>

#include "server/store/reader_impl.hpp"
#include "shared/wire/facts_log.hpp"

namespace dockline::server::store {
namespace {

namespace json = boost::json;
using sqlite::Statement;

// The newest first. Bodies in the archive are older than any hour that counts.
constexpr std::string_view kConfirmed =
    "SELECT time_ms, body FROM events WHERE type = ?1 AND heard_ms > ?2 AND position > "
    "(SELECT coalesce(max(position), 0) FROM events) - ?3 ORDER BY position DESC";
constexpr std::string_view kStates =
    "SELECT state, sum(orders) FROM p_order_count WHERE orders > 0 GROUP BY state";
// From the orders that are not packed: forecasts of what has left are kept for ever.
constexpr std::string_view kOutlooks =
    "SELECT f.outlook, count(*) FROM p_order o CROSS JOIN p_forecast f ON f.ord = o.ord WHERE "
    "o.state IN ('open', 'backordered', 'allocated', 'released') AND "
    "f.outlook IN ('late', 'at_risk') GROUP BY f.outlook";
constexpr std::string_view kHeld =
    "SELECT count(*) FROM p_order WHERE held = 1 AND "
    "state IN ('open', 'backordered', 'allocated', 'released')";
constexpr std::string_view kCases =
    "SELECT kind, count(*), min(raised_ms) FROM p_exception WHERE resolved_ms IS NULL "
    "GROUP BY kind ORDER BY kind";
constexpr std::string_view kOldestOrder =
    "SELECT id, received_ms FROM p_order WHERE state = ?1 ORDER BY ord LIMIT 1";
constexpr std::string_view kOldestOutbox =
    "SELECT channel || ' ' || kind || ' ' || subject, created_ms FROM outbox WHERE state <> 'dead' "
    "ORDER BY id LIMIT 1";
constexpr std::string_view kOldestCase =
    "SELECT id, raised_ms FROM p_exception WHERE resolved_ms IS NULL ORDER BY raised_ms LIMIT 1";

std::int64_t quantile(const std::vector<std::int64_t>& sorted, std::int64_t percent) {
  const auto n = static_cast<std::int64_t>(sorted.size());
  return sorted[static_cast<std::size_t>(std::max<std::int64_t>(0, (n * percent + 99) / 100 - 1))];
}

std::vector<TodayLag> lag(Reader::Impl& in, std::int64_t now_ms) {
  std::map<std::string, std::vector<std::int64_t>> took;
  in.query(kConfirmed)
      .each(
          [&](const Statement& s) {
            json::error_code failed;
            const json::value event = json::parse(s.blob(1), failed);
            if (failed || !event.is_object()) return;
            const json::value* data = event.get_object().if_contains("data");
            if (data == nullptr || !data->is_object()) return;
            const json::value* channel = data->get_object().if_contains("channel");
            const json::value* caused = data->get_object().if_contains("caused_ms");
            if (channel == nullptr || caused == nullptr || !channel->is_string()) return;
            const auto since = caused->to_number<std::int64_t>(failed);
            if (failed || since == 0) return;
            took[std::string(channel->get_string())].push_back(
                std::max<std::int64_t>(0, s.integer(0) - since));
          },
          wire::ChannelStockConfirmed::kType, now_ms - kLagWindowMs, kLagEventsMax);
  std::vector<TodayLag> out;
  for (auto& [channel, values] : took) {
    std::sort(values.begin(), values.end());
    out.push_back({channel, static_cast<std::int64_t>(values.size()), quantile(values, 50),
                   quantile(values, 95), quantile(values, 99)});
  }
  return out;
}

std::vector<TodayWait> waits(Reader::Impl& in) {
  std::vector<TodayWait> out;
  const auto keep = [&](const char* what) {
    return [&out, what](const Statement& s) { out.push_back({what, s.str(0), s.integer(1)}); };
  };
  for (const char* state : {"open", "backordered", "allocated", "released"}) {
    in.query(kOldestOrder).each(keep(state), std::string_view(state));
  }
  in.query(kOldestOutbox).each(keep("outbox"));
  in.query(kOldestCase).each(keep("exception"));
  return out;
}

}  // namespace

base::Result<Today> today(Reader& reader, std::int64_t now_ms) {
  const auto stations = reader.stations(now_ms);
  if (!stations) return base::pass(stations.error());
  auto& in = reader.impl();
  return in.look([&] {
    Today out;
    in.query(kStates).each(
        [&](const Statement& s) { out.orders.emplace_back(s.str(0), s.integer(1)); });
    in.query(kOutlooks).each(
        [&](const Statement& s) { (s.str(0) == "late" ? out.late : out.at_risk) = s.integer(1); });
    out.held = in.query(kHeld).integer().value_or(0);
    out.lag = lag(in, now_ms);
    in.query(kCases).each(
        [&](const Statement& s) { out.cases.push_back({s.str(0), s.integer(1), s.integer(2)}); });
    out.waits = waits(in);
    TodayWait oldest{"station", "", 0};
    for (const auto& s : *stations) {
      ++out.stations.total;
      if (s.status == "never")
        ++out.stations.never;
      else if (s.silent)
        ++out.stations.silent;
      else
        ++out.stations.up;
      out.stations.waiting += s.waiting;
      if (s.oldest_ms == 0 || (oldest.since_ms != 0 && s.oldest_ms >= oldest.since_ms)) continue;
      oldest.id = s.site + "/" + s.station;
      oldest.since_ms = s.oldest_ms;
    }
    if (oldest.since_ms != 0) out.waits.push_back(std::move(oldest));
    return out;
  });
}

}  // namespace dockline::server::store
