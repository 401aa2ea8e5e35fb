#include "server/store/order_facts.hpp"

#include "server/store/archive_book.hpp"

namespace dockline::server::store {

using sqlite::Statement;

OrderFacts::OrderFacts(sqlite::Db& db)
    : db_(&db),
      amended_(db, trouble_,
               "SELECT 1 FROM p_timeline t JOIN events e USING(position) WHERE t.ord = ?1 AND "
               "e.type = 'dockline.order.amended.v1' LIMIT 1"),
      facts_(db, trouble_,
             "SELECT e.position, e.body FROM p_timeline t JOIN events e USING(position) WHERE "
             "t.ord = ?1 AND e.type IN ('dockline.order.received.v1', "
             "'dockline.order.amended.v1', 'dockline.order.cancelled.v1') ORDER BY e.position"),
      told_(db, trouble_, kToldOrders) {}

bool OrderFacts::amended(std::int64_t ord) { return amended_.integer(ord).has_value(); }

std::vector<std::string> OrderFacts::bodies(std::int64_t ord) {
  std::vector<std::pair<std::int64_t, std::string>> rows;
  facts_.each([&](const Statement& s) { rows.emplace_back(s.integer(0), s.blob(1)); }, ord);
  std::vector<std::string> out;
  Trouble unread;
  ArchiveBook archive(*db_, unread);
  for (auto& [position, body] : rows) {
    if (body.empty()) body = archive.body(position);
    if (unread.any()) return {};
    out.push_back(std::move(body));
  }
  return out;
}

std::vector<ToldOrder> OrderFacts::told(std::string_view channel, std::int64_t since_ms,
                                        std::int64_t before, std::int64_t limit) {
  std::vector<ToldOrder> out;
  told_.each([&](const Statement& s) { out.push_back({s.integer(0), s.str(1)}); }, channel,
             since_ms, before, limit);
  return out;
}

}  // namespace dockline::server::store
