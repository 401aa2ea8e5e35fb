// What people ask of an order between its receipt and its boxes: hold, release, amend, split.
#include <algorithm>
#include <set>

#include "server/app/commands.hpp"
#include "server/app/intake.hpp"
#include "server/app/json_text.hpp"
#include "server/app/order_life.hpp"
#include "server/orders/intake.hpp"
#include "server/orders/split.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server {
namespace {

using base::Fault;
using orders::UnitState;

constexpr std::int64_t kPartsMax = 50;
constexpr std::int64_t kTimeMostMs = std::int64_t{4'102'444'800'000};  // the year 2100

base::Status check_word(const std::string& why, const std::string& by) {
  if (auto ok = orders::check_text(why, "why", true); !ok) return ok;
  return orders::check_text(by, "by", true);
}

base::Status check_time(std::int64_t ms, const std::string& field) {
  if (ms > 0 && ms < kTimeMostMs) return {};
  return base::fail(Fault::reject, field + ": " + std::to_string(ms) +
                                       " is no time; give milliseconds since 1970, UTC");
}

Reply done(const std::string& order, bool changed) {
  Reply reply;
  reply.id = order;
  reply.created = changed;
  return reply;
}

// Pieces of a line that no bench has packed and no other part wants.
void without_parts(HubCore& core, std::int64_t ord, std::vector<orders::Line>& lines) {
  std::map<std::int64_t, std::map<std::int64_t, domain::Quantity>> wishes;
  for (const auto& row : core.store->life.parts(ord)) wishes[row.part][row.line] += row.quantity;
  for (auto& [part, of] : wishes) {
    auto given = core.store->life.in_leases(ord, part);
    for (auto& line : lines) {
      auto taken = of[line.line];
      // What its leases hold is released or packed already, the rest still waits.
      const auto released = std::min(given[line.line], line.units.at(UnitState::released));
      line.units.at(UnitState::released) -= released;
      taken = std::max<domain::Quantity>(0, taken - given[line.line]);
      for (const auto state : {UnitState::open, UnitState::backordered, UnitState::allocated}) {
        const auto pieces = std::min(taken, line.units.at(state));
        line.units.at(state) -= pieces;
        taken -= pieces;
      }
    }
  }
}

}  // namespace

base::Result<std::int64_t> Commands::known_order(const std::string& order) const {
  const auto ord = core_.store->orders.ord_of(order);
  if (!ord) return base::fail(Fault::reject, "order: \"" + order + "\" is not known");
  return *ord;
}

// ---------------------------------------------------------------- holds
base::Result<Reply> Commands::on(const HoldOrder& c) {
  const auto ord = known_order(c.order);
  if (!ord) return base::pass(ord.error());
  if (auto ok = check_word(c.what, c.by); !ok) return base::pass(ok.error());
  if (auto ok = orders::check_text(c.about, "about"); !ok) return base::pass(ok.error());
  orders::Hold hold{.about = c.about, .what = c.what, .proposal = {}, .by = c.by};
  bool known = false;
  for (const auto reason : {orders::HoldReason::person, orders::HoldReason::buyer_asked,
                            orders::HoldReason::payment, orders::HoldReason::value}) {
    if (orders::name(reason) != c.reason) continue;
    hold.reason = reason;
    known = true;
  }
  if (!known) {
    return base::fail(Fault::reject, "reason: \"" + c.reason +
                                         "\" is none of person, buyer_asked, payment, value");
  }
  const auto head = core_.store->orders.head(*ord);
  if (head->state != "open" && head->state != "backordered" && head->state != "allocated" &&
      head->state != "released") {
    return base::fail(Fault::conflict, "order " + c.order + " is " + head->state +
                                           ": there is nothing left to hold");
  }
  const auto held = hold_order(core_, *head, hold);
  if (!held) return base::pass(held.error());
  return done(c.order, *held);
}

base::Result<Reply> Commands::on(const ReleaseHold& c) {
  const auto ord = known_order(c.order);
  if (!ord) return base::pass(ord.error());
  if (auto ok = check_word(c.why, c.by); !ok) return base::pass(ok.error());
  const auto released = release_holds(core_, *core_.store->orders.head(*ord), c.reason, c.about,
                                      {c.why, c.by, false});
  if (!released) return base::pass(released.error());
  if (*released == 0 && !(c.reason.empty() && c.about.empty())) {
    return base::fail(Fault::reject, "there is no open hold for \"" + c.reason + "\" about \"" +
                                         c.about + "\"; GET the order, it lists them");
  }
  return done(c.order, *released > 0);
}

// ---------------------------------------------------------------- amendments
namespace {

struct Amendment {
  wire::OrderAmended more;
  wire::OrderCancelled fewer;
};

base::Status add_known(const AmendLine& wish, const orders::Line& line, const std::string& where,
                       Amendment& out) {
  const auto wanted = line.quantity - line.units.at(UnitState::cancelled);
  if (!wish.sku.empty() && orders::normal_sku(wish.sku) != line.sku) {
    return base::fail(Fault::reject, where + ".sku: line " + std::to_string(line.line) + " is " +
                                         line.sku + "; set it to 0 pieces and add a new line");
  }
  if (wish.quantity > wanted) {
    out.more.lines.push_back({line.line, wish.quantity, {}, {}, {}, {}});
  } else if (wish.quantity < wanted) {
    out.fewer.lines.push_back({line.line, wanted - wish.quantity});
  }
  return {};
}

base::Status add_new(HubCore& core, const AmendLine& wish, std::int64_t number,
                     const std::string& where, Amendment& out) {
  const auto sku = orders::normal_sku(wish.sku);
  if (auto ok = orders::check_text(sku, where + ".sku", true); !ok) return ok;
  if (auto ok = orders::check_text(wish.title, where + ".title"); !ok) return ok;
  if (wish.quantity < 1) return base::fail(Fault::reject, where + ".quantity: 1 or more is needed");
  if (core.store->kits.is_kit(sku)) {
    return base::fail(Fault::reject,
                      where + ".sku: " + sku + " is a kit; enter it as an order of its own");
  }
  const auto title = core.store->stock.title(sku);
  if (!title) {
    return base::fail(Fault::reject,
                      where + ".sku: \"" + sku + "\" is not in the catalogue; register it first");
  }
  wire::AmendedLine line{.line = number, .quantity = wish.quantity, .sku = sku};
  line.title = wish.title.empty() ? *title : wish.title;
  line.unit_price_minor = wish.unit_price_minor;
  line.external_id = wish.external_id;
  out.more.lines.push_back(std::move(line));
  return {};
}

base::Status amend_lines(HubCore& core, std::int64_t ord, const AmendOrder& c, Amendment& out) {
  const auto lines = core.store->orders.lines(ord);
  std::int64_t next = 0;
  for (const auto& line : lines) next = std::max(next, line.line);
  std::set<std::int64_t> seen, parts;  // parts: of kits, which are sold whole
  for (const auto& kit : core.store->kits.lines(ord)) {
    for (const auto& [line, pieces] : kit.parts) parts.insert(line);
  }
  for (std::size_t i = 0; i < c.lines.size(); ++i) {
    const auto& wish = c.lines[i];
    const auto where = "lines[" + std::to_string(i) + "]";
    if (wish.quantity < 0 || wish.quantity > base::limits::kLineQuantityMax) {
      return base::fail(Fault::reject, where + ".quantity: " + std::to_string(wish.quantity) +
                                           " is not within 0 to " +
                                           std::to_string(base::limits::kLineQuantityMax));
    }
    const auto found = std::find_if(lines.begin(), lines.end(),
                                    [&](const auto& line) { return line.line == wish.line; });
    if (wish.line != 0 && (found == lines.end() || !seen.insert(wish.line).second)) {
      return base::fail(Fault::reject, where + ".line: " + std::to_string(wish.line) +
                                           " is no line of this order, or stands twice; leave it "
                                           "out for a new one");
    }
    if (wish.line != 0 && parts.contains(wish.line)) {
      return base::fail(Fault::reject, where + ".line: " + std::to_string(wish.line) +
                                           " is a part of a kit, which is sold whole; cancel the "
                                           "order and enter it anew");
    }
    auto ok = wish.line != 0 ? add_known(wish, *found, where, out)
                             : add_new(core, wish, ++next, where, out);
    if (!ok) return ok;
  }
  if (static_cast<std::size_t>(next) > base::limits::kOrderLinesMax) {
    return base::fail(Fault::reject, "lines: an order has at most " +
                                         std::to_string(base::limits::kOrderLinesMax));
  }
  return {};
}

}  // namespace

base::Result<Reply> Commands::on(const AmendOrder& c) {
  const auto ord = known_order(c.order);
  if (!ord) return base::pass(ord.error());
  if (auto ok = check_word(c.why, c.by); !ok) return base::pass(ok.error());
  const auto head = *core_.store->orders.head(*ord);
  if (head.state == "cancelled" || head.state == "shipped" || head.state == "delivered") {
    return base::fail(Fault::conflict, "order " + c.order + " is " + head.state +
                                           ": enter what is wanted as an order of its own");
  }
  if (!c.by_channel && c.by == head.channel && core_.engine->serves(head.channel)) {
    return base::fail(Fault::reject, "by: \"" + c.by +
                                         "\" is the channel itself, whose changes are read there; "
                                         "say who asks");
  }
  Amendment change{{c.order, {}, {}, {}, {}, c.why, c.by}, {c.order, {}, c.why}};
  if (auto ok = amend_lines(core_, *ord, c, change); !ok) return base::pass(ok.error());
  if (!change.more.lines.empty() && !c.by_channel && core_.engine->serves(head.channel)) {
    return base::fail(Fault::conflict,
                      "lines: what " + head.channel +
                          " sold is changed there, so that it is paid and told; pieces can only "
                          "be taken off here");
  }
  if (c.ship_to) {
    if (auto ok = orders::check_address(*c.ship_to); !ok) return base::pass(ok.error());
    if (address_json(*c.ship_to) != head.ship_to_json) change.more.ship_to = c.ship_to;
  }
  if (c.promised_ms) {
    if (auto ok = check_time(*c.promised_ms, "promised_ms"); !ok) return base::pass(ok.error());
    if (c.promised_ms != head.promised_ms) change.more.promised_ms = c.promised_ms;
  }
  if (c.vip && *c.vip != head.vip) change.more.vip = c.vip;
  const auto& more = change.more;
  const bool any = !more.lines.empty() || more.ship_to || more.promised_ms || more.vip;
  // Fewer pieces first: when they cannot be cancelled any more, nothing is changed.
  if (!change.fewer.lines.empty()) {
    const auto cancelled = cancel_order(core_, change.fewer);
    if (!cancelled) return base::pass(cancelled.error());
  }
  if (any) {
    const auto kept = core_.record(std::move(change.more), {.subject = c.order});
    if (!kept) return base::pass(kept.error());
  }
  return done(c.order, any || !change.fewer.lines.empty());
}

base::Result<Reply> Commands::on(const SplitOrder& c) {
  const auto ord = known_order(c.order);
  if (!ord) return base::pass(ord.error());
  if (auto ok = check_word(c.why, c.by); !ok) return base::pass(ok.error());
  auto lines = core_.store->orders.lines(*ord);
  without_parts(core_, *ord, lines);
  std::vector<orders::SplitWish> wish;
  for (const auto& [line, quantity] : c.lines) wish.push_back({line, quantity});
  const auto split = orders::split(lines, wish);
  if (!split) return base::pass(split.error());
  std::int64_t part = 1;
  for (const auto& row : core_.store->life.parts(*ord)) part = std::max(part, row.part);
  if (part >= kPartsMax) {
    return base::fail(Fault::conflict, "order " + c.order + " has " + std::to_string(kPartsMax) +
                                           " parts; more are not made");
  }
  wire::OrderSplit made{c.order, part + 1, {}, c.why, c.by};
  for (const auto& [line, quantity] : c.lines) made.lines.push_back({line, quantity});
  const auto kept = core_.record(std::move(made), {.subject = c.order});
  if (!kept) return base::pass(kept.error());
  return done(c.order, true);
}

base::Result<Reply> Commands::on(const SetBackorder& c) {
  const std::string sku = orders::normal_sku(c.sku);
  if (auto ok = check_word(c.why, c.by); !ok) return base::pass(ok.error());
  if (!core_.store->stock.has_item(sku)) {
    return base::fail(Fault::reject,
                      "sku: \"" + sku + "\" is not in the catalogue; register it first");
  }
  const auto fits = [](std::int64_t n) { return n >= 0 && n <= base::limits::kLineQuantityMax; };
  if (!fits(c.most) || !fits(c.preorder_most) || c.released_ms < 0 ||
      c.released_ms >= kTimeMostMs) {
    return base::fail(Fault::reject, "most, preorder_most, released_ms: 0 or more is needed");
  }
  const auto kept = core_.record(wire::BackorderPolicySet{sku, c.most, c.preorder, c.released_ms,
                                                          c.preorder_most, c.ended, c.why, c.by},
                                 {.subject = sku});
  if (!kept) return base::pass(kept.error());
  return done(sku, true);
}

// ---------------------------------------------------------------- what an exception offers
base::Status Commands::act_on_order(const std::string& kind, const std::string& subject,
                                    const ResolveException& c) {
  const bool whole = core_.store->orders.ord_of(subject).has_value();
  const auto hash = whole ? std::string::npos : subject.rfind('#');
  const auto order = subject.substr(0, hash);
  const auto ord = core_.store->orders.ord_of(order);
  const auto head = ord ? core_.store->orders.head(*ord) : std::nullopt;
  if (!head) return {};
  const ReleaseWord word{"exception " + kind + " resolved", c.by, false};
  if (kind == "order_held" && c.action == "cancel_order") {
    const auto cancelled = cancel_order(core_, {order, {}, "held, then given up by " + c.by});
    return cancelled ? reactions_.run() : base::pass(cancelled.error());
  }
  if ((kind == "order_held" || kind == "packed_while_held") && c.action == "release") {
    const auto released = release_holds(core_, *head, {}, {}, word);
    return released ? reactions_.run() : base::pass(released.error());
  }
  if (kind != "backorder_refused") return {};
  const auto sku = hash == std::string::npos ? std::string{} : subject.substr(hash + 1);
  if (c.action == "let_wait") {
    const auto released = release_holds(core_, *head, "stock", sku, word);
    return released ? reactions_.run() : base::pass(released.error());
  }
  const auto promise = promise_of(core_, *ord, sku);
  if (!promise) return base::pass(promise.error());
  auto left = *promise ? (*promise)->admission.refused : 0;
  wire::OrderCancelled wish{order, {}, "it cannot be promised, " + c.by};
  for (const auto& line : core_.store->orders.lines(*ord)) {
    const auto taken = line.sku == sku ? std::min(left, line.units.unrouted()) : 0;
    if (taken > 0) wish.lines.push_back({line.line, taken});
    left -= taken;
  }
  if (wish.lines.empty()) return {};
  const auto cancelled = cancel_order(core_, wish);
  return cancelled ? reactions_.run() : base::pass(cancelled.error());
}

}  // namespace dockline::server
