// What the house knows of its sites: what was drawn for each, until somebody says otherwise while
// everything runs. Read from the facts. Private to the checkers.
#pragma once

#include <map>
#include <string>

#include "tests/sim/checkers/log.hpp"
#include "tests/sim/checkers/observe.hpp"

namespace dockline::sim {

class HouseRules {
 public:
  void as_drawn(RoutingTruth drawn) { drawn_ = std::move(drawn); }
  [[nodiscard]] const RoutingTruth& drawn() const { return drawn_; }

  // A site is described: from here on that holds, instead of its rules as drawn.
  void described(const Fact& fact);
  // Null: nobody knows such a site.
  [[nodiscard]] const RoutingTruth::Site* of(const std::string& name) const;
  void forget() { described_.clear(); }

 private:
  RoutingTruth drawn_;
  std::map<std::string, RoutingTruth::Site> described_;
};

}  // namespace dockline::sim
