// Commands on files: they need no server, and work when none can start.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <boost/json.hpp>

#include "server/archive/segment.hpp"
#include "server/audit/audit.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/session.hpp"
#include "server/cli/text.hpp"
#include "server/keeping/backup.hpp"
#include "server/store/reader.hpp"

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

Exit restore_files(Io& io, bool as_json, const RestoreOptions& options) {
  const auto done = keeping::restore({.file = options.file,
                                      .data_dir = options.data.empty() ? kServerData : options.data,
                                      .force = options.force,
                                      .now_ms = io.now_ms()});
  if (!done) {
    io.err << "Not restored: " << done.error().detail << "\n";
    return Exit::refused;
  }
  if (as_json) {
    io.out << json::serialize(json::object{{"position", done->position},
                                           {"generation", done->generation},
                                           {"streams", done->streams},
                                           {"segments", done->segments},
                                           {"put_aside", done->put_aside},
                                           {"differs", done->differs}})
           << "\n";
    return Exit::ok;
  }
  io.out
      << "Restored: " << grouped(done->position) << " events, " << grouped(done->segments)
      << " archive segments. Start dockline-server: stations send what is newer by themselves, and "
         "orders are given out again when every station was heard.\n";
  if (!done->put_aside.empty()) io.out << "The old file is " << done->put_aside << "\n";
  if (!done->differs.empty()) {
    io.out << "Its books do not say what its facts say (dockline audit): " << done->differs << "\n";
  }
  return Exit::ok;
}

namespace {

struct Archive {
  std::string folder;
  std::vector<store::SegmentRow> segments;
};

base::Result<Archive> open_archive(const AuditOptions& options) {
  const std::string path = server_db(options);
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) {
    return base::fail(base::Fault::reject,
                      path + ": there is no such file. Give the folder with --data");
  }
  auto reader = store::Reader::open(path);
  if (!reader) return base::pass(reader.error());
  auto rows = reader->segments();
  if (!rows) return base::pass(rows.error());
  return Archive{std::filesystem::path(path).parent_path() / "archive", std::move(*rows)};
}

}  // namespace

Exit archive_list(Io& io, bool as_json, const AuditOptions& options) {
  const auto archive = open_archive(options);
  if (!archive) return cannot(io, archive.error().detail);
  json::array rows;
  for (const auto& s : archive->segments) {
    if (as_json) {
      rows.push_back(json::object{{"number", s.number},
                                  {"file", s.file},
                                  {"first", s.first},
                                  {"last", s.last},
                                  {"emptied_to", s.cut},
                                  {"bytes", s.bytes},
                                  {"sha256", s.sha256},
                                  {"made_ms", s.made_ms}});
    } else {
      io.out << s.file << "  events " << s.first << " to " << s.last << ", "
             << grouped(s.bytes / 1'024) << " KiB\n";
    }
  }
  if (as_json) io.out << json::serialize(rows) << "\n";
  if (!as_json && archive->segments.empty()) io.out << "All facts are in the database.\n";
  return Exit::ok;
}

Exit archive_verify(Io& io, bool as_json, const AuditOptions& options) {
  const auto archive = open_archive(options);
  if (!archive) return cannot(io, archive.error().detail);
  json::array problems;
  for (const auto& s : archive->segments) {
    auto segment = archive::Segment::open(archive->folder + "/" + s.file);
    auto ok = segment ? segment->verify() : base::pass(segment.error());
    if (ok && segment->header().sha256 != s.sha256) {
      ok = base::fail(base::Fault::corrupt, s.file + " is not the file that was made for it");
    }
    if (!ok) problems.emplace_back(ok.error().detail);
    if (!as_json) io.out << s.file << ": " << (ok ? "whole" : ok.error().detail) << "\n";
  }
  if (as_json) {
    io.out << json::serialize(
                  json::object{{"segments", archive->segments.size()}, {"problems", problems}})
           << "\n";
  }
  return problems.empty() ? Exit::ok : Exit::no;
}

Exit archive_show(Io& io, const AuditOptions& options, std::int64_t position) {
  const auto archive = open_archive(options);
  if (!archive) return cannot(io, archive.error().detail);
  for (const auto& s : archive->segments) {
    if (position < s.first || position > s.last) continue;
    auto segment = archive::Segment::open(archive->folder + "/" + s.file);
    const auto body = segment ? segment->body(position) : base::pass(segment.error());
    if (!body) return cannot(io, body.error().detail);
    io.out << *body << "\n";
    return Exit::ok;
  }
  io.err << "Event " << position << " is in no segment; see `dockline events --after "
         << position - 1 << " --limit 1`\n";
  return Exit::not_found;
}

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
