// Projection table of what people said of sites, instead of the routing file. Written by the
// projector alone. Errors are sticky (query.hpp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/store/query.hpp"
#include "shared/wire/facts_log.hpp"

namespace dockline::server::store {

class SiteBook {
 public:
  SiteBook(sqlite::Db& db, Trouble& trouble);

  // Everything that is known of the site from now on; without values nothing.
  void put(const wire::SiteDescribed& site);
  [[nodiscard]] std::vector<wire::SiteValue> values(std::string_view site);  // by key
  [[nodiscard]] std::vector<std::string> sites();                            // that are described

 private:
  Query drop_, put_, values_, sites_;
};

}  // namespace dockline::server::store
