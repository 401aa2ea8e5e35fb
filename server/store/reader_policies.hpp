// What is kept back, kits, and listings that drifted, for the API.
#pragma once

#include <string>
#include <vector>

#include "server/store/kit_book.hpp"
#include "server/store/policy_book.hpp"
#include "server/store/reader.hpp"

namespace dockline::server::store {

struct PolicyQuery {
  std::string sku, site, channel;  // empty: all
  std::string after;               // of the page before
  std::int64_t limit = 50;
};
// By SKU, site and channel; rows of a whole site or channel first.
[[nodiscard]] base::Result<Page<PolicyRow>> policies(Reader& reader, const PolicyQuery& query);

struct KitView {
  std::string sku;
  std::vector<KitRow> parts;
};
[[nodiscard]] base::Result<Page<KitView>> kits(Reader& reader, const std::string& after,
                                               std::int64_t limit);

// All of them: the data-quality report checks each against the others.
[[nodiscard]] base::Result<std::vector<KitView>> all_kits(Reader& reader);

struct DriftRow {
  std::string sku, location, cause, why;
  std::int64_t told = 0, shown = 0, at_ms = 0, times = 0;
};
// Of a channel, by SKU and location.
[[nodiscard]] base::Result<Page<DriftRow>> drift(Reader& reader, const std::string& channel,
                                                 const std::string& after, std::int64_t limit);

}  // namespace dockline::server::store
