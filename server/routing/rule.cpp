#include "server/routing/rule.hpp"

namespace dockline::server::routing {
namespace {

constexpr std::int64_t kMinuteMs = 60'000, kHourMs = 3'600'000, kDayMs = 86'400'000;

// Digits of the minor unit (ISO 4217) where they are not two.
int digits_of(std::string_view currency) {
  for (const std::string_view none : {"JPY", "KRW", "ISK", "VND", "CLP"}) {
    if (currency == none) return 0;
  }
  for (const std::string_view three : {"KWD", "BHD", "OMR", "JOD", "TND"}) {
    if (currency == three) return 3;
  }
  return 2;
}

// A parcel of this weight; the rate of a heavier one may be taken when it is lower.
Minor one_parcel(std::span<const Rate> steps, std::int64_t grams) {
  Minor least = kTermMax;
  for (std::size_t i = steps.size(); i-- > 0 && steps[i].up_to_g >= grams;) {
    least = std::min(least, clamped(steps[i].minor));
  }
  return least;
}

}  // namespace

std::int64_t parcels_of(const Tariff& tariff, std::int64_t grams) {
  if (tariff.steps.empty() || grams <= tariff.steps.back().up_to_g) return 1;
  return (grams - 1) / tariff.steps.back().up_to_g + 1;
}

Minor parcels_cost(const Tariff& tariff, std::int64_t grams) {
  if (tariff.steps.empty()) return tariff.flat;
  const std::int64_t most = tariff.steps.back().up_to_g;
  if (grams <= most) return one_parcel(tariff.steps, grams);
  const std::int64_t full = (grams - 1) / most;
  return clamped(scaled(full, one_parcel(tariff.steps, most), 1) +
                 one_parcel(tariff.steps, grams - full * most));
}

const Service* service_at(const Ask& ask, const Site& site, std::size_t n) {
  const auto at = static_cast<std::size_t>((*site.services)[n]);
  return at < ask.facts->services.size() ? &ask.facts->services[at] : nullptr;
}

std::optional<std::int64_t> leaves_ms(const Site& site, std::int64_t now_ms) {
  if (!site.windows) return std::nullopt;
  for (const auto& window : *site.windows) {
    if (window.cut_off_ms > now_ms) return window.cut_off_ms;
  }
  return std::nullopt;
}

// ---------------------------------------------------------------- marked goods
namespace {

bool is_marked(const Demand& demand, const Mark& mark) {
  if (demand.goods == nullptr || !(demand.goods->*mark.goods)) return mark.unknown_is_marked;
  return *(demand.goods->*mark.goods);
}

}  // namespace

// A parcel that holds such goods goes by a service that takes them, whatever else is in it.
void narrow_marked(const Ask& ask, const Site& site, const Mark& mark, Allowed& allowed) {
  std::uint32_t fit = 0;
  for (std::size_t i = 0; i < services_of(site); ++i) {
    const Service* service = service_at(ask, site, i);
    if (service != nullptr && (service->*mark.service).value_or(false)) fit |= 1U << i;
  }
  const bool able = (site.*mark.site).value_or(false) && (fit & allowed.services) != 0;
  bool any = false;
  for (std::size_t d = 0; d < ask.demands.size(); ++d) {
    if (allowed.pieces[d] == 0 || !is_marked(ask.demands[d], mark)) continue;
    if (!able) allowed.pieces[d] = 0;
    any = true;
  }
  if (able && any) allowed.services &= fit;
}

std::string say_marked(const Spoken& about, const Mark& mark) {
  std::string skus;
  std::size_t named = 0;
  for (const auto& demand : about.ask.demands) {
    if (!is_marked(demand, mark) || ++named > kNamedMax) continue;
    skus += (skus.empty() ? "" : ", ") + std::string(demand.sku);
    if (demand.goods == nullptr || !(demand.goods->*mark.goods)) skus += " (nobody said)";
  }
  const std::string what(mark.words);
  const auto& may = about.site.*mark.site;
  if (!may) return "is not known to handle " + what + ": " + skus;
  if (!*may) return "may not handle " + what + ": " + skus;
  return "has no carrier service that takes " + what + ": " + skus;
}

// ---------------------------------------------------------------- words
std::string money(Minor minor, const std::optional<std::string>& currency) {
  const int digits = currency ? digits_of(*currency) : 2;
  std::string text = std::to_string(minor < 0 ? -minor : minor);
  const auto after = static_cast<std::size_t>(digits);
  if (text.size() <= after) text.insert(0, after + 1 - text.size(), '0');
  if (after > 0) text.insert(text.size() - after, ".");
  return (minor < 0 ? "-" : "") + text + (currency ? " " + *currency : "");
}

std::string duration(std::int64_t ms) {
  if (ms < 120 * kMinuteMs) return std::to_string(ms / kMinuteMs) + " min";
  if (ms < 48 * kHourMs) return std::to_string(ms / kHourMs) + " h";
  return std::to_string(ms / kDayMs) + " days";
}

std::string service_name(const Service* service) {
  return service == nullptr ? "a carrier not known" : service->carrier + " " + service->service;
}

std::string lacks(const Ask& ask, std::span<const Quantity> have) {
  std::string text;
  std::size_t lacking = 0;
  for (std::size_t d = 0; d < ask.demands.size(); ++d) {
    const auto& demand = ask.demands[d];
    if (have[d] >= demand.want) continue;
    if (++lacking > kNamedMax) continue;
    text += (lacking == 1 ? "lacks " : ", ") + std::to_string(demand.want - have[d]) + " of ";
    text += demand.sku;
  }
  if (lacking > kNamedMax) text += " and " + std::to_string(lacking - kNamedMax) + " more SKUs";
  return text;
}

}  // namespace dockline::server::routing
