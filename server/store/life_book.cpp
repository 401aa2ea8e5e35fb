#include "server/store/life_book.hpp"

namespace dockline::server::store {
namespace {
using sqlite::Statement;
}

LifeBook::LifeBook(sqlite::Db& db, Trouble& t)
    : put_hold_(db, t,
                "INSERT OR REPLACE INTO p_hold(ord, position, reason, about, what, proposal, "
                "by_whom, since_ms, state, ended_by, ended_why, ended_ms) VALUES(?1, ?2, ?3, ?4, "
                "?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"),
      holds_(db, t,
             "SELECT position, reason, about, what, proposal, by_whom, since_ms, state, ended_by, "
             "ended_why, ended_ms FROM p_hold WHERE ord = ?1 ORDER BY position"),
      held_for_(db, t,
                "SELECT DISTINCT ord FROM p_hold WHERE about = ?1 AND state = 'open' AND "
                "reason = 'stock' ORDER BY ord LIMIT ?2"),
      put_part_(db, t,
                "INSERT INTO p_part(ord, part, line, quantity) VALUES(?1, ?2, ?3, ?4) "
                "ON CONFLICT(ord, part, line) DO UPDATE SET quantity = quantity + ?4"),
      parts_(db, t, "SELECT part, line, quantity FROM p_part WHERE ord = ?1 ORDER BY part, line"),
      reserved_(db, t,
                "SELECT r.line, sum(r.quantity) FROM p_reservation r JOIN p_lease l "
                "ON l.lease = r.lease WHERE r.ord = ?1 AND l.part = ?2 GROUP BY r.line"),
      packed_(db, t,
              "SELECT p.line, sum(p.accepted) FROM p_lease l JOIN p_parcel p ON p.lease = l.lease "
              "WHERE l.ord = ?1 AND l.part = ?2 GROUP BY p.line"),
      put_forecast_(db, t,
                    "INSERT OR REPLACE INTO p_forecast(ord, outlook, promised_ms, predicted_ms, "
                    "worst, why, at_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      forecast_(db, t,
                "SELECT outlook, promised_ms, predicted_ms, worst, why, at_ms FROM p_forecast "
                "WHERE ord = ?1"),
      opened_(db, t,
              "SELECT max(e.time_ms) FROM p_timeline t JOIN events e USING(position) "
              "WHERE t.ord = ?1 AND e.type = 'dockline.pack.opened.v1' AND e.source = ?2 AND "
              "e.time_ms <= ?3 HAVING count(*) > 0"),
      put_backorder_(db, t,
                     "INSERT OR REPLACE INTO p_backorder(sku, most, preorder, released_ms, "
                     "preorder_most, why, by_whom, position) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, "
                     "?8)"),
      drop_backorder_(db, t, "DELETE FROM p_backorder WHERE sku = ?1"),
      backorder_(db, t,
                 "SELECT most, preorder, released_ms, preorder_most FROM p_backorder "
                 "WHERE sku = ?1"),
      released_(db, t,
                "SELECT sku FROM p_backorder WHERE released_ms > ?1 AND released_ms <= ?2 "
                "ORDER BY released_ms, sku LIMIT ?3"),
      any_backorder_(db, t, "SELECT EXISTS(SELECT 1 FROM p_backorder)") {}

void LifeBook::put_hold(std::int64_t ord, const HoldRow& h) {
  put_hold_.run(ord, h.position, h.reason, h.about, h.what, h.proposal, h.by, h.since_ms, h.state,
                h.ended_by, h.ended_why, h.ended_ms);
}

std::vector<HoldRow> LifeBook::holds(std::int64_t ord) {
  std::vector<HoldRow> out;
  holds_.each(
      [&](const Statement& s) {
        out.push_back({s.integer(0), s.str(1), s.str(2), s.str(3), s.str(4), s.str(5), s.integer(6),
                       s.str(7), s.str(8), s.str(9), s.integer(10)});
      },
      ord);
  return out;
}

std::vector<std::int64_t> LifeBook::held_for(std::string_view sku, std::int64_t limit) {
  std::vector<std::int64_t> out;
  held_for_.each([&](const Statement& s) { out.push_back(s.integer(0)); }, sku, limit);
  return out;
}

void LifeBook::put_part(std::int64_t ord, const PartRow& p) {
  put_part_.run(ord, p.part, p.line, p.quantity);
}

std::vector<PartRow> LifeBook::parts(std::int64_t ord) {
  std::vector<PartRow> out;
  parts_.each(
      [&](const Statement& s) { out.push_back({s.integer(0), s.integer(1), s.integer(2)}); }, ord);
  return out;
}

std::map<std::int64_t, Quantity> LifeBook::in_leases(std::int64_t ord, std::int64_t part) {
  std::map<std::int64_t, Quantity> out;
  for (Query* query : {&reserved_, &packed_}) {
    query->each([&](const Statement& s) { out[s.integer(0)] += s.integer(1); }, ord, part);
  }
  return out;
}

void LifeBook::put_forecast(std::int64_t ord, const ForecastRow& r) {
  put_forecast_.run(ord, r.outlook, r.promised_ms, r.predicted_ms, r.worst, r.why, r.at_ms);
}

std::optional<ForecastRow> LifeBook::forecast(std::int64_t ord) {
  return forecast_.one(
      [](const Statement& s) {
        return ForecastRow{s.str(0), s.integer(1), s.integer(2), s.str(3), s.str(4), s.integer(5)};
      },
      ord);
}

std::optional<std::int64_t> LifeBook::opened_ms(std::int64_t ord, std::string_view source,
                                                std::int64_t until_ms) {
  return opened_.integer(ord, source, until_ms);
}

void LifeBook::put_backorder(std::int64_t position, const wire::BackorderPolicySet& set) {
  backorders_.reset();
  if (set.ended) return drop_backorder_.run(set.sku);
  put_backorder_.run(set.sku, set.most, set.preorder, set.released_ms, set.preorder_most, set.why,
                     set.by, position);
}

std::optional<orders::Waiting> LifeBook::backorder(std::string_view sku) {
  if (!backorders_) backorders_ = any_backorder_.integer();
  if (backorders_ == 0) return std::nullopt;
  return backorder_.one(
      [](const Statement& s) {
        return orders::Waiting{s.integer(0), s.integer(1) != 0, s.integer(2), s.integer(3)};
      },
      sku);
}

std::vector<std::string> LifeBook::released(std::int64_t after_ms, std::int64_t until_ms,
                                            std::int64_t limit) {
  std::vector<std::string> out;
  released_.each([&](const Statement& s) { out.push_back(s.str(0)); }, after_ms, until_ms, limit);
  return out;
}

}  // namespace dockline::server::store
