// What one run is made of, drawn from its seed: how big the fleet is, which kinds of faults exist
// in it at all, and how strong each is. Every kind draws from a stream of its own, so that a kind
// can be taken out (to make a failing run smaller) without changing the others.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "tests/sim/broker/broker.hpp"
#include "tests/sim/people/clerk.hpp"
#include "tests/sim/people/customers.hpp"
#include "tests/sim/people/operators.hpp"
#include "tests/sim/people/packer.hpp"
#include "tests/sim/shops/shop.hpp"

namespace dockline::sim {

struct Kind {
  std::string_view name, about;
  enum class Unit { every_ms, per_mille, ms } unit = Unit::every_ms;
  std::int64_t low = 0, high = 0;  // strength is drawn between them
  std::uint32_t present = 500;     // per mille of the runs that have it
};
[[nodiscard]] std::span<const Kind> kinds();

struct Wishes {
  std::uint64_t seed = 1;
  std::optional<double> hours;
  std::optional<std::int64_t> sites, stations;  // stations: of the whole fleet
  std::set<std::string> without;                // kinds to leave out
  bool full = false;                            // every kind is there
  std::string history;                          // a recorded trade instead of drawn customers
  std::int64_t factor = 1, slips = 0;           // of it: copies side by side, how much of it
};

struct Plan {
  std::uint64_t seed = 1;
  std::int64_t fault_ms = 3'600'000, calm_ms = 1'800'000;
  std::int64_t sites = 1, stations = 2;
  bool vendure = true, partner = false;
  std::int64_t articles = 20;
  std::size_t printers = 1, scanners = 1;
  bool chains = false;                   // routing by a rulebook
  std::uint64_t chains_seed = 0;         // its rules
  std::int64_t order_every_ms = 60'000;  // per station
  std::string history;  // file of the recorded trade that is replayed; empty: drawn customers
  std::int64_t factor = 1, slips = 0;
  std::map<std::string, std::int64_t, std::less<>> strength;  // of the kinds that exist

  [[nodiscard]] bool has(std::string_view kind) const { return strength.contains(kind); }
  [[nodiscard]] std::int64_t of(std::string_view kind) const {
    const auto found = strength.find(kind);
    return found == strength.end() ? 0 : found->second;
  }
};

[[nodiscard]] Plan draw_plan(const Wishes& wishes);
[[nodiscard]] std::string to_text(const Plan& plan);  // one paragraph for a person

[[nodiscard]] NetFaults net_faults(const Plan& plan);
[[nodiscard]] ShopFaults shop_faults(const Plan& plan);
[[nodiscard]] Habits habits(const Plan& plan);
[[nodiscard]] OfficeHours office_hours(const Plan& plan);
[[nodiscard]] Appetite appetite(const Plan& plan);
[[nodiscard]] Telephone telephone(const Plan& plan);

}  // namespace dockline::sim
