// Projection table of listings that showed another figure than they were told. Written by the
// projector alone. Errors are sticky (query.hpp).
#pragma once

#include <cstdint>

#include "server/store/query.hpp"
#include "shared/wire/events.hpp"

namespace dockline::server::store {

class DriftBook {
 public:
  DriftBook(sqlite::Db& db, Trouble& trouble);
  void put(const wire::ListingDrifted& drifted, std::int64_t at_ms, std::int64_t position);

 private:
  Query put_;
};

}  // namespace dockline::server::store
