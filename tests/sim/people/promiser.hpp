// Who sells what is not there: sets how many pieces may be promised, lets an article be bought
// before its release, takes orders for such goods, and books the few pieces that come in, so that
// somebody has to be first.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/sim/people/officer.hpp"

namespace dockline::sim {

class Promiser final : public Officer {
 public:
  explicit Promiser(Desk desk) : Officer(std::move(desk), "promises") {}

 private:
  void one() override;
  void limit();
  void announce();
  void take_order();
  void goods_come();
  [[nodiscard]] const std::string& some_scarce();

  std::vector<std::string> scarce_;
  std::uint64_t taken_ = 0;
};

}  // namespace dockline::sim
