// Larger orders: which sites together, cheapest first, two of them, then three and so on. A set of
// sites costs at least what opening each costs and what the weight and the pieces of the whole
// order cost anywhere: sets that are not below the best plan are left out, with everything behind
// them. Who serves what within a set is found greedily, so this ends with a bound more often than
// with a proof.
#include <algorithm>
#include <utility>

#include "server/routing/cover.hpp"

namespace dockline::server::routing {
namespace {

constexpr std::int64_t kTonne = 1'000'000;
constexpr std::int64_t kParcelsMax = 64;  // heavier orders: no bound by weight

// A line below each tariff: its first gram, and so much for each gram beyond `free`.
struct Slopes {
  std::int64_t free = 0;
  std::vector<std::pair<const Rate*, std::int64_t>> per_tonne;  // minor per 1,000,000 g, by tariff

  [[nodiscard]] std::int64_t of(std::span<const Rate> steps) const {
    const auto at = std::ranges::lower_bound(per_tonne, steps.data(), {},
                                             &std::pair<const Rate*, std::int64_t>::first);
    return at != per_tonne.end() && at->first == steps.data() ? at->second : 0;
  }
};

std::int64_t slope_of(std::span<const Rate> steps, std::int64_t free, std::int64_t grams) {
  const Tariff tariff{steps, 0};
  const Minor first = parcels_cost(tariff, 1);
  const std::int64_t most = steps.back().up_to_g;
  std::int64_t slope = INT64_MAX;
  if (grams / most > kParcelsMax) return 0;
  for (std::int64_t full = 0; full * most < grams; ++full) {
    for (const auto& step : steps) {
      const std::int64_t end =
          full * most + step.up_to_g;  // a step is cheapest per gram at its end
      if (end <= free) continue;
      slope = std::min(slope, scaled(parcels_cost(tariff, end) - first, kTonne, end - free));
    }
  }
  return slope == INT64_MAX ? 0 : slope;
}

Slopes slopes_of(const Problem& problem, std::int64_t grams) {
  std::vector<std::span<const Rate>> tariffs;
  for (const auto& way : problem.ways) {
    if (!way.tariff.steps.empty()) tariffs.push_back(way.tariff.steps);
  }
  const auto begin = [](std::span<const Rate> steps) { return steps.data(); };
  std::ranges::sort(tariffs, {}, begin);  // only to find them: where they lie decides nothing
  const auto same = std::ranges::unique(tariffs, {}, begin);
  tariffs.erase(same.begin(), same.end());
  Slopes slopes;
  for (const auto steps : tariffs) slopes.free = std::max(slopes.free, steps.front().up_to_g);
  for (const auto steps : tariffs) {
    slopes.per_tonne.emplace_back(steps.data(), slope_of(steps, slopes.free, grams));
  }
  return slopes;
}

struct Item {
  Score open;        // the least it costs to use this site at all
  std::size_t site;  // place in Problem::sites
  std::int64_t per_tonne = 0;
  Minor cash = 0;  // of `open`, at least
  std::uint64_t able = 0;
};

class Sets {
 public:
  Sets(const Problem& problem, const Kept& kept, Answer& best)
      : problem_(problem), best_(best), cover_(problem) {
    for (std::size_t d = 0; d < problem.demands(); ++d) {
      if (problem.target[d] > 0) all_ |= std::uint64_t{1} << d;
      const Load more = problem.load_of(d, problem.target[d]);
      grams_ += more.grams;
      pieces_ += more.pieces;
    }
    slope_ = slopes_of(problem, grams_);
    for (const auto site : kept.sites) items_.push_back(item(site));
    std::sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) {
      return a.open != b.open ? a.open < b.open : a.site < b.site;
    });
    sums_.assign(items_.size() + 1, 0);
    behind_.assign(items_.size() + 1, 0);
    for (std::size_t i = 0; i < items_.size(); ++i) sums_[i + 1] = sums_[i] + items_[i].open;
    for (std::size_t i = items_.size(); i-- > 0;) behind_[i] = behind_[i + 1] | items_[i].able;
  }

  void run() {
    Minor piece = kTermMax;
    std::int64_t per_tonne = INT64_MAX;
    for (const auto& one : items_) per_tonne = std::min(per_tonne, one.per_tonne);
    for (const auto& able : problem_.sites) piece = std::min(piece, able.piece);
    for (size_ = 2; size_ <= problem_.sites_max && size_ <= items_.size(); ++size_) {
      const auto n = static_cast<std::int64_t>(size_);
      const std::int64_t paid = std::max<std::int64_t>(0, grams_ - n * slope_.free);
      rest_ = score_of(scaled(paid, per_tonne, kTonne) + scaled(pieces_, piece, 1) +
                       (n - 1) * problem_.further);
      down(0, 0, 0);
    }
    best_.expanded = expanded_;
    best_.bound = std::min(open_, best_.plan.score);
  }

 private:
  [[nodiscard]] Item item(std::size_t site) const {
    const Able& able = problem_.sites[site];
    Minor least = kTermMax, cash = kTermMax;
    std::int64_t per_tonne = INT64_MAX;
    for (std::size_t w = able.first_way; w < able.first_way + able.ways; ++w) {
      const Way& way = problem_.ways[w];
      const Minor parcel = parcels_cost(way.tariff, 1);
      least = std::min(least, way.once + parcel);
      cash = std::min(cash, way.once_cash + parcel);
      per_tonne = std::min(per_tonne, slope_.of(way.tariff.steps));
    }
    Item made{score_of(least) + problem_.tie_base + static_cast<Score>(able.rank), site, per_tonne,
              cash};
    for (std::size_t d = 0; d < problem_.demands(); ++d) {
      const Quantity need = problem_.split == Split::lines ? problem_.target[d] : 1;
      if (problem_.target[d] > 0 && problem_.cap(site, d) >= need) {
        made.able |= std::uint64_t{1} << d;
      }
    }
    return made;
  }

  // Adds a site behind `from` to the set; `able`: what the set can serve so far.
  void down(std::size_t from, std::uint64_t able, Score opened) {
    const std::size_t missing = size_ - set_.size();
    for (std::size_t i = from; i + missing <= items_.size(); ++i) {
      if ((able | behind_[i]) != all_) return;
      const Score least = opened + sums_[i + missing] - sums_[i] + rest_;
      if (least >= best_.plan.score) return;  // those behind it are dearer
      if (expanded_ >= kSetsMax) {
        open_ = std::min(open_, least);
        return;
      }
      ++expanded_;
      set_.push_back(i);
      if (missing > 1) {
        down(i + 1, able | items_[i].able, opened + items_[i].open);
      } else if ((able | items_[i].able) == all_) {
        serve();
      }
      set_.pop_back();
    }
  }

  struct Floor {
    Score score = 0;
    Minor cash = 0;
  };

  // What this very set costs at least: its own tariffs and its cheapest hands.
  [[nodiscard]] Floor floor_of_set() const {
    const auto n = static_cast<std::int64_t>(set_.size());
    std::int64_t per_tonne = INT64_MAX;
    Minor piece = kTermMax, piece_cash = kTermMax;
    Floor floor{score_of((n - 1) * problem_.further), (n - 1) * problem_.further_cash};
    for (const auto i : set_) {
      const Able& able = problem_.sites[items_[i].site];
      floor.score += items_[i].open;
      floor.cash += items_[i].cash;
      per_tonne = std::min(per_tonne, items_[i].per_tonne);
      piece = std::min(piece, able.piece);
      piece_cash = std::min(piece_cash, able.piece_cash);
    }
    const std::int64_t paid = std::max<std::int64_t>(0, grams_ - n * slope_.free);
    const Minor parcels = scaled(paid, per_tonne, kTonne);
    floor.score += score_of(parcels + scaled(pieces_, piece, 1));
    floor.cash += parcels + scaled(pieces_, piece_cash, 1);
    return floor;
  }

  void serve() {
    const auto [least, cash] = floor_of_set();
    if (least >= best_.plan.score) return;
    if (problem_.cash_limit && cash > *problem_.cash_limit) return;
    open_ = std::min(open_, least);
    if (served_ >= kServedMax) return;
    ++served_;
    sites_.clear();
    for (const auto i : set_) sites_.push_back(items_[i].site);
    Plan plan = cover_.plan_of(sites_);
    if (plan.score < best_.plan.score) best_.plan = std::move(plan);
  }

  const Problem& problem_;
  Answer& best_;
  Cover cover_;
  Slopes slope_;
  std::vector<Item> items_;
  std::vector<Score> sums_;            // of the first n opens
  std::vector<std::uint64_t> behind_;  // what this and all behind it can serve
  std::vector<std::size_t> set_;       // places in items_
  Sites sites_;
  std::size_t size_ = 0;
  std::uint64_t all_ = 0;
  std::int64_t grams_ = 0, pieces_ = 0;
  Score rest_ = 0;  // what any set of this size costs beyond opening its sites
  Score open_ = kNoScore;
  std::int64_t expanded_ = 0, served_ = 0;
};

}  // namespace

void search_sets(const Problem& problem, const Kept& kept, Answer& best) {
  Sets(problem, kept, best).run();
}

}  // namespace dockline::server::routing
