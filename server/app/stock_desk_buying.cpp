// Suppliers, supplies and purchases as people enter and decide them.
#include "server/app/stock_desk.hpp"
#include "server/channels/webhook/purchase.hpp"
#include "server/orders/intake.hpp"
#include "server/stock/bounds.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server {
namespace {

using base::Fault;

constexpr std::int64_t kDaysMax = 1'000;

base::Status within(std::int64_t value, std::int64_t least, std::int64_t most, const char* field) {
  if (value >= least && value <= most) return {};
  return base::fail(Fault::reject, std::string(field) + ": " + std::to_string(value) +
                                       " is not within " + std::to_string(least) + " to " +
                                       std::to_string(most));
}

base::Status all_of(std::initializer_list<base::Status> checks) {
  for (const auto& check : checks) {
    if (!check) return check;
  }
  return {};
}

std::optional<std::string> given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

base::Result<Reply> StockDesk::on(const SetSupplier& c) {
  if (auto ok =
          all_of({orders::check_text(c.supplier, "supplier", true),
                  orders::check_text(c.title, "title", true), orders::check_text(c.email, "email"),
                  orders::check_text(c.webhook, "webhook"), orders::check_text(c.by, "by", true),
                  within(c.lead_days, 0, kDaysMax, "lead_days"),
                  within(c.review_days, 0, kDaysMax, "review_days")});
      !ok) {
    return base::pass(ok.error());
  }
  if (!c.webhook.empty()) {
    if (auto ok = channels::webhook::may_post_to(c.webhook); !ok) return base::pass(ok.error());
  }
  const bool known = core_.store->buying.has_supplier(c.supplier);
  auto kept = keep(wire::SupplierSet{c.supplier, c.title, given(c.email), given(c.webhook),
                                     c.lead_days, c.review_days, c.by},
                   c.supplier);
  if (kept) kept->created = !known;
  return kept;
}

base::Result<Reply> StockDesk::on(const DefineSupply& c) {
  const auto sku = known_sku(c.sku);
  if (!sku) return base::pass(sku.error());
  const auto most = base::limits::kLineQuantityMax;
  if (auto ok = all_of({orders::check_text(c.supplier_sku, "supplier_sku"),
                        orders::check_text(c.currency, "currency"),
                        orders::check_text(c.by, "by", true), within(c.rank, 0, 1'000, "rank"),
                        within(c.pack, 1, most, "pack"), within(c.minimum, 0, most, "minimum"),
                        within(c.safety_days, 0, kDaysMax, "safety_days"),
                        within(c.price_minor.value_or(0), 0, 1'000'000'000, "price_minor")});
      !ok) {
    return base::pass(ok.error());
  }
  if (!core_.store->buying.has_supplier(c.supplier)) {
    return base::fail(Fault::reject,
                      "supplier: \"" + c.supplier + "\" is not known; enter the supplier first");
  }
  return keep(wire::SupplyDefined{*sku, c.supplier, c.rank, given(c.supplier_sku), c.pack,
                                  c.minimum, c.price_minor, given(c.currency), c.safety_days, c.by},
              *sku);
}

base::Result<Reply> StockDesk::on(const DecidePurchase& c) {
  const auto state = core_.store->buying.state(c.purchase);
  if (state.empty()) {
    return base::fail(Fault::reject, "purchase: \"" + c.purchase + "\" is not known");
  }
  if (c.action != "sent" && c.action != "dropped") {
    return base::fail(Fault::reject, "action: \"" + c.action + "\" is none; use sent or dropped");
  }
  if (auto ok = all_of({orders::check_text(c.why, "why"), orders::check_text(c.by, "by", true)});
      !ok) {
    return base::pass(ok.error());
  }
  Reply reply;
  reply.id = c.purchase;
  if (state == c.action) return reply;
  if (state != "proposed") {
    return base::fail(Fault::conflict, "purchase: " + c.purchase + " is " + state + " already");
  }
  wire::PurchaseDecided fact{c.purchase, c.action, c.expect_ms, c.why, c.by};
  const auto purchase = core_.store->buying.purchase(c.purchase);
  if (c.action == "sent" && purchase->supplier.empty()) {
    return base::fail(Fault::conflict, "purchase: " + c.purchase +
                                           " has no supplier; define one for its items, then "
                                           "drop it: the next look proposes it anew");
  }
  if (c.action == "sent" && !fact.expect_ms) {
    fact.expect_ms =
        core_.now.wall_ms + core_.store->buying.lead_days(purchase->supplier) * stock::kDayMs;
  }
  return keep(std::move(fact), c.purchase);
}

base::Result<Reply> StockDesk::on(const LookAtShelves& c) {
  if (auto ok = orders::check_text(c.by, "by", true); !ok) return base::pass(ok.error());
  look_ = true;
  Reply reply;
  reply.id = "look";
  reply.created = true;
  return reply;
}

}  // namespace dockline::server
