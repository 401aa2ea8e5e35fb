// Who buys goods: knows some suppliers, has the shelves looked at, orders or drops what is
// proposed, and receives what comes of it: all, less, more, in parts, now and then something else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "server/store/reader_buying.hpp"
#include "tests/sim/people/officer.hpp"

namespace dockline::sim {

class Buyer final : public Officer {
 public:
  explicit Buyer(Desk desk) : Officer(std::move(desk), "purchases") {}

 private:
  void one() override;
  void meet_suppliers();
  void supply();
  void look();
  void decide();
  void receive();

  bool met_ = false;
};

}  // namespace dockline::sim
