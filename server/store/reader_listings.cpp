#include "server/store/reader_listings.hpp"

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

constexpr std::int64_t kRowsMax = 50'000;  // a thousand per channel and flaw are kept

}  // namespace

base::Result<std::vector<ListingRow>> flawed_listings(Reader& reader, std::int64_t told_limit) {
  auto& in = reader.impl();
  return in.look([&] {
    std::vector<ListingRow> out;
    // upper(trim()) is orders::normal_sku: both know spaces and the letters of ASCII alone.
    in.query(
          "SELECT channel, listing, location, sku, title, flaw, seen_ms, EXISTS(SELECT 1 FROM "
          "p_item i WHERE i.sku = upper(trim(f.sku))) FROM listing_flaw f "
          "ORDER BY channel, listing, location, sku LIMIT ?1")
        .each(
            [&](const Statement& s) {
              out.push_back({.channel = s.str(0),
                             .listing = s.str(1),
                             .location = s.str(2),
                             .sku = s.str(3),
                             .title = s.str(4),
                             .flaw = s.str(5),
                             .seen_ms = s.integer(6),
                             .known = s.integer(7) != 0});
            },
            kRowsMax);
    in.query(
          "SELECT t.channel, t.listing, t.location, t.sku FROM (SELECT channel, listing, location, "
          "sku FROM p_told ORDER BY channel, sku, location LIMIT ?1) t WHERE NOT EXISTS(SELECT 1 "
          "FROM p_item i "
          "WHERE i.sku = t.sku)")
        .each(
            [&](const Statement& s) {
              out.push_back({.channel = s.str(0),
                             .listing = s.str(1),
                             .location = s.str(2),
                             .sku = s.str(3)});
            },
            told_limit);
    return out;
  });
}

}  // namespace dockline::server::store
