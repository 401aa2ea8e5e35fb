// What a channel may show at each of its locations, when it has several. Available to promise is
// per site; a location stands for one site or more. What is bought without a site, and what a site
// is short of, belongs to no location: wherever it will be shipped from, it is shipped once.
//
// The rule: such pieces are a debt of the channel's locations together. Each debt is taken off
// once: off the location that is first in routing order as far as it reaches, then off the next.
// Taken off at every location it would be counted as often as there are locations; taken off at
// none, the sum of all locations would be more than can be shipped. A location that is short
// itself owes its shortage to the others.
//
// Invariants (locations_test.cpp): the figures of all locations of a channel together are never
// more than can be shipped when every reservation and every bought piece is; with one location it
// is sellable(); without debts a location's figure is that of its own sites.
//
// Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "server/stock/derivation.hpp"
#include "server/stock/kits.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::stock {

// A site's own figure, worked out once for all channels.
struct SitePromise {
  std::string site;
  Figure figure;
};
// In the order given, which is that of routing. Fault::reject: a quantity out of bounds.
[[nodiscard]] base::Result<std::vector<SitePromise>> promises(std::span<const SiteFacts> sites,
                                                              std::int64_t now_ms);

struct Location {
  std::string id;
  std::vector<std::string> sites;
};
struct AtLocation {
  std::string location;
  Figure figure;  // for told()
  // Available to promise of its sites, where there is any: what a kit could be made of there.
  std::vector<std::pair<std::string, Quantity>> sites;
};
// One for each location, in their order. `all`: every site with stock or reservations, also those
// that the channel does not sell from: what they are short of may have to be shipped from here.
[[nodiscard]] std::vector<AtLocation> sellable_at(std::span<const Location> locations,
                                                  std::span<const SitePromise> all,
                                                  const Seen& unrouted);

struct PartAt {
  std::string sku;
  std::vector<AtLocation> locations;  // sellable_at() of the part
};
// The same for a kit, made of its parts at each location. Fault::reject: no kit, or a part lacks.
[[nodiscard]] base::Result<std::vector<AtLocation>> kit_at(const Kits& kits, std::string_view kit,
                                                           std::span<const Location> locations,
                                                           std::span<const PartAt> parts);

}  // namespace dockline::server::stock
