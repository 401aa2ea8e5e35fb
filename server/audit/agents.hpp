// Private to server/audit: a station's own file, alone and against the server's.
#pragma once

#include <map>
#include <string>

#include "server/audit/fold.hpp"
#include "server/audit/streams.hpp"

namespace dockline::server::audit {

// What was seen of other stations' files: who says to hold a lease.
using Holders = std::map<std::string, std::string>;  // "lease#epoch" -> file

// `server`, `fold` and `streams` are null when there is no server file.
[[nodiscard]] base::Status check_agent(const AgentFile& agent, sqlite::Db* server, const Fold* fold,
                                       const Streams* streams, Holders& holders,
                                       Findings& findings);

}  // namespace dockline::server::audit
