// What a reading of a channel's stock says of its listings, flawed ones included: the engine's own
// rows (ShownStock) go by SKU, and what has none, or none of ours, would be lost with them. An
// interface of its own, for which the engine asks an Exchange: a channel that cannot list its
// listings leaves it out.
#pragma once

#include <string>
#include <vector>

namespace dockline::server::channels {

// One thing that buyers can buy, and whose stock the channel counts.
struct ListingSeen {
  std::string listing;   // the channel's id of it; "" where its answer has none
  std::string sku;       // as it is written there; may be empty, which is what the report is about
  std::string title;     // "" where the channel gives none
  std::string location;  // "" when it is one listing for all places of the channel
};

class ShowsListings {
 public:
  virtual ~ShowsListings() = default;
  // Of the page whose verdict was ShownStock; good until the Exchange ends.
  [[nodiscard]] virtual const std::vector<ListingSeen>& listings() const = 0;
};

}  // namespace dockline::server::channels
