#include "tests/sim/people/mover.hpp"

#include <algorithm>
#include <string>

namespace dockline::sim {
namespace {

constexpr std::uint64_t kLatest = 12;  // of so many orders at a shop

}  // namespace

// Mostly to a new street; now and then back to one of before.
void Mover::one() {
  if (shops_.empty()) return;
  auto& shop = *shops_[draw().below(shops_.size())];
  const auto back = draw().below(kLatest);
  if (moved_ == 0 || !draw().chance(150)) ++moved_;
  const auto street = "Umzugsweg " + std::to_string(moved_);
  if (!shop.move(back, street)) return;
  count_("address_changed");
  if (world_.tracing()) world_.trace("customer", "moves to " + street);
}

}  // namespace dockline::sim
