// The odds that shelf and ledger disagree, from what has happened since the last count, and which
// counts to ask for. Evidence adds up as logarithms of odds, in thousandths of a bit: +1000 doubles
// the odds. Each piece of evidence is a line of its own, so that a person can see why.
//
// The weights are judgement, not measurement: README.md. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/stock/bounds.hpp"

namespace dockline::server::stock {

inline constexpr std::int64_t kPriorMilliBits = -5'000;  // one in thirty-three, knowing nothing
inline constexpr std::int64_t kMilliBitsMax = 10'000;    // beyond a thousand to one nothing differs

// Of one SKU at one site, since its last count there (or ever).
struct Traces {
  std::string sku, site;
  Quantity on_hand = 0;
  std::int64_t short_picks = 0;  // times a packer found fewer than the books say
  bool was_negative = false;     // the books were below zero in between
  std::int64_t moves = 0;        // movements booked
  std::optional<std::int64_t> counted_ms, moved_ms;  // last; wall clock
  Quantity daily_milli = 0;  // pieces it usually moves in a day, in thousandths
  std::int64_t piece_value_minor = 0;
};
struct Evidence {
  std::string name;  // "prior", "short_picks", "below_zero", ...
  std::int64_t milli_bits = 0;
  std::string why;
};
struct Suspicion {
  std::string sku, site;
  std::vector<Evidence> evidence;
  std::int64_t milli_bits = 0;  // the sum of the evidence, within kMilliBitsMax either way
  std::int64_t odds_pm = 0;     // chance of a difference, per mille, 0 to 1000
};
[[nodiscard]] Suspicion suspect(const Traces& traces, std::int64_t now_ms);
// 1000 x 2^b / (1 + 2^b) for b in thousandths, between whole bits on a straight line.
[[nodiscard]] std::int64_t chance_pm(std::int64_t milli_bits);

// All of them, the most suspect first; among equals the one whose pieces are worth more, then by
// SKU and site.
[[nodiscard]] std::vector<Suspicion> rank(std::span<const Traces> traces, std::int64_t now_ms);

struct Counter {
  std::string station, site;
  bool up = false;
  std::int64_t today = 0;  // count tasks it was given today, done or not
};
struct CountRules {
  std::int64_t per_station_day = 20;  // tasks
  std::int64_t odds_pm_min = 200;     // less is not worth the way
};
struct CountTask {
  std::string sku, site, station;
  std::int64_t odds_pm = 0;
  std::string why;  // the strongest evidence, in words
};
// Tasks for the ranking, to the station of the site that is up and has the fewest today; none for a
// (SKU, site) that has an open task. What finds no room waits for tomorrow.
[[nodiscard]] std::vector<CountTask> propose(
    std::span<const Suspicion> ranking, std::span<const Counter> stations,
    const std::set<std::pair<std::string, std::string>>& open, const CountRules& rules);

}  // namespace dockline::server::stock
