// What a changed policy, and a station that falls silent, mean for the figures that depend on them.
#include "server/app/reactions.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server {

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

// What was seen before the process started is not remembered: each quota's figures are looked at
// again after a start. A site with a quota of its own touches all its SKUs, else those that have
// one are touched, in pages: the name of the last one is in the store until all are.
base::Status Reactions::see_silence() {
  walking_ = false;
  auto& own = core_.store->own;
  for (const auto& site : core_.store->policies.quota_sites()) {
    const std::string walk = "quota_walk:" + site.name;
    std::vector<std::string> silent;
    for (const auto& one : stations_.life_of(site.name)) {
      if (one.silent) silent.push_back(one.station);
    }
    const auto known = silent_.find(site.name);
    if (known == silent_.end() || known->second != silent) {
      silent_[site.name] = std::move(silent);
      if (site.wide) {
        if (auto ok = core_.engine->touch_site(core_.store->outbox, site.name); !ok) return ok;
      } else {
        own.set_text(walk, " ");  // before every SKU
      }
    }
    const auto after = own.text(walk);
    if (after.empty()) continue;
    const auto page =
        core_.store->policies.with_quota(site.name, after, base::limits::kPageRowsMax);
    for (const auto& sku : page) core_.touch(sku, core_.now.wall_ms);
    const bool more = page.size() == base::limits::kPageRowsMax;
    own.set_text(walk, more ? page.back() : "");
    walking_ = walking_ || more;
  }
  return core_.store->trouble();
}

}  // namespace dockline::server
