#include "tests/sim/plan/plan.hpp"

#include <algorithm>
#include <cmath>

#include "shared/base/prng.hpp"

namespace dockline::sim {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::uint32_t kSeldom = 50;  // per mille: what is rarer than this takes long to simulate

constexpr std::int64_t kDriversMs = 20 * 60'000;  // between two that call at a house that sells
constexpr std::int64_t kGateMs = 30 * 60'000;     // between two things that go otherwise there

std::uint64_t stream(std::uint64_t seed, std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325U ^ seed;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

// Small strengths are as likely as big ones: uniform in the exponent.
std::int64_t strength(base::Prng& draw, std::int64_t low, std::int64_t high) {
  const double at = static_cast<double>(draw.below(1'001)) / 1'000.0;
  const double ratio = static_cast<double>(high) / static_cast<double>(low);
  return static_cast<std::int64_t>(static_cast<double>(low) * std::pow(ratio, at));
}

std::uint32_t rate(const Plan& plan, std::string_view kind) {
  return static_cast<std::uint32_t>(plan.of(kind));
}

// A recorded trade over three sites: what people do is as strong as it is in a good warehouse, and
// only the faults that were asked for by name are there.
void make_history(Plan& plan, const Wishes& wishes) {
  constexpr std::pair<const char*, std::int64_t> kPeople[] = {
      {"short_pick", 4}, {"undo", 5},          {"wrong_item", 8},      {"hold", 3},
      {"cancel", 40},    {"errands", 240'000}, {"drivers", kDriversMs}};
  plan.history = wishes.history;
  plan.factor = wishes.factor;
  plan.slips = wishes.slips;
  plan.sites = wishes.sites.value_or(3);
  plan.stations = wishes.stations.value_or(plan.sites * (wishes.factor < 3   ? 2
                                                         : wishes.factor < 8 ? 4
                                                                             : 6));
  plan.vendure = plan.partner = true;
  plan.chains = true;
  plan.printers = plan.scanners = 1;
  if (!wishes.full) plan.strength.clear();
  for (const auto& [kind, strong] : kPeople) plan.strength[kind] = strong;
  plan.strength["gate"] = kGateMs / wishes.factor;  // it goes with the number of parcels
}

}  // namespace

Plan draw_plan(const Wishes& wishes) {
  Plan plan;
  plan.seed = wishes.seed;
  base::Prng draw(stream(wishes.seed, "plan"));
  const auto tenths = draw.between(3, 15);  // hours around one
  plan.fault_ms = wishes.hours
                      ? static_cast<std::int64_t>(*wishes.hours * static_cast<double>(kHourMs))
                      : tenths * kHourMs / 10;
  const auto sites = draw.chance(500) ? 1 : draw.between(2, 4);
  const auto stations = sites * draw.between(1, 3) + (draw.chance(500) ? 1 : 0);
  plan.sites = wishes.sites.value_or(sites);
  plan.stations = std::max(plan.sites, wishes.stations.value_or(std::max(stations, plan.sites)));
  const auto shops = draw.below(4);
  plan.vendure = shops != 1;
  plan.partner = shops != 0;
  plan.articles = draw.between(8, 50);
  plan.printers = draw.chance(300) ? 2 : 1;
  plan.scanners = draw.chance(300) ? 2 : 1;
  plan.order_every_ms = draw.between(40'000, 90'000);
  base::Prng routing(stream(wishes.seed, "routing"));
  plan.chains = routing.chance(500);
  plan.chains_seed = routing.next();
  const bool stormy = draw.chance(100), quiet = !stormy && draw.chance(80);
  for (const auto& kind : kinds()) {
    base::Prng own(stream(wishes.seed, kind.name));
    const bool there = own.chance(quiet ? kind.present / 8 : kind.present);
    const auto strong = strength(own, kind.low, kind.high);
    const bool forced = (stormy || wishes.full) && kind.present >= kSeldom;
    if ((!there && !forced) || wishes.without.contains(std::string(kind.name))) {
      continue;
    }
    plan.strength[std::string(kind.name)] = strong;
  }
  if (!wishes.history.empty()) make_history(plan, wishes);
  return plan;
}

std::string to_text(const Plan& plan) {
  std::string out =
      "seed " + std::to_string(plan.seed) + ": " +
      (plan.history.empty() ? "" : "recorded trade " + std::to_string(plan.factor) + " times, ") +
      std::to_string(plan.sites) + " sites, " + std::to_string(plan.stations) + " stations, " +
      std::to_string(plan.fault_ms / 60'000) +
      " min of faults, shops:" + (plan.vendure ? " vendure" : "") +
      (plan.partner ? " partner" : "") + (plan.chains ? "; chains" : "") + "; faults:";
  for (const auto& [kind, value] : plan.strength) out += " " + kind + "=" + std::to_string(value);
  return out;
}

NetFaults net_faults(const Plan& plan) {
  NetFaults out;
  if (plan.has("net_delay")) out.delay_max_ms = plan.of("net_delay");
  out.lose_per_mille = rate(plan, "net_loss");
  out.double_per_mille = rate(plan, "net_double");
  out.reorder_per_mille = rate(plan, "net_reorder");
  out.break_per_mille = rate(plan, "net_break");
  return out;
}

ShopFaults shop_faults(const Plan& plan) {
  ShopFaults out;
  out.lost = rate(plan, "shop_lost");
  out.answer_lost = rate(plan, "shop_answer_lost");
  out.done_late = rate(plan, "shop_done_late");
  out.failed = rate(plan, "shop_failed");
  out.failed_done = rate(plan, "shop_failed_done");
  out.throttled = rate(plan, "shop_throttled");
  out.slow = rate(plan, "shop_slow");
  out.hook_doubled = rate(plan, "hook_doubled");
  out.hook_late = rate(plan, "hook_late");
  out.hook_never = rate(plan, "hook_never");
  return out;
}

Habits habits(const Plan& plan) {
  Habits out;
  out.bulk = !plan.history.empty();
  out.wrong_item = rate(plan, "wrong_item");
  out.foreign_code = rate(plan, "foreign_code");
  out.undo = rate(plan, "undo");
  out.undo_closed = rate(plan, "undo_closed");
  out.short_pick = rate(plan, "short_pick");
  out.hold = rate(plan, "hold");
  out.problem = rate(plan, "problem");
  out.walk_away = rate(plan, "walk_away");
  out.other_order = rate(plan, "other_order");
  out.quantity = rate(plan, "quantity");
  out.reprint = rate(plan, "reprint");
  out.typed = rate(plan, "typed");
  out.wrong_label = rate(plan, "wrong_label");
  out.impatient = rate(plan, "impatient");
  out.doubled = rate(plan, "scan_doubled");
  out.garbled = rate(plan, "scan_garbled");
  out.cut = rate(plan, "scan_cut");
  out.no_read = rate(plan, "scan_no_read");
  out.run_together = rate(plan, "scan_run_together");
  return out;
}

OfficeHours office_hours(const Plan& plan) {
  OfficeHours out;
  out.revoke = rate(plan, "taken_back");
  out.other_action = rate(plan, "other_action");
  out.officers = plan.strength;
  out.counts_negative = !plan.history.empty();
  return out;
}

Appetite appetite(const Plan& plan) {
  Appetite out;
  const auto shops = (plan.vendure ? 1 : 0) + (plan.partner ? 1 : 0);
  out.every_ms = std::max<std::int64_t>(1'000, plan.order_every_ms * shops / plan.stations);
  out.cancel = rate(plan, "cancel");
  out.fickle = rate(plan, "fickle");
  out.add = rate(plan, "added");
  out.two_minds = rate(plan, "two_minds");
  return out;
}

Telephone telephone(const Plan& plan) {
  Telephone out;
  out.order_ms = plan.of("phone_order");
  out.hold_ms = plan.of("order_held");
  out.amend_ms = plan.of("order_amended");
  out.split_ms = plan.of("order_split");
  out.merge_ms = plan.of("order_merged");
  out.limited = rate(plan, "limited");
  return out;
}

}  // namespace dockline::sim
