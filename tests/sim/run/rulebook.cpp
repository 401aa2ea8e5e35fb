#include "tests/sim/run/rulebook.hpp"

#include <optional>

#include "shared/base/check.hpp"
#include "shared/base/prng.hpp"

namespace dockline::sim {
namespace {

namespace routing = server::routing;

constexpr std::uint64_t kCarriers = 0x5bd1e995, kStrategies = 0x27d4eb2f, kArrivals = 0x165667b1;
constexpr std::int64_t kDisturbedMinor = 1'500;  // of a carrier that delivers nothing there now
constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kWaitMs = 6 * kHourMs, kSilentMs = 600'000;

routing::ChainSpec chain_of(const RoutingTruth& truth, const std::string& name) {
  routing::ChainSpec spec;
  spec.name = name;
  spec.strategy = truth.strategy;
  spec.split = truth.split ? "lines" : "none";
  spec.sites_max = truth.split ? 2 : 1;
  spec.partial = truth.partial;
  spec.unknown_weight_g = 250;  // as all goods here
  spec.rules = {{.rule = "stock"},
                {.rule = "liveness", .settings = {{"silent_ms", kSilentMs}}},
                {.rule = "hours", .settings = {{"wait_ms", kWaitMs}, {"if_unknown", 1}}},
                {.rule = "carrier", .settings = {{"if_unknown", 1}}},
                {.rule = "hazardous", .settings = {{"if_unknown", 1}}},
                {.rule = "shipping"},
                {.rule = "handling"},
                {.rule = "split", .settings = {{"further_minor", truth.further_minor}}}};
  if (truth.full_minor > 0) {
    spec.rules.push_back({.rule = "load", .settings = {{"at_full_minor", truth.full_minor}}});
  }
  if (truth.disturbed_minor > 0) {
    spec.rules.push_back({.rule = "disruption", .settings = {{"full_minor", kDisturbedMinor}}});
  }
  if (truth.never_minor > 0) {
    spec.rules.push_back({.rule = "reliability", .settings = {{"never_minor", truth.never_minor}}});
  }
  return spec;
}

// How long a carrier takes is said where arrivals are looked at.
std::optional<std::int64_t> transit_of(const RoutingTruth& truth) {
  return truth.never_minor > 0 ? std::optional(truth.transit_ms) : std::nullopt;
}

// The carrier that is not disturbed, at the sites that have it.
void add_spare(const RoutingTruth& truth, routing::Rulebook& book) {
  routing::DeclaredService spare;
  spare.service.carrier = "Spare";
  spare.service.service = "parcel";
  spare.service.hazardous = true;
  spare.service.transit_ms = transit_of(truth);
  for (const auto& [name, site] : truth.sites) {
    if (site.spare_minor == 0) continue;
    spare.sites.push_back(name);
    spare.service.rates.push_back({name, 5'000, site.spare_minor});
    spare.service.rates.push_back({name, 30'000, 2 * site.spare_minor});
  }
  if (!spare.sites.empty()) book.services.push_back(std::move(spare));
}

// What chains may say beside; each from a stream of its own, so that without it all is as it was.
void draw_disruption(const Plan& plan, RoutingTruth& truth) {
  base::Prng carriers(plan.chains_seed ^ kCarriers);
  truth.disturbed_minor = plan.of("disruption") * kDisturbedMinor / 1'000;
  for (auto& [name, site] : truth.sites) {
    if (carriers.chance(500)) site.spare_minor = site.rate_minor + carriers.between(1, 16) * 50;
  }
}
void draw_strategy(const Plan& plan, RoutingTruth& truth) {
  base::Prng draw(plan.chains_seed ^ kStrategies);
  truth.strategy = draw.chance(500) ? "fewest-sites" : "in-order";
  truth.split = draw.chance(750);
  // Some sites are so dear that two others would ship for less: cost alone would choose otherwise.
  truth.further_minor = draw.between(0, 3) * 50;
  for (auto& [name, site] : truth.sites) {
    site.priority = draw.between(1, plan.sites);
    if (draw.chance(500)) site.parcel_minor += draw.between(4, 12) * 100;
  }
}
void draw_arrivals(const Plan& plan, RoutingTruth& truth) {
  base::Prng draw(plan.chains_seed ^ kArrivals);
  truth.never_minor = draw.between(1, 4) * 1'000;
  truth.transit_ms = draw.between(1, 16) * 3 * kHourMs;
}

// The house of a recorded trade, in cents: the first site is large and packs cheapest, the others
// are dearer to send from; a second parcel is worth it when the goods lie elsewhere, and who has
// packed half of its day already gives small orders away.
RoutingTruth house(const Plan& plan) {
  static constexpr RoutingTruth::Site kFirst{
      .parcel_minor = 90, .piece_minor = 4, .rate_minor = 430, .capacity = 160};
  static constexpr RoutingTruth::Site kOther{
      .parcel_minor = 120, .piece_minor = 6, .rate_minor = 470, .capacity = 80};
  RoutingTruth truth;
  truth.on = truth.split = truth.partial = true;
  truth.wait_ms = kWaitMs;
  truth.silent_ms = kSilentMs;
  truth.full_minor = 400;
  for (std::int64_t i = 0; i < plan.sites; ++i) {
    auto site = i == 0 ? kFirst : kOther;
    site.capacity *= plan.factor;
    site.rate_minor += 40 * i;
    site.priority = i + 1;
    truth.sites[site_name(i)] = site;
  }
  return truth;
}

}  // namespace

std::string site_name(std::int64_t n) { return "site-" + std::to_string(n + 1); }

RoutingTruth routing_truth(const Plan& plan) {
  RoutingTruth truth;
  if (!plan.chains) return truth;
  if (!plan.history.empty()) return house(plan);
  base::Prng draw(plan.chains_seed);
  truth.on = true;
  truth.wait_ms = kWaitMs;
  truth.silent_ms = kSilentMs;
  truth.split = draw.chance(500);
  for (std::int64_t i = 0; i < plan.sites; ++i) {
    RoutingTruth::Site site;
    // The first site has no hours and takes everything: what is there can always leave some day.
    site.hazardous = i == 0 || draw.chance(400);
    site.hours = i > 0 && draw.chance(700);
    site.east_s = draw.between(-8, 10) * 3'600 + (draw.chance(300) ? 1'800 : 0);
    site.cut_off_min = draw.between(2, 47) * 30;
    site.parcel_minor = draw.between(0, 6) * 50;
    site.piece_minor = draw.between(0, 4) * 10;
    site.rate_minor = draw.between(4, 14) * 50;
    site.priority = i + 1;
    truth.sites[site_name(i)] = site;
  }
  if (plan.has("disruption")) draw_disruption(plan, truth);
  if (plan.has("strategies")) draw_strategy(plan, truth);
  if (plan.has("reliability")) draw_arrivals(plan, truth);
  return truth;
}

std::shared_ptr<const routing::Rulebook> make_rulebook(const Plan& plan) {
  const auto truth = routing_truth(plan);
  if (!truth.on) return nullptr;
  auto book = std::make_shared<routing::Rulebook>();
  book->currency = "EUR";
  const bool disturbed = truth.disturbed_minor > 0;
  book->specs = {chain_of(truth, plan.history.empty() ? "drawn" : "house")};
  auto chain = routing::bind(book->specs.front());
  CHECK(chain.has_value());
  book->chains.standard = std::move(*chain);
  book->policy = routing::standard_policy();
  book->dark_after_ms = 1'200'000;
  for (const auto& [name, site] : truth.sites) {
    routing::DeclaredSite made{.site = name};
    made.zones = {{"other", name}};
    made.hazardous = site.hazardous;
    if (site.capacity > 0) made.capacity_per_day = site.capacity;
    made.handling_parcel_minor = site.parcel_minor;
    made.handling_piece_minor = site.piece_minor;
    if (site.hours) {
      made.hours.emplace();
      for (auto& day : made.hours->week) day = {0, site.cut_off_min};
      made.hours->offsets = {{0, site.east_s}};
    }
    book->sites.push_back(std::move(made));
  }
  routing::DeclaredService service;
  service.service.carrier = "Drawn";
  service.service.service = "parcel";
  service.service.hazardous = true;
  service.service.transit_ms = transit_of(truth);
  for (const auto& [name, site] : truth.sites) {
    service.service.rates.push_back({name, 5'000, site.rate_minor});
    service.service.rates.push_back({name, 30'000, 2 * site.rate_minor});
  }
  if (disturbed) service.disruption = {{"DE", plan.of("disruption")}};
  book->services.push_back(std::move(service));
  if (disturbed) add_spare(truth, *book);
  return book;
}

}  // namespace dockline::sim
