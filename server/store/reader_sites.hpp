// The read side of sites: what people described, and what a site has to do.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "server/store/reader.hpp"

namespace dockline::server::store {

// Site -> keys and values, by key. Only of sites that are described.
using DescribedSites = std::map<std::string, std::vector<std::pair<std::string, std::string>>>;
[[nodiscard]] base::Result<DescribedSites> described_sites(Reader& reader);

// Orders that wait or are worked on, by site; those with none are absent.
[[nodiscard]] base::Result<std::map<std::string, std::int64_t>> waiting_by_site(Reader& reader);
// Boxes closed at the site since then.
[[nodiscard]] base::Result<std::int64_t> closed_at(Reader& reader, const std::string& site,
                                                   std::int64_t since_ms);

// What is at a site: its orders at benches, closed boxes that no driver has, and goods on its
// shelves. Sites with none of it are absent. The shelves are counted among the first
// kSiteStockRowsMax balances; when there are more, skus and pieces are absent (GET
// /export/sites.csv counts them).
struct SiteHolds {
  std::int64_t at_benches = 0, parcels = 0;
  std::int64_t skus = 0, pieces = 0;
};
struct SitesHold {
  std::map<std::string, SiteHolds> sites;
  bool counted = true;  // the shelves were
};
inline constexpr std::int64_t kSiteStockRowsMax = 20'000;  // some ms; asked for at each change
[[nodiscard]] base::Result<SitesHold> held_by_site(Reader& reader);

}  // namespace dockline::server::store
