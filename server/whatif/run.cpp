#include <algorithm>
#include <set>

#include "server/routing/json.hpp"
#include "server/routing/routing.hpp"
#include "server/rulebook/rulebook.hpp"
#include "server/store/arrival_book.hpp"
#include "server/store/reader_routing.hpp"
#include "server/store/reader_sites.hpp"
#include "server/whatif/whatif.hpp"
#include "shared/wire/event.hpp"

namespace dockline::server::whatif {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

struct Run {
  store::Reader& reader;
  const routing::Rulebook& book;
  const Options& options;
  Report report;
  std::set<std::string> orders;
  base::Status trouble;

  bool one(const store::DecisionRow& row, const wire::DecisionMade& made);
  std::optional<routing::Facts> facts_of(const store::DecisionRow& row,
                                         const wire::DecisionMade& made);
  void add_goods(routing::Facts& facts);
  bool assume(std::uint32_t asks, routing::Facts& facts) const;
  void compare(const wire::DecisionMade& was, const wire::DecisionMade& would,
               const routing::Facts& facts, const routing::Chain& chain);
};

std::string sites_of(const wire::DecisionMade& made) {
  std::set<std::string> sites;
  for (const auto& a : made.allocations) sites.insert(a.site);
  std::string text;
  for (const auto& site : sites) text += (text.empty() ? "" : ", ") + site;
  return text;
}

// Who ships how much of which line, whatever the order of the parts.
std::set<std::string> plan_of(const wire::DecisionMade& made) {
  std::set<std::string> plan;
  for (const auto& a : made.allocations) {
    plan.insert(std::to_string(a.line) + " " + std::to_string(a.quantity) + " " + a.site);
  }
  return plan;
}

void count(Side& side, const wire::DecisionMade& made, const Priced& priced,
           const std::optional<std::int64_t>& margin) {
  (made.outcome == "allocated"     ? side.allocated
   : made.outcome == "backordered" ? side.backordered
                                   : side.partly) += 1;
  if (made.allocations.empty()) return;
  std::set<std::string> sites;
  for (const auto& a : made.allocations) sites.insert(a.site);
  if (sites.size() > 1) ++side.splits;
  side.parcels += priced.parcels;
  side.cost_minor += priced.minor;
  side.cash_minor += priced.cash;
  if (priced.late_known && priced.late_ms > 0) {
    ++side.late;
    side.late_hours += (priced.late_ms + kHourMs - 1) / kHourMs;
  }
  if (margin) side.margin_minor += *margin - priced.cash;
}

std::optional<routing::Facts> Run::facts_of(const store::DecisionRow& row,
                                            const wire::DecisionMade& made) {
  if (made.facts) {
    if (auto facts = routing::facts_from_json(*made.facts)) {
      ++report.of_facts;
      return std::move(*facts);
    }
  }
  const auto body = store::received(reader, made.subject);
  if (!body) {
    trouble = base::pass(body.error());
    return std::nullopt;
  }
  const auto event = body->empty() ? base::fail(base::Fault::reject, "") : wire::decode(*body);
  const auto* received = event ? std::get_if<wire::OrderReceived>(&event->data) : nullptr;
  auto facts = rebuilt(made, received, row.made_ms);
  if (!facts) return facts;
  ++report.rebuilt;
  add_goods(*facts);
  return facts;
}

void Run::add_goods(routing::Facts& facts) {
  std::set<std::string> skus;
  for (const auto& need : facts.needs) skus.insert(need.sku);
  for (const auto& sku : skus) {
    const auto found = reader.stock_of(sku);
    if (!found || !*found) continue;
    const auto& item = **found;
    facts.goods.push_back({sku, item.weight_g, item.hazardous, item.cold_chain});
    for (const auto& need : facts.needs) {
      if (need.sku != sku || !facts.margin_minor) continue;
      std::int64_t cost = 0;
      const bool known =
          item.cost_minor && !__builtin_mul_overflow(need.quantity, *item.cost_minor, &cost);
      if (known) {
        *facts.margin_minor -= cost;
      } else {
        facts.margin_minor.reset();
      }
    }
  }
}

// What nobody recorded then, because no rule asked: stations are taken for heard, days for empty.
bool Run::assume(std::uint32_t asks, routing::Facts& facts) const {
  bool any = false;
  for (auto& site : facts.sites) {
    if ((asks & routing::kAsksAlive) != 0 && !site.alive) {
      site.alive = routing::Alive{1, 1, facts.now_ms};
      any = true;
    }
    const auto* declared = book.site(site.site);
    const bool load = (asks & routing::kAsksLoad) != 0 && !site.capacity_left;
    if (load && declared != nullptr && declared->capacity_per_day) {
      routing::set_load(site, *declared->capacity_per_day, 0);
      any = true;
    }
  }
  return any;
}

void Run::compare(const wire::DecisionMade& was, const wire::DecisionMade& would,
                  const routing::Facts& facts, const routing::Chain& chain) {
  const Priced before = price(facts, chain, was.allocations);
  const Priced after = price(facts, chain, would.allocations);
  const bool same_money = !facts.currency || *facts.currency == book.currency;
  const auto margin = same_money ? facts.margin_minor : std::nullopt;
  if (margin) ++report.margins;
  count(report.was, was, before, margin);
  count(report.would, would, after, margin);
  std::set<std::string> used;
  for (const auto& a : was.allocations) used.insert(a.site);
  const bool forbidden = std::any_of(
      would.candidates.begin(), would.candidates.end(),
      [&](const auto& c) { return used.contains(c.site) && c.ruled_out_by.has_value(); });
  if (forbidden) ++report.forbidden;
  if (plan_of(was) == plan_of(would)) return;
  if (report.moved_total++ >= static_cast<std::int64_t>(options.moved_max)) return;
  report.moved.push_back({was.subject, was.decision, sites_of(was), sites_of(would), before.minor,
                          after.minor, would.reason});
}

bool Run::one(const store::DecisionRow& row, const wire::DecisionMade& made) {
  if (report.decisions >= options.decisions_max) return false;
  ++report.decisions;
  orders.insert(made.subject);
  auto facts = facts_of(row, made);
  if (!trouble) return false;
  if (!facts) {
    ++report.unread;
    return true;
  }
  const auto& chain = book.chains.of(facts->channel);
  routing::declare(book, *facts);
  if (assume(chain.asks, *facts)) ++report.assumed;
  for (auto& site : facts->sites) site.excluded.reset();
  const auto would = routing::decide(*facts, chain, made.decision);
  compare(made, would, *facts, chain);
  return true;
}

}  // namespace

base::Result<Report> run(store::Reader& reader, const routing::Rulebook& file,
                         const Options& options) {
  const auto said = store::described_sites(reader);
  if (!said) return base::pass(said.error());
  std::map<std::string, routing::DeclaredSite> described;
  for (const auto& [site, values] : *said) {
    // What cannot be read here does not hold in the server either.
    if (auto read = rulebook::read_site(site, values)) described[site] = std::move(read->declared);
  }
  const auto arrivals = store::arrivals(reader, options.now_ms);
  if (!arrivals) return base::pass(arrivals.error());
  const auto book =
      rulebook::in_force(std::make_shared<const routing::Rulebook>(file), described, *arrivals);
  Run all{.reader = reader,
          .book = *book,
          .options = options,
          .report = {},
          .orders = {},
          .trouble = {}};
  all.report.since_ms = options.since_ms;
  all.report.currency = book->currency;
  for (const auto& [site, declared] : described) all.report.described.push_back(site);
  // Page by page: questions about one order are asked between the pages, not within a read.
  std::int64_t after = 0;
  for (bool more = true; more;) {
    const auto page = store::decisions_since(reader, options.since_ms, after, 500);
    if (!page) return base::pass(page.error());
    more = !page->empty();
    for (const auto& row : *page) {
      after = row.position;
      const auto event = wire::decode(row.body);
      const auto* made = event ? std::get_if<wire::DecisionMade>(&event->data) : nullptr;
      if (made == nullptr) {
        ++all.report.unread;
      } else if (!all.one(row, *made)) {
        more = false;
        break;
      }
    }
  }
  if (!all.trouble) return base::pass(all.trouble.error());
  all.report.orders = static_cast<std::int64_t>(all.orders.size());
  return all.report;
}

}  // namespace dockline::server::whatif
