// What the store knows of an order's way, with what the house has declared of its sites and
// services, as the facts of orders::way(). The hub's forecast and the API both come through here.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "server/orders/way.hpp"
#include "server/routing/rulebook.hpp"
#include "server/store/way_book.hpp"

namespace dockline::server {

struct WayHouse {
  const routing::Rulebook* book = nullptr;  // its services; null: none are declared
  // What is known of a site now; null: nothing.
  std::function<const routing::DeclaredSite*(const std::string&)> site;
  std::int64_t transit_ms = 0, margin_ms = 0;  // [orders] of server.toml
};

[[nodiscard]] orders::WayFacts way_facts(const store::OrderWay& way,
                                         const store::WayMoments& moments, const WayHouse& house,
                                         std::int64_t now_ms);

}  // namespace dockline::server
