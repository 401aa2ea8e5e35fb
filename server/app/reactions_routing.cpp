// Who ships an order: asked when it comes, when pieces of it are free again, when stock was found,
// when a site fell silent, and by a person.
#include <algorithm>

#include "server/app/reactions.hpp"
#include "server/routing/routing.hpp"

namespace dockline::server {
namespace {

constexpr int kReroutesPerTick = 32;
constexpr std::int64_t kDarkPerTick = 8;
constexpr std::int64_t kWakePerTick = 500;
constexpr std::string_view kNoRulesLeft = "no_rules_left";
constexpr std::int64_t kAskAgainMs = 60'000, kAskedAgain = 64, kSeeDarkMs = 1'000;

}  // namespace

base::Status Reactions::keep_decision(const store::OrderHead& head, wire::DecisionMade made) {
  facts_.note(made);
  facts_.name_descriptions(head.channel, made);
  const auto kept = core_.record(std::move(made), {.subject = head.id});
  if (!kept && kept.error().fault == base::Fault::reject) {
    core_.raise("order_too_large", head.id, "Order " + head.number + " cannot be routed.",
                kept.error().detail);
    return {};
  }
  return kept ? base::Status{} : base::pass(kept.error());
}

base::Status Reactions::route(std::int64_t ord, const std::string& again) {
  const auto head = core_.store->orders.head(ord);
  const auto asked = facts_.gather(ord, again, RoutingFacts::Scope::unrouted);
  if (!head || !asked || asked->facts.needs.empty()) return core_.store->trouble();
  auto made = routing::decide(asked->facts, facts_.chains().of(head->channel), core_.new_id());
  // The earlier decision still stands when nothing comes out differently.
  if (made.allocations.empty() && !asked->undecided) return {};
  return keep_decision(*head, std::move(made));
}

// Orders that wait, when there is something for them again. By a rulebook, the declared policy says
// who comes first; without, the oldest does.
base::Status Reactions::reroute() {
  std::vector<std::int64_t> ords;
  for (int i = 0; i < kReroutesPerTick; ++i) {
    const auto ord = core_.store->own.take_reroute();
    if (!ord) break;
    ords.push_back(*ord);
  }
  if (core_.config.rulebook && ords.size() > 1) return route_together(ords, "stock was found");
  for (const auto ord : ords) {
    if (auto ok = route(ord, "stock was found"); !ok) return ok;
    if (auto ok = run(); !ok) return ok;
  }
  return {};
}

// What waits although there is stock: a site was silent, closed or full. Nothing tells when that
// has passed, so those who wait are asked about again, some of them each minute.
base::Status Reactions::ask_again() {
  if (core_.now.mono_ms < ask_again_ms_) return {};
  ask_again_ms_ = core_.now.mono_ms + kAskAgainMs;
  const bool rules = core_.config.rulebook != nullptr;
  if (!rules && core_.store->own.value(kNoRulesLeft) == 0) return {};
  const auto ords = core_.store->routing.waiting(asked_through_, kAskedAgain);
  const bool all = ords.size() < static_cast<std::size_t>(kAskedAgain);
  asked_through_ = all ? 0 : ords.back();
  if (rules) return route_together(ords, "what was in the way may have passed");
  if (all) core_.store->own.set(kNoRulesLeft, 0);
  for (const auto ord : ords) {
    if (auto ok = route(ord, "nothing is said of sites any more"); !ok) return ok;
  }
  return run();
}

base::Status Reactions::route_together(const std::vector<std::int64_t>& ords,
                                       const std::string& again) {
  std::vector<routing::Facts> orders;
  std::vector<std::string> ids;
  std::vector<std::pair<store::OrderHead, bool>> about;
  for (const auto ord : ords) {
    auto head = core_.store->orders.head(ord);
    auto asked = facts_.gather(ord, again, RoutingFacts::Scope::unrouted);
    if (!head || !asked || asked->facts.needs.empty()) continue;
    orders.push_back(std::move(asked->facts));
    ids.push_back(core_.new_id());
    about.emplace_back(std::move(*head), asked->undecided);
  }
  auto turns = routing::decide_backlog(orders, facts_.chains(), core_.config.rulebook->policy, ids);
  for (auto& turn : turns) {
    const auto& [head, undecided] = about[turn.order];
    if (turn.made.allocations.empty() && !undecided) continue;
    if (auto ok = keep_decision(head, std::move(turn.made)); !ok) return ok;
  }
  return run();
}

// In force from here on: whoever asks for the rulebook, asks later.
base::Status Reactions::on(const Fresh&, const wire::SiteDescribed& data) {
  facts_.rules().take(data);
  // Who waited for what was described is asked about with the next tick; where no rules are left,
  // once through all of them, for nothing is ever in the way again.
  ask_again_ms_ = asked_through_ = 0;
  core_.store->own.set(kNoRulesLeft, core_.config.rulebook == nullptr ? 1 : 0);
  if (facts_.rules().unread().contains(data.site)) return {};
  return settle_as("site_unread", data.site, "described", data.by);
}

// ---------------------------------------------------------------- a person's word
base::Result<std::string> Reactions::route_as(std::int64_t ord,
                                              const std::vector<routing::Wish>& wishes,
                                              const routing::Word& word) {
  const auto head = core_.store->orders.head(ord);
  const auto asked = facts_.gather(ord, "a person was asked", RoutingFacts::Scope::movable);
  if (!head || !asked) {
    return base::fail(base::Fault::reject, "the order cannot be read");
  }
  if (asked->facts.needs.empty()) {
    return base::fail(base::Fault::conflict,
                      "nothing of it can go elsewhere: it is at a station, packed or cancelled; "
                      "take it back from the station first");
  }
  auto facts = asked->facts;
  facts.again.clear();
  auto made = routing::decide_person(facts, facts_.chains().of(head->channel), wishes, word,
                                     core_.new_id());
  if (!made) return base::pass(made.error());
  std::string id = made->decision;
  if (auto ok = keep_decision(*head, std::move(*made)); !ok) return base::pass(ok.error());
  return id;
}

// ---------------------------------------------------------------- dark sites
bool Reactions::is_dark(const std::string& site) const {
  const auto& book = core_.config.rulebook;
  if (!book || book->dark_after_ms == 0) return false;
  const auto since = stations_.silent_since(site);
  return since && core_.now.wall_ms - *since >= book->dark_after_ms;
}

// What is allocated at a silent site and held by no station goes where it is heard of again; what a
// station holds stays with it. What found no other site is tried again when the site is dark anew.
base::Status Reactions::see_dark() {
  if (!core_.config.rulebook || core_.config.rulebook->dark_after_ms == 0) return {};
  if (core_.now.mono_ms < see_dark_ms_) return {};
  see_dark_ms_ = core_.now.mono_ms + kSeeDarkMs;
  for (const auto& site : core_.config.sites) {
    const bool dark = is_dark(site.name);
    const auto known = dark_.find(site.name);
    if (!dark && known != dark_.end()) {
      dark_.erase(known);
      for (const auto ord : core_.store->orders.allocated_at(site.name, kWakePerTick)) {
        if (auto ok = release(ord); !ok) return ok;
      }
    }
    if (!dark) continue;
    auto& through = dark_[site.name];
    for (const auto ord : core_.store->routing.allocated_at(site.name, through, kDarkPerTick)) {
      through = ord;
      if (auto ok = leave_dark(ord, site.name); !ok) return ok;
    }
  }
  return run();
}

base::Status Reactions::leave_dark(std::int64_t ord, const std::string& site) {
  const auto head = core_.store->orders.head(ord);
  if (!head || head->held || core_.store->routing.newest_rule(head->id) == routing::kPerson)
    return {};
  const auto asked = facts_.gather(ord, site + " is silent", RoutingFacts::Scope::movable);
  if (!asked || asked->facts.needs.empty()) return core_.store->trouble();
  auto facts = asked->facts;
  for (auto& one : facts.sites) {
    if (is_dark(one.site)) one.excluded = "nothing was heard of its stations for long";
  }
  auto made = routing::decide(facts, facts_.chains().of(head->channel), core_.new_id());
  // Half of it elsewhere would be a split that nobody asked for.
  if (made.outcome != "allocated") return {};
  return keep_decision(*head, std::move(made));
}

}  // namespace dockline::server
