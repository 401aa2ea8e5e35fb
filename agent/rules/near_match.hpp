// A wrong item is often the neighbour of a wanted one: same thing, other size or colour. Showing
// both side by side ends the search (UI.md principle 11).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockline::agent::rules {

struct Candidate {
  std::string_view sku;
  std::string_view title;
};

// Index of the open line most like the scanned item; nothing when none is alike enough to be
// mistaken for it: half of the words in common, or one word and the first half of the SKU.
[[nodiscard]] std::optional<std::size_t> near_match(const Candidate& scanned,
                                                    const std::vector<Candidate>& wanted);

}  // namespace dockline::agent::rules
