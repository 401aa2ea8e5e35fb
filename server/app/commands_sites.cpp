// A person says what routing is to know of a site.
#include <algorithm>

#include "server/app/commands.hpp"
#include "server/orders/intake.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server {

base::Result<Reply> Commands::on(const DescribeSite& c) {
  if (auto ok = known_site(c.site); !ok) return base::pass(ok.error());
  if (auto ok = orders::check_text(c.why, "why", true); !ok) return base::pass(ok.error());
  if (auto ok = orders::check_text(c.by, "by", true); !ok) return base::pass(ok.error());
  if (c.values.size() > base::limits::kSiteValuesMax) {
    return base::fail(base::Fault::reject, "values: at most " +
                                               std::to_string(base::limits::kSiteValuesMax) +
                                               " things can be known of a site");
  }
  wire::SiteDescribed fact{c.site, {}, c.why, c.by};
  for (const auto& [key, value] : c.values) {
    if (auto ok = orders::check_text(key, "values", true); !ok) return base::pass(ok.error());
    if (auto ok = orders::check_text(value, key, true); !ok) return base::pass(ok.error());
    fact.values.push_back({key, value});
  }
  std::ranges::sort(fact.values, {}, &wire::SiteValue::key);
  const auto before = core_.store->sites.values(c.site);
  Reply reply;
  reply.id = c.site;
  const auto same = [](const wire::SiteValue& a, const wire::SiteValue& b) {
    return a.key == b.key && a.value == b.value;
  };
  if (std::ranges::equal(before, fact.values, same)) return reply;
  const auto kept = core_.record(std::move(fact), {.subject = c.site});
  if (!kept) return base::pass(kept.error());
  reply.created = true;
  return reply;
}

}  // namespace dockline::server
