// A person says who ships an order, and why. The rules are asked all the same: one that forbids it
// refuses, unless the person sets it aside knowingly (`force`); what is not there, and what a site
// or a carrier may not handle, nobody can set aside. The record holds what the chain would have
// done.
#pragma once

#include <string>
#include <vector>

#include "server/routing/routing.hpp"

namespace dockline::server::routing {

inline constexpr std::string_view kPerson = "person";  // DecisionMade::rule

// All pieces of this line that can still go anywhere. line 0: of every line.
struct Wish {
  std::int64_t line = 0;
  std::string site;
};
struct Word {
  std::string why, by;
  bool force = false;
};

// Fault::reject: the wish names what is not there. Fault::conflict: the rule that forbids it.
[[nodiscard]] base::Result<wire::DecisionMade> decide_person(const Facts& facts, const Chain& chain,
                                                             const std::vector<Wish>& wishes,
                                                             const Word& word, std::string id);

}  // namespace dockline::server::routing
