#include "server/stock/quota.hpp"

#include <algorithm>
#include <map>

namespace dockline::server::stock {
base::Result<std::vector<QuotaLease>> share_quota(Quantity site_quota, Quantity free,
                                                  std::span<const QuotaStation> stations) {
  if (auto ok = check_amount(site_quota, "quota"); !ok) return base::pass(ok.error());
  if (auto ok = check_pieces(free, "free"); !ok) return base::pass(ok.error());
  std::map<std::string, const QuotaStation*> by_name;
  Quantity pool = std::min(site_quota, std::max<Quantity>(0, free));
  std::int64_t present = 0;
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
    out.push_back({name, pool / present});
    left -= pool / present;
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
