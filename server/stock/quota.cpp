#include "server/stock/quota.hpp"

#include <algorithm>
#include <map>

namespace dockline::server::stock {
namespace {

// More use than this weighs no more, so that products of it fit.
constexpr std::int64_t kUseMilliMost = 1'000'000;

}  // namespace

base::Result<std::vector<QuotaLease>> share_quota(Quantity site_quota, Quantity free,
                                                  std::span<const QuotaStation> stations) {
  if (auto ok = check_amount(site_quota, "quota"); !ok) return base::pass(ok.error());
  if (auto ok = check_pieces(free, "free"); !ok) return base::pass(ok.error());
  std::map<std::string, const QuotaStation*> by_name;
  Quantity pool = std::min(site_quota, std::max<Quantity>(0, free));
  std::int64_t weights = 0, present = 0;
  const auto use = [](const QuotaStation& s) {
    return std::clamp<std::int64_t>(s.use_milli_per_day, 0, kUseMilliMost);
  };
  for (const auto& station : stations) {
    if (auto ok = check_amount(station.leased, station.station + ": quota"); !ok) {
      return base::pass(ok.error());
    }
    if (!by_name.emplace(station.station, &station).second) {
      return base::fail(base::Fault::reject, station.station + " is there twice");
    }
    if (station.silent) {
      pool = std::max<Quantity>(0, pool - station.leased);
    } else {
      weights += use(station);
      ++present;
    }
  }
  std::vector<QuotaLease> out;
  auto left = pool;
  for (const auto& [name, station] : by_name) {
    if (station->silent) {
      out.push_back({name, station->leased});
      continue;
    }
    const auto weight = weights == 0 ? 1 : use(*station);
    const auto all = weights == 0 ? present : weights;
    // The whole part apart from the rest: the product of pool and weight need not fit.
    const auto pieces = pool / all * weight + pool % all * weight / all;
    out.push_back({name, pieces});
    left -= pieces;
  }
  for (auto& lease : out) {
    if (left == 0) break;
    if (by_name.at(lease.station)->silent) continue;
    lease.pieces += left;
    left = 0;
  }
  return out;
}

}  // namespace dockline::server::stock
