// Who ships what, and why; what other rules would have done.
#pragma once

#include <string>
#include <vector>

#include "server/cli/commands.hpp"

namespace dockline::server::cli {

Exit decisions_list(Session& session, const ListOptions& options);
Exit decisions_show(Session& session, const std::string& id);

struct RouteOptions {
  std::string order, site, why, by;
  std::vector<std::string> lines;  // "LINE=SITE"
  bool force = false;
};
Exit orders_route(Session& session, const RouteOptions& options);

struct WhatIfOptions {
  std::string rules, since = "30d";
  std::int64_t moved = 20;  // orders that would go elsewhere, listed
  AuditOptions files;
};
// On files: reads the database, writes nothing.
Exit routing_what_if(Io& io, bool as_json, const WhatIfOptions& options);
Exit routing_check(Io& io, const std::string& rules);
Exit routing_reference(Io& io);

}  // namespace dockline::server::cli
