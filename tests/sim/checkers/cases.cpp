// What people did by the case is in the log with the pieces of so many cases; and nobody is told
// how many pieces a unit is that means two sizes.
#include <map>
#include <tuple>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

class Cases final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "cases"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>& out) override {
    now_ms_ = at_ms;
    if (const auto* booked = std::get_if<CasesBooked>(&seen)) {
      ++answered_[{booked->fact, booked->sku, booked->site, booked->pieces}];
    } else if (const auto* taken = std::get_if<UnitTaken>(&seen); taken && taken->doubtful) {
      say(out, "A case of " + taken->sku + " was taken for " + std::to_string(taken->pieces) +
                   " pieces, and there are cases of two sizes.");
    }
  }

 private:
  using Key = std::tuple<std::string, std::string, std::string, std::int64_t>;

  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    if (fact.is("dockline.delivery.received.v1")) {
      ++in_log_[{fact.type, fact.sku, fact.site, fact.quantity}];
    } else if (fact.is("dockline.stock.counted.v1")) {
      ++in_log_[{fact.type, fact.sku, fact.site, fact.counted}];
    } else if (fact.is("dockline.stock.moved.v1")) {
      ++in_log_[{fact.type, fact.sku, fact.from.substr(0, fact.from.find('/')), fact.quantity}];
    }
  }
  void forget() override { in_log_.clear(); }

  void last(const Evidence&, std::vector<Violation>& out) override {
    for (const auto& [key, times] : answered_) {
      const auto found = in_log_.find(key);
      const auto there = found == in_log_.end() ? 0 : found->second;
      if (there >= times) continue;
      const auto& [type, sku, site, pieces] = key;
      say(out, std::to_string(times) + " times " + std::to_string(pieces) + " pieces of " + sku +
                   " in cases at " + site + " were answered, and the log has " +
                   std::to_string(there) + " " + type + " of so many.");
    }
  }

  std::map<Key, std::int64_t> answered_, in_log_;
};

}  // namespace

OneChecker make_cases(std::shared_ptr<Log> log) { return std::make_unique<Cases>(std::move(log)); }

}  // namespace dockline::sim
