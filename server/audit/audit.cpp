#include "server/audit/audit.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "server/archive/segment.hpp"
#include "server/audit/agents.hpp"
#include "server/audit/policies.hpp"
#include "server/audit/streams.hpp"
#include "server/audit/tables.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::server::audit {
namespace {

using base::Fault;
using sqlite::Statement;

constexpr std::int64_t kNoMove = INT64_MAX;

std::string at_bin(const std::string& place, const std::string& bin) {
  return bin.empty() ? place : place + " bin " + bin;
}

// The rows of p_move in order, one ahead, beside the log's pass.
class MoveRows {
 public:
  static base::Result<MoveRows> open(sqlite::Db& db) {
    // A file of a program before bins were places has no columns of them.
    auto made = db.try_prepare(
        "SELECT position, n, sku, quantity, from_place, to_place, from_bin, to_bin FROM p_move "
        "ORDER BY position, n");
    if (!made) {
      made = db.try_prepare(
          "SELECT position, n, sku, quantity, from_place, to_place, '', '' FROM p_move "
          "ORDER BY position, n");
    }
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
           statement_.text(5) == w.to && statement_.text(6) == w.from_bin &&
           statement_.text(7) == w.to_bin;
  }
  [[nodiscard]] std::string text() const {
    return str(statement_.integer(3)) + " of " + statement_.str(2) + " from " +
           at_bin(statement_.str(4), statement_.str(6)) + " to " +
           at_bin(statement_.str(5), statement_.str(7));
  }

 private:
  explicit MoveRows(Statement statement) : statement_(std::move(statement)) {}
  Statement statement_;
  std::int64_t at_ = kNoMove;
};

class Server {
 public:
  Server(sqlite::Db& db, Report& report, Findings& findings, const Head* head)
      : db_(db),
        report_(report),
        findings_(findings),
        head_(head),
        fold(findings),
        streams(report, findings) {}

  base::Status run() {
    if (auto ok = whole(); !ok) return ok;
    if (auto ok = streams.load(db_); !ok) return ok;
    if (auto ok = log(); !ok) return ok;
    streams.finish(fold);
    if (auto ok = streams.check_out(db_); !ok) return ok;
    if (auto ok = check_orders(db_, fold, findings_); !ok) return ok;
    if (auto ok = check_leases(db_, fold, findings_); !ok) return ok;
    if (auto ok = check_ledger(db_, fold, report_, findings_); !ok) return ok;
    if (auto ok = check_receiving(db_, fold, findings_); !ok) return ok;
    if (auto ok = check_counts(db_, fold, findings_); !ok) return ok;
    if (auto ok = check_buying(db_, fold, findings_); !ok) return ok;
    if (auto ok = check_bins(db_, fold, findings_); !ok) return ok;
    if (auto ok = check_lots(db_, fold, findings_); !ok) return ok;
    if (auto ok = check_packed_lots(db_, fold, findings_); !ok) return ok;
    if (auto ok = check_listings(db_, findings_); !ok) return ok;
    if (auto ok = check_cases(db_, fold, findings_); !ok) return ok;
    if (auto ok = policies.check(db_, findings_); !ok) return ok;
    if (report_.events > 0) report_.head = base::to_hex(chain_);
    report_.orders = static_cast<std::int64_t>(fold.orders.size());
    report_.leases = static_cast<std::int64_t>(fold.leases.size());
    return check_outbox(db_, fold, report_, findings_);
  }

 private:
  base::Status whole();
  base::Status log();
  void columns(const Statement& s, const Fact& fact);
  void chain(const Statement& s, std::string_view body);
  base::Status segments();
  std::string_view body_of(const Statement& s);
  base::Status moves(std::int64_t position, const std::vector<MoveWanted>& wanted);

  sqlite::Db& db_;
  Report& report_;
  Findings& findings_;
  const Head* head_;
  std::optional<MoveRows> move_rows_;
  base::Digest chain_ = base::sha256("dockline-log-1");
  bool broken_ = false;  // told once: everything behind a break differs
  struct Part {
    std::int64_t first = 0, last = 0;
    std::string file;
    std::optional<archive::Segment> open;
  };
  std::vector<Part> parts_;  // archive segments, in order
  std::string archived_;     // bytes of one fact from there

 public:
  Fold fold;
  Policies policies;
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
  if (auto ok = segments(); !ok) return ok;
  if (auto ok = each_row(db_, "SELECT 1 FROM sqlite_master WHERE name = 'p_fenced'",
                         [&](const Statement&) { fold.keeps_fenced = true; });
      !ok) {
    return ok;
  }
  auto rows = MoveRows::open(db_);
  if (!rows) return base::pass(rows.error());
  move_rows_.emplace(std::move(*rows));
  Fact fact;
  std::vector<MoveWanted> wanted;
  std::int64_t next = 0;
  base::Status inner;
  auto ok = each_row(
      db_,
      "SELECT position, id, type, source, subject, correlation, body, time_ms, heard_ms, chain "
      "FROM events ORDER BY position",
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
        const auto body = body_of(s);
        chain(s, body);
        read_fact(body, fact);
        fact.time_ms = s.integer(7);
        fact.heard_ms = s.integer(8);
        if (fact.moment == 0) fact.moment = fact.time_ms << 16;
        // A clock that is ahead does not put a fact behind the moment at which it was heard.
        fact.moment = std::min(fact.moment, ((s.integer(8) + 1) << 16) - 1);
        columns(s, fact);
        streams.take(position, fact, body);
        fold.take(position, fact, wanted);
        policies.take(position, fact.type, body);
        inner = moves(position, wanted);
      });
  if (!ok) return ok;
  if (!inner) return inner;
  if (head_ != nullptr && next <= head_->position) {
    findings_.add("chain", "events",
                  "The exported head stands at " + str(head_->position) + ", this log ends at " +
                      str(std::max<std::int64_t>(0, next - 1)) + ".",
                  "This file is older than the head: use the newest one.");
  }
  return moves(kNoMove, {});
}

// Segments of the log are files beside server.db; rows whose bytes are there have an empty body.
base::Status Server::segments() {
  const auto slash = db_.path().rfind('/');
  const std::string folder =
      (slash == std::string::npos ? std::string(".") : db_.path().substr(0, slash)) + "/archive/";
  return each_row(db_, "SELECT first, last, file, sha256 FROM archive ORDER BY number",
                  [&](const Statement& s) {
                    Part part{s.integer(0), s.integer(1), folder + s.str(2), {}};
                    auto opened = archive::Segment::open(part.file);
                    auto whole = opened ? opened->verify() : base::pass(opened.error());
                    if (whole && opened->header().sha256 != s.text(3)) {
                      whole = base::fail(Fault::corrupt, part.file +
                                                             " is not the file that was "
                                                             "made for these positions");
                    }
                    if (!whole) {
                      findings_.add("archive", part.file, whole.error().detail + ".",
                                    "Put the copy from the backup folder (archive/) in its place.");
                    } else {
                      part.open.emplace(std::move(*opened));
                    }
                    parts_.push_back(std::move(part));
                  });
}

std::string_view Server::body_of(const Statement& s) {
  if (!s.blob(6).empty()) return s.blob(6);
  archived_.clear();
  for (auto& part : parts_) {
    if (s.integer(0) < part.first || s.integer(0) > part.last) continue;
    if (part.open) {
      if (auto body = part.open->body(s.integer(0))) archived_ = std::move(*body);
    }
    return archived_;
  }
  findings_.add("archive", "event " + str(s.integer(0)),
                "It has no bytes here and no segment holds them.",
                "Restore the newest backup that audits clean.");
  return archived_;
}

// SHA-256(before || position || time || heard || bytes): recomputed, compared with each row.
void Server::chain(const Statement& s, std::string_view body) {
  std::string head(reinterpret_cast<const char*>(chain_.data()), chain_.size());
  for (const int column : {0, 7, 8}) {
    const auto value = static_cast<std::uint64_t>(s.integer(column));
    for (int shift = 56; shift >= 0; shift -= 8) head += static_cast<char>((value >> shift) & 0xff);
  }
  chain_ = base::sha256(head, body);
  if (head_ != nullptr && s.integer(0) == head_->position && base::to_hex(chain_) != head_->chain) {
    findings_.add("chain", "event " + str(head_->position),
                  "The exported head says " + head_->chain + " here, the facts of this file give " +
                      base::to_hex(chain_) + ".",
                  "The log up to here is not the one the head was taken from: it was rewritten, or "
                  "this is another server's file. Compare with the backups of that time.");
  }
  const std::string_view mine(reinterpret_cast<const char*>(chain_.data()), chain_.size());
  if (s.blob(9) == mine) {
    broken_ = false;
    return;
  }
  if (!broken_) {
    findings_.add("chain", "event " + str(s.integer(0)),
                  "Its hash is not that of the row before and its own bytes: this row, or one "
                  "before it, was changed, taken out or put in.",
                  "Compare with an exported head (dockline chain verify --head FILE) and restore "
                  "the newest backup that audits clean.");
  }
  // From here on as the file has it, so that a second break is told as well.
  broken_ = s.blob(9).size() != chain_.size();
  if (!broken_) std::copy(s.blob(9).begin(), s.blob(9).end(), chain_.begin());
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
                    "Event " + str(position) + " moved " + str(want.pieces) + " of " + want.sku +
                        " from " + at_bin(want.from, want.from_bin) + " to " +
                        at_bin(want.to, want.to_bin) + "; the table says " +
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
  const auto in_use = [&] {
    return base::fail(Fault::retry_later,
                      path +
                          " is in use: a running station keeps its file to itself. Stop "
                          "dockline-agent, or give a copy that was made while it was stopped");
  };
  auto db = sqlite::Db::open(path, {.read_only = true, .vfs = vfs});
  if (!db && db.error().fault == Fault::retry_later) return in_use();
  if (!db) return db;
  if (auto ok = db->begin(); !ok) return base::pass(ok.error());
  // The first read takes the lock, or tells that somebody holds it.
  auto ok = each_row(*db, "SELECT count(*) FROM sqlite_master", [](const Statement&) {});
  if (ok) return db;
  if (ok.error().fault != Fault::retry_later) return base::pass(ok.error());
  return in_use();
}

}  // namespace

base::Result<Report> check(sqlite::Db& server, std::span<AgentFile> agents, const Head* head) {
  Report report;
  Findings findings(report);
  Server books(server, report, findings, head);
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
                                 std::span<const std::string> agent_dbs, const std::string& vfs,
                                 const Head* head) {
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
    auto report = check(*server, agents, head);
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

base::Result<Head> head_of(const std::string& server_db) {
  auto db = open_read_only(server_db, "");
  if (!db) return base::pass(db.error());
  Head head;
  auto ok = each_row(*db, "SELECT position, chain FROM events ORDER BY position DESC LIMIT 1",
                     [&](const Statement& s) { head = {s.integer(0), base::to_hex(s.blob(1))}; });
  if (!ok) return base::pass(ok.error());
  return head;
}

}  // namespace dockline::server::audit
