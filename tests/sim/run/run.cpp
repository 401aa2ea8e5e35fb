#include "tests/sim/run/run.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "server/app/verify.hpp"
#include "server/audit/audit.hpp"
#include "tests/sim/checkers/sql.hpp"
#include "tests/sim/run/faults.hpp"
#include "tests/sim/run/fleet.hpp"
#include "tests/sim/run/tally.hpp"

namespace dockline::sim {
namespace {

constexpr std::int64_t kFirstLookMs = 100, kLookMs = 300'000, kSettledMs = 5'000,
                       kCalmMostMs = 8 * 3'600'000,
                       kTradeOpenMs = 60 * 60'000;  // before and after a recorded trade

void look_regularly(Fleet& fleet, std::int64_t in_ms) {
  fleet.world.after(in_ms, [&fleet] {
    if (!fleet.asleep) fleet.look();
    look_regularly(fleet, kLookMs);
  });
}

// In the middle of the run nobody is there for days to a month.
bool run_faults(Fleet& fleet, Faults& faults) {
  const auto& plan = fleet.plan;
  if (!plan.has("month")) return fleet.world.run_until(plan.fault_ms);
  if (!fleet.world.run_until(plan.fault_ms / 2)) return false;
  fleet.count("month");
  faults.end();
  fleet.shut();
  fleet.asleep = true;
  const bool fine = fleet.world.run_until(fleet.world.now_ms() + plan.of("month"));
  fleet.asleep = false;
  if (!fine) return false;
  fleet.reopen();
  faults.begin();
  return fleet.world.run_until(fleet.world.now_ms() + plan.fault_ms / 2);
}

std::uint64_t closed(const Fleet& fleet) {
  std::uint64_t out = 0;
  for (const auto& bench : fleet.benches) out += bench.packer->closed();
  return out;
}

// Everything must come to rest, three looks in a row, so that nothing is just under way. The bound
// is on the machines: it begins anew while people still pack the boxes that had piled up.
void run_calm(Fleet& fleet) {
  auto until = fleet.world.now_ms() + fleet.plan.calm_ms;
  const auto last = fleet.world.now_ms() + kCalmMostMs;
  int quiet = 0;
  std::uint64_t boxes = closed(fleet);
  std::string waits;
  while (fleet.world.now_ms() < std::min(until, last) && quiet < 3) {
    if (!fleet.world.run_until(fleet.world.now_ms() + kSettledMs)) return;
    if (const auto now_are = closed(fleet); now_are != boxes) {
      boxes = now_are;
      until = std::max(until, fleet.world.now_ms() + fleet.plan.calm_ms / 2);
    }
    waits = fleet.waits();
    quiet = waits.empty() ? quiet + 1 : 0;
    if (fleet.world.tracing()) fleet.world.trace("world", waits.empty() ? "at rest" : waits);
  }
  if (quiet == 0) fleet.protest("convergence", "not converged after the calm: " + waits);
}

void check_files(Fleet& fleet) {
  const auto replay =
      server::verify_replay(fleet.hub->database(), fleet.storage.scratch(), fleet.vfs());
  if (!replay) {
    fleet.protest("replay", "cannot be verified: " + replay.error().detail);
  } else {
    std::string tables;
    for (const auto& t : replay->tables) {
      if (!t.equal) tables += " " + t.table;
    }
    fleet.report(ReplayVerified{replay->equal, tables});
  }
  std::vector<std::string> agents;
  for (const auto& [station, path] : fleet.agent_dbs()) agents.push_back(path);
  const auto audit = server::audit::check_files(fleet.hub->database(), agents, fleet.vfs());
  if (!audit) {
    fleet.protest("audit", "cannot run: " + audit.error().detail);
    return;
  }
  for (const auto& finding : audit->findings) {
    fleet.protest("audit", finding.check + ": " + finding.place + ": " + finding.what);
  }
}

// What the server has kept, at the end of the trace: whoever looks for a fault begins there.
void trace_log(Fleet& fleet) {
  Sql log;
  if (!log.open(fleet.hub->database(), fleet.vfs())) return;
  static_cast<void>(log.each(
      "SELECT position, type, source, body FROM events ORDER BY position", {}, [&](const Row& row) {
        fleet.world.trace("LOG",
                          row.str(0) + " " + row.str(1) + " " + row.str(2) + " " + row.str(3));
      }));
}

}  // namespace

Outcome run(const Plan& wanted, const Listener& listener) {
  Plan plan = wanted;
  std::optional<History> history;
  if (!plan.history.empty()) {
    auto read = read_history({plan.history, plan.factor, plan.slips});
    if (!read) {
      Outcome out;
      out.violations.push_back({"history", 0, read.error().detail});
      return out;
    }
    history = std::move(*read);
    plan.fault_ms = history->span_ms + kTradeOpenMs;
  }
  Fleet fleet(plan, history ? &*history : nullptr);
  if (listener) fleet.world.listen(listener);
  Faults faults(fleet);
  fleet.open();
  faults.begin();
  look_regularly(fleet, kFirstLookMs);  // from then on some checkers read as they are told
  if (run_faults(fleet, faults)) {
    if (fleet.world.tracing()) fleet.world.trace("world", "calm");
    faults.end();
    fleet.calm();
    run_calm(fleet);
  }
  fleet.close();
  if (fleet.world.tracing()) trace_log(fleet);
  if (fleet.violations().empty()) {
    check_files(fleet);
    fleet.end_checkers();
  }
  Outcome out;
  if (history && fleet.violations().empty()) out.history = tally(fleet, *history);
  out.violations = fleet.violations();
  out.faults = fleet.faults();
  out.events = fleet.world.events();
  out.virtual_ms = fleet.world.now_ms();
  for (const auto& bench : fleet.benches) out.orders += bench.packer->closed();
  out.digest = fleet.world.digest();
  return out;
}

}  // namespace dockline::sim
