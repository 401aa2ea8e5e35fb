// Goods on their way between two sites: two legs, each a movement of its own, with the goods in
// transit between them. The legs may be heard in any order (the sender may be silent): transit goes
// below zero until the other is heard, and nothing is guessed. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/stock/bounds.hpp"
#include "shared/base/result.hpp"
#include "shared/ledger/ledger.hpp"

namespace dockline::server::stock {

struct Transfer {
  std::string id, sku, from_site, to_site;
  Quantity wanted = 0;
  Quantity sent = 0, received = 0, damaged = 0;  // heard so far; damaged ones are not in received
  Quantity settled = 0;  // given up (positive) or found too many (negative) when it was closed
  std::int64_t expected_ms = 0;  // wall clock; 0: no date
  bool closed = false;
};
// Pieces on the road; below zero: received before the sending was heard.
[[nodiscard]] Quantity in_transit(const Transfer& transfer);

enum class TransferState {
  wanted,
  on_the_way,
  partly,
  late,
  received,
  ahead_of_its_sending,
  closed
};
[[nodiscard]] std::string_view name(TransferState state);
[[nodiscard]] TransferState state(const Transfer& transfer, std::int64_t now_ms);

// Each step changes the transfer and says which movements to post; a movement never takes more than
// kLineQuantityMax. Fault::reject: below one piece or beyond bounds, the same site twice, no SKU.
// Reality is recorded also when it is more than was wanted, and after it was closed.
[[nodiscard]] base::Result<std::vector<ledger::Move>> send(Transfer& transfer, Quantity pieces);
[[nodiscard]] base::Result<std::vector<ledger::Move>> receive(Transfer& transfer, Quantity good,
                                                              Quantity damaged);
// A person says that nothing more will come: what is still in transit is lost, or was too much.
// What comes later all the same is received, and can be closed again.
[[nodiscard]] base::Result<std::vector<ledger::Move>> close(Transfer& transfer);

}  // namespace dockline::server::stock
