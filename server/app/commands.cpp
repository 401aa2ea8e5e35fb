#include "server/app/commands.hpp"

#include <algorithm>

#include "server/app/intake.hpp"
#include "server/app/purchase_posts.hpp"
#include "server/app/put_back.hpp"
#include "server/exceptions/kinds.hpp"
#include "server/orders/intake.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server {

using base::Fault;

base::Result<Reply> Commands::run(const Command& command) {
  return std::visit([this](const auto& c) { return on(c); }, command);
}

base::Status Commands::known_site(const std::string& site) const {
  const bool known = std::any_of(core_.config.sites.begin(), core_.config.sites.end(),
                                 [&](const SiteConfig& s) { return s.name == site; });
  if (known) return {};
  return base::fail(Fault::reject, "site: \"" + site +
                                       "\" is not configured; add a [[site]] or "
                                       "use one that is");
}

base::Result<Reply> Commands::on(const ReceiveOrder& c) {
  wire::OrderReceived order;
  order.channel = c.channel;
  order.number = c.number;
  order.external_id = c.external_id;
  order.placed_ms = c.placed_ms.value_or(core_.now.wall_ms);
  order.currency = c.currency;
  order.ship_to = c.ship_to;
  order.lines = c.lines;
  order.charges = c.charges;
  order.customer = c.customer;
  order.promised_ms = c.promised_ms;
  order.vip = c.vip;
  order.paid = c.paid;
  order.fetched = c.fetched;
  const auto taken = take_order(core_, order, "order:" + c.channel);
  if (!taken) return base::pass(taken.error());
  if (*taken == Taken::differs) {
    return base::fail(Fault::conflict, "order " + order.order +
                                           " is there already with other goods; cancel pieces of "
                                           "it, or use another number");
  }
  Reply reply;
  reply.id = order.order;
  reply.created = *taken == Taken::created;
  return reply;
}

base::Result<Reply> Commands::on(const CancelOrder& c) {
  wire::OrderCancelled wish{c.order, {}, c.reason};
  for (const auto& [line, quantity] : c.lines) wish.lines.push_back({line, quantity});
  const auto done = cancel_order(core_, wish);
  if (!done) return base::pass(done.error());
  Reply reply;
  reply.id = c.order;
  reply.created = *done;
  return reply;
}

base::Result<Reply> Commands::on(const AdjustStock& c) {
  const std::string sku = orders::normal_sku(c.sku);
  if (auto ok = orders::check_text(sku, "sku", true); !ok) return base::pass(ok.error());
  if (auto ok = orders::check_text(c.reason, "reason", true); !ok) return base::pass(ok.error());
  if (auto ok = known_site(c.site); !ok) return base::pass(ok.error());
  if (!core_.store->stock.has_item(sku)) {
    return base::fail(Fault::reject, "sku: \"" + sku +
                                         "\" is not in the catalogue; register it "
                                         "first");
  }
  const auto most = base::limits::kLineQuantityMax;
  if (c.quantity == 0 || c.quantity > most || c.quantity < -most) {
    return base::fail(Fault::reject, "quantity: " + std::to_string(c.quantity) +
                                         " is no change; use 3 for found, -3 for lost pieces");
  }
  const std::string shelf = ledger::shelf(c.site);
  const std::string other(ledger::kAdjustment);
  wire::StockMoved move{sku, std::abs(c.quantity), c.quantity > 0 ? other : shelf,
                        c.quantity > 0 ? shelf : other, c.reason};
  const auto kept = core_.record(std::move(move), {.subject = sku});
  if (!kept) return base::pass(kept.error());
  Reply reply;
  reply.id = sku;
  reply.created = true;
  return reply;
}

base::Result<Reply> Commands::on(const RegisterItem& c) {
  for (const auto& [site, bin] : c.bins) {
    if (auto ok = known_site(site); !ok) return base::pass(ok.error());
    if (auto ok = orders::check_text(bin, "bins", true); !ok) return base::pass(ok.error());
  }
  const std::string sku = orders::normal_sku(c.item.sku);
  const auto changed = take_item(core_, c.item, "api");
  if (!changed) return base::pass(changed.error());
  bool any = *changed;
  for (const auto& [site, bin] : c.bins) {
    const auto moved = take_bin(core_, sku, site, bin);
    if (!moved) return base::pass(moved.error());
    any = any || *moved;
  }
  Reply reply;
  reply.id = sku;
  reply.created = any;
  return reply;
}

base::Result<Reply> Commands::on(const ResolveException& c) {
  const auto found = core_.store->cases.find(c.exception);
  if (!found) {
    return base::fail(Fault::reject, "exception: \"" + c.exception + "\" is not known");
  }
  const auto& actions = exceptions::kind(found->kind).actions;
  if (std::find(actions.begin(), actions.end(), c.action) == actions.end()) {
    std::string list;
    for (const auto action : actions) list.append(list.empty() ? "" : ", ").append(action);
    return base::fail(Fault::reject, "action: \"" + c.action + "\" is not offered; use " + list);
  }
  Reply reply;
  reply.id = c.exception;
  if (!found->open) return reply;
  if (auto ok = act(found->kind, found->subject, c); !ok) return base::pass(ok.error());
  // What was done may have settled the case by itself.
  if (!core_.store->cases.find(c.exception)->open) {
    reply.created = true;
    return reply;
  }
  const auto kept = core_.record(wire::ExceptionResolved{c.exception, c.action, c.by},
                                 {.subject = found->subject});
  if (!kept) return base::pass(kept.error());
  if (found->kind == "dead_letter" && (c.action == "retry" || c.action == "leave")) {
    auto done =
        core_.engine->decide(core_.now, core_.store->outbox, found->subject, c.action == "retry");
    if (!done) return base::pass(done.error());
    core_.changed.insert("outbox");
  }
  reply.created = true;
  return reply;
}

// What a chosen action does to the books, before the case is closed.
base::Status Commands::act(const std::string& kind, const std::string& subject,
                           const ResolveException& c) {
  const Reactions::Word word{"exception " + kind + " resolved", c.by};
  if (c.action == "put_back") return put_back(core_, kind, subject, c.by);
  if (c.action == "accept" && kind == "fenced_work") {
    return reactions_.accept(subject.substr(subject.rfind('#') + 1), word);
  }
  if (c.action == "use_new") return reactions_.use_new(subject, word);
  if (kind == "told_twice") return reactions_.may_decide(subject);
  if (kind == "purchase_unsent") {
    PurchasePosts posts(core_);
    return c.action == "send_again" ? posts.again(subject) : posts.otherwise(subject, c.by);
  }
  if (c.action == "write_off") return reactions_.write_off_waiting(word);
  return act_on_order(kind, subject, c);
}

base::Result<Reply> Commands::on(const StartImport& c) {
  if (!c.site.empty()) {
    if (auto ok = known_site(c.site); !ok) return base::pass(ok.error());
  }
  auto id = imports_.start(c);
  if (!id) return base::pass(id.error());
  Reply reply;
  reply.id = std::move(*id);
  reply.created = true;
  return reply;
}

base::Result<Reply> Commands::on(const ForceRevoke& c) {
  const auto ord = core_.store->orders.ord_of(c.order);
  if (!ord) return base::fail(Fault::reject, "order: \"" + c.order + "\" is not known");
  if (auto ok = orders::check_text(c.reason, "reason", true); !ok) return base::pass(ok.error());
  if (auto ok = reactions_.force(*ord, {c.reason, c.by}); !ok) return base::pass(ok.error());
  Reply reply;
  reply.id = c.order;
  reply.created = true;
  return reply;
}

base::Result<Reply> Commands::on(const WriteOffStation& c) {
  if (auto ok = orders::check_text(c.reason, "reason", true); !ok) return base::pass(ok.error());
  if (auto ok = reactions_.write_off(c.site, c.station, {c.reason, c.by}); !ok) {
    return base::pass(ok.error());
  }
  Reply reply;
  reply.id = c.site + "/" + c.station;
  reply.created = true;
  return reply;
}

base::Result<Reply> Commands::on(const HookIn& c) {
  publish::EngineOut out;
  auto answer = core_.engine->on_hook(core_.now, books_, c.channel, c.hook, out);
  if (!answer) return base::pass(answer.error());
  if (auto ok = keep(std::move(out.facts)); !ok) return base::pass(ok.error());
  Reply reply;
  reply.hook = std::move(*answer);
  reply.created = reply.hook->orders_new > 0;
  return reply;
}

base::Result<Reply> Commands::on(const DecideOutbox& c) {
  auto done = c.again ? core_.engine->retry(core_.now, core_.store->outbox, c.row)
                      : core_.engine->discard(core_.store->outbox, c.row);
  if (!done) return base::pass(done.error());
  core_.changed.insert("outbox");
  Reply reply;
  reply.id = std::to_string(c.row);
  reply.created = true;
  return reply;
}

base::Result<Reply> Commands::on(const RaiseException& c) {
  core_.raise(c.kind, c.subject, c.what, c.context, c.proposed);
  return Reply{};
}

// ---------------------------------------------------------------- from the channel engine
base::Status Commands::keep_one(wire::OrderReceived order) {
  const std::string number = order.number;
  const std::string channel = order.channel;
  const auto taken = take_order(core_, order, "order:" + channel);
  if (taken && *taken != Taken::differs) return {};
  if (!taken && taken.error().fault != Fault::reject) return base::pass(taken.error());
  core_.raise(
      taken ? "order_differs" : "other", channel + ":" + number,
      taken ? "Channel " + channel + " shows order " + number + " with other goods than before."
            : "Order " + number + " of channel " + channel + " cannot be taken in.",
      taken ? "It stays as it was received first" : taken.error().detail);
  return {};
}

// The channel shows it again and again: a person who has seen it is not asked once more.
void Commands::cancelled_too_late(const wire::OrderCancelled& wish, domain::Quantity left) {
  const auto context = std::to_string(left) + (left == 1 ? " piece" : " pieces") +
                       " left the house before; " + wish.reason;
  if (core_.store->cases.said("cancelled_after_handover", wish.order, context)) return;
  core_.raise("cancelled_after_handover", wish.order,
              "Pieces of " + wish.order + " were cancelled after the carrier had taken them.",
              context);
}

base::Status Commands::keep(std::vector<wire::EventData> facts) {
  for (auto& fact : facts) {
    if (auto* order = std::get_if<wire::OrderReceived>(&fact)) {
      if (auto ok = keep_one(std::move(*order)); !ok) return ok;
    } else if (const auto* amended = std::get_if<wire::OrderAmended>(&fact)) {
      if (auto ok = keep_one(*amended); !ok) return ok;
    } else if (auto* cancelled = std::get_if<wire::OrderCancelled>(&fact)) {
      domain::Quantity left = 0;
      const auto done = cancel_order(core_, *cancelled, {}, &left);
      if (done && left > 0) cancelled_too_late(*cancelled, left);
      if (done || done.error().fault != Fault::reject) {
        if (!done) return base::pass(done.error());
        continue;
      }
      core_.raise("other", cancelled->order,
                  "The channel cancelled pieces of " + cancelled->order + " that have left.",
                  done.error().detail);
    } else if (auto* raised = std::get_if<wire::ExceptionRaised>(&fact)) {
      core_.raise(raised->kind, raised->subject, raised->what, raised->context, raised->proposed);
    } else {
      std::string subject;
      if (const auto* stock = std::get_if<wire::ChannelStockConfirmed>(&fact)) subject = stock->sku;
      if (const auto* drifted = std::get_if<wire::ListingDrifted>(&fact)) subject = drifted->sku;
      if (const auto* sent = std::get_if<wire::ChannelFulfilmentConfirmed>(&fact)) {
        subject = sent->order;
      }
      const auto kept = core_.record(std::move(fact), {.subject = std::move(subject)});
      if (!kept) return base::pass(kept.error());
    }
  }
  return {};
}

}  // namespace dockline::server
