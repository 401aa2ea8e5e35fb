// The life of an order: hold, release, amend, split; limits of what is not there.
#include "server/api/life.hpp"
#include "server/api/route.hpp"

namespace dockline::server::api {
namespace {

// The body is read for the order that the path names, by id or number.
template <class Body>
Outcome of_order(Context& c,
                 std::expected<Body, Problem> (*read)(const std::string&, std::string_view)) {
  const auto order = c.reader.order(c.id);
  if (!order) return refuse(to_problem(order.error()));
  if (!*order) return no_order(c.id);
  return ask(done_answer, read((*order)->order.id, c.request.body));
}

Outcome post_hold(Context& c) { return of_order(c, hold_body); }
Outcome post_release_hold(Context& c) { return of_order(c, release_hold_body); }
Outcome patch_order(Context& c) { return of_order(c, amend_body); }
Outcome post_split(Context& c) { return of_order(c, split_body); }
// The others are named by id or number too.
Outcome post_merge(Context& c) {
  const auto first = c.reader.order(c.id);
  if (!first) return refuse(to_problem(first.error()));
  if (!*first) return no_order(c.id);
  auto wish = merge_body((*first)->order.id, c.request.body);
  if (!wish) return refuse(wish.error());
  for (auto& one : wish->orders) {
    const auto order = c.reader.order(one);
    if (!order) return refuse(to_problem(order.error()));
    if (!*order) return no_order(one);
    one = (*order)->order.id;
  }
  return ask(done_answer, std::expected<MergeOrders, Problem>(std::move(wish)));
}

Outcome get_backorders(Context& c) { return read(store::backorders(c.reader), backorders_json); }
Outcome post_backorder(Context& c) {
  return ask(done_answer, backorder_body(c.id, c.request.body));
}

}  // namespace

std::span<const Route> life_routes() {
  static constexpr Route kRoutes[] = {
      {"PATCH", "orders/*", patch_order},
      {"POST", "orders/*/hold", post_hold},
      {"POST", "orders/*/release-hold", post_release_hold},
      {"POST", "orders/*/split", post_split},
      {"POST", "orders/*/merge", post_merge},
      {"GET", "backorders", get_backorders},
      {"POST", "backorders/*", post_backorder},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
