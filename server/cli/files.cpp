// Commands on files: they need no server, and work when none can start.
#include <filesystem>

#include "server/audit/audit.hpp"
#include "server/cli/commands.hpp"

namespace dockline::server::cli {

Exit audit_files(Io& io, bool as_json, const AuditOptions& options) {
  namespace fs = std::filesystem;
  std::string server = options.server_db;
  auto agents = options.agent_dbs;
  if (server.empty() && !(options.data.empty() && !agents.empty())) {
    const fs::path data = options.data.empty() ? fs::path(kServerData) : fs::path(options.data);
    std::error_code failed;
    server = (data / "server.db").string();
    // A station's data folder: its file alone.
    if (!fs::exists(server, failed) && fs::exists(data / "agent.db", failed)) {
      agents.push_back((data / "agent.db").string());
      server.clear();
    }
  }
  const auto report = audit::check_files(server, agents, "");
  if (!report) {
    io.err << "Cannot check: " << report.error().detail << "\n";
    return Exit::usage;
  }
  io.out << (as_json ? audit::to_json(*report) + "\n" : audit::to_text(*report));
  return report->clean() ? Exit::ok : Exit::no;
}

}  // namespace dockline::server::cli
