// Random orders for the property tests: small, with ties, gaps in what is known and prices that
// make splits worth while about half of the time.
#pragma once

#include <string>

#include "server/routing/chain.hpp"
#include "shared/base/prng.hpp"

namespace dockline::server::routing::test {

struct Size {
  std::int64_t sites = 4;
  std::int64_t skus = 3;
  std::int64_t pieces = 2;
};

inline std::optional<std::int64_t> maybe(base::Prng& prng, std::int64_t lo, std::int64_t hi) {
  const std::int64_t value = prng.between(lo, hi);
  return prng.chance(800) ? std::optional(value) : std::nullopt;
}
inline std::optional<bool> maybe_yes(base::Prng& prng, std::uint32_t per_mille) {
  const bool value = prng.chance(per_mille);
  return prng.chance(900) ? std::optional(value) : std::nullopt;
}

inline Service random_service(base::Prng& prng, std::int64_t n) {
  Service service{.carrier = "carrier" + std::to_string(n), .service = "standard"};
  if (prng.chance(900)) service.countries = {"AT", "DE"};
  service.hazardous = maybe_yes(prng, 700);
  service.cold_chain = maybe_yes(prng, 700);
  service.transit_ms = maybe(prng, 12 * 3'600'000, 96 * 3'600'000);
  service.reliability_per_mille = maybe(prng, 800, 1'000);
  service.disruption_per_mille = maybe(prng, 0, 100);
  for (const char* zone : {"1", "2"}) {
    std::int64_t up_to = 0;
    const std::int64_t steps = prng.between(0, 3);
    for (std::int64_t step = 0; step < steps; ++step) {
      up_to += prng.between(1, 4) * 500;
      service.rates.push_back({zone, up_to, prng.between(1, 20) * 50});
    }
  }
  return service;
}

inline Site random_site(base::Prng& prng, std::int64_t n, std::int64_t services) {
  Site site{.site = "site" + std::to_string(100 + n), .priority = prng.between(1, 3)};
  if (prng.chance(900)) site.zone = prng.chance(500) ? "1" : "2";
  site.distance_km = maybe(prng, 0, 900);
  site.capacity_left = maybe(prng, 0, 9);
  site.load_per_mille = maybe(prng, 0, 1'000);
  site.hazardous = maybe_yes(prng, 800);
  site.cold_chain = maybe_yes(prng, 800);
  site.handling_parcel_minor = maybe(prng, 0, 300);
  site.handling_piece_minor = maybe(prng, 0, 50);
  if (prng.chance(950)) site.alive = Alive{prng.between(0, 9), 3, prng.between(0, 1'000'000)};
  if (prng.chance(950)) {
    site.windows.emplace();
    site.windows->push_back({0, prng.between(0, 100) * 3'600'000});
  }
  if (prng.chance(950)) {
    site.services.emplace();
    for (std::int64_t s = 0; s < services; ++s) {
      if (prng.chance(700)) site.services->push_back(s);
    }
  }
  return site;
}

inline Facts random_facts(base::Prng& prng, const Size& size) {
  Facts facts{.order = "web:1", .needs = {}, .sites = {}, .again = "", .now_ms = 1'000'000};
  facts.channel = "web";
  facts.country = "DE";
  facts.promised_ms = maybe(prng, 0, 100 * 3'600'000);
  facts.margin_minor = maybe(prng, 0, 9'000);
  const std::int64_t skus = prng.between(1, size.skus);
  for (std::int64_t s = 0; s < skus; ++s) {
    const std::string sku = "SKU" + std::to_string(100 + s);
    facts.needs.push_back({s + 1, sku, prng.between(1, size.pieces)});
    if (prng.chance(900)) {
      facts.goods.push_back(
          {sku, maybe(prng, 100, 1'500), maybe_yes(prng, 100), maybe_yes(prng, 100)});
    }
  }
  const std::int64_t services = prng.between(1, 2);
  for (std::int64_t s = 0; s < services; ++s) facts.services.push_back(random_service(prng, s));
  const std::int64_t sites = prng.between(1, size.sites);
  for (std::int64_t n = 0; n < sites; ++n) {
    facts.sites.push_back(random_site(prng, n, services));
    for (std::int64_t s = 0; s < skus; ++s) {
      if (prng.chance(100)) continue;
      facts.sites.back().figures.push_back({"SKU" + std::to_string(100 + s),
                                            prng.between(-1, size.pieces + 1),
                                            prng.between(0, 900)});
    }
  }
  return facts;
}

// A chain of some of the rules, in which not knowing is allowed often enough to get somewhere.
inline ChainSpec random_chain(base::Prng& prng) {
  ChainSpec spec{.name = "drawn"};
  const char* const splits[] = {"none", "lines", "pieces", "lines", "pieces"};
  spec.split = splits[prng.below(5)];
  spec.partial = prng.chance(400);
  spec.sites_max = prng.between(1, 4);
  spec.unknown_weight_g = prng.between(1, 2'000);
  for (const auto& rule : rules()) {
    const bool must = rule.kind == Rule::Kind::must;
    if (rule.name != "stock" && prng.chance(must ? 850 : 300)) continue;
    Link link{.rule = std::string(rule.name)};
    for (const auto& parameter : rule.parameters) {
      if (parameter.name == "if_unknown" && prng.chance(700))
        link.settings.push_back({"if_unknown", 1});
      if (parameter.name == "further_minor")
        link.settings.push_back({"further_minor", prng.between(0, 150)});
    }
    spec.rules.push_back(std::move(link));
  }
  return spec;
}

}  // namespace dockline::server::routing::test
