#include "tests/sim/people/trade.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "tests/sim/people/customers.hpp"

namespace dockline::sim {
namespace {

constexpr std::int64_t kOpensMs = 30 * 60'000;  // goods are entered and shown by then
constexpr std::int64_t kAgainMs = 3'000, kCancelMostMs = 40 * 60'000, kCountMs = 12 * 60'000;
constexpr std::size_t kScarceEach = 6;  // of the articles that several want, every sixth
constexpr std::int64_t kWantedLines = 4;
// Percent of what will be wanted, by site.
constexpr std::int64_t kScarce[] = {60, 15, 15}, kEnough[] = {110, 40, 40};
constexpr std::int64_t kCountedMost = 3;
const std::string kFileBegin = "slip-", kFileEnd = ".csv";

}  // namespace

Trade::Trade(World& world, HubNode& hub, Operators& office,
             const std::vector<std::unique_ptr<Shop>>& shops, const History& history,
             std::vector<std::string> sites, std::uint32_t cancel_per_mille, Count count,
             Report report)
    : world_(world),
      hub_(hub),
      office_(office),
      shops_(shops),
      history_(history),
      sites_(std::move(sites)),
      cancel_(cancel_per_mille),
      count_(std::move(count)),
      report_(std::move(report)),
      ways_(history.slips.size()),
      unfinished_(history.slips.size()) {}

std::vector<Goods> Trade::assortment(const History& history, std::size_t sites) {
  std::vector<Goods> out;
  for (const auto& [sku, traded] : history.goods) {
    const auto n = out.size();
    Goods goods{sku,
                traded.title.empty() ? sku : traded.title,
                Catalogue::barcode(n),
                "A-" + std::to_string(n),
                0,
                {}};
    // The first site has most of everything, so that an order can go out whole; what will be found
    // broken lies there too.
    const bool scarce = traded.lines >= kWantedLines && n % kScarceEach == 0;
    const auto& shares = scarce ? kScarce : kEnough;
    for (std::size_t i = 0; i < sites; ++i) {
      const auto percent = shares[std::min(i, std::size(shares) - 1)];
      goods.stock_at.push_back(traded.sold * percent / 100 + (i == 0 ? traded.lost : 0));
    }
    out.push_back(std::move(goods));
  }
  return out;
}

std::string Trade::file_of(const std::string& slip) { return kFileBegin + slip + kFileEnd; }
std::string Trade::slip_of(const std::string& file) {
  if (!file.starts_with(kFileBegin) || !file.ends_with(kFileEnd)) return {};
  return file.substr(kFileBegin.size(), file.size() - kFileBegin.size() - kFileEnd.size());
}

void Trade::begin() {
  for (std::size_t n = 0; n < history_.slips.size(); ++n) {
    world_.after(kOpensMs + history_.slips[n].at_ms, [this, n] { enter(n); });
  }
  world_.after(kOpensMs + history_.span_ms / 2, [this] { deliver(); });
  world_.after(kOpensMs, [this] { count_a_shelf(); });
}

void Trade::enter(std::size_t n) {
  const auto& slip = history_.slips[n];
  world_.mix(slip.number);
  if (slip.goods && buy(n)) return;
  write_down(n);
}

bool Trade::buy(std::size_t n) {
  const auto& slip = history_.slips[n];
  auto& draw = world_.random("trade");
  auto& shop = *shops_[n % shops_.size()];
  std::map<std::string, std::int64_t> wanted;
  for (const auto& line : slip.lines) wanted[line.sku] = line.quantity;
  const auto number = shop.buy(wanted);
  if (number.empty()) {  // then by telephone: it may have to wait
    ++sold_out_;
    return false;
  }
  ways_[n] = shop.config().name + ":" + number;
  --unfinished_;
  if (!draw.chance(cancel_)) return true;
  const bool whole = draw.chance(500);
  world_.after(draw.between(1'000, kCancelMostMs), [this, &shop, number, whole] {
    if (calm_ || !shop.cancel(number, whole)) return;
    count_("history_cancelled");
    changed_minds_.insert(shop.config().name + ":" + number);
  });
  return true;
}

void Trade::write_down(std::size_t n) {
  const auto& slip = history_.slips[n];
  if (slip.correction && !corrected_at_.contains(n)) {
    corrected_at_[n] = best_spot(slip.lines.front().sku).site;
  }
  const auto site = slip.correction ? corrected_at_.at(n) : sites_.front();
  hub_.call(server::StartImport{.kind = "orders",
                                .name = file_of(slip.number),
                                .bytes = slip.csv,
                                .channel = channel(),
                                .site = site},
            [this, n](const server::Reply& reply) {
              if (reply.error) {
                world_.after(kAgainMs, [this, n] { write_down(n); });
                return;
              }
              --unfinished_;
              const auto& done = history_.slips[n];
              for (const auto& line : done.lines) {
                if (!done.correction || !history_.goods.contains(line.sku)) continue;
                report_(StockBooked{line.sku, corrected_at_.at(n), line.quantity});
              }
            });
}

// Where most of it lies, by the books; where it would lie when they cannot be read.
Trade::Spot Trade::best_spot(const std::string& sku) {
  Spot best{sites_.front()};
  auto* reader = hub_.reader();
  if (reader == nullptr) return best;
  const auto detail = reader->stock_of(sku);
  if (!detail || !*detail) return best;
  for (const auto& site : (*detail)->stock.sites) {
    if (site.atp > best.free) best = {site.site, site.atp, site.on_hand};
  }
  return best;
}

// A person counts one shelf and says what lies there: an observation. Half of the counts find what
// the books say; of the others some find pieces nobody knew of, some miss pieces nobody wants.
void Trade::count_a_shelf() {
  auto& draw = world_.random("counts");
  world_.after(some_time(draw, kCountMs), [this, &draw] {
    if (calm_) return;
    auto at = history_.goods.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(draw.below(history_.goods.size())));
    const auto spot = best_spot(at->first);
    const bool as_said = draw.chance(500), gone = draw.chance(500);
    const auto pieces = draw.between(1, kCountedMost);
    const auto other = as_said ? 0 : gone && spot.free >= pieces ? -pieces : gone ? 0 : pieces;
    hub_.call(server::CountStock{at->first, spot.site, spot.on_hand + other, "", "office"},
              [this, other](const server::Reply& reply) {
                if (reply.error) return;
                ++besides_.counts;
                (other < 0 ? besides_.lost : besides_.found) += std::abs(other);
              });
    count_a_shelf();
  });
}

// In the middle of it a truck comes, for half of what is scarce.
void Trade::deliver() {
  std::size_t n = 0;
  for (const auto& [sku, traded] : history_.goods) {
    const auto pieces = traded.sold / 12;
    if (n++ % (2 * kScarceEach) != 0 || pieces == 0) continue;
    ++besides_.deliveries;
    besides_.delivered += pieces;
    office_.book(sku, sites_[n % sites_.size()], pieces, "delivery");
  }
}

}  // namespace dockline::sim
