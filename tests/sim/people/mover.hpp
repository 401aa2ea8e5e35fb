// Customers who move: they give another address at the shop, while the order waits, lies at a
// bench, or is packed already.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "tests/sim/people/officer.hpp"
#include "tests/sim/shops/shop.hpp"

namespace dockline::sim {

class Mover final : public Officer {
 public:
  Mover(Desk desk, const std::vector<std::unique_ptr<Shop>>& shops)
      : Officer(std::move(desk), "addresses"), shops_(shops) {}

 private:
  void one() override;
  const std::vector<std::unique_ptr<Shop>>& shops_;
  std::uint64_t moved_ = 0;
};

}  // namespace dockline::sim
