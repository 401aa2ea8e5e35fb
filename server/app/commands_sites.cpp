// A person says what routing is to know of a site.
#include "server/app/commands.hpp"
#include "server/app/site_rules.hpp"

namespace dockline::server {

base::Result<Reply> Commands::on(const DescribeSite& c) { return take_site(core_, c); }

}  // namespace dockline::server
