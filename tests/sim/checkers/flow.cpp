// One bad fact never holds up the next: what could not be digested is kept, a person was told, and
// the stream went on behind it.
#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

class Flow final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "flow"; }

 private:
  void fact(const Fact& fact) override {
    if (fact.is("dockline.exception.raised.v1")) raised_.insert(fact.kind + " " + fact.subject);
    if (fact.is("dockline.station.trouble.v1")) troubles_.insert(fact.kind + " " + fact.station);
  }
  void forget() override {
    raised_.clear();
    troubles_.clear();
  }

  void now(std::vector<Violation>& out) override {
    static_cast<void>(sql().each(
        "SELECT site || '/' || station, inc, seq, why FROM parked", {}, [&](const Row& row) {
          const auto station = row.str(0);
          if (raised_.contains("poison " + station) || raised_.contains("id_reused " + station)) {
            return;
          }
          say(out, "Fact " + std::to_string(row.integer(2)) + " of " + station +
                       " was put aside (" + row.str(3) + ") and no person was told.");
        }));
    static_cast<void>(sql().each(
        "SELECT p.site || '/' || p.station, p.seq, i.through FROM parked p JOIN stream_in i "
        "USING(site, station, inc) WHERE i.through < p.seq",
        {}, [&](const Row& row) {
          say(out, "Fact " + std::to_string(row.integer(1)) + " of " + row.str(0) +
                       " was put aside, and the stream still stands at " +
                       std::to_string(row.integer(2)) + ".");
        }));
  }

  void last(const Evidence& evidence, std::vector<Violation>& out) override {
    for (const auto& [station, path] : evidence.agent_dbs()) {
      Sql agent;
      const bool read =
          agent.open(path, evidence.vfs()) &&
          agent.each("SELECT count(*), min(why) FROM down_parked", {}, [&](const Row& row) {
            if (row.integer(0) == 0) return;
            if (troubles_.contains("poison " + station)) return;
            say(out, station + " put " + std::to_string(row.integer(0)) +
                         " facts of the server aside (" + row.str(1) + ") and told nobody.");
          });
      if (!read) say(out, "agent.db of " + station + " cannot be read: " + agent.trouble());
    }
  }

  std::set<std::string> raised_, troubles_;
};

}  // namespace

OneChecker make_flow(std::shared_ptr<Log> log) { return std::make_unique<Flow>(std::move(log)); }

}  // namespace dockline::sim
