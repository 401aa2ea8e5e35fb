#include "server/routing/rulebook.hpp"

#include <algorithm>

#include "server/routing/promise.hpp"

namespace dockline::server::routing {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kWindowDays = 8;  // a site that closes for a week has one still

template <class T>
const T* find(const ByPlace<T>& table, const std::string& place) {
  const auto at = std::lower_bound(table.begin(), table.end(), place,
                                   [](const auto& row, const auto& p) { return row.first < p; });
  return at != table.end() && at->first == place ? &at->second : nullptr;
}

// The most exact entry: the longest beginning of the postal code, the region, the country, "other".
template <class T>
const T* place_in(const ByPlace<T>& table, const Facts& facts) {
  if (table.empty()) return nullptr;
  if (facts.country) {
    const std::string code = facts.postal_code.value_or("");
    for (std::size_t n = std::min<std::size_t>(code.size(), 10); n > 0; --n) {
      if (const T* found = find(table, *facts.country + " " + code.substr(0, n))) return found;
    }
    if (facts.region) {
      const bool whole = facts.region->starts_with(*facts.country + "-");
      const std::string region = whole ? *facts.region : *facts.country + "-" + *facts.region;
      if (const T* found = find(table, region)) return found;
    }
    if (const T* found = find(table, *facts.country)) return found;
  }
  return find(table, std::string("other"));
}

void declare_site(const DeclaredSite& declared, Facts& facts, Site& site) {
  if (const auto* zone = place_in(declared.zones, facts)) site.zone = *zone;
  if (const auto* km = place_in(declared.distance_km, facts)) site.distance_km = *km;
  if (declared.hours) site.windows = windows_of(*declared.hours, facts.now_ms, kWindowDays);
  if (declared.hazardous) site.hazardous = declared.hazardous;
  if (declared.cold_chain) site.cold_chain = declared.cold_chain;
  if (declared.handling_parcel_minor) site.handling_parcel_minor = declared.handling_parcel_minor;
  if (declared.handling_piece_minor) site.handling_piece_minor = declared.handling_piece_minor;
}

void declare_services(const Rulebook& book, Facts& facts) {
  facts.services.clear();
  for (auto& site : facts.sites) site.services.emplace();
  for (const auto& declared : book.services) {
    const auto place = static_cast<std::int64_t>(facts.services.size());
    bool used = false;
    for (auto& site : facts.sites) {
      const auto& at = declared.sites;
      if (!at.empty() && std::find(at.begin(), at.end(), site.site) == at.end()) continue;
      site.services->push_back(place);
      used = true;
    }
    if (!used) continue;
    facts.services.push_back(declared.service);
    if (const auto* share = place_in(declared.disruption, facts)) {
      facts.services.back().disruption_per_mille = *share;
    }
  }
}

}  // namespace

const DeclaredSite* Rulebook::site(std::string_view name) const {
  const auto at =
      std::find_if(sites.begin(), sites.end(), [&](const auto& s) { return s.site == name; });
  return at == sites.end() ? nullptr : &*at;
}

void declare(const Rulebook& book, Facts& facts) {
  for (auto& site : facts.sites) {
    if (const auto* declared = book.site(site.site)) declare_site(*declared, facts, site);
  }
  if (!book.services.empty()) declare_services(book, facts);
  if (facts.promised_ms || !facts.placed_ms) return;
  if (const auto within_ms = promised_within_ms(book, facts.channel)) {
    facts.promised_ms = *facts.placed_ms + *within_ms;
  }
}

std::optional<std::int64_t> promised_within_ms(const Rulebook& book, std::string_view channel) {
  std::optional<std::int64_t> hours;
  for (const auto& [name, promised] : book.promise_hours) {
    if (name == channel || (name == "other" && !hours)) hours = promised;
  }
  return hours ? std::optional(*hours * kHourMs) : std::nullopt;
}

void set_load(Site& site, std::int64_t capacity_per_day, std::int64_t taken) {
  site.capacity_left = std::max<std::int64_t>(0, capacity_per_day - taken);
  site.load_per_mille = capacity_per_day < 1
                            ? 1'000
                            : std::min<std::int64_t>(1'000, taken * 1'000 / capacity_per_day);
}

}  // namespace dockline::server::routing
