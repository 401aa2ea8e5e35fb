#include "server/store/listing_table.hpp"

namespace dockline::server::store {

ListingTable::ListingTable(sqlite::Db& db)
    : rows_(db.prepare("SELECT channel, listing, location, sku, title, flaw, seen_ms "
                       "FROM listing_flaw ORDER BY channel, listing, location, sku")),
      put_(db.prepare("INSERT OR REPLACE INTO listing_flaw(channel, listing, location, sku, title, "
                      "flaw, seen_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)")),
      remove_(db.prepare("DELETE FROM listing_flaw WHERE channel = ?1 AND listing = ?2 AND "
                         "location = ?3 AND sku = ?4")) {}

base::Result<std::vector<publish::FlawedListing>> ListingTable::rows() {
  std::vector<publish::FlawedListing> out;
  rows_.bind();
  for (;;) {
    auto there = rows_.step();
    if (!there) return base::pass(there.error());
    if (!*there) return out;
    const auto flaw = publish::listing_flaw(rows_.text(5));
    if (!flaw) {
      return base::fail(base::Fault::corrupt, "listing_flaw has a row with flaw \"" + rows_.str(5) +
                                                  "\". Restore the newest backup");
    }
    out.push_back({.channel = rows_.str(0),
                   .listing = rows_.str(1),
                   .location = rows_.str(2),
                   .sku = rows_.str(3),
                   .title = rows_.str(4),
                   .flaw = *flaw,
                   .seen_ms = rows_.integer(6)});
  }
}

base::Status ListingTable::put(const publish::FlawedListing& row) {
  return put_
      .bind(row.channel, row.listing, row.location, row.sku, row.title, publish::name(row.flaw),
            row.seen_ms)
      .run();
}

base::Status ListingTable::remove(const publish::FlawedListing& row) {
  return remove_.bind(row.channel, row.listing, row.location, row.sku).run();
}

}  // namespace dockline::server::store
