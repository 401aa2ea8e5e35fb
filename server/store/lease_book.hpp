// Projection tables beside p_lease: boxes closed under a fenced lease, what stations say they hold,
// who was asked after a restore. Written by the projector alone. Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/query.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::store {

struct FencedBox {
  std::string box;  // id of the pack.closed fact
  std::int64_t position = 0;
  std::string order, lease;
  std::int64_t epoch = 0;
  std::string site, station, holder;
  domain::ShippingLabel label;
  std::string state = "open";  // open, accepted, put_back, reopened
};
struct FencedLine {
  std::int64_t line = 0;
  std::string sku;
  domain::Quantity quantity = 0;
};
struct HeldRow {
  std::string lease;
  std::int64_t epoch = 0;
  std::string order, state;  // open, held, done, revoked
};
struct CensusRow {
  std::string site, station, state;  // waiting, answered, written_off
};

class LeaseBook {
 public:
  LeaseBook(sqlite::Db& db, Trouble& trouble);

  void put(const FencedBox& box);
  void put_line(std::string_view box, const FencedLine& line);
  void set_box(std::string_view box, std::string_view state);
  [[nodiscard]] std::optional<FencedBox> box(std::string_view id);
  // The newest open one of that work.
  [[nodiscard]] std::optional<FencedBox> open_box(std::string_view lease, std::int64_t epoch,
                                                  std::string_view site, std::string_view station);
  // The newest one of that work, in whatever state.
  [[nodiscard]] std::optional<FencedBox> newest_box(std::string_view lease, std::int64_t epoch,
                                                    std::string_view site,
                                                    std::string_view station);
  [[nodiscard]] std::vector<FencedBox> open_boxes();
  [[nodiscard]] std::vector<FencedLine> lines(std::string_view box);

  void clear_held(std::string_view site, std::string_view station);
  void put_held(std::string_view site, std::string_view station, const HeldRow& row);
  [[nodiscard]] std::vector<HeldRow> held(std::string_view site, std::string_view station);

  void ask(std::string_view census, std::string_view site, std::string_view station,
           std::int64_t at_ms);
  // Moves a row that waits.
  void settle(std::string_view census, std::string_view site, std::string_view station,
              std::string_view state, std::int64_t at_ms);
  [[nodiscard]] std::vector<CensusRow> census(std::string_view id);

 private:
  Query put_, put_line_, set_, box_, open_, newest_, all_open_, lines_, clear_held_, put_held_,
      held_, ask_, settle_, census_;
};

}  // namespace dockline::server::store
