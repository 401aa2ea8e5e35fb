// Projection tables of closed boxes: waiting for their carrier, handed over, delivered. Written by
// the projector alone. Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/query.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::store {

struct Handover {
  std::string box;  // lease under which it was closed
  std::int64_t ord = 0;
  std::string site, carrier, tracking;
  std::string state;  // waiting, handed_over, delivered; reopened: it was gone by the books
  std::int64_t closed_ms = 0;
  std::string manifest;
  std::int64_t handed_ms = 0, delivered_ms = 0;  // 0: not so far

  [[nodiscard]] bool gone() const { return state == "handed_over" || state == "delivered"; }
};

class HandoverBook {
 public:
  HandoverBook(sqlite::Db& db, Trouble& trouble);

  void put(const Handover& box);
  void drop(std::string_view box);
  [[nodiscard]] std::optional<Handover> find(std::string_view box);
  [[nodiscard]] std::vector<Handover> of_order(std::int64_t ord);
  // Of all orders under one label: merged ones share it.
  [[nodiscard]] std::vector<Handover> of_tracking(std::string_view tracking);
  // What stands at a site, by carrier and time of closing; `carrier` empty: of all.
  [[nodiscard]] std::vector<Handover> waiting(std::string_view site, std::string_view carrier,
                                              std::int64_t limit);

  // Pieces by line that count as shipped.
  void put_handed(std::string_view box, std::int64_t line, domain::Quantity pieces);
  [[nodiscard]] std::map<std::int64_t, domain::Quantity> handed(std::string_view box);
  void drop_handed(std::string_view box);

 private:
  Query put_, drop_, find_, of_order_, of_tracking_, waiting_, waiting_for_, put_handed_, handed_,
      drop_handed_;
};

}  // namespace dockline::server::store
