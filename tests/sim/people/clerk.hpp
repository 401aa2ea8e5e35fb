// The clerk at the telephone: takes orders in, some of them doubtful, and changes those that are
// there: holds them, gives them another address, more or fewer pieces, splits them, puts two of one
// caller in one parcel, lets them go first. Whatever the shops sold keeps its goods: only orders of
// the clerk's own get other ones.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/sim/nodes/hub_node.hpp"
#include "tests/sim/people/catalogue.hpp"

namespace dockline::sim {

// Mean times between two of each; 0: never.
struct Telephone {
  std::int64_t order_ms = 0, hold_ms = 0, amend_ms = 0, split_ms = 0, merge_ms = 0;
  std::uint32_t limited = 0;  // per mille of the goods: only so many are sold that are not there
};

class Clerk {
 public:
  using Count = std::function<void(const char* kind)>;
  Clerk(World& world, HubNode& hub, const Catalogue& goods, Count count);

  void begin(const Telephone& telephone);
  void stop() { open_ = false; }

 private:
  void every(std::int64_t mean_ms, void (Clerk::*what)());
  void take_order();
  [[nodiscard]] server::ReceiveOrder call(std::uint64_t caller);
  void enter(server::ReceiveOrder order);
  void hold();
  void amend();
  void split();
  void merge();
  void limit();
  // One of the orders in this state, or none.
  [[nodiscard]] std::optional<server::store::OrderDetail> some(const char* state);

  World& world_;
  HubNode& hub_;
  const Catalogue& goods_;
  Count count_;
  Telephone telephone_;
  bool open_ = false, begun_ = false;
  std::uint64_t taken_ = 0, changed_ = 0;
};

}  // namespace dockline::sim
