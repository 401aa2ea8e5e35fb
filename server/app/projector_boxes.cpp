// The projector's part about what was scanned into boxes: the lots of their pieces go in with them,
// and come out again with them. What no code named follows first expired, first out.
#include <algorithm>

#include "server/app/projector.hpp"

namespace dockline::server {

using store::Quantity;

store::LotBook::Carried Projector::book_scanned(const Kept& at, std::int64_t& n,
                                                std::string_view reason, const ledger::Move& move,
                                                const domain::Lot& lot) {
  store::LotBook::Carried carried;
  if (!post(at, n, reason, move, lot, &carried)) return carried;
  if (ledger::is_shelf(move.from)) see_counted(at, n, move, move.from, -move.quantity);
  if (ledger::is_shelf(move.to)) see_counted(at, n, move, move.to, move.quantity);
  return carried;
}

// `box`: the lease when it counts for its order, else the fact that closed it.
void Projector::into_box(const Kept& at, std::string_view box, const wire::PackClosed& data) {
  const std::string site(parse_source(at.source).site);
  std::int64_t n = 0;
  for (const auto& line : data.lines) {
    if (line.packed < 1) continue;
    ledger::Move move{line.sku, 0, ledger::shelf(site), ledger::packed(site)};
    Quantity rest = line.packed;
    for (const auto& pieces : line.lots.value_or(std::vector<domain::LotPieces>{})) {
      move.quantity = std::min(pieces.quantity, rest);
      if (move.quantity < 1) continue;
      rest -= move.quantity;
      const auto carried = book_scanned(at, n, "packed", move, pieces.lot);
      store::PackedLot packed{.box = std::string(box),
                              .order = data.order,
                              .line = line.line,
                              .sku = line.sku,
                              .lot = pieces.lot.lot.value_or(""),
                              .serial = pieces.lot.serial.value_or(""),
                              .expires_ms = pieces.lot.expires_ms.value_or(0),
                              .quantity = move.quantity,
                              .unknown = carried.unknown,
                              .other = {}};
      // One that was returned lies on the shelf under its serial, and may leave again.
      if (!carried.by_serial) {
        packed.other = packed_.order_with(line.sku, packed.serial, data.order).value_or("");
      }
      packed_.put(packed);
    }
    move.quantity = rest;
    if (rest > 0) book(at, n, "packed", move);
  }
}

// So many pieces of a line of a box are on the shelf again.
void Projector::out_of_box(const Kept& at, std::int64_t& n, std::string_view reason,
                           ledger::Move move, std::string_view box, std::int64_t line) {
  const auto lots = packed_.take(box, line, move.quantity);
  Quantity rest = move.quantity;
  for (const auto& pieces : lots) {
    move.quantity = pieces.quantity;
    rest -= pieces.quantity;
    book_scanned(at, n, reason, move, store::lot_of(pieces));
  }
  move.quantity = rest;
  if (lots.empty() || rest > 0) book(at, n, reason, move);
}

}  // namespace dockline::server
