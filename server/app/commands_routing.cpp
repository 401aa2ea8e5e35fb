// A person's word about who ships an order.
#include "server/app/commands.hpp"
#include "server/orders/intake.hpp"

namespace dockline::server {

using base::Fault;

base::Result<Reply> Commands::on(const RouteOrder& c) {
  const auto ord = core_.store->orders.ord_of(c.order);
  if (!ord) return base::fail(Fault::reject, "order: \"" + c.order + "\" is not known");
  if (auto ok = orders::check_text(c.why, "why", true); !ok) return base::pass(ok.error());
  if (auto ok = orders::check_text(c.by, "by", true); !ok) return base::pass(ok.error());
  if (c.site.empty() == c.lines.empty()) {
    return base::fail(Fault::reject, "site: say one site for all of it, or lines with a site each");
  }
  std::vector<routing::Wish> wishes;
  if (!c.site.empty()) wishes.push_back({0, c.site});
  for (const auto& [line, site] : c.lines) wishes.push_back({line, site});
  auto decision = reactions_.route_as(*ord, wishes, {c.why, c.by, c.force});
  if (!decision) return base::pass(decision.error());
  Reply reply;
  reply.id = std::move(*decision);
  reply.created = true;
  return reply;
}

}  // namespace dockline::server
