#include "server/app/site_rules.hpp"

#include <algorithm>

#include "server/orders/intake.hpp"
#include "server/routing/leaving.hpp"
#include "server/rulebook/rulebook.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

constexpr std::int64_t kArrivalsEveryMs = 10 * 60'000;

rulebook::SiteValues pairs(const std::vector<wire::SiteValue>& values) {
  rulebook::SiteValues out;
  for (const auto& v : values) out.emplace_back(v.key, v.value);
  return out;
}

}  // namespace

SiteRules::SiteRules(HubCore& core)
    : core_(core), file_(core.config.rulebook), book_(core.store->db()) {
  for (const auto& site : core.store->sites.sites()) put(site, core.store->sites.values(site));
  put_in_force();
}

void SiteRules::put_in_force() {
  core_.config.rulebook = rulebook::in_force(file_, described_, arrivals_);
}

base::Status SiteRules::look_at_arrivals() {
  if (file_ == nullptr || file_->services.empty()) return {};
  const bool now = !looked_ms_ || core_.now.mono_ms - *looked_ms_ >= kArrivalsEveryMs;
  if (!now) return {};
  looked_ms_ = core_.now.mono_ms;
  arrivals_ = book_.newest(core_.now.wall_ms);
  std::erase_if(arrivals_, [&](const routing::Arrivals& seen) {
    const auto* service = routing::service_named(*file_, seen.carrier, seen.service);
    return service == nullptr || service->reliability_per_mille ||
           !routing::reliability_per_mille(seen);
  });
  put_in_force();
  return book_.trouble();
}

std::string SiteRules::arrivals_of(std::string_view service) const {
  for (const auto& seen : arrivals_) {
    if (seen.carrier + " " + seen.service == service) return routing::in_words(seen);
  }
  return {};
}

void SiteRules::take(const wire::SiteDescribed& said) {
  if (PLANT("site-described-after-restart")) return;
  put(said.site, said.values);
  put_in_force();
}

void SiteRules::put(const std::string& site, const std::vector<wire::SiteValue>& values) {
  described_.erase(site);
  versions_.erase(site);
  unread_.erase(site);
  if (values.empty()) return;
  auto read = rulebook::read_site(site, pairs(values));
  if (!read) {
    unread_[site] = rulebook::in_one_line(read.error());
    return;
  }
  versions_[site] = rulebook::version_of(read->values);
  described_[site] = std::move(read->declared);
}

std::string SiteRules::version(std::string_view site) const {
  const auto at = versions_.find(site);
  return at == versions_.end() ? std::string() : at->second;
}

bool as_in_file(HubCore& core, const routing::DeclaredSite& site) {
  const auto& book = core.config.rulebook;
  const auto* held = book == nullptr ? nullptr : book->site(site.site);
  return held != nullptr && core.store->sites.values(site.site).empty() &&
         rulebook::same(*held, site);
}

base::Result<Reply> take_site(HubCore& core, const DescribeSite& c) {
  const auto refuse = [](std::string why) {
    return base::fail(base::Fault::reject, std::move(why));
  };
  const auto named = [&](const SiteConfig& s) { return s.name == c.site; };
  if (std::ranges::none_of(core.config.sites, named)) {
    return refuse("site: \"" + c.site + "\" is not configured; add a [[site]] or use one that is");
  }
  if (auto ok = orders::check_text(c.why, "why", true); !ok) return base::pass(ok.error());
  if (auto ok = orders::check_text(c.by, "by", true); !ok) return base::pass(ok.error());
  if (c.values.size() > base::limits::kSiteValuesMax) {
    return refuse("values: at most " + std::to_string(base::limits::kSiteValuesMax) +
                  " things can be known of a site");
  }
  for (const auto& [key, value] : c.values) {
    if (auto ok = orders::check_text(key, "values", true); !ok) return base::pass(ok.error());
    if (auto ok = orders::check_text(value, key, true); !ok) return base::pass(ok.error());
  }
  const auto read = rulebook::read_site(c.site, c.values);
  if (!read) return refuse(rulebook::in_one_line(read.error()));
  Reply reply;
  reply.id = c.site;
  if (pairs(core.store->sites.values(c.site)) == read->values) return reply;
  wire::SiteDescribed fact{c.site, {}, c.why, c.by};
  for (const auto& [key, value] : read->values) fact.values.push_back({key, value});
  const auto kept = core.record(std::move(fact), {.subject = c.site});
  if (!kept) return base::pass(kept.error());
  reply.created = true;
  return reply;
}

}  // namespace dockline::server
