// One seed from its first to its last event: faults, calm, end, checks.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/sim/checkers/observe.hpp"
#include "tests/sim/plan/plan.hpp"

namespace dockline::sim {

struct Outcome {
  std::vector<Violation> violations;
  std::map<std::string, std::uint64_t> faults;
  std::uint64_t events = 0, orders = 0;
  std::int64_t virtual_ms = 0;
  std::string digest;
  std::string history;  // JSON: what became of a recorded trade
};

using Listener =
    std::function<void(std::int64_t at_ms, std::string_view who, std::string_view line)>;
[[nodiscard]] Outcome run(const Plan& plan, const Listener& listener);

}  // namespace dockline::sim
