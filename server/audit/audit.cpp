#include "server/audit/audit.hpp"

#include <filesystem>
#include <optional>

#include "server/audit/agents.hpp"
#include "server/audit/streams.hpp"
#include "server/audit/tables.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::server::audit {
namespace {

using base::Fault;
using sqlite::Statement;

constexpr std::int64_t kNoMove = INT64_MAX;

// The rows of p_move in order, one ahead, beside the log's pass.
class MoveRows {
 public:
  static base::Result<MoveRows> open(sqlite::Db& db) {
    auto made = db.try_prepare(
        "SELECT position, n, sku, quantity, from_place, to_place FROM p_move ORDER BY position, n");
    if (!made) return base::pass(made.error());
    MoveRows rows(std::move(*made));
    rows.statement_.bind();
    if (auto ok = rows.step(); !ok) return base::pass(ok.error());
    return rows;
  }
  base::Status step() {
    auto there = statement_.step();
    if (!there) return base::pass(there.error());
    at_ = *there ? statement_.integer(0) : kNoMove;
    return {};
  }
  [[nodiscard]] std::int64_t position() const { return at_; }
  [[nodiscard]] bool is(const MoveWanted& w) const {
    return statement_.integer(1) == w.n && statement_.text(2) == w.sku &&
           statement_.integer(3) == w.pieces && statement_.text(4) == w.from &&
           statement_.text(5) == w.to;
  }
  [[nodiscard]] std::string text() const {
    return str(statement_.integer(3)) + " of " + statement_.str(2) + " from " + statement_.str(4) +
           " to " + statement_.str(5);
  }

 private:
  explicit MoveRows(Statement statement) : statement_(std::move(statement)) {}
  Statement statement_;
  std::int64_t at_ = kNoMove;
};

class Server {
 public:
  Server(sqlite::Db& db, Report& report, Findings& findings)
      : db_(db), report_(report), findings_(findings), fold(findings), streams(report, findings) {}

  base::Status run() {
    if (auto ok = whole(); !ok) return ok;
    if (auto ok = streams.load(db_); !ok) return ok;
    if (auto ok = log(); !ok) return ok;
    streams.finish(fold);
    if (auto ok = streams.check_out(db_); !ok) return ok;
    if (auto ok = check_orders(db_, fold, findings_); !ok) return ok;
    if (auto ok = check_leases(db_, fold, findings_); !ok) return ok;
    if (auto ok = check_ledger(db_, fold, report_, findings_); !ok) return ok;
    if (auto ok = check_cases(db_, fold, findings_); !ok) return ok;
    report_.orders = static_cast<std::int64_t>(fold.orders.size());
    report_.leases = static_cast<std::int64_t>(fold.leases.size());
    return check_outbox(db_, fold, report_, findings_);
  }

 private:
  base::Status whole();
  base::Status log();
  void columns(const Statement& s, const Fact& fact);
  base::Status moves(std::int64_t position, const std::vector<MoveWanted>& wanted);

  sqlite::Db& db_;
  Report& report_;
  Findings& findings_;
  std::optional<MoveRows> move_rows_;

 public:
  Fold fold;
  Streams streams;
};

base::Status Server::whole() {
  return each_row(db_, "PRAGMA quick_check(5)", [&](const Statement& s) {
    if (s.text(0) == "ok") return;
    findings_.add("file", db_.path(), "The file is damaged: " + s.str(0) + ".",
                  "Keep it for the support, then restore the newest backup (dockline restore).");
  });
}

// The log in one pass: positions without holes, columns as the bytes say, facts folded.
base::Status Server::log() {
  auto rows = MoveRows::open(db_);
  if (!rows) return base::pass(rows.error());
  move_rows_.emplace(std::move(*rows));
  Fact fact;
  std::vector<MoveWanted> wanted;
  std::int64_t next = 0;
  base::Status inner;
  auto ok = each_row(
      db_,
      "SELECT position, id, type, source, subject, correlation, body FROM events ORDER BY position",
      [&](const Statement& s) {
        if (!inner) return;
        const std::int64_t position = s.integer(0);
        if (next == 0) next = 1;
        if (position != next) {
          findings_.add("log", "events",
                        "Positions " + str(next) + " to " + str(position - 1) +
                            " are missing: facts were taken out of the log.",
                        "Restore the newest backup that audits clean, and compare.");
        }
        next = position + 1;
        ++report_.events;
        read_fact(s.blob(6), fact);
        columns(s, fact);
        streams.take(position, fact, s.blob(6));
        fold.take(position, fact, wanted);
        inner = moves(position, wanted);
      });
  if (!ok) return ok;
  if (!inner) return inner;
  return moves(kNoMove, {});
}

void Server::columns(const Statement& s, const Fact& fact) {
  const std::string place = "event " + str(s.integer(0));
  if (!fact.readable) {
    findings_.add("log", place, "Its bytes are no JSON object.",
                  "Restore the newest backup that audits clean, and compare.");
    return;
  }
  const char* differs = s.text(1) != fact.id            ? "id"
                        : s.text(2) != fact.type        ? "type"
                        : s.text(3) != fact.source      ? "source"
                        : s.text(4) != fact.subject     ? "subject"
                        : s.text(5) != fact.correlation ? "correlation"
                                                        : nullptr;
  if (differs == nullptr) return;
  findings_.add(
      std::string_view(differs) == "id" ? "ids" : "log", place,
      "Its column " + std::string(differs) + " is not what its bytes say (id " + fact.id + ").",
      "A row of the log was changed by hand, or one fact stands under two ids. Restore "
      "the newest backup that audits clean, and compare.");
}

base::Status Server::moves(std::int64_t position, const std::vector<MoveWanted>& wanted) {
  auto& rows = *move_rows_;
  // Rows that no fact asks for.
  while (rows.position() < position) {
    findings_.add("ledger", "p_move " + str(rows.position()),
                  "A move of " + rows.text() + " rests on no fact.", std::string(kRebuild));
    if (auto ok = rows.step(); !ok) return ok;
  }
  for (const auto& want : wanted) {
    ++report_.moves;
    const bool there = rows.position() == position;
    if (!there || !rows.is(want)) {
      findings_.add("ledger", "p_move " + str(position),
                    "Event " + str(position) + " moved " + str(want.pieces) + " of " +
                        std::string(want.sku) + " from " + std::string(want.from) + " to " +
                        std::string(want.to) + "; the table says " +
                        (there ? rows.text() : "nothing") + ".",
                    std::string(kRebuild));
    }
    if (there) {
      if (auto ok = rows.step(); !ok) return ok;
    }
  }
  while (rows.position() == position && position != kNoMove) {
    findings_.add("ledger", "p_move " + str(position),
                  "Event " + str(position) + " asks for no move of " + rows.text() + ".",
                  std::string(kRebuild));
    if (auto ok = rows.step(); !ok) return ok;
  }
  return {};
}

base::Status agents_of(std::span<AgentFile> agents, sqlite::Db* server, Server* books,
                       Report& report, Findings& findings) {
  Holders holders;
  for (const auto& agent : agents) {
    ++report.agents;
    auto ok = check_agent(agent, server, books == nullptr ? nullptr : &books->fold,
                          books == nullptr ? nullptr : &books->streams, holders, findings);
    if (!ok) return ok;
  }
  return {};
}

base::Result<sqlite::Db> open_read_only(const std::string& path, const std::string& vfs) {
  std::error_code failed;
  if (vfs.empty() && !std::filesystem::exists(path, failed)) {
    return base::fail(Fault::reject, path +
                                         ": there is no such file. Give the folder with --data, "
                                         "or the file with --server-db or --agent-db");
  }
  auto db = sqlite::Db::open(path, {.read_only = true, .vfs = vfs});
  if (!db) return db;
  if (auto ok = db->begin(); !ok) return base::pass(ok.error());
  // The first read takes the lock, or tells that somebody holds it.
  auto ok = each_row(*db, "SELECT count(*) FROM sqlite_master", [](const Statement&) {});
  if (ok) return db;
  if (ok.error().fault != Fault::retry_later) return base::pass(ok.error());
  return base::fail(Fault::retry_later,
                    path +
                        " is in use: a running station keeps its file to itself. Stop "
                        "dockline-agent, or give a copy that was made while it was stopped");
}

}  // namespace

base::Result<Report> check(sqlite::Db& server, std::span<AgentFile> agents) {
  Report report;
  Findings findings(report);
  Server books(server, report, findings);
  auto ok = books.run();
  if (ok) ok = agents_of(agents, &server, &books, report, findings);
  if (ok) return report;
  // A damaged page stops the pass: that is a finding, everything found before it stays.
  if (ok.error().fault == Fault::corrupt) {
    findings.add("file", server.path(),
                 "The file is damaged and could not be read to its end: " + ok.error().detail,
                 "Keep it for the support, then restore the newest backup (dockline restore).");
    return report;
  }
  return base::pass(ok.error());
}

base::Result<Report> check_files(const std::string& server_db,
                                 std::span<const std::string> agent_dbs, const std::string& vfs) {
  std::vector<sqlite::Db> files;
  std::vector<AgentFile> agents;
  files.reserve(agent_dbs.size());  // agents point into it
  for (const auto& path : agent_dbs) {
    auto db = open_read_only(path, vfs);
    if (!db) return base::pass(db.error());
    files.push_back(std::move(*db));
    agents.push_back({path, &files.back()});
  }
  if (!server_db.empty()) {
    auto server = open_read_only(server_db, vfs);
    if (!server) return base::pass(server.error());
    auto report = check(*server, agents);
    server->rollback();
    return report;
  }
  Report report;
  Findings findings(report);
  if (auto ok = agents_of(agents, nullptr, nullptr, report, findings); !ok) {
    return base::pass(ok.error());
  }
  return report;
}

}  // namespace dockline::server::audit
