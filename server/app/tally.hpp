// What left the shelves, counted per day from the movements: what buyers took, by the region it
// went to, and what stations took beside orders. The daily look counts what has come since the one
// before and reads demand from it; the figures of a silent station read what it usually uses.
//
// Demand belongs to the site that serves the region by nature (routing/nearest.hpp), as far as it
// has a shelf of the article: that another site had to help out is no demand of the other site.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "server/app/core.hpp"
#include "server/routing/rulebook.hpp"

namespace dockline::server {

class Tally {
 public:
  explicit Tally(HubCore& core) : core_(core) {}

  // A new look: regions are asked about again, old days go, and where demand is to be read from
  // more days than were kept, all is counted anew.
  void begin();
  // Counts a page of movements; true: there are no more.
  [[nodiscard]] bool count_page();

  struct Demand {
    std::map<std::string, domain::Quantity> left;    // pieces that left each site for buyers
    std::map<std::string, domain::Quantity> wanted;  // and those of the regions that are its own
  };
  // Of the last demand_days. `sites`: that have a shelf of it, none twice.
  [[nodiscard]] Demand of(const std::string& sku, const std::vector<std::string>& sites);

 private:
  void take(const store::TallyBook::Move& move);
  const std::vector<std::string>& serve(const store::Region& region);

  HubCore& core_;
  routing::Rulebook book_;  // of this look, without hours: nearness does not ask for them
  std::map<store::Region, std::vector<std::string>> serve_;  // sites by nearness, of this look
};

// The first day, since 1970-01-01, that demand is read from.
[[nodiscard]] std::int64_t first_day(const HubCore& core);
[[nodiscard]] std::int64_t demand_days(const HubCore& core);
// Pieces of these days as a rate, in thousandths of a piece per day; none below zero.
[[nodiscard]] std::int64_t daily_milli(const HubCore& core, domain::Quantity pieces);

}  // namespace dockline::server
