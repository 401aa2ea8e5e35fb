// Routing: one decision in full, and a person's word.
#include "server/api/orders.hpp"
#include "server/api/route.hpp"
#include "server/api/routing.hpp"
#include "server/api/topics.hpp"
#include "server/rulebook/rulebook.hpp"
#include "server/store/reader_routing.hpp"
#include "server/whatif/whatif.hpp"

namespace dockline::server::api {
namespace {

constexpr std::int64_t kDecisionsMax = 100'000;

Outcome get_decision(Context& c) {
  const auto decision = store::decision_of(c.reader, c.id);
  if (decision && !*decision) {
    return missing("decision", c.id, "GET /api/v1/decisions?subject=ORDER lists those of an order");
  }
  return read(decision, [](const auto& found) { return decision_json(*found); });
}

Outcome post_route(Context& c) {
  const auto order = c.reader.order(c.id);
  if (!order) return unread(order.error());
  if (!*order) return no_order(c.id);
  return ask(created_answer, route_body((*order)->order.id, c.request.body));
}

// The file is read here, so that its problems are told at once; the work is done elsewhere.
Outcome post_what_if(Context& c) {
  auto wish = what_if_body(c.request.body);
  if (!wish) return refuse(wish.error());
  auto book = rulebook::read(wish->rules, "rules", std::nullopt);
  if (!book) {
    return refuse({422, "refused", config::to_text(book.error()),
                   "Mend those lines; `dockline routing reference` lists every key"});
  }
  const whatif::Options options{.since_ms = c.now_ms - wish->since_hours * 3'600'000,
                                .now_ms = c.now_ms,
                                .moved_max = static_cast<std::size_t>(wish->moved),
                                .decisions_max = kDecisionsMax};
  return AskLook{[book = std::move(*book), options](store::Reader& reader) {
    const auto report = whatif::run(reader, book, options);
    return report ? ok(what_if_json(*report)) : unread(report.error());
  }};
}

}  // namespace

std::span<const Route> routing_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "decisions/*", get_decision},
      {"POST", "orders/*/route", post_route},
      {"POST", "routing/what-if", post_what_if},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
