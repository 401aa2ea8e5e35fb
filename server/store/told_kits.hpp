// Which kits a channel was told of, and with which parcel: each is told once, whatever parcels its
// parts go in and however often a box is opened again. Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <string_view>

#include "server/store/query.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::store {

class ToldKits {
 public:
  explicit ToldKits(sqlite::Db& db);

  // Of this line of the order, with other parcels than this one.
  [[nodiscard]] domain::Quantity elsewhere(std::int64_t ord, std::int64_t line,
                                           std::string_view tracking);
  // In place of what was told with this parcel before.
  void put(std::int64_t ord, std::int64_t line, std::string_view tracking, domain::Quantity kits);
  [[nodiscard]] base::Status trouble() const { return trouble_.status(); }

 private:
  Trouble trouble_;
  Query elsewhere_, put_;
};

}  // namespace dockline::server::store
