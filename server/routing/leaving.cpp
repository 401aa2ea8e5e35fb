#include "server/routing/leaving.hpp"

#include <algorithm>

namespace dockline::server::routing {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kBeforeDays = 15;  // a site that closes for two weeks has one still
constexpr std::int64_t kAheadDays = 40;

std::int64_t east_of(const Hours& hours, std::int64_t at_ms) {
  const auto after =
      std::ranges::upper_bound(hours.offsets, at_ms, std::ranges::less{}, &Offset::from_ms);
  if (hours.offsets.empty()) return 0;
  return (after == hours.offsets.begin() ? *after : *std::prev(after)).seconds;
}

}  // namespace

std::vector<Leaving> leaving(const DeclaredSite& site, std::int64_t now_ms,
                             std::optional<std::int64_t> due_ms) {
  std::vector<Leaving> out;
  if (!site.hours) return out;
  const auto add = [&](std::int64_t from_ms, std::int64_t days) {
    for (const auto& window : windows_of(*site.hours, from_ms, days)) {
      out.push_back({window.cut_off_ms, east_of(*site.hours, window.cut_off_ms)});
    }
  };
  if (due_ms) add(*due_ms - (kBeforeDays - 1) * kDayMs, kBeforeDays);
  add(now_ms, kAheadDays);
  std::ranges::sort(out, {}, &Leaving::at_ms);
  const auto twice = std::ranges::unique(out, {}, &Leaving::at_ms);
  out.erase(twice.begin(), twice.end());
  return out;
}

std::string service_called(const Service& service) {
  return service.carrier + " " + service.service;
}

const Service* service_named(const Rulebook& book, std::string_view called) {
  for (const auto& declared : book.services) {
    if (service_called(declared.service) == called) return &declared.service;
  }
  return nullptr;
}

const Service* service_named(const Rulebook& book, std::string_view carrier,
                             std::string_view service) {
  for (const auto& declared : book.services) {
    const auto& one = declared.service;
    if (one.carrier == carrier && one.service == service) return &one;
  }
  return nullptr;
}

std::optional<std::int64_t> transit_of(const Rulebook& book, std::string_view service) {
  const auto* declared = service_named(book, service);
  return declared == nullptr ? std::nullopt : declared->transit_ms;
}

bool knows_transit(const Rulebook& book) {
  return std::ranges::any_of(
      book.services, [](const DeclaredService& s) { return s.service.transit_ms.has_value(); });
}

}  // namespace dockline::server::routing
