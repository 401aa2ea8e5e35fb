#include "server/orders/backorders.hpp"

#include <algorithm>

#include "shared/base/plant.hpp"

namespace dockline::server::orders {

base::Result<Admission> admit(Quantity quantity, Quantity available, Quantity outstanding,
                              const Waiting& waiting, std::int64_t now_ms) {
  if (quantity < 1 || outstanding < 0 || waiting.most < 0 || waiting.preorder_most < 0) {
    return base::fail(base::Fault::reject,
                      "a quantity of 1 or more and limits of 0 or more are needed");
  }
  Admission out;
  const auto room = [&](Quantity most) {
    const Quantity beyond = PLANT("backorder-limit-off-by-one") && most > 0 ? 1 : 0;
    return std::max<Quantity>(0, most + beyond - outstanding);
  };
  if (now_ms < waiting.released_ms) {
    const auto most =
        PLANT("preorders-without-limit") ? quantity + outstanding : waiting.preorder_most;
    out.preordered = waiting.preorder ? std::min(quantity, room(most)) : 0;
    out.refused = quantity - out.preordered;
    if (out.refused > 0) {
      out.why = waiting.preorder ? "no more preorders are taken" : "it is not released yet";
    }
    return out;
  }
  out.now = std::min(quantity, std::max<Quantity>(0, available));
  out.backordered = std::min(quantity - out.now, room(waiting.most));
  out.refused = quantity - out.now - out.backordered;
  if (out.refused > 0) {
    out.why = waiting.most == 0 ? "it is not sold without stock" : "no more backorders are taken";
  }
  return out;
}

}  // namespace dockline::server::orders
