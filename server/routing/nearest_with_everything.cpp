// The nearest site (lowest priority number) that has every piece; no split. Otherwise the order
// waits, and the reason says what is missing where.
#include <algorithm>
#include <map>

#include "server/routing/routing.hpp"

namespace dockline::server::routing {
namespace {

constexpr std::size_t kNamedMax = 3;  // SKUs named in one sentence

std::map<std::string, domain::Quantity> wanted(const Facts& facts) {
  std::map<std::string, domain::Quantity> sum;
  for (const auto& need : facts.needs) sum[need.sku] += need.quantity;
  return sum;
}

domain::Quantity atp_of(const Site& site, const std::string& sku) {
  const auto at = std::lower_bound(site.figures.begin(), site.figures.end(), sku,
                                   [](const Figure& f, const std::string& s) { return f.sku < s; });
  return at != site.figures.end() && at->sku == sku ? at->atp : 0;
}

// Empty when the site has everything.
std::string lacks(const Site& site, const std::map<std::string, domain::Quantity>& wants) {
  std::string text;
  std::size_t lacking = 0;
  for (const auto& [sku, quantity] : wants) {
    const domain::Quantity have = std::max<domain::Quantity>(0, atp_of(site, sku));
    if (have >= quantity) continue;
    if (++lacking <= kNamedMax) {
      text += (lacking == 1 ? "lacks " : ", ") + std::to_string(quantity - have) + " of " + sku;
    }
  }
  if (lacking > kNamedMax) text += " and " + std::to_string(lacking - kNamedMax) + " more SKUs";
  return text;
}

}  // namespace

Verdict nearest_with_everything(const Facts& facts) {
  Verdict verdict;
  const auto wants = wanted(facts);
  for (const auto& site : facts.sites) {
    wire::Candidate candidate{site.site, site.priority, false, lacks(site, wants)};
    if (candidate.why.empty()) {
      candidate.why = verdict.allocated ? "has everything, but is further away" : "has everything";
      candidate.chosen = !verdict.allocated;
      if (candidate.chosen) verdict.site = site.site;
      verdict.allocated = true;
    }
    verdict.candidates.push_back(std::move(candidate));
  }
  if (verdict.allocated) {
    verdict.reason = verdict.site + " is the nearest site that has everything.";
  } else if (facts.sites.empty()) {
    verdict.reason = "No site is configured, so nothing can be allocated.";
  } else {
    const auto& first = verdict.candidates.front();
    verdict.reason = "No site has everything: " + first.site + " " + first.why + ".";
  }
  if (!facts.again.empty()) verdict.reason += " Decided again: " + facts.again + ".";
  return verdict;
}

}  // namespace dockline::server::routing
