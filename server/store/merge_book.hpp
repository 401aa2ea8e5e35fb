// Projection table of orders that go in one parcel. Written by the projector alone. Errors are
// sticky (query.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/query.hpp"

namespace dockline::server::store {

struct MergedOrder {
  std::int64_t ord = 0;
  bool apart = false;  // it goes alone again; what was labelled before may still bear one number
};

// A lease of another order under the same label.
struct Bearer {
  std::int64_t ord = 0;
  std::string site, station, state;
};

class MergeBook {
 public:
  MergeBook(sqlite::Db& db, Trouble& trouble);

  // `parcel`: position of the fact that merged the first two of them.
  void put(std::int64_t ord, std::int64_t parcel);
  void set_apart(std::int64_t ord);
  // Also of an order that is apart.
  [[nodiscard]] std::optional<std::int64_t> parcel_of(std::int64_t ord);
  // All of the order's parcel but itself, in the order of their numbers here.
  [[nodiscard]] std::vector<MergedOrder> others(std::int64_t ord);
  [[nodiscard]] bool apart(std::int64_t ord);
  [[nodiscard]] std::vector<Bearer> bearers(std::string_view tracking, std::int64_t but_ord);

 private:
  Query put_, apart_, parcel_, others_, is_apart_, bearers_;
};

}  // namespace dockline::server::store
