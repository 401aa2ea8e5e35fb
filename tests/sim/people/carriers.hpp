// Who hears from the carriers: enters late what they took days ago, and tells which parcels have
// arrived, now and then long after they did.
#pragma once

#include <utility>

#include "tests/sim/people/officer.hpp"

namespace dockline::sim {

class Carriers final : public Officer {
 public:
  explicit Carriers(Desk desk) : Officer(std::move(desk), "reliability") {}

 private:
  void one() override;
  void collect();
  void hear();
};

}  // namespace dockline::sim
