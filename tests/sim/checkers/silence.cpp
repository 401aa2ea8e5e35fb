#include "tests/sim/checkers/silence.hpp"

#include <algorithm>
#include <utility>

namespace dockline::sim {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kHeartbeatMs = 35'000;  // PROTOCOL.md section 12
constexpr std::int64_t kSilentMs = 3 * kHeartbeatMs;
// A stamp is written once a second at most, and what was said is under way for a moment.
constexpr std::int64_t kNotedMs = 2'000;

using Stamps = std::map<std::string, std::int64_t>;  // by station

}  // namespace

bool Silence::read(Sql& sql, std::int64_t now_ms) {
  now_ms_ = now_ms;
  std::map<std::string, Stamps> rows;
  const bool read = sql.each(
      "SELECT site, station, heard_ms FROM station WHERE status <> 'never' AND NOT EXISTS (SELECT "
      "1 FROM own_text WHERE name = 'off:' || site || '/' || station AND value <> '')",
      {}, [&](const Row& r) { rows[r.str(0)][r.str(1)] = r.integer(2); });
  std::int64_t boot = 0;
  const bool told = read && sql.each("SELECT value FROM counter WHERE name = 'boot'", {},
                                     [&](const Row& r) { boot = r.integer(0); });
  if (!told) return false;
  if (std::exchange(boot_, boot) != boot && std::exchange(set_unseen_, false)) {
    seen_from_ms_ = now_ms;
  }
  for (const auto& [name, stamps] : rows) {
    auto& site = sites_[name];
    const auto gone =
        std::erase_if(site.stations, [&](const auto& one) { return !stamps.contains(one.first); });
    if (gone > 0 || site.stations.size() != stamps.size()) site.since_ms = now_ms;
    for (const auto& [station, heard_ms] : stamps) {
      auto& known = site.stations[station];
      if (std::exchange(known.heard_ms, heard_ms) == heard_ms) continue;
      set_unseen_ = false;  // it runs
      const auto unset_ms = heard_ms - set_by_ms_;
      if (unset_ms <= known.unset_ms) continue;
      known.unset_ms = unset_ms;
      known.heard_at_ms = now_ms;
    }
  }
  return true;
}

std::int64_t Silence::part(std::int64_t quota, std::size_t stations, bool first) {
  const auto n = static_cast<std::int64_t>(stations);
  return quota / n + (first ? quota % n : 0);
}

std::int64_t Silence::least_kept(const std::string& site, std::int64_t quota,
                                 std::int64_t settle_ms) const {
  const auto found = sites_.find(site);
  if (found == sites_.end() || now_ms_ - found->second.since_ms < settle_ms) return 0;
  const auto limit_ms = kSilentMs + kNotedMs + settle_ms;
  const auto& stations = found->second.stations;
  std::int64_t out = 0;
  for (auto at = stations.begin(); at != stations.end(); ++at) {
    if (now_ms_ - std::max(at->second.heard_at_ms, seen_from_ms_) <= limit_ms) continue;
    out += part(quota, stations.size(), at == stations.begin());
  }
  return out;
}

std::optional<Silence::Kept> Silence::kept_at_rest(Sql& sql, const std::string& site,
                                                   const std::string& sku,
                                                   std::int64_t quota) const {
  Kept out;
  const auto found = sites_.find(site);
  if (found == sites_.end()) return out;
  const auto& stations = found->second.stations;
  std::int64_t newest_ms = 0;
  for (const auto& [name, other] : sites_) {
    for (const auto& [station, known] : other.stations) {
      newest_ms = std::max(newest_ms, known.heard_ms);
    }
  }
  for (auto at = stations.begin(); at != stations.end(); ++at) {
    // All that are heard say so with each heartbeat: the server's clock is past the newest stamp by
    // no more than one.
    const auto least_ms = newest_ms - at->second.heard_ms, most_ms = least_ms + kHeartbeatMs;
    if (most_ms + kNotedMs <= kSilentMs) continue;
    const auto own = part(quota, stations.size(), at == stations.begin());
    if (least_ms > kSilentMs + kNotedMs) out.least += own;
    const auto used = used_beside_orders(sql, site, at->first, sku);
    if (!used) return std::nullopt;
    out.most += std::max(own, *used * (most_ms / kDayMs + 1));
  }
  return out;
}

std::optional<std::int64_t> Silence::used_beside_orders(Sql& sql, const std::string& site,
                                                        const std::string& station,
                                                        const std::string& sku) {
  std::int64_t out = 0;
  const bool read = sql.each(
      "SELECT ifnull(sum(quantity), 0) FROM p_move WHERE sku = ?1 AND from_place = ?2 || '/shelf' "
      "AND to_place IN ('adjustment', ?2 || '/damaged', ?2 || '/quarantine') AND EXISTS (SELECT 1 "
      "FROM events WHERE events.position = p_move.position AND json_extract(CAST(body AS TEXT), "
      "'$.source') = '/' || ?2 || '/' || ?3)",
      {sku, site, station}, [&](const Row& r) { out = r.integer(0); });
  return read ? std::optional(out) : std::nullopt;
}

}  // namespace dockline::sim
