// Questions for a count. A bench counts for a task and for nothing else; the first answer to an
// open task ends it and is booked, any other is an observation that changes nothing; no bench gives
// two. At rest no bench has a question that the server does not ask.
#include <map>
#include <set>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

class Tasks final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "tasks"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>&) override {
    now_ms_ = at_ms;
    const auto* mishap = std::get_if<StationMishap>(&seen);
    if (mishap == nullptr) return;
    const bool disk = mishap->what == Mishap::restored_image ||
                      mishap->what == Mishap::replaced_disk || mishap->what == Mishap::cloned;
    if (disk) new_disk_.insert(mishap->station);
  }

 private:
  struct Task {
    std::string sku, site, state = "open";
  };

  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    if (fact.is("dockline.count.asked.v1")) {
      tasks_.try_emplace(fact.task, Task{fact.sku, fact.site});
    } else if (fact.is("dockline.count.dropped.v1")) {
      const auto task = tasks_.find(fact.task);
      if (task != tasks_.end() && task->second.state == "open") task->second.state = "dropped";
    } else if (fact.is("dockline.stock.counted.v1")) {
      counted(fact);
    }
  }

  void counted(const Fact& fact) {
    const auto task = tasks_.find(fact.task);
    const bool fits = task != tasks_.end() && task->second.state == "open" &&
                      task->second.sku == fact.sku && task->second.site == fact.site;
    if (fits) task->second.state = "counted";
    if (fact.station.empty()) return;
    booked_[fact.position] = fits;
    const std::string what = "The count of " + fact.sku + " by " + fact.station + " (position " +
                             std::to_string(fact.position) + ")";
    if (fact.task.empty()) problems_.push_back(what + " answers no question.");
    // A disk that was changed may not remember, a server that was restored has forgotten.
    if (!answered_.emplace(fact.station, fact.task).second && !new_disk_.contains(fact.station) &&
        !went_back_) {
      problems_.push_back(what + " answers task " + fact.task + " a second time.");
    }
  }

  void forget() override {
    went_back_ = true;
    tasks_.clear();
    booked_.clear();
    answered_.clear();
    problems_.clear();
  }

  void now(std::vector<Violation>& out) override {
    for (const auto& problem : problems_) say(out, problem);
    problems_.clear();
    auto left = tasks_;
    const bool whole = sql().each("SELECT task, state FROM p_count_task", {}, [&](const Row& row) {
      const auto task = left.find(row.str(0));
      const std::string want = task == left.end() ? "none" : task->second.state;
      if (want != row.str(1)) {
        say(out, "Task " + row.str(0) + " is " + row.str(1) +
                     " at the server, by the facts it is " + want + ".");
      }
      if (task != left.end()) left.erase(task);
    });
    if (!whole) return;
    for (const auto& [id, task] : left) say(out, "Task " + id + " is in no table.");
    static_cast<void>(sql().each(
        "SELECT position, counts FROM p_count WHERE source <> '/server'", {}, [&](const Row& row) {
          const auto want = booked_.find(row.integer(0));
          if (want != booked_.end() && want->second == (row.integer(1) != 0)) return;
          say(out, "The count at position " + std::to_string(row.integer(0)) +
                       (row.integer(1) != 0 ? " was booked and nobody waited for it."
                                            : " was not booked and its task waited for it."));
        }));
  }

  void last(const Evidence& evidence, std::vector<Violation>& out) override {
    for (const auto& [station, path] : evidence.agent_dbs()) {
      Sql agent;
      const bool read = agent.open(path, evidence.vfs()) &&
                        agent.each("SELECT task, state FROM count_task", {}, [&](const Row& row) {
                          const auto task = tasks_.find(row.str(0));
                          if (task != tasks_.end() && task->second.state == "open") return;
                          say(out, station + " still has the question " + row.str(0) + ", " +
                                       row.str(1) + "; the server asks it no more.");
                        });
      if (!read) say(out, "agent.db of " + station + " cannot be read: " + agent.trouble());
    }
  }

  std::map<std::string, Task> tasks_;
  std::map<std::int64_t, bool> booked_;                     // counts by stations, by position
  std::set<std::pair<std::string, std::string>> answered_;  // station, task
  std::set<std::string> new_disk_;
  std::vector<std::string> problems_;
  bool went_back_ = false;
};

}  // namespace

OneChecker make_tasks(std::shared_ptr<Log> log) { return std::make_unique<Tasks>(std::move(log)); }

}  // namespace dockline::sim
