#include "server/stock/locations.hpp"

#include <algorithm>
#include <map>

namespace dockline::server::stock {
namespace {

// Pieces that must be shipped from some location, and are none's own.
struct Debt {
  Term term;  // as it is shown where it is taken off; value: what is left of it
};

constexpr std::string_view kShortWhy =
    "reserved there beyond its shelf: it may have to be shipped from here";
constexpr std::string_view kUnroutedWhy = "bought, no site chosen yet";

void add(Figure& figure, const Term& term) {
  figure.terms.push_back(term);
  figure.value += term.value;
  if (term.as_of_ms == 0) return;
  if (figure.as_of_ms == 0 || term.as_of_ms < figure.as_of_ms) figure.as_of_ms = term.as_of_ms;
}

void owe(std::vector<Debt>& debts, const std::string& name, const std::string& of, Quantity pieces,
         std::int64_t as_of_ms, std::string_view why) {
  if (pieces <= 0) return;
  debts.push_back({{.name = name,
                    .of = of,
                    .value = pieces,
                    .unit = "pieces",
                    .as_of_ms = as_of_ms,
                    .why = std::string(why)}});
}

// The place in routing order of a location: that of its first site that has anything.
class Order {
 public:
  explicit Order(std::span<const SitePromise> all) {
    for (std::size_t i = 0; i < all.size(); ++i) place_.emplace(all[i].site, i);
  }
  [[nodiscard]] std::size_t of(std::string_view site) const {
    const auto found = place_.find(site);
    return found == place_.end() ? kNone : found->second;
  }
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

 private:
  std::map<std::string_view, std::size_t, std::less<>> place_;
};

struct Start {
  std::vector<AtLocation> out;
  std::vector<std::size_t> first;  // of each location, in routing order
  std::vector<bool> served;        // of each site
};

Start own_figures(std::span<const Location> locations, std::span<const SitePromise> all) {
  Start start;
  start.served.assign(all.size(), false);
  const Order order(all);
  for (const auto& location : locations) {
    AtLocation at{.location = location.id, .figure = {}, .sites = {}};
    std::size_t first = Order::kNone;
    for (const auto& site : location.sites) {
      const auto place = order.of(site);
      if (place == Order::kNone) {  // nothing was ever there
        add(at.figure, {.name = "on_hand", .of = site, .value = 0, .unit = "pieces"});
        continue;
      }
      first = std::min(first, place);
      start.served[place] = true;
      for (const auto& term : all[place].figure.terms) add(at.figure, term);
      at.sites.emplace_back(site, all[place].figure.value);
    }
    start.out.push_back(std::move(at));
    start.first.push_back(first);
  }
  return start;
}

// Takes the debts off one location as far as it has anything; what is left goes on to the next.
void pay(AtLocation& at, std::vector<Debt>& debts) {
  for (auto& debt : debts) {
    const auto taken = std::min(debt.term.value, std::max<Quantity>(0, at.figure.value));
    if (taken == 0) continue;
    Term term = debt.term;
    term.value = -taken;
    add(at.figure, term);
    debt.term.value -= taken;
  }
}

}  // namespace

base::Result<std::vector<SitePromise>> promises(std::span<const SiteFacts> sites,
                                                std::int64_t now_ms) {
  std::vector<SitePromise> out;
  out.reserve(sites.size());
  for (const auto& site : sites) {
    auto figure = available_to_promise(site, now_ms);
    if (!figure) return base::pass(figure.error());
    out.push_back({site.site, std::move(*figure)});
  }
  return out;
}

std::vector<AtLocation> sellable_at(std::span<const Location> locations,
                                    std::span<const SitePromise> all, const Seen& unrouted) {
  auto [out, first, served] = own_figures(locations, all);
  std::vector<Debt> debts;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (served[i]) continue;
    owe(debts, "short_elsewhere", all[i].site, -all[i].figure.value, all[i].figure.as_of_ms,
        kShortWhy);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    owe(debts, "short_elsewhere", locations[i].sites.empty() ? "" : locations[i].sites.front(),
        -out[i].figure.value, out[i].figure.as_of_ms, kShortWhy);
  }
  owe(debts, "unrouted", "", unrouted.value, unrouted.as_of_ms, kUnroutedWhy);
  if (debts.empty()) return std::move(out);
  std::vector<std::size_t> turn(out.size());
  for (std::size_t i = 0; i < turn.size(); ++i) turn[i] = i;
  std::ranges::stable_sort(turn, {}, [&](std::size_t i) { return first[i]; });
  for (const auto i : turn) pay(out[i], debts);
  return std::move(out);
}

base::Result<std::vector<AtLocation>> kit_at(const Kits& kits, std::string_view kit,
                                             std::span<const Location> locations,
                                             std::span<const PartAt> parts) {
  std::vector<AtLocation> out;
  for (std::size_t i = 0; i < locations.size(); ++i) {
    std::vector<PartFacts> here;
    for (const auto& part : parts) {
      const auto& at = part.locations[i];
      here.push_back({.sku = part.sku, .sites = at.sites, .sum = at.figure});
    }
    auto made = kit_sellable(kits, kit, here);
    if (!made) return base::pass(made.error());
    Figure figure = std::move(made->figure);
    for (auto& term : figure.terms) {
      for (const auto& part : made->parts) {
        term.why += "; " + part.sku + ": " + std::to_string(part.there) + " there, " +
                    std::to_string(part.needed) + " in a kit, makes " + std::to_string(part.makes);
      }
    }
    out.push_back({.location = locations[i].id, .figure = std::move(figure), .sites = {}});
  }
  return out;
}

}  // namespace dockline::server::stock
