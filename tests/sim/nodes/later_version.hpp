// A station's program of a later version has run for a moment: its outbox holds a fact that today's
// server cannot digest.
#pragma once

#include <string>

#include "shared/base/prng.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "tests/sim/nodes/station_node.hpp"

namespace dockline::sim {

struct StrangeFact {
  std::string inc;
  std::uint64_t seq = 0;
  std::string bytes;
};
// While no program runs there. The draw decides what is strange about the fact.
[[nodiscard]] base::Result<StrangeFact> record_strange_fact(const StationPlace& place,
                                                            base::Instant now, base::Prng& draw);

}  // namespace dockline::sim
