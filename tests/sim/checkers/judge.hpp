// What every checker has: the shared log, and a mouth that says the same thing once.
#pragma once

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/checkers/log.hpp"
#include "tests/sim/checkers/observe.hpp"

namespace dockline::sim {

class Judge : public Checker, protected LogReader {
 public:
  explicit Judge(std::shared_ptr<Log> log) : log_(std::move(log)) { log_->add(this); }

  void on(std::int64_t, const Observation&, std::vector<Violation>&) override {}
  void look(const Evidence& evidence, std::vector<Violation>& out) override {
    now_ms_ = evidence.now_ms();
    if (log_->catch_up(evidence)) now(out);
  }
  void end(const Evidence& evidence, std::vector<Violation>& out) override {
    now_ms_ = evidence.now_ms();
    if (!log_->catch_up(evidence)) {
      say(out, "server.db cannot be read after the end: " + log_->sql().trouble());
      return;
    }
    // A table read only in part looks like things lost, or hides what is wrong in the rest.
    const auto before = sql().failures();
    now(out);
    std::vector<Violation> found;
    last(evidence, found);
    if (sql().failures() != before) {
      say(out, "server.db could be read only in part after the end: " + sql().trouble());
      return;
    }
    std::ranges::move(found, std::back_inserter(out));
  }

 protected:
  // The log is read up to here: at any time, and once at the end. A read that fails is made up for
  // at the next look; at the end it is a violation of its own.
  virtual void now(std::vector<Violation>&) {}
  virtual void last(const Evidence&, std::vector<Violation>&) {}
  void fact(const Fact&) override {}
  void forget() override {}

  [[nodiscard]] Sql& sql() { return log_->sql(); }
  void say(std::vector<Violation>& out, std::string what) {
    if (said_.size() >= kSaidMax || !said_.insert(what).second) return;
    out.push_back({std::string(name()), now_ms_, std::move(what)});
  }

  static constexpr std::size_t kSaidMax = 50;
  std::shared_ptr<Log> log_;
  std::int64_t now_ms_ = 0;

 private:
  std::set<std::string> said_;
};

// ---- one per promise, each in a file of its own
using OneChecker = std::unique_ptr<Checker>;
[[nodiscard]] OneChecker make_facts(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_answers(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_counts(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_ledger(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_bins(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_lots(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_tasks(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_shelves(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_units(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_parcels(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_leases(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_labels(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_shown(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_policies(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_effects(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_queues(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_limits(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_window(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_routes(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_replay(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_life(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_kits(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_promises(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_purchases(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_sites(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_addresses(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_arrivals(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_owners(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_forecasts(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_cases(std::shared_ptr<Log> log);
[[nodiscard]] OneChecker make_flow(std::shared_ptr<Log> log);

}  // namespace dockline::sim
