// In which order the packer sees the lines: open ones first, in bin order. SHORT counts in it, the
// page draws it, so there is one list.
#pragma once

#include <vector>

#include "agent/station/station.hpp"

namespace dockline::agent::station {

[[nodiscard]] std::vector<const domain::WorkLine*> open_lines(const Station& station);
[[nodiscard]] std::vector<const domain::WorkLine*> done_lines(const Station& station);

}  // namespace dockline::agent::station
