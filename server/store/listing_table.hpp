// Listings that cannot be sold right as their channel shows them (publish::ListingBook, migration
// 0027). Not part of Store: the engine's books have one of their own.
#pragma once

#include <vector>

#include "server/publish/listings.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::server::store {

class ListingTable {
 public:
  explicit ListingTable(sqlite::Db& db);

  [[nodiscard]] base::Result<std::vector<publish::FlawedListing>> rows();
  [[nodiscard]] base::Status put(const publish::FlawedListing& row);
  [[nodiscard]] base::Status remove(const publish::FlawedListing& row);

 private:
  sqlite::Statement rows_, put_, remove_;
};

}  // namespace dockline::server::store
