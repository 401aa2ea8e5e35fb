#include "server/store/routing_book.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

std::optional<bool> yes(std::optional<std::int64_t> stored) {
  return stored ? std::optional(*stored != 0) : std::nullopt;
}

}  // namespace

RoutingBook::RoutingBook(sqlite::Db& db, Trouble& t)
    : goods_(db, t, "SELECT weight_g, hazardous, cold_chain FROM p_item WHERE sku = ?1"),
      sold_(db, t,
            // A kit is sold at its own price, its parts are what was bought for it.
            "SELECT l.quantity - l.cancelled, iif(k.ord IS NULL, l.unit_price_minor, 0), "
            "i.cost_minor FROM p_line l LEFT JOIN p_kit_part k USING(ord, line) "
            "LEFT JOIN p_item i USING(sku) WHERE l.ord = ?1 UNION ALL "
            "SELECT (SELECT min((l.quantity - l.cancelled) / k.pieces) FROM p_kit_part k "
            "JOIN p_line l USING(ord, line) WHERE k.ord = s.ord AND k.kit_line = s.line), "
            "s.unit_price_minor, 0 FROM p_kit_line s WHERE s.ord = ?1"),
      printing_(db, t,
                "SELECT DISTINCT station FROM p_device WHERE site = ?1 AND kind = 'printer' AND "
                "state = 'ready' ORDER BY station"),
      waiting_(db, t,
               "SELECT count(*) FROM p_order WHERE state IN ('allocated', 'released') AND "
               "site = ?1"),
      closed_(db, t,
              "SELECT count(*) FROM p_lease WHERE site = ?1 AND state = 'done' AND "
              "ended_ms >= ?2"),
      allocated_(db, t,
                 "SELECT DISTINCT ord FROM p_reservation WHERE site = ?1 AND lease = '' AND "
                 "ord > ?2 ORDER BY ord LIMIT ?3"),
      waits_(db, t,
             "SELECT ord FROM p_order WHERE state IN ('open', 'backordered') AND ord > ?1 "
             "ORDER BY ord LIMIT ?2"),
      rule_(db, t,
            "SELECT rule FROM p_decision WHERE subject = ?1 AND kind = 'routing' "
            "ORDER BY position DESC LIMIT 1") {}

std::optional<RoutingBook::Goods> RoutingBook::goods(std::string_view sku) {
  return goods_.one(
      [](const Statement& s) {
        return Goods{s.maybe_integer(0), yes(s.maybe_integer(1)), yes(s.maybe_integer(2))};
      },
      sku);
}

std::vector<RoutingBook::Sold> RoutingBook::sold(std::int64_t ord) {
  std::vector<Sold> out;
  sold_.each(
      [&](const Statement& s) {
        out.push_back({s.integer(0), s.maybe_integer(1), s.maybe_integer(2)});
      },
      ord);
  return out;
}

std::vector<std::string> RoutingBook::printing(std::string_view site) {
  std::vector<std::string> out;
  printing_.each([&](const Statement& s) { out.push_back(s.str(0)); }, site);
  return out;
}

std::int64_t RoutingBook::waiting_at(std::string_view site) {
  return waiting_.integer(site).value_or(0);
}
std::int64_t RoutingBook::closed_at(std::string_view site, std::int64_t since_ms) {
  return closed_.integer(site, since_ms).value_or(0);
}
std::vector<std::int64_t> RoutingBook::waiting(std::int64_t after, std::int64_t limit) {
  std::vector<std::int64_t> out;
  waits_.each([&](const Statement& s) { out.push_back(s.integer(0)); }, after, limit);
  return out;
}
std::vector<std::int64_t> RoutingBook::allocated_at(std::string_view site, std::int64_t after,
                                                    std::int64_t limit) {
  std::vector<std::int64_t> out;
  allocated_.each([&](const Statement& s) { out.push_back(s.integer(0)); }, site, after, limit);
  return out;
}
std::string RoutingBook::newest_rule(std::string_view order) {
  return rule_.text(order).value_or("");
}

}  // namespace dockline::server::store
