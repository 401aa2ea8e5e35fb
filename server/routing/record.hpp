// The words of a decision: what a person reads, made after the choice.
#pragma once

#include <string>
#include <vector>

#include "server/routing/routing.hpp"

namespace dockline::server::routing {

// One cost term per rule of the chain, of one site with this load.
[[nodiscard]] std::vector<wire::CostTerm> terms_of(const Choice& choice, const Chain& chain,
                                                   std::size_t site, const Load& load);
// Load of each site in the plan; by place in Problem::sites.
[[nodiscard]] std::vector<Load> loads_of(const Choice& choice);
[[nodiscard]] std::vector<wire::Candidate> candidates_of(const Choice& choice, const Chain& chain);
[[nodiscard]] std::vector<wire::DecisionInput> inputs_of(const Choice& choice, const Chain& chain);
// "service leipzig", "House standard": who carries what this site of the choice ships with that
// load. Nothing: no service is known. Forecasts read it (server/store/way_book).
inline constexpr std::string_view kServiceOf = "service ";
[[nodiscard]] std::optional<wire::DecisionInput> service_of(const Choice& choice, std::size_t site,
                                                            const Load& load);
[[nodiscard]] std::string reason_of(const Choice& choice, const Chain& chain,
                                    const std::vector<wire::Candidate>& candidates);

}  // namespace dockline::server::routing
