// Orders: list, one, take in, cancel, take back from a station.
#include "server/api/order_steps.hpp"
#include "server/api/orders.hpp"
#include "server/api/route.hpp"

namespace dockline::server::api {
namespace {

Outcome get_orders(Context& c) {
  const auto query = Query::parse(
      c.request.query, {"state", "q", "channel", "after", "skip", "limit", "outlook", "held"});
  if (!query) return refuse(query.error());
  const auto state =
      query->choice("state", {"open", "backordered", "allocated", "released", "packed", "shipped",
                              "delivered", "cancelled", "returned"});
  if (!state) return refuse(state.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  const auto skip = skip_of(*query);
  if (!skip) return refuse(skip.error());
  const auto outlook = query->choice("outlook", {"late", "at_risk"});
  if (!outlook) return refuse(outlook.error());
  const auto held = query->choice("held", {"true"});
  if (!held) return refuse(held.error());
  if (!outlook->empty() || !held->empty()) {
    if (!state->empty() || !query->text("q").empty() || !query->text("channel").empty()) {
      return refuse({400, "bad_query", "outlook and held stand alone",
                     "Leave state, q and channel out, or filter the answer"});
    }
    return read(store::orders_by_outlook(c.reader, {.outlook = *outlook,
                                                    .held = !held->empty(),
                                                    .after = query->text("after"),
                                                    .limit = *limit,
                                                    .skip = *skip}),
                orders_json);
  }
  return read(c.reader.orders({.state = *state,
                               .channel = query->text("channel"),
                               .text = query->text("q"),
                               .after = query->text("after"),
                               .limit = *limit,
                               .skip = *skip}),
              orders_json);
}

Outcome post_order(Context& c) { return ask(created_answer, order_body(c.request.body)); }

Outcome get_order(Context& c) {
  const auto order = c.reader.order(c.id);
  if (order && !*order) return no_order(c.id);
  if (!order) return refuse(to_problem(order.error()));
  const auto life = store::life_of(c.reader, (*order)->order.id);
  const auto lots = store::lots_in_boxes(c.reader, (*order)->order.id);
  if (!lots) return refuse(to_problem(lots.error()));
  const auto parcels = store::parcels_of(c.reader, (*order)->order.id);
  if (!parcels) return refuse(to_problem(parcels.error()));
  const auto way = way_of_order(c, (*order)->order.id);
  if (!way) return refuse(to_problem(way.error()));
  Answer answer = read(life, [&](const auto& found) {
    return order_json(**order, found.value_or(store::OrderLife{}), *lots, *parcels, *way);
  });
  // What If-Match compares (api.cpp): the newest fact about it.
  answer.etag = std::to_string((*order)->position) + "-";
  return answer;
}

Outcome post_cancel(Context& c) {
  const auto order = c.reader.order(c.id);
  if (!order) return refuse(to_problem(order.error()));
  if (!*order) return no_order(c.id);
  return ask(done_answer, cancel_body((*order)->order.id, c.request.body));
}

Outcome post_revoke(Context& c) {
  const auto order = c.reader.order(c.id);
  if (!order) return refuse(to_problem(order.error()));
  if (!*order) return no_order(c.id);
  return ask(done_answer, revoke_body((*order)->order.id, c.request.body));
}

}  // namespace

std::span<const Route> orders_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "orders", get_orders},
      {"POST", "orders", post_order},
      {"GET", "orders/*", get_order},
      {"POST", "orders/*/cancel", post_cancel},
      {"POST", "orders/*/revoke", post_revoke},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
