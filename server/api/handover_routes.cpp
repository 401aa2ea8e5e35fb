// Closed boxes: what stands, what has left, what came back.
#include "server/api/handover.hpp"
#include "server/api/route.hpp"

namespace dockline::server::api {
namespace {

Answer handed_answer(const Reply& reply) {
  return ok(handed_json(reply.handed.value_or(HandedOver{})));
}

Outcome get_handovers(Context& c) {
  const auto query = Query::parse(
      c.request.query, {"state", "site", "carrier", "manifest", "after", "skip", "limit"});
  if (!query) return refuse(query.error());
  const auto state = query->choice("state", {"waiting", "gone", "handed_over", "delivered"});
  if (!state) return refuse(state.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  const auto skip = skip_of(*query);
  if (!skip) return refuse(skip.error());
  return read(
      store::handovers(c.reader, {.gone = !state->empty() && *state != "waiting",
                                  .state = *state == "gone" || *state == "waiting" ? "" : *state,
                                  .site = query->text("site"),
                                  .carrier = query->text("carrier"),
                                  .manifest = query->text("manifest"),
                                  .after = query->text("after"),
                                  .limit = *limit,
                                  .skip = *skip}),
      handovers_json);
}

Outcome get_waiting(Context& c) { return read(store::waiting_groups(c.reader), waiting_json); }
Outcome post_handover(Context& c) { return ask(handed_answer, hand_over_body(c.request.body)); }
Outcome post_take_back(Context& c) {
  return ask(done_answer, take_back_body(c.id, c.request.body));
}
Outcome post_delivered(Context& c) {
  return ask(done_answer, delivered_body(c.id, c.request.body));
}
Outcome post_return(Context& c) {
  const auto order = c.reader.order(c.id);
  if (!order) return refuse(to_problem(order.error()));
  if (!*order) return no_order(c.id);
  return ask(done_answer, return_body((*order)->order.id, c.request.body));
}

}  // namespace

std::span<const Route> handover_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "handovers", get_handovers},
      {"POST", "handovers", post_handover},
      {"GET", "handovers/waiting", get_waiting},
      {"POST", "parcels/*/take-back", post_take_back},
      {"POST", "parcels/*/delivered", post_delivered},
      {"POST", "orders/*/return", post_return},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
