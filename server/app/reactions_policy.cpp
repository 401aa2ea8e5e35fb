// What a changed policy, and a station that falls silent, mean for the figures that depend on them.
#include "server/app/reactions.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server {
namespace {

constexpr std::int64_t kGrowsMs = 3'600'000;

}  // namespace

// One SKU at once; all of a channel or site in pages, by a cursor that outlives the process.
base::Status Reactions::on(const Fresh& fresh, const wire::StockPolicySet& data) {
  if (data.sku) {
    core_.touch(*data.sku, fresh.event.time_ms);
    return {};
  }
  return data.channel ? core_.engine->touch_channel(core_.store->outbox, *data.channel)
                      : core_.engine->touch_site(core_.store->outbox, data.site.value_or(""));
}

base::Status Reactions::on(const Fresh& fresh, const wire::KitDefined& data) {
  core_.touch(data.sku, fresh.event.time_ms);
  return {};
}

// What was seen before the process started is not remembered: the figures of each site with a
// quota, and of what its stations use beside orders, are looked at again after a start. A site with
// a quota of its own touches all its SKUs, else those that have one are touched, in pages: the name
// of the last one is in the store until all are. Expected use grows with the silence: every
// kGrowsMs once more.
base::Status Reactions::see_silence() {
  const auto now = core_.now.wall_ms;
  auto& own = core_.store->own;
  std::map<std::string, std::optional<bool>> sites;  // with a quota: whether it is for all SKUs
  for (const auto& station : stations_.all()) sites[station.site];
  for (const auto& site : core_.store->policies.quota_sites()) sites[site.name] = site.wide;
  for (const auto& [site, wide] : sites) {
    const std::string quota_walk = "quota_walk:" + site, use_walk = "use_walk:" + site;
    const std::string walked = "use_walked_ms:" + site;
    std::vector<std::string> silent;
    for (const auto& one : stations_.life_of(site)) {
      if (one.silent) silent.push_back(one.station);
    }
    const auto known = silent_.find(site);
    const bool changed = known == silent_.end() || known->second != silent;
    const auto since_ms = silent.empty() ? 0 : now - own.value(walked);
    const bool grows = since_ms >= kGrowsMs || since_ms < 0;
    if (!changed && !grows && !walking_.contains(site)) continue;
    if ((changed || grows) && core_.store->tally.any_used(site)) {
      own.set(walked, now);
      own.set_text(use_walk, " ");  // before every SKU
    }
    if (changed) silent_[site] = std::move(silent);
    if (changed && wide == true) {
      if (auto ok = core_.engine->touch_site(core_.store->outbox, site); !ok) return ok;
    } else if (changed && wide == false) {
      own.set_text(quota_walk, " ");
    }
    const bool quotas = walk(quota_walk, [&](const std::string& after) {
      return core_.store->policies.with_quota(site, after, base::limits::kPageRowsMax);
    });
    const bool uses = walk(use_walk, [&](const std::string& after) {
      return core_.store->tally.used_skus(site, after, base::limits::kPageRowsMax);
    });
    if (quotas || uses) {
      walking_.insert(site);
    } else {
      walking_.erase(site);
    }
  }
  return core_.store->trouble();
}

bool Reactions::walk(const std::string& cursor,
                     const std::function<std::vector<std::string>(const std::string&)>& page_of) {
  const auto after = core_.store->own.text(cursor);
  if (after.empty()) return false;
  const auto page = page_of(after);
  for (const auto& sku : page) core_.touch(sku, core_.now.wall_ms);
  const bool more = page.size() == base::limits::kPageRowsMax;
  core_.store->own.set_text(cursor, more ? page.back() : "");
  return more;
}

}  // namespace dockline::server
