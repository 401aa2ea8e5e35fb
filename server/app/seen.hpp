// What If-Match is about beside orders: a site as people described it, an item as it was
// registered. It travels in ApiCommand::if_order under a name that no order has, and is compared in
// the turn of the write, so that of two who changed what both had seen the second one is told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/result.hpp"

namespace dockline::server {

namespace store {
class Store;
}

struct SeenThing {
  std::string what;  // order, item, site
  std::string id;
};

[[nodiscard]] std::string item_seen(std::string_view sku);
[[nodiscard]] std::string site_seen(std::string_view site);
[[nodiscard]] SeenThing seen_thing(std::string_view named);

// Another number as soon as another description holds; a description that comes again has its old
// one. `values` by key, as p_site has them.
[[nodiscard]] std::int64_t site_mark(
    const std::vector<std::pair<std::string, std::string>>& values);

// What the thing is at now: an order's newest fact, an item's, a site's mark; 0: there is none.
[[nodiscard]] base::Result<std::int64_t> mark_of(store::Store& store, const SeenThing& thing);

}  // namespace dockline::server
