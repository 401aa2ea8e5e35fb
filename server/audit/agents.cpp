#include "server/audit/agents.hpp"

#include <optional>

namespace dockline::server::audit {
namespace {

using sqlite::Statement;

constexpr const char* kAgentRemedy =
    "Keep this file. Close what is open at the station, then start it with an empty data folder: "
    "it gets its orders again; what it had recorded and not sent must be counted by hand.";

struct Head {
  std::string inc, base_chain, last_chain;
  std::int64_t base = 0, last = 0;
};

std::string view(const Chain& chain) {
  return {reinterpret_cast<const char*>(chain.data()), chain.size()};
}

Chain chain_of(std::string_view blob) {
  Chain chain{};
  if (blob.size() == chain.size()) std::copy(blob.begin(), blob.end(), chain.begin());
  return chain;
}

class Agent {
 public:
  Agent(const AgentFile& file, sqlite::Db* server, const Fold* fold, const Streams* streams,
        Findings& findings)
      : file_(file), server_(server), fold_(fold), streams_(streams), findings_(findings) {}

  base::Status run(Holders& holders) {
    if (auto ok = load(); !ok) return ok;
    if (auto ok = rows(); !ok) return ok;
    compare_cursor();
    if (auto ok = down(); !ok) return ok;
    if (auto ok = work(holders); !ok) return ok;
    return counts();
  }

 private:
  void find(const char* check, const std::string& at, std::string what, std::string remedy) {
    findings_.add(check, file_.name + ", " + at, std::move(what), std::move(remedy));
  }
  base::Status load();
  base::Status rows();
  void row(const Statement& s, std::optional<Statement>& kept, Chain& chain, std::int64_t& next);
  void at_server(const Statement& s, Statement& kept);
  void compare_cursor();
  base::Status down();
  base::Status work(Holders& holders);
  base::Status counts();

  const AgentFile& file_;
  sqlite::Db* server_;
  const Fold* fold_;
  const Streams* streams_;
  Findings& findings_;
  Head head_;
  std::string bench_;  // "site/station", from the facts it recorded
  std::string at_cursor_;
  std::map<std::int64_t, std::string> chains_;  // of the rows around the server's cursor
};

base::Status Agent::load() {
  auto ok = each_row(*file_.db,
                     "SELECT up_inc, up_base, up_base_chain, up_last, up_last_chain FROM live "
                     "WHERE id = 1 AND up_inc IS NOT NULL",
                     [&](const Statement& s) {
                       head_ = {s.str(0), std::string(s.blob(2)), std::string(s.blob(4)),
                                s.integer(1), s.integer(3)};
                     });
  if (!ok) return ok;
  // Which bench it is: its facts say so, else whoever the server knows under its stream.
  Fact fact;
  ok = each_row(*file_.db, "SELECT bytes FROM up_row ORDER BY seq DESC LIMIT 1",
                [&](const Statement& s) {
                  read_fact(s.blob(0), fact);
                  if (fact.source.size() > 1) bench_ = fact.source.substr(1);
                });
  if (!ok || !bench_.empty() || server_ == nullptr) return ok;
  return each_row(
      *server_, "SELECT site, station FROM stream_in WHERE inc = ?1",
      [&](const Statement& s) { bench_ = s.str(0) + "/" + s.str(1); }, head_.inc);
}

base::Status Agent::rows() {
  std::optional<Statement> kept;
  if (server_ != nullptr) {
    auto made = server_->try_prepare(
        "SELECT body FROM events WHERE id = ?1 UNION ALL SELECT bytes FROM parked WHERE "
        "instr(bytes, ?1) > 0 AND NOT EXISTS (SELECT 1 FROM events WHERE id = ?1)");
    if (!made) return base::pass(made.error());
    kept.emplace(std::move(*made));
  }
  Chain chain = chain_of(head_.base_chain);
  std::int64_t next = head_.base + 1;
  if (streams_ != nullptr) {
    if (const auto* in = streams_->cursor(bench_, head_.inc); in != nullptr) {
      if (in->through == head_.base) at_cursor_ = head_.base_chain;
    }
  }
  auto ok = each_row(*file_.db, "SELECT seq, event_id, bytes, chain FROM up_row ORDER BY seq",
                     [&](const Statement& s) { row(s, kept, chain, next); });
  if (!ok) return ok;
  if (next != head_.last + 1 || (next > 1 && view(chain) != head_.last_chain)) {
    find("streams", "up_row",
         "The station says its last fact is " + str(head_.last) + ", its rows end at " +
             str(next - 1) + (next == head_.last + 1 ? " with another chain." : "."),
         kAgentRemedy);
  }
  return {};
}

void Agent::row(const Statement& s, std::optional<Statement>& kept, Chain& chain,
                std::int64_t& next) {
  const std::int64_t seq = s.integer(0);
  const std::string at = "up_row " + str(seq);
  if (seq != next) {
    find("streams", at,
         "Rows " + str(next) + " to " + str(seq - 1) +
             " are missing: facts that were answered and "
             "are not (yet) safe at the server.",
         kAgentRemedy);
    chain = chain_of(s.blob(3));
    next = seq;
  } else {
    chain = chain_next(chain, s.blob(2));
    if (view(chain) != s.blob(3)) {
      find("streams", at, "The chain does not fit the bytes of this row.", kAgentRemedy);
      chain = chain_of(s.blob(3));
    }
  }
  ++next;
  if (streams_ == nullptr || !kept) return;
  const auto* in = streams_->cursor(bench_, head_.inc);
  if (in == nullptr) return;
  if (seq == in->through) at_cursor_ = view(chain);
  if (seq <= in->through) at_server(s, *kept);
}

// The server acknowledged this row: it must have it, byte for byte.
void Agent::at_server(const Statement& s, Statement& kept) {
  auto there = kept.bind(s.text(1)).step();
  const std::string at = "up_row " + str(s.integer(0));
  if (!there || !*there) {
    find("streams", at,
         "The server acknowledged fact " + s.str(1) + " of " + bench_ +
             " and has it neither in its log nor parked.",
         "Keep both files: the bytes are still in this one. Restore the server's newest backup "
         "(dockline restore); the station then sends this fact again by itself.");
  } else if (kept.blob(0) != s.blob(2)) {
    find("streams", at,
         "The server keeps other bytes under the id of fact " + s.str(1) + " of " + bench_ + ".",
         "Keep both files and send them to the support; the station's bytes are the original.");
  }
  kept.reset();
}

void Agent::compare_cursor() {
  if (streams_ == nullptr || head_.inc.empty()) return;
  const auto* in = streams_->cursor(bench_, head_.inc);
  if (in == nullptr) {
    if (head_.base > 0) {
      find("streams", "stream " + head_.inc,
           "The station has trimmed facts 1 to " + str(head_.base) +
               " and the server knows nothing of this stream.",
           "The server runs on an older or another file: restore its newest backup.");
    }
    return;
  }
  if (in->through < head_.base) {
    find("streams", "stream " + head_.inc,
         "The station has trimmed up to " + str(head_.base) + ", the server has facts up to " +
             str(in->through) + " only: what lies between is nowhere.",
         "The server runs on an older file than the station heard of. Restore its newest backup; "
         "without one, count the shelf and compare the last boxes of that station.");
  } else if (in->safe > 0 && in->safe < head_.base) {
    find("streams", "stream " + head_.inc,
         "The station has trimmed up to " + str(head_.base) + ", backups hold facts up to " +
             str(in->safe) + " only.",
         "Make a backup now (dockline backup), and do not restore an older one.");
  }
  if (in->through > head_.last) {
    find("streams", "stream " + head_.inc,
         "The server has facts up to " + str(in->through) + ", this file ends at " +
             str(head_.last) + ".",
         "This file is an older image of the station's disk. If the station runs on it, look at "
         "its page: it says what it lost; else check the newest file.");
  } else if (!at_cursor_.empty() && at_cursor_ != view(in->chain)) {
    find("streams", "stream " + head_.inc,
         "Station and server disagree about facts 1 to " + str(in->through) +
             ": their chains differ.",
         "Two computers may have used this name: look for a clone. Both histories are kept; the "
         "station begins a new stream when it connects.");
  }
}

base::Status Agent::down() {
  if (server_ == nullptr || bench_.empty()) return {};
  const auto slash = bench_.find('/');
  const std::string site = bench_.substr(0, slash), station = bench_.substr(slash + 1);
  base::Status inner;
  auto ok = each_row(
      *file_.db, "SELECT inc, through, chain FROM down_cursor WHERE closed = 0",
      [&](const Statement& mine) {
        auto compared = each_row(
            *server_,
            "SELECT o.last, o.base, CASE WHEN ?4 = o.last THEN o.last_chain WHEN ?4 = o.base THEN "
            "o.base_chain ELSE (SELECT chain FROM stream_out_row r WHERE r.site = o.site AND "
            "r.station = o.station AND r.seq = ?4) END FROM stream_out o WHERE o.site = ?1 AND "
            "o.station = ?2 AND o.inc = ?3",
            [&](const Statement& s) {
              if (mine.integer(1) > s.integer(0)) {
                find("streams", "down_cursor " + mine.str(0),
                     "The station has heard facts up to " + str(mine.integer(1)) +
                         ", the server has told up to " + str(s.integer(0)) + ".",
                     "The server runs on an older file: restore its newest backup.");
              } else if (!s.is_null(2) && s.blob(2) != mine.blob(2)) {
                find("streams", "down_cursor " + mine.str(0),
                     "Station and server disagree about facts 1 to " + str(mine.integer(1)) +
                         " of the server: their chains differ.",
                     "Connect the station: the server then begins a new stream to it.");
              }
            },
            site, station, mine.text(0), mine.integer(1));
        if (!compared) inner = compared;
      });
  return ok ? inner : ok;
}

// What it holds must have been given to it, and to nobody else under the same epoch.
base::Status Agent::work(Holders& holders) {
  return each_row(
      *file_.db, "SELECT lease, epoch, order_id FROM work WHERE state IN ('open', 'held')",
      [&](const Statement& s) {
        const std::string key = s.str(0) + "#" + str(s.integer(1));
        const auto [other, fresh] = holders.try_emplace(key, file_.name);
        if (!fresh) {
          find("leases", "work " + s.str(0),
               "Order " + s.str(2) + " is held under the same epoch by " + other->second + " too.",
               "Call both benches: only one may pack it. Take it back from the other one.");
        }
        if (fold_ == nullptr || bench_.empty()) return;
        const auto at = fold_->lease_of.find(s.str(0));
        if (at == fold_->lease_of.end()) {
          find("leases", "work " + s.str(0),
               "The server never gave order " + s.str(2) + " to anybody under this lease.",
               "The server runs on an older file, or the station belongs to another server.");
          return;
        }
        const auto& lease = fold_->leases[at->second];
        const bool theirs = lease.site + "/" + lease.station == bench_;
        if (s.integer(1) > lease.epoch || (s.integer(1) == lease.epoch && !theirs)) {
          find("leases", "work " + s.str(0),
               "It holds order " + s.str(2) + " under epoch " + str(s.integer(1)) +
                   "; the server's books say " + lease.site + "/" + lease.station + ", epoch " +
                   str(lease.epoch) + ".",
               "Do not pack it before the station is connected and shows it as its own.");
        }
      });
}

// What it is asked to count must have been asked. What was ended meanwhile it may not have heard.
base::Status Agent::counts() {
  bool there = false;  // not in a file of a program that could not count
  auto ok = each_row(*file_.db, "SELECT 1 FROM sqlite_master WHERE name = 'count_task'",
                     [&](const Statement&) { there = true; });
  if (!ok || !there || fold_ == nullptr) return ok;
  return each_row(*file_.db, "SELECT task FROM count_task WHERE state = 'open'",
                  [&](const Statement& s) {
                    if (fold_->tasks.contains(s.str(0))) return;
                    find("counts", "count_task " + s.str(0),
                         "It offers a count that the server never asked for.",
                         "Leave it: an answer books nothing, and the office is told.");
                  });
}

}  // namespace

base::Status check_agent(const AgentFile& agent, sqlite::Db* server, const Fold* fold,
                         const Streams* streams, Holders& holders, Findings& findings) {
  return Agent(agent, server, fold, streams, findings).run(holders);
}

}  // namespace dockline::server::audit
