// Checks the books of a server, and of its stations, against the facts they rest on.
//
// It shares no code with the projector, the ledger, the stream machines or the order machines: it
// reads the JSON of each fact itself, counts pieces by its own rules and compares with every table.
// One pass over the log, inside one read transaction of the caller's connection.
//
// Thread rule: the thread that owns the connections. Failures: a file that cannot be read or is no
// database of this program. What is wrong with the books is a finding, not a failure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::server::audit {

struct Finding {
  std::string check;   // streams, ledger, orders, reservations, leases, labels, outbox, ...
  std::string place;   // file, table and key, or the stream and number
  std::string what;    // one sentence
  std::string remedy;  // what a person should do
};

inline constexpr std::size_t kFindingsOfACheckMax = 25;

struct Report {
  std::vector<Finding> findings;   // of one check at most kFindingsOfACheckMax, the rest is counted
  std::vector<std::string> notes;  // what could not be judged, and why
  std::int64_t more = 0;           // findings beyond that
  std::int64_t events = 0, orders = 0, leases = 0, moves = 0, skus = 0, streams = 0, parked = 0,
               outbox = 0, agents = 0;
  std::string head;  // the hash chain at the last position, hex; empty when the log has none
  [[nodiscard]] bool clean() const { return findings.empty(); }
};

// A station's file, opened read-only; `name` is what findings call it.
struct AgentFile {
  std::string name;
  sqlite::Db* db = nullptr;
};

// The hash chain of the log at a position, kept outside of the file it speaks of.
struct Head {
  std::int64_t position = 0;
  std::string chain;  // hex
};

// Both ends of one moment: with station files, stop the programs or give files of one backup.
[[nodiscard]] base::Result<Report> check(sqlite::Db& server, std::span<AgentFile> agents,
                                         const Head* head = nullptr);

// Opens the files read-only and checks them. `server_db` may be empty: then the stations' files are
// checked alone. `vfs`: the simulator's disk, else empty. `head`: must be in the log's chain.
[[nodiscard]] base::Result<Report> check_files(const std::string& server_db,
                                               std::span<const std::string> agent_dbs,
                                               const std::string& vfs, const Head* head = nullptr);
// The last position of the log and its hash, as the file has them; not recomputed.
[[nodiscard]] base::Result<Head> head_of(const std::string& server_db);

[[nodiscard]] std::string to_text(const Report& report);
[[nodiscard]] std::string to_json(const Report& report);  // one line

}  // namespace dockline::server::audit
