// Who promises other dates: of orders that are under way, some so soon that they cannot be kept,
// some a day off, so that it becomes too late while nobody does anything, some with all the time.
#pragma once

#include "tests/sim/people/officer.hpp"

namespace dockline::sim {

class DateKeeper final : public Officer {
 public:
  explicit DateKeeper(Desk desk) : Officer(std::move(desk), "dates") {}

 private:
  void one() override;
};

}  // namespace dockline::sim
