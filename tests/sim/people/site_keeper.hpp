// Who says what sites are like while everything runs: when their carriers leave, that they are
// closed for days, how many orders they pack in a day, what packing costs; and takes it back. In
// the end all is as it was configured.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/checkers/observe.hpp"
#include "tests/sim/people/officer.hpp"

namespace dockline::sim {

class SiteKeeper final : public Officer {
 public:
  // `rules`: as drawn for the fleet; a description says all of it again, with something changed.
  SiteKeeper(Desk desk, RoutingTruth rules)
      : Officer(std::move(desk), "sites"), rules_(std::move(rules)) {}
  void settle() override;

 private:
  using Values = std::vector<std::pair<std::string, std::string>>;
  void one() override;
  void describe(const std::string& site, Values values, const char* done);
  void withdraw();
  [[nodiscard]] Values by_the_rules(const RoutingTruth::Site& site, const std::string& name);
  [[nodiscard]] Values closed_for_days();

  RoutingTruth rules_;
  std::set<std::string> described_;
};

}  // namespace dockline::sim
