// What the house has declared (server/rulebook reads it from a file): chains, who comes first when
// stock is scarce, and what sites and carriers are like. declare() puts what is declared into the
// facts of one order; what changes by itself (stock, stations, load) is gathered by the server.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/routing/backlog.hpp"
#include "server/routing/chain.hpp"
#include "server/routing/facts.hpp"
#include "server/routing/hours.hpp"

namespace dockline::server::routing {

// By destination: "DE 89" (postal code from there on), "DE-BY" (region), "DE", "other". The most
// exact one counts.
template <class T>
using ByPlace = std::vector<std::pair<std::string, T>>;  // sorted by place

struct DeclaredSite {
  std::string site;
  ByPlace<std::string> zones = {};
  ByPlace<std::int64_t> distance_km = {};
  std::optional<Hours> hours = std::nullopt;
  std::optional<std::int64_t> capacity_per_day = std::nullopt;
  std::optional<bool> hazardous = std::nullopt, cold_chain = std::nullopt;
  std::optional<Minor> handling_parcel_minor = std::nullopt, handling_piece_minor = std::nullopt;
};

struct DeclaredService {
  Service service;                        // without what depends on the destination
  std::vector<std::string> sites = {};    // that have it; empty: all
  ByPlace<std::int64_t> disruption = {};  // per mille
};

struct Rulebook {
  std::string currency;  // of every amount in it; empty: not said
  std::vector<ChainSpec> specs;
  Chains chains;
  Policy policy;
  std::vector<DeclaredSite> sites;
  std::vector<DeclaredService> services;
  std::vector<std::pair<std::string, std::int64_t>> promise_hours;  // by channel; "other"
  std::int64_t dark_after_ms = 0;  // 0: a silent site keeps its orders

  [[nodiscard]] const DeclaredSite* site(std::string_view name) const;
};

// Puts what is declared about the destination, hours, carriers and sites into facts that hold
// order, sites and destination. What the book does not speak of stays as it is.
void declare(const Rulebook& book, Facts& facts);

// Orders of that many left of a day with so many taken, and the share of the day that is taken.
void set_load(Site& site, std::int64_t capacity_per_day, std::int64_t taken);

}  // namespace dockline::server::routing
