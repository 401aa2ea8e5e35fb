// What is packed by lot, serial and expiry: nothing that has expired, no piece twice, and no more
// pieces with a name than pieces. A bench whose clock was set wrong judges expiry by it.
#include <map>
#include <set>
#include <utility>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

class Lots final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "lots"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>&) override {
    now_ms_ = at_ms;
    const auto* mishap = std::get_if<StationMishap>(&seen);
    if (mishap != nullptr && mishap->what == Mishap::clock_jump) wrong_.insert(mishap->station);
  }

 private:
  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    if (fact.is("dockline.pack.item.counted.v1")) {
      const bool expired = fact.expires_ms != 0 && fact.expires_ms <= fact.time_ms;
      if (!expired || wrong_.contains(fact.station)) return;
      problems_.push_back("Expired pieces of " + fact.sku + " were packed for " + fact.order +
                          " at " + fact.station + " (position " + std::to_string(fact.position) +
                          ").");
    } else if (fact.is("dockline.pack.closed.v1")) {
      for (const auto& line : fact.lines) closed(fact, line);
    } else if (fact.is("dockline.order.returned.v1")) {
      for (const auto& line : fact.lines) in_.erase({line.sku, line.serial});  // it is sold again
    }
  }

  // A box that is opened and closed again, or packed anew from an old image, is under its lease
  // again.
  void closed(const Fact& fact, const Fact::Line& line) {
    const std::string box =
        "The box of " + fact.order + " (position " + std::to_string(fact.position) + ")";
    if (line.named > line.packed) {
      problems_.push_back(box + " names lots of " + std::to_string(line.named) + " pieces of " +
                          line.sku + " and holds " + std::to_string(line.packed) + ".");
    }
    for (const auto& [serial, pieces] : line.serials) {
      const auto [first, fresh] = in_.emplace(std::pair(line.sku, serial), fact.lease);
      if (pieces == 1 && (fresh || first->second == fact.lease)) continue;
      problems_.push_back(box + " holds " + line.sku + " with serial " + serial +
                          ", which was packed before.");
    }
  }

  void forget() override {
    in_.clear();
    problems_.clear();
  }

  void now(std::vector<Violation>& out) override {
    for (const auto& problem : problems_) say(out, problem);
    problems_.clear();
    // What leaves with a box takes its lots along.
    static_cast<void>(sql().each(
        "SELECT l.sku, l.place, sum(l.quantity) AS n, coalesce((SELECT quantity FROM p_balance b "
        "WHERE b.sku = l.sku AND b.place = l.place), 0) AS has FROM p_lot l WHERE l.place LIKE "
        "'%/packed' GROUP BY 1, 2 HAVING n > max(has, 0)",
        {}, [&](const Row& row) {
          say(out, "The books know lots of " + row.str(2) + " x " + row.str(0) + " at " +
                       row.str(1) + ", where " + row.str(3) + " lie.");
        }));
  }

  std::set<std::string> wrong_;                                    // benches
  std::map<std::pair<std::string, std::string>, std::string> in_;  // (sku, serial) -> lease
  std::vector<std::string> problems_;
};

}  // namespace

OneChecker make_lots(std::shared_ptr<Log> log) { return std::make_unique<Lots>(std::move(log)); }

}  // namespace dockline::sim
