// Commands on files: they need no server, and work when none can start.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <boost/json.hpp>

#include "server/audit/audit.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/session.hpp"

namespace dockline::server::cli {
namespace {

std::string server_db(const AuditOptions& options) {
  if (!options.server_db.empty()) return options.server_db;
  return (options.data.empty() ? std::string(kServerData) : options.data) + "/server.db";
}

Exit cannot(Io& io, const std::string& why) {
  io.err << "Cannot check: " << why << "\n";
  return Exit::usage;
}

}  // namespace

Exit chain_head(Io& io, const AuditOptions& options) {
  const auto head = audit::head_of(server_db(options));
  if (!head) return cannot(io, head.error().detail);
  io.out << json::serialize(json::object{{"dockline", "log-head"},
                                         {"position", head->position},
                                         {"chain", head->chain},
                                         {"made_ms", io.now_ms()}})
         << "\n";
  return Exit::ok;
}

Exit chain_verify(Io& io, bool as_json, const AuditOptions& options, const std::string& head_file) {
  std::ifstream in(head_file);
  std::string line;
  std::getline(in, line);
  boost::system::error_code failed;
  const auto value = json::parse(line, failed);
  if (failed || text(value, "dockline") != "log-head") {
    return cannot(io, head_file + " holds no head. Make one with: dockline chain head > FILE");
  }
  const audit::Head head{number(value, "position"), text(value, "chain")};
  auto report = audit::check_files(server_db(options), {}, "", &head);
  if (!report) return cannot(io, report.error().detail);
  // Only what concerns the log itself; `dockline audit` judges the rest.
  std::erase_if(report->findings, [](const audit::Finding& f) {
    return f.check != "chain" && f.check != "log" && f.check != "archive" && f.check != "file" &&
           f.check != "ids";
  });
  if (as_json) {
    io.out << audit::to_json(*report) << "\n";
  } else if (report->clean()) {
    io.out << "Facts 1 to " << head.position << " are the ones this head was taken from"
           << "; the log now ends at " << report->events << ".\n";
  } else {
    io.out << audit::to_text(*report);
  }
  return report->clean() ? Exit::ok : Exit::no;
}

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
  if (!report) return cannot(io, report.error().detail);
  io.out << (as_json ? audit::to_json(*report) + "\n" : audit::to_text(*report));
  return report->clean() ? Exit::ok : Exit::no;
}

}  // namespace dockline::server::cli
