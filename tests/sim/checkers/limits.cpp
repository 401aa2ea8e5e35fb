// Queues, windows and memory stay within their named limits, at every look.
#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

class Limits final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "limits"; }

  void look(const Evidence& evidence, std::vector<Violation>& out) override {
    now_ms_ = evidence.now_ms();
    for (const auto& gauge : evidence.gauges()) {
      if (gauge.value <= gauge.limit) continue;
      say(out, gauge.name + " is " + std::to_string(gauge.value) + ", its limit is " +
                   std::to_string(gauge.limit) + ".");
    }
    Judge::look(evidence, out);
  }

 private:
  // PROTOCOL.md section 15.
  void now(std::vector<Violation>& out) override {
    const auto most = [&](std::string_view query, std::int64_t limit, const std::string& what) {
      static_cast<void>(sql().each(query, {}, [&](const Row& row) {
        if (row.integer(1) <= limit) return;
        say(out, row.str(0) + " has " + std::to_string(row.integer(1)) + " " + what +
                     "; the limit is " + std::to_string(limit) + ".");
      }));
    };
    most("SELECT site || '/' || station, count(*) FROM parked GROUP BY 1", 10'000, "parked facts");
    most("SELECT site || '/' || station, count(*) FROM stream_in GROUP BY 1", 64, "incarnations");
    most("SELECT channel || ', ' || flaw, count(*) FROM listing_flaw GROUP BY 1", 1'000,
         "flawed listings");
    most("SELECT 'the outbox', count(*) FROM outbox", 1'000'000, "rows");
    most("SELECT channel, count(*) FROM outbox WHERE state = 'sent' GROUP BY 1", 16,
         "requests under way");
  }
};

}  // namespace

OneChecker make_limits(std::shared_ptr<Log> log) {
  return std::make_unique<Limits>(std::move(log));
}

}  // namespace dockline::sim
