#include <algorithm>
#include <map>

#include "server/whatif/whatif.hpp"

namespace dockline::server::whatif {
namespace {

// Prices and charges less what the goods cost today; nothing when one of them is not known. What
// the goods cost is put in by the caller, who has the catalogue.
std::optional<std::int64_t> sales(const wire::OrderReceived& received) {
  std::int64_t sum = 0;
  const auto add = [&](std::int64_t count, const std::optional<std::int64_t>& minor) {
    std::int64_t product = 0;
    return minor && !__builtin_mul_overflow(count, *minor, &product) &&
           !__builtin_add_overflow(sum, product, &sum);
  };
  for (const auto& line : received.lines) {
    if (!add(line.quantity, line.unit_price_minor)) return std::nullopt;
  }
  for (const auto& charge : received.charges) {
    if (!add(charge.quantity, charge.unit_price_minor)) return std::nullopt;
  }
  return sum;
}

void add_needs(const wire::DecisionMade& made, const wire::OrderReceived* received,
               routing::Facts& facts) {
  std::map<std::pair<std::int64_t, std::string>, std::int64_t> pieces;
  for (const auto& a : made.allocations) pieces[{a.line, a.sku}] += a.quantity;
  if (made.remainder) {
    for (const auto& r : *made.remainder) pieces[{r.line, r.sku}] += r.quantity;
  }
  if (pieces.empty() && received != nullptr) {
    for (const auto& line : received->lines) pieces[{line.line, line.sku}] += line.quantity;
  }
  for (const auto& [line, quantity] : pieces) {
    facts.needs.push_back({line.first, line.second, quantity});
  }
}

}  // namespace

std::optional<routing::Facts> rebuilt(const wire::DecisionMade& made,
                                      const wire::OrderReceived* received, std::int64_t made_ms) {
  routing::Facts facts{.order = made.subject,
                       .needs = {},
                       .sites = {},
                       .again = "",
                       .now_ms = made_ms,
                       .channel = made.subject.substr(0, made.subject.find(':'))};
  add_needs(made, received, facts);
  for (const auto& c : made.candidates)
    facts.sites.push_back({.site = c.site, .priority = c.priority});
  bool any = false;
  for (const auto& input : made.inputs) {
    if (!input.name.starts_with("atp ")) continue;
    const auto space = input.name.find(' ', 4);
    if (space == std::string::npos) continue;
    const std::string site = input.name.substr(4, space - 4);
    const auto at = std::find_if(facts.sites.begin(), facts.sites.end(),
                                 [&](const auto& s) { return s.site == site; });
    if (at == facts.sites.end()) continue;
    const bool negative = input.value.starts_with('-');
    at->figures.push_back({input.name.substr(space + 1),
                           negative ? 0 : std::stoll("0" + input.value),
                           input.as_of_ms.value_or(0)});
    any = true;
  }
  for (auto& site : facts.sites) {
    std::sort(site.figures.begin(), site.figures.end(),
              [](const auto& a, const auto& b) { return a.sku < b.sku; });
  }
  if (!any || facts.needs.empty()) return std::nullopt;
  if (received == nullptr) return facts;
  facts.country = received->ship_to.country;
  facts.region = received->ship_to.region;
  facts.postal_code = received->ship_to.postal_code;
  facts.placed_ms = received->placed_ms;
  facts.promised_ms = received->promised_ms;
  facts.currency = received->currency;
  facts.margin_minor = sales(*received);
  return facts;
}

}  // namespace dockline::server::whatif
