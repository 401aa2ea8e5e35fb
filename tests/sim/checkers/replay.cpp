// Replaying the log gives the same state. The product's own verification is asked, and an own fold
// of what is easily folded must agree with the tables.
#include <map>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

class Replay final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "replay"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>& out) override {
    now_ms_ = at_ms;
    const auto* replay = std::get_if<ReplayVerified>(&seen);
    if (replay != nullptr && !replay->equal) {
      say(out, "Replaying the log gives another state: " + replay->detail);
    }
  }

 private:
  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    if (fact.is("dockline.order.received.v1")) {
      orders_.insert(fact.order);
    } else if (fact.is("dockline.exception.raised.v1")) {
      open_.insert(fact.exception);
    } else if (fact.is("dockline.exception.resolved.v1")) {
      open_.erase(fact.exception);
    } else if (fact.is("dockline.decision.made.v1")) {
      ++decisions_;
    } else if (fact.is("dockline.channel.stock.confirmed.v1")) {
      told_[fact.channel + " " + fact.sku + " " + fact.location] = fact.quantity;
    }
  }
  void forget() override {
    orders_.clear();
    open_.clear();
    told_.clear();
    decisions_ = 0;
  }

  void last(const Evidence&, std::vector<Violation>& out) override {
    std::set<std::string> orders, open;
    std::map<std::string, std::int64_t> told;
    std::int64_t decisions = 0;
    static_cast<void>(sql().each("SELECT id FROM p_order", {},
                                 [&](const Row& row) { orders.insert(row.str(0)); }));
    static_cast<void>(sql().each("SELECT id FROM p_exception WHERE resolved_ms IS NULL", {},
                                 [&](const Row& row) { open.insert(row.str(0)); }));
    static_cast<void>(sql().each("SELECT count(*) FROM p_decision", {},
                                 [&](const Row& row) { decisions = row.integer(0); }));
    static_cast<void>(
        sql().each("SELECT channel || ' ' || sku || ' ' || location, quantity FROM p_told", {},
                   [&](const Row& row) { told[row.str(0)] = row.integer(1); }));
    const auto differ = [&](bool same, const std::string& what, std::size_t log,
                            std::size_t table) {
      if (same) return;
      say(out, "The log says " + std::to_string(log) + " " + what + ", the table has " +
                   std::to_string(table) + ", or others.");
    };
    differ(orders == orders_, "orders", orders_.size(), orders.size());
    differ(open == open_, "open exceptions", open_.size(), open.size());
    differ(told == told_, "figures that channels confirmed", told_.size(), told.size());
    differ(decisions == decisions_, "decisions", static_cast<std::size_t>(decisions_),
           static_cast<std::size_t>(decisions));
  }

  std::set<std::string> orders_, open_;
  std::map<std::string, std::int64_t> told_;
  std::int64_t decisions_ = 0;
};

}  // namespace

OneChecker make_replay(std::shared_ptr<Log> log) {
  return std::make_unique<Replay>(std::move(log));
}

}  // namespace dockline::sim
