// Commands about sites: what routing knows of each, and saying otherwise. The part of the command
// line that describes them is here too: command_line.cpp calls add_sites().
#pragma once

#include <string>
#include <vector>

#include "server/cli/receiving.hpp"

namespace dockline::server::cli {

struct SiteOptions {
  std::string site, reason;
  std::vector<std::string> values;  // "KEY=VALUE"; "KEY=" takes it away
  bool reset = false;
};
void add_sites(CLI::App& root, SiteOptions& options, std::string& by, const Choose& choose);

Exit sites_list(Session& session);
Exit sites_show(Session& session, const SiteOptions& o);
Exit sites_set(Session& session, const SiteOptions& o, const std::string& by);

}  // namespace dockline::server::cli
