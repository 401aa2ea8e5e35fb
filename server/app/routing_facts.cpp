#include "server/app/routing_facts.hpp"

#include <algorithm>
#include <set>

#include "server/app/json_text.hpp"
#include "server/routing/day.hpp"
#include "server/routing/leaving.hpp"
#include "server/routing/record.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

using Shelf = store::StockBook::SitePieces;

constexpr std::int64_t kCountedForMs = 1'000;
constexpr std::size_t kNamedMost = 10;  // descriptions in one record, those of chosen sites first

// Adds count * minor; false when it does not fit, or one of them is not known.
bool add(std::int64_t& sum, std::int64_t count, std::optional<std::int64_t> minor) {
  std::int64_t product = 0;
  return minor && !__builtin_mul_overflow(count, *minor, &product) &&
         !__builtin_add_overflow(sum, product, &sum);
}

}  // namespace

const routing::Chains& RoutingFacts::chains() const {
  return core_.config.rulebook ? core_.config.rulebook->chains : routing::unconfigured();
}

std::optional<RoutingFacts::Made> RoutingFacts::gather(std::int64_t ord, const std::string& again,
                                                       Scope scope) {
  const auto head = core_.store->orders.head(ord);
  if (!head) return std::nullopt;
  Made made{.facts = {.order = head->id,
                      .needs = {},
                      .sites = {},
                      .again = again,
                      .now_ms = core_.now.wall_ms,
                      .channel = head->channel},
            .undecided = again.empty()};
  if (head->held && scope == Scope::unrouted) return made;  // it stands still
  std::map<std::pair<std::string, std::string>, domain::Quantity> own;
  add_needs(ord, scope, made, own);
  auto& facts = made.facts;
  if (facts.needs.empty()) return made;
  // By article: its shelves, in the order of their sites.
  std::map<std::string, std::vector<Shelf>> shelves;
  std::set<std::string> unreleased;
  for (const auto& need : facts.needs) {
    if (shelves.contains(need.sku)) continue;
    shelves.emplace(need.sku, core_.store->stock.pieces(need.sku));
    const auto waiting = core_.store->life.backorder(need.sku);
    if (waiting && waiting->released_ms > core_.now.wall_ms) unreleased.insert(need.sku);
  }
  for (const auto& configured : core_.config.sites) {
    routing::Site site{.site = configured.name, .priority = configured.priority};
    for (const auto& [sku, at] : shelves) {
      const auto shelf = std::ranges::lower_bound(at, site.site, {}, &Shelf::site);
      const bool there = shelf != at.end() && shelf->site == site.site;
      const auto mine = own.find({site.site, sku});
      const auto free = (there ? ledger::available(shelf->on_hand, shelf->reserved) : 0) +
                        (mine == own.end() ? 0 : mine->second);
      site.figures.push_back(
          {sku, unreleased.contains(sku) && !PLANT("preorder-leaves-early") ? 0 : free,
           there ? shelf->as_of_ms : 0});
    }
    facts.sites.push_back(std::move(site));
  }
  std::sort(facts.sites.begin(), facts.sites.end(), [](const auto& a, const auto& b) {
    return std::tie(a.priority, a.site) < std::tie(b.priority, b.site);
  });
  if (!core_.config.rulebook) return made;
  const std::uint32_t asks = chains().of(head->channel).asks;
  add_order(*head, asks, facts);
  add_sites(asks, facts);
  const std::uint32_t declared = routing::kAsksPlace | routing::kAsksPromise;
  if ((asks & declared) != 0) routing::declare(*core_.config.rulebook, facts);
  return made;
}

void RoutingFacts::add_needs(std::int64_t ord, Scope scope, Made& made,
                             std::map<std::pair<std::string, std::string>, domain::Quantity>& own) {
  std::map<std::int64_t, domain::Quantity> movable;
  if (scope == Scope::movable) {
    for (const auto& r : core_.store->orders.reservations(ord)) {
      if (!r.lease.empty()) continue;
      movable[r.line] += r.quantity;
      own[{r.site, r.sku}] += r.quantity;
    }
  }
  for (const auto& line : core_.store->orders.lines(ord)) {
    const auto pieces = line.units.unrouted() + movable[line.line];
    if (pieces == 0) continue;
    made.undecided = made.undecided || line.units.at(orders::UnitState::open) > 0;
    made.facts.needs.push_back({line.line, line.sku, pieces});
  }
}

void RoutingFacts::add_order(const store::OrderHead& head, std::uint32_t asks,
                             routing::Facts& facts) {
  const auto& book = *core_.config.rulebook;
  const auto address = address_of(head.ship_to_json);
  facts.country = address.country;
  facts.region = address.region;
  facts.postal_code = address.postal_code;
  facts.placed_ms = head.placed_ms;
  facts.promised_ms = head.promised_ms;
  facts.priority_class = head.vip ? 0 : 1;
  if (!book.currency.empty()) facts.currency = book.currency;
  if ((asks & routing::kAsksMargin) != 0 && head.currency == book.currency) {
    facts.margin_minor = contribution(head);
  }
  if ((asks & routing::kAsksGoods) == 0) return;
  std::set<std::string> skus;
  for (const auto& need : facts.needs) skus.insert(need.sku);
  for (const auto& sku : skus) {
    const auto goods = core_.store->routing.goods(sku);
    if (goods) facts.goods.push_back({sku, goods->weight_g, goods->hazardous, goods->cold_chain});
  }
}

void RoutingFacts::add_sites(std::uint32_t asks, routing::Facts& facts) {
  for (auto& site : facts.sites) {
    if ((asks & routing::kAsksAlive) != 0) site.alive = stations_.alive(site.site);
    const auto* declared = core_.config.rulebook->site(site.site);
    if ((asks & routing::kAsksLoad) == 0 || declared == nullptr || !declared->capacity_per_day) {
      continue;
    }
    add_load(*declared, site);
  }
}

// Prices and charges of the order less what its goods were bought for; before shipping.
std::optional<std::int64_t> RoutingFacts::contribution(const store::OrderHead& head) {
  std::int64_t sum = 0;
  for (const auto& sold : core_.store->routing.sold(head.ord)) {
    if (sold.pieces == 0) continue;
    if (!add(sum, sold.pieces, sold.price_minor) || !add(sum, -sold.pieces, sold.cost_minor)) {
      return std::nullopt;
    }
  }
  for (const auto& charge : charges_of(head.charges_json)) {
    if (!add(sum, charge.quantity, charge.unit_price_minor)) return std::nullopt;
  }
  return sum;
}

void RoutingFacts::add_load(const routing::DeclaredSite& declared, routing::Site& site) {
  auto& taken = taken_[declared.site];
  const std::int64_t now_ms = core_.now.wall_ms;
  const bool fresh = taken.counted_ms != 0 && now_ms >= taken.counted_ms &&
                     now_ms - taken.counted_ms < kCountedForMs;
  if (!fresh) {
    taken = {
        core_.store->routing.waiting_at(declared.site) +
            core_.store->routing.closed_at(declared.site, routing::midnight_ms(declared, now_ms)),
        now_ms};
  }
  routing::set_load(site, *declared.capacity_per_day, taken.orders);
  site.load_as_of_ms = taken.counted_ms;
}

std::optional<orders::WayFacts> RoutingFacts::way(std::int64_t ord) {
  const auto* book = core_.config.rulebook.get();
  const bool services = book != nullptr && routing::knows_transit(*book);
  const auto found = ways_.of(ord, services, core_.now.wall_ms);
  if (!found) return std::nullopt;
  const WayHouse house{
      .book = book,
      .site = [&](const std::string& name) { return book == nullptr ? nullptr : book->site(name); },
      .transit_ms = core_.config.orders.transit_ms,
      .margin_ms = core_.config.orders.margin_ms};
  return way_facts(*found, {}, house, core_.now.wall_ms);
}

const routing::Service* RoutingFacts::service_for(const std::string& order,
                                                  const std::string& site) {
  const auto* book = core_.config.rulebook.get();
  if (book == nullptr || book->services.empty()) return nullptr;
  const auto chosen = ways_.services(order);
  const auto at = chosen.find(site);
  return at == chosen.end() ? nullptr : routing::service_named(*book, at->second);
}

std::optional<std::int64_t> RoutingFacts::pack_by_ms(std::int64_t ord, const std::string& site) {
  auto facts = way(ord);
  if (!facts) return std::nullopt;
  const bool there =
      std::ranges::any_of(facts->legs, [&](const auto& l) { return l.site == site; });
  if (there) std::erase_if(facts->legs, [&](const auto& l) { return l.site != site; });
  const auto seen = orders::way(*facts);
  return seen ? seen->pack_by_ms : std::nullopt;
}

void RoutingFacts::name_descriptions(const std::string& channel, wire::DecisionMade& made) const {
  const std::uint32_t described = routing::kAsksPlace | routing::kAsksLoad;
  if ((chains().of(channel).asks & described) == 0) return;
  std::vector<wire::DecisionInput> named;
  for (const auto& input : made.inputs) {
    if (!input.name.starts_with(routing::kServiceOf)) continue;
    const auto seen = rules_.arrivals_of(input.value);
    const bool told =
        std::ranges::any_of(named, [&](const auto& one) { return one.name == input.value; });
    if (!seen.empty() && !told) named.push_back({input.value, seen, {}});
  }
  for (const bool chosen : {true, false}) {
    for (const auto& candidate : made.candidates) {
      const auto version = rules_.version(candidate.site);
      if (candidate.chosen != chosen || version.empty() || named.size() == kNamedMost) continue;
      named.push_back({"site " + candidate.site, "as described, version " + version, {}});
    }
  }
  made.inputs.resize(std::min(made.inputs.size(), routing::kInputsMax - named.size()));
  made.inputs.insert(made.inputs.end(), named.begin(), named.end());
}

void RoutingFacts::note(const wire::DecisionMade& made) {
  std::set<std::string> sites;
  for (const auto& a : made.allocations) sites.insert(a.site);
  for (const auto& site : sites) {
    if (const auto at = taken_.find(site); at != taken_.end()) ++at->second.orders;
  }
}

}  // namespace dockline::server
