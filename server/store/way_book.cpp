#include "server/store/way_book.hpp"

#include <boost/json.hpp>

#include "server/store/archive_book.hpp"

namespace dockline::server::store {
namespace {

namespace json = boost::json;
using sqlite::Statement;

constexpr std::string_view kServiceOf = "service ";  // routing/record.cpp names its inputs so
constexpr std::int64_t kDecisionsMax = 4;            // of an order that was decided again and again

std::optional<std::int64_t> known(std::int64_t ms) {
  return ms == 0 ? std::nullopt : std::optional(ms);
}

// "service leipzig" of the inputs of a decision: by site.
void read_services(std::string_view body, std::map<std::string, std::string>& out) {
  json::error_code failed;
  const auto event = json::parse(body, failed);
  const auto* data =
      !failed && event.is_object() ? event.get_object().if_contains("data") : nullptr;
  const auto* inputs =
      data != nullptr && data->is_object() ? data->get_object().if_contains("inputs") : nullptr;
  if (inputs == nullptr || !inputs->is_array()) return;
  for (const auto& input : inputs->get_array()) {
    if (!input.is_object()) continue;
    const auto* name = input.get_object().if_contains("name");
    const auto* value = input.get_object().if_contains("value");
    if (name == nullptr || value == nullptr || !name->is_string() || !value->is_string()) continue;
    const std::string_view text = name->get_string();
    if (!text.starts_with(kServiceOf)) continue;
    out.try_emplace(std::string(text.substr(kServiceOf.size())), value->get_string());
  }
}

}  // namespace

WayBook::WayBook(sqlite::Db& db)
    : db_(&db),
      head_(db, trouble_,
            "SELECT id, placed_ms, received_ms, promised_ms, held, fetched FROM p_order "
            "WHERE ord = ?1"),
      pieces_(db, trouble_,
              "SELECT coalesce(sum(open + backordered), 0), coalesce(sum(allocated + released), "
              "0), coalesce(sum(packed), 0), coalesce(sum(shipped), 0), "
              "coalesce(sum(delivered + returned), 0) FROM p_line WHERE ord = ?1"),
      released_(db, trouble_,
                "SELECT min(coalesce(b.released_ms, 0)), max(coalesce(b.released_ms, 0)) FROM "
                "p_line l LEFT JOIN p_backorder b USING(sku) WHERE l.ord = ?1 AND "
                "l.open + l.backordered > 0"),
      reserved_(db, trouble_,
                "SELECT DISTINCT site FROM p_reservation WHERE ord = ?1 ORDER BY site"),
      boxes_(db, trouble_,
             "SELECT site, max(state = 'waiting') FROM p_handover WHERE ord = ?1 AND "
             "state <> 'reopened' GROUP BY site ORDER BY site"),
      pack_times_(db, trouble_, "SELECT took_ms FROM pack_time WHERE site = ?1 ORDER BY took_ms"),
      ahead_(db, trouble_,
             "SELECT count(DISTINCT l.ord) FROM p_lease l JOIN p_order o USING(ord), "
             "(SELECT 1 - vip AS v, coalesce(promised_ms, 9223372036854775807) AS p, "
             "placed_ms AS t, id AS i FROM p_order WHERE ord = ?2) me WHERE l.site = ?1 AND "
             "l.state = 'held' AND (1 - o.vip, coalesce(o.promised_ms, 9223372036854775807), "
             "o.placed_ms, o.id) < (me.v, me.p, me.t, me.i)"),
      benches_(db, trouble_, "SELECT count(*) FROM station WHERE site = ?1 AND status = 'up'"),
      decisions_(db, trouble_,
                 "SELECT d.position, e.body FROM p_decision d JOIN events e USING(position) WHERE "
                 "d.subject = ?1 AND d.kind = 'routing' AND d.outcome <> 'backordered' "
                 "ORDER BY d.position DESC LIMIT ?2"),
      checked_(db, trouble_,
               "SELECT coalesce(max(ended_ms), 0) FROM p_hold WHERE ord = ?1 AND state <> 'open'"),
      routed_(db, trouble_,
              "SELECT coalesce(max(e.time_ms), 0) FROM p_decision d JOIN events e USING(position) "
              "WHERE d.subject = (SELECT id FROM p_order WHERE ord = ?1) AND d.kind = 'routing' "
              "AND d.outcome <> 'backordered'"),
      moments_(db, trouble_,
               "SELECT coalesce(max(closed_ms), 0), coalesce(max(handed_ms), 0), "
               "coalesce(max(delivered_ms), 0) FROM p_handover WHERE ord = ?1 AND "
               "state <> 'reopened'") {}

std::optional<OrderWay> WayBook::of(std::int64_t ord, bool services, std::int64_t now_ms) {
  auto way = head_.one(
      [&](const Statement& s) {
        OrderWay out;
        out.ord = ord;
        out.id = s.str(0);
        out.placed_ms = s.integer(1);
        out.received_ms = s.integer(2);
        out.promised_ms = s.maybe_integer(3);
        out.held = s.integer(4) != 0;
        out.fetched = s.integer(5) != 0;
        return out;
      },
      ord);
  if (!way) return way;
  pieces_.each(
      [&](const Statement& s) {
        way->unrouted = s.integer(0);
        way->to_pack = s.integer(1);
        way->packed = s.integer(2);
        way->gone = s.integer(3);
        way->delivered = s.integer(4);
      },
      ord);
  if (way->unrouted > 0) {
    released_.each(
        [&](const Statement& s) {
          if (s.integer(0) > now_ms) way->released_ms = s.integer(1);
        },
        ord);
  }
  add_sites(*way);
  std::map<std::string, std::string> chosen;
  if (services && !way->sites.empty()) chosen = this->services(way->id);
  for (auto& site : way->sites) {
    if (const auto at = chosen.find(site.site); at != chosen.end()) site.service = at->second;
    if (way->unrouted + way->to_pack > 0) add_work(*way, site);
  }
  return way;
}

void WayBook::add_sites(OrderWay& way) {
  if (way.to_pack > 0) {
    reserved_.each([&](const Statement& s) { way.sites.push_back({.site = s.str(0)}); }, way.ord);
  }
  if (!way.sites.empty() || way.unrouted > 0) return;
  std::vector<WaySite> left;
  boxes_.each(
      [&](const Statement& s) {
        auto& to = s.integer(1) != 0 ? way.sites : left;
        to.push_back({.site = s.str(0)});
      },
      way.ord);
  if (way.sites.empty()) way.sites = std::move(left);
}

void WayBook::add_work(OrderWay& way, WaySite& site) {
  std::vector<std::int64_t> took;
  pack_times_.each([&](const Statement& s) { took.push_back(s.integer(0)); }, site.site);
  if (!took.empty()) site.pack_ms = took[took.size() / 2];
  site.ahead = ahead_.integer(site.site, way.ord).value_or(0);
  site.benches = benches_.integer(site.site).value_or(0);
}

// By site, what its newest decision says. One that cannot be read any more says nothing.
std::map<std::string, std::string> WayBook::services(const std::string& order) {
  std::vector<std::pair<std::int64_t, std::string>> rows;
  decisions_.each(
      [&](const Statement& s) { rows.emplace_back(s.integer(0), std::string(s.blob(1))); }, order,
      kDecisionsMax);
  std::map<std::string, std::string> out;
  for (auto& [position, body] : rows) {
    if (body.empty()) {
      Trouble unread;
      ArchiveBook archive(*db_, unread);
      body = archive.body(position);
      if (unread.any()) continue;
    }
    read_services(body, out);
  }
  return out;
}

WayMoments WayBook::moments(std::int64_t ord) {
  WayMoments out;
  out.checked_ms = known(checked_.integer(ord).value_or(0));
  out.routed_ms = known(routed_.integer(ord).value_or(0));
  moments_.each(
      [&](const Statement& s) {
        out.packed_ms = known(s.integer(0));
        out.handed_ms = known(s.integer(1));
        out.delivered_ms = known(s.integer(2));
      },
      ord);
  return out;
}

}  // namespace dockline::server::store
