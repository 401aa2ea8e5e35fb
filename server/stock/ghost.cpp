#include "server/stock/ghost.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <tuple>

namespace dockline::server::stock {
namespace {

constexpr std::int64_t kShortPick = 2'500, kShortPicksMost = 4;
constexpr std::int64_t kBelowZero = 12'000;
constexpr std::int64_t kWasNegative = 4'000;
constexpr std::int64_t kMovesDoubled = 300;
constexpr std::int64_t kNeverCounted = 1'000;
constexpr std::int64_t kMonthUncounted = 150, kMonthsMost = 12;
constexpr std::int64_t kSilenceDoubled = 700, kSilenceMost = 3'500;

std::int64_t days(std::int64_t from_ms, std::int64_t now_ms) {
  return std::clamp<std::int64_t>(now_ms - from_ms, 0, kSpanMsMax) / kDayMs;
}
// How often a number can be halved: 0 for 1, 1 for 2 and 3, 2 for 4 to 7...
std::int64_t doublings(std::int64_t n) {
  return n < 1 ? 0 : static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(n))) - 1;
}

// Pieces are there by the books, and nothing moves although it usually does: expected movements
// that did not come, doubled and doubled again.
std::int64_t silence(const Traces& t, std::int64_t now_ms) {
  if (t.on_hand <= 0 || !t.moved_ms) return 0;
  const auto missed = expected_pieces(t.daily_milli, now_ms - *t.moved_ms);
  return std::min(kSilenceMost, doublings(missed) * kSilenceDoubled);
}

void add(Suspicion& out, std::string name, std::int64_t milli_bits, std::string why) {
  if (milli_bits == 0) return;
  out.milli_bits += milli_bits;
  out.evidence.push_back({std::move(name), milli_bits, std::move(why)});
}

}  // namespace

std::int64_t chance_pm(std::int64_t milli_bits) {
  constexpr std::array<std::int64_t, 12> kAtBit = {500, 667, 800, 889, 941, 970,
                                                   985, 992, 996, 998, 999, 1'000};
  const auto bits = std::clamp(milli_bits, -kMilliBitsMax, kMilliBitsMax);
  const auto at = static_cast<std::size_t>((bits < 0 ? -bits : bits) / 1'000);
  const auto rest = (bits < 0 ? -bits : bits) % 1'000;
  const auto chance = kAtBit[at] + (kAtBit[at + 1] - kAtBit[at]) * rest / 1'000;
  return bits < 0 ? 1'000 - chance : chance;
}

Suspicion suspect(const Traces& t, std::int64_t now_ms) {
  Suspicion out{.sku = t.sku, .site = t.site, .evidence = {}};
  add(out, "prior", kPriorMilliBits, "before anything is known");
  const auto shorts = std::clamp<std::int64_t>(t.short_picks, 0, kShortPicksMost);
  add(out, "short_picks", shorts * kShortPick,
      std::to_string(t.short_picks) + " times a packer found fewer than the books say");
  add(out, "below_zero", t.on_hand < 0 ? kBelowZero : 0, "the books are below zero");
  add(out, "was_negative", t.was_negative && t.on_hand >= 0 ? kWasNegative : 0,
      "the books were below zero since the last count");
  add(out, "moves", doublings(t.moves) * kMovesDoubled,
      std::to_string(t.moves) + " movements since the last count");
  if (t.counted_ms) {
    const auto months = std::min(days(*t.counted_ms, now_ms) / 30, kMonthsMost);
    add(out, "not_counted", months * kMonthUncounted,
        "not counted for " + std::to_string(months) + " months");
  } else {
    add(out, "never_counted", kNeverCounted, "never counted");
  }
  add(out, "silence", silence(t, now_ms),
      t.moved_ms ? "nothing moved for " + std::to_string(days(*t.moved_ms, now_ms)) +
                       " days, although it usually does"
                 : "");
  // Beyond the limit on either side it is one line more, so that the lines still add up.
  const auto bounded = std::clamp(out.milli_bits, -kMilliBitsMax, kMilliBitsMax);
  add(out, "limit", bounded - out.milli_bits, "more evidence than can matter");
  out.odds_pm = chance_pm(out.milli_bits);
  return out;
}

std::vector<Suspicion> rank(std::span<const Traces> traces, std::int64_t now_ms) {
  struct Ranked {
    Suspicion suspicion;
    std::int64_t worth = 0;
  };
  std::vector<Ranked> all;
  for (const auto& t : traces) {
    const auto pieces = std::clamp<Quantity>(t.on_hand < 0 ? -t.on_hand : t.on_hand, 0, 1'000'000);
    const auto value = std::clamp<std::int64_t>(t.piece_value_minor, 0, 1'000'000'000);
    all.push_back({suspect(t, now_ms), pieces * value});
  }
  std::sort(all.begin(), all.end(), [](const Ranked& a, const Ranked& b) {
    return std::tie(b.suspicion.milli_bits, b.worth, a.suspicion.sku, a.suspicion.site) <
           std::tie(a.suspicion.milli_bits, a.worth, b.suspicion.sku, b.suspicion.site);
  });
  std::vector<Suspicion> out;
  out.reserve(all.size());
  for (auto& ranked : all) out.push_back(std::move(ranked.suspicion));
  return out;
}

std::vector<CountTask> propose(std::span<const Suspicion> ranking,
                               std::span<const Counter> stations,
                               const std::set<std::pair<std::string, std::string>>& open,
                               const CountRules& rules) {
  std::vector<Counter> counters(stations.begin(), stations.end());
  auto asked = open;
  std::vector<CountTask> out;
  for (const auto& suspicion : ranking) {
    if (suspicion.odds_pm < rules.odds_pm_min) continue;
    Counter* best = nullptr;
    for (auto& counter : counters) {
      if (!counter.up || counter.site != suspicion.site) continue;
      if (counter.today >= rules.per_station_day) continue;
      if (best == nullptr ||
          std::tie(counter.today, counter.station) < std::tie(best->today, best->station)) {
        best = &counter;
      }
    }
    if (best == nullptr || !asked.emplace(suspicion.sku, suspicion.site).second) continue;
    best->today += 1;
    const auto strongest = std::max_element(
        suspicion.evidence.begin(), suspicion.evidence.end(),
        [](const Evidence& a, const Evidence& b) { return a.milli_bits < b.milli_bits; });
    out.push_back({.sku = suspicion.sku,
                   .site = suspicion.site,
                   .station = best->station,
                   .odds_pm = suspicion.odds_pm,
                   .why = strongest == suspicion.evidence.end() ? "" : strongest->why});
  }
  return out;
}

}  // namespace dockline::server::stock
