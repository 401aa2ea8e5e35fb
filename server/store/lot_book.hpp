// Projection table of lots: which pieces of a balance are of which lot, serial, expiry and owner.
// Written by the projector alone. Errors are sticky (query.hpp).
//
// A movement that names no lot takes those that expire first and are not expired, and they go on
// under their lot; what is beyond them has none. To a shelf it never takes what may not be sold.
// Invariant: the lots of a place sum to no more than its balance (zero where that is below), but
// for what came where more had left than had come: it keeps its lot until something leaves again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/query.hpp"
#include "shared/domain/types.hpp"
#include "shared/ledger/ledger.hpp"

namespace dockline::server::store {

using domain::Quantity;

struct HeldLot {
  std::string sku, place, lot, serial;
  std::int64_t expires_ms = 0;  // 0: none
  std::string ownership = "own", owner;
  Quantity quantity = 0;
  std::int64_t received_ms = 0;
};
[[nodiscard]] domain::Lot lot_of(const HeldLot& held);

class LotBook {
 public:
  LotBook(sqlite::Db& db, Trouble& trouble);

  // Any lot of the SKU at a place?
  [[nodiscard]] bool any(std::string_view sku, std::string_view place);
  // The lots of a movement that was booked.
  void move(const ledger::Move& move, const std::optional<domain::Lot>& lot, std::int64_t at_ms);
  // The same of pieces whose code was scanned at a bench: it says less than the books, or more, and
  // names the pieces all the same. `before`: pieces at `from` before the movement.
  struct Carried {
    Quantity unknown = 0;    // the books had none under such a lot, and all others have theirs
    bool by_serial = false;  // that very piece lay there
  };
  Carried carry(const ledger::Move& move, const domain::Lot& lot, std::int64_t at_ms,
                Quantity before);
  // After it: no more lots than pieces.
  void trim(std::string_view sku, std::string_view place, Quantity balance, std::int64_t at_ms);
  // On a shelf, expired at that instant; the longest expired first.
  [[nodiscard]] std::vector<HeldLot> expired(std::int64_t at_ms, std::int64_t limit);

 private:
  [[nodiscard]] std::vector<HeldLot> take(std::string_view sku, std::string_view place,
                                          Quantity pieces, std::int64_t at_ms, bool sold_only);
  [[nodiscard]] std::vector<HeldLot> take_named(std::string_view sku, std::string_view place,
                                                const HeldLot& named, Quantity pieces,
                                                std::int64_t at_ms);
  void add(const HeldLot& lot, std::string_view place, Quantity pieces);

  Query some_, any_, rows_, one_, add_, set_, drop_, sum_, expired_;
  // Most houses have no lots at all: the table is known to be empty, each movement asks.
  bool looked_ = false, empty_ = false;
};

}  // namespace dockline::server::store
