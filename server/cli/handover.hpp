// Commands about closed boxes: what stands, what the driver took, what came back. The part of the
// command line that describes them is here too: command_line.cpp calls add_handover().
#pragma once

#include <string>
#include <vector>

#include "server/cli/receiving.hpp"

namespace dockline::server::cli {

struct Handovers {
  std::string order, tracking, site, carrier, manifest, at, to = "shelf", reason, state;
  std::string lot, serial, expires;
  std::vector<std::string> parcels;  // tracking numbers; "-": from standard input, one a line
  std::vector<std::string> lines;    // "LINE=PIECES"
  bool all = false;
  ListOptions list;
};

// The root gets `handover`; `orders` gets `return`. `by`: who says so.
void add_handover(CLI::App& root, CLI::App& orders, Handovers& options, std::string& by,
                  const Choose& choose);

Exit handover_list(Session& session, const Handovers& o);
Exit handover_record(Session& session, const Handovers& o, const std::string& by);
Exit handover_take_back(Session& session, const Handovers& o, const std::string& by);
Exit handover_delivered(Session& session, const Handovers& o, const std::string& by);
Exit orders_return(Session& session, const Handovers& o, const std::string& by);

}  // namespace dockline::server::cli
