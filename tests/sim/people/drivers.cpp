#include "tests/sim/people/drivers.hpp"

namespace dockline::sim {
namespace {

constexpr std::int64_t kLastCallsMs = 60'000;

}  // namespace

void Drivers::begin(std::int64_t every_ms) {
  call_ = every_ms > 0;
  Officer::begin(every_ms);
}

void Drivers::settle() {
  Officer::settle();
  if (call_) last_calls();
}

void Drivers::last_calls() {
  one();
  world_.after(kLastCallsMs, [this] { last_calls(); });
}

void Drivers::one() {
  for (const auto& site : sites_) {
    server::HandOver wish;
    wish.site = site;
    wish.by = "driver";
    ask(std::move(wish), "driver_called");
  }
}

}  // namespace dockline::sim
