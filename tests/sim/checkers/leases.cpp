// One holder per lease unless a person forced it; work under an epoch that is not the newest is
// kept but counts only after a person's word; at rest both ends agree on who holds what.
#include <algorithm>
#include <map>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

struct Grant {
  std::string station;
  std::int64_t epoch = 0;
  bool ended = false;  // returned, revoked with force, or done
};
struct Fenced {
  std::string id, order, lease, station;
  std::int64_t epoch = 0, position = 0;
};

class Leases final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "leases"; }

 private:
  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    if (fact.is("dockline.order.released.v1") || fact.is("dockline.lease.adopted.v1")) {
      granted(fact);
    } else if (fact.is("dockline.lease.returned.v1")) {
      end(fact);
    } else if (fact.is("dockline.lease.revoked.v1")) {
      // A person who says that another computer works at the bench now takes from the first one all
      // that it holds; what is held back by the office then may go to any bench afterwards. What
      // the server gives anew by itself stays at its bench.
      const bool persons = fact.reason == "anew" && !fact.by.empty() && fact.by != "server";
      if (fact.reason == "forced" || persons) grants_[fact.lease].ended = true;
    } else if (fact.is("dockline.station.written.off.v1")) {
      for (auto& [lease, grant] : grants_) {
        if (grant.station == fact.site + "/" + fact.name) grant.ended = true;
      }
    } else if (fact.is("dockline.pack.closed.v1")) {
      const auto found = grants_.find(fact.lease);
      const bool good = found != grants_.end() && found->second.epoch == fact.epoch &&
                        found->second.station == fact.station && !found->second.ended;
      if (!good) {
        fenced_.push_back(
            {fact.id, fact.order, fact.lease, fact.station, fact.epoch, fact.position});
        out_of_force_[fact.id] = fenced_.back();
      } else {
        found->second.ended = true;
      }
    } else if (fact.is("dockline.pack.reopened.v1")) {
      const auto found = grants_.find(fact.lease);
      if (found != grants_.end() && found->second.epoch == fact.epoch &&
          found->second.station == fact.station) {
        found->second.ended = false;
      }
    } else if (fact.is("dockline.pack.accepted.v1")) {
      accepted(fact.box);
    } else if (fact.is("dockline.exception.raised.v1") &&
               (fact.kind == "fenced_work" || fact.kind == "packed_twice")) {
      raised_.insert(fact.subject);
    }
  }

  // A person's word gives the lease back to the bench whose box it is: it may open it again.
  void accepted(const std::string& id) {
    accepted_.insert(id);
    if (const auto box = out_of_force_.find(id); box != out_of_force_.end()) {
      grants_[box->second.lease] = {box->second.station, box->second.epoch, true};
    }
  }
  void granted(const Fact& fact) {
    auto& grant = grants_[fact.lease];
    const auto station = fact.site + "/" + fact.name;
    if (grant.epoch >= fact.epoch && !grant.station.empty()) {
      problems_.push_back("Lease " + fact.lease + " was granted to " + station + " with epoch " +
                          std::to_string(fact.epoch) + " after epoch " +
                          std::to_string(grant.epoch) + ".");
    }
    if (!grant.station.empty() && !grant.ended && grant.station != station &&
        fact.is("dockline.order.released.v1")) {
      problems_.push_back("Lease " + fact.lease + " was granted to " + station + " while " +
                          grant.station + " holds it and nobody forced that.");
    }
    if (!epochs_.insert(fact.epoch).second && fact.is("dockline.order.released.v1")) {
      problems_.push_back("Epoch " + std::to_string(fact.epoch) + " was used twice, again for " +
                          fact.lease + ".");
    }
    grant = {station, fact.epoch, false};
  }
  void end(const Fact& fact) {
    const auto found = grants_.find(fact.lease);
    if (found != grants_.end() && found->second.epoch == fact.epoch &&
        found->second.station == fact.station) {
      found->second.ended = true;
    }
  }

  void forget() override {
    grants_.clear();
    fenced_.clear();
    out_of_force_.clear();
    accepted_.clear();
    raised_.clear();
    epochs_.clear();
    problems_.clear();
  }

  void now(std::vector<Violation>& out) override {
    for (const auto& problem : problems_) say(out, problem);
    problems_.clear();
    for (const auto& box : fenced_) {
      if (raised_.contains(box.order + "#" + box.id) || accepted_.contains(box.id)) continue;
      say(out, "Box of " + box.lease + ", closed at " + box.station + " under epoch " +
                   std::to_string(box.epoch) + " (position " + std::to_string(box.position) +
                   "), was not in force and no person was told.");
    }
    fenced_.clear();
  }

  void last(const Evidence& evidence, std::vector<Violation>& out) override {
    for (const auto& [station, path] : evidence.agent_dbs()) {
      std::map<std::string, std::pair<std::int64_t, std::string>> here, there;
      Sql agent;
      const bool read =
          agent.open(path, evidence.vfs()) &&
          agent.each("SELECT lease, epoch, state FROM work WHERE state IN ('open', 'held')", {},
                     [&](const Row& row) { here[row.str(0)] = {row.integer(1), row.str(2)}; });
      if (!read) {
        say(out, "agent.db of " + station + " cannot be read: " + agent.trouble());
        continue;
      }
      static_cast<void>(sql().each(
          "SELECT lease, epoch, state FROM p_lease WHERE site || '/' || station = ?1 AND state IN "
          "('held', 'revoking')",
          {station}, [&](const Row& row) { there[row.str(0)] = {row.integer(1), row.str(2)}; }));
      compare(station, here, there, out);
    }
  }

  using Held = std::map<std::string, std::pair<std::int64_t, std::string>>;
  void compare(const std::string& station, const Held& here, const Held& there,
               std::vector<Violation>& out) {
    for (const auto& [lease, work] : here) {
      const auto found = there.find(lease);
      if (found != there.end() && found->second.first == work.first) continue;
      say(out, station + " believes to hold " + lease + " (epoch " + std::to_string(work.first) +
                   "), the server " +
                   (found == there.end() ? std::string("does not")
                                         : "says epoch " + std::to_string(found->second.first)) +
                   ".");
    }
    for (const auto& [lease, work] : there) {
      if (here.contains(lease)) continue;
      say(out, "The server believes that " + station + " holds " + lease + " (epoch " +
                   std::to_string(work.first) + ", " + work.second + "), the station does not.");
    }
  }

  std::map<std::string, Grant> grants_;
  std::vector<Fenced> fenced_;                  // not looked at so far
  std::map<std::string, Fenced> out_of_force_;  // by box: a person may accept it much later
  std::set<std::string> accepted_, raised_;
  std::set<std::int64_t> epochs_;
  std::vector<std::string> problems_;
};

}  // namespace

OneChecker make_leases(std::shared_ptr<Log> log) {
  return std::make_unique<Leases>(std::move(log));
}

}  // namespace dockline::sim
