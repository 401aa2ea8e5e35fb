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

}  // namespace dockline::server::store
