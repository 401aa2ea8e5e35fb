// A rule is a value: a name, a version, its parameters and pure functions over facts. There are
// three kinds. A `must` narrows what a site may ship; a `cost` puts a price in minor units on it; a
// `guard` limits what may be spent without asking. Each stands in a file of its own and has one
// line in rules.cpp. A rule that decides otherwise than before gets a new version.
//
// Deciding makes no text: `say` is asked afterwards, for the record.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/routing/facts.hpp"
#include "server/routing/limits.hpp"

namespace dockline::server::routing {

// All lines of one SKU together: they share its stock.
struct Demand {
  std::string_view sku;
  Quantity want = 0;
  std::int64_t grams = 0;        // of one piece; the chain's assumption where nobody knows
  const Goods* goods = nullptr;  // null: nothing is known of them
};

struct Ask {
  const Facts* facts = nullptr;
  std::vector<Demand> demands;  // by SKU
};

// What a site may ship of this order, narrowed by one `must` after the other.
struct Allowed {
  bool site = true;
  std::span<Quantity> pieces;    // per demand
  std::uint32_t services = ~0U;  // bit n: Site::services[n]
};

struct Load {
  std::int64_t grams = 0;
  std::int64_t pieces = 0;
};

// What parcels cost by weight. Steps of one zone, rising; without any, all of it costs `flat`.
struct Tariff {
  std::span<const Rate> steps;
  Minor flat = 0;
};

struct Parameter {
  std::string_view name;
  std::int64_t standard;
  std::string_view meaning;
};
using Values = std::span<const std::int64_t>;  // in the order of Rule::parameters

// What say() talks about.
struct Spoken {
  const Ask& ask;
  const Site& site;
  const Service* service;  // null: not known
  Values values;
  Load load;
};

// What a rule wants to know beside stock, bits: what no rule of a chain asks for is not gathered.
enum Asks : std::uint32_t {
  kAsksGoods = 1U << 0,  // weight and marks of the items
  kAsksAlive = 1U << 1,
  kAsksLoad = 1U << 2,
  kAsksPromise = 1U << 3,
  kAsksMargin = 1U << 4,
  kAsksPlace = 1U << 5,  // where it goes to; carriers, zones and hours, which are declared
};

struct Rule {
  enum class Kind { must, cost, guard };
  std::string_view name;
  std::int64_t version = 1;
  Kind kind = Kind::must;
  std::span<const Parameter> parameters = {};
  std::string (*say)(const Spoken&) = nullptr;
  std::uint32_t asks = 0;  // Asks
  bool firm = false;       // a must that no person can set aside

  void (*narrow)(const Ask&, const Site&, Values, Allowed&) = nullptr;

  bool cash = false;  // money that leaves the house, not a preference in its disguise
  Minor (*once)(const Ask&, const Site&, const Service*, Values) = nullptr;  // if it ships at all
  Minor (*piece)(const Ask&, const Site&, Values) = nullptr;                 // of each piece
  Tariff (*tariff)(const Ask&, const Site&, const Service*, Values) = nullptr;
  Minor (*further)(const Ask&, Values) = nullptr;  // of each site after the first

  // What a split or a dearer service may cost in cash; nothing: no limit.
  std::optional<Minor> (*cash_limit)(const Ask&, Values) = nullptr;
};

[[nodiscard]] std::span<const Rule> rules();
[[nodiscard]] const Rule* find_rule(std::string_view name, std::int64_t version);

// ---------------------------------------------------------------- what rules share
// Costs are never negative and never beyond kTermMax: sums cannot overflow.
[[nodiscard]] inline Minor clamped(Minor minor) { return std::clamp<Minor>(minor, 0, kTermMax); }
// factor * minor / per, without overflow.
[[nodiscard]] inline Minor scaled(std::int64_t factor, Minor minor, std::int64_t per) {
  Minor product = 0;
  if (factor <= 0 || minor <= 0) return 0;
  if (__builtin_mul_overflow(factor, minor, &product)) return kTermMax;
  return clamped(per == 1 ? product : product / per);
}
[[nodiscard]] Minor parcels_cost(const Tariff& tariff, std::int64_t grams);
[[nodiscard]] std::int64_t parcels_of(const Tariff& tariff, std::int64_t grams);
// How many services of a site take part, and the n-th of them; null: the facts do not hold it.
[[nodiscard]] inline std::size_t services_of(const Site& site) {
  return site.services ? std::min(site.services->size(), kServicesPerSiteMax) : 0;
}
[[nodiscard]] const Service* service_at(const Ask& ask, const Site& site, std::size_t n);
// When the next carrier leaves this site; nothing: not known, or closed as far as is known.
[[nodiscard]] std::optional<std::int64_t> leaves_ms(const Site& site, std::int64_t now_ms);

// Goods with a mark (hazardous, chilled) need a site and a service that are marked for them.
struct Mark {
  std::optional<bool> Goods::* goods;
  std::optional<bool> Site::* site;
  std::optional<bool> Service::* service;
  std::string_view words;  // "hazardous goods"
  bool unknown_is_marked;  // goods that nobody has marked
};
void narrow_marked(const Ask& ask, const Site& site, const Mark& mark, Allowed& allowed);
[[nodiscard]] std::string say_marked(const Spoken& about, const Mark& mark);

// ---------------------------------------------------------------- words
[[nodiscard]] std::string money(Minor minor, const std::optional<std::string>& currency);
[[nodiscard]] std::string duration(std::int64_t ms);  // "12 min", "3 h", "2 days"
[[nodiscard]] std::string service_name(const Service* service);
// "lacks 2 of MUG, 1 of CUP"; empty when nothing is missing. One quantity per demand.
[[nodiscard]] std::string lacks(const Ask& ask, std::span<const Quantity> have);

}  // namespace dockline::server::routing
