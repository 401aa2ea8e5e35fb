// The carriers' drivers of a house that sells: they call at every site again and again and take all
// that waits there, also when nothing new is bought any more, until nothing stands that may leave.
// What goes otherwise than it should is the gate's (gate.hpp).
#pragma once

#include <utility>

#include "tests/sim/people/officer.hpp"

namespace dockline::sim {

class Drivers final : public Officer {
 public:
  explicit Drivers(Desk desk) : Officer(std::move(desk), "drivers") {}

  void begin(std::int64_t every_ms) override;
  void settle() override;

 private:
  void one() override;
  void last_calls();

  bool call_ = false;
};

}  // namespace dockline::sim
