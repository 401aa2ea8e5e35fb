#include "agent/station/lines.hpp"

#include <algorithm>

namespace dockline::agent::station {
namespace {

std::vector<const domain::WorkLine*> select(const Station& station, bool open) {
  std::vector<const domain::WorkLine*> out;
  if (!station.order()) return out;
  for (const auto& l : station.order()->lines) {
    const auto c = station.count_of(l.line);
    if ((c.packed + c.missing < l.quantity) == open) out.push_back(&l);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto* a, const auto* b) { return a->bin < b->bin; });
  return out;
}

}  // namespace

std::vector<const domain::WorkLine*> open_lines(const Station& s) { return select(s, true); }
std::vector<const domain::WorkLine*> done_lines(const Station& s) { return select(s, false); }

}  // namespace dockline::agent::station
