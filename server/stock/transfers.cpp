#include "server/stock/transfers.hpp"

#include <algorithm>

#include "server/stock/places.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::stock {
namespace {

using base::Fault;
using Moves = std::vector<ledger::Move>;

base::Status check(const Transfer& t, Quantity pieces) {
  const auto where = "transfer " + t.id + ": ";
  if (t.sku.empty()) return base::fail(Fault::reject, where + "no SKU");
  if (t.from_site.empty() || t.to_site.empty() || t.from_site == t.to_site) {
    return base::fail(Fault::reject, where + "two sites are needed, not \"" + t.from_site +
                                         "\" and \"" + t.to_site + "\"");
  }
  if (pieces < 1 || pieces > base::limits::kLineQuantityMax) {
    return base::fail(Fault::reject, where + std::to_string(pieces) +
                                         " pieces are not within 1 to " +
                                         std::to_string(base::limits::kLineQuantityMax));
  }
  for (const auto sum : {t.sent, t.received, t.damaged}) {
    if (sum > kPiecesMax - pieces) return base::fail(Fault::reject, where + "beyond any transfer");
  }
  return {};
}

// In as many movements as it takes.
void move(Moves& out, const Transfer& t, Quantity pieces, const std::string& from,
          const std::string& to) {
  for (auto left = pieces; left > 0;) {
    const auto part = std::min(left, base::limits::kLineQuantityMax);
    out.push_back({t.sku, part, from, to});
    left -= part;
  }
}

std::string road(const Transfer& t) { return place(t.to_site, PlaceKind::transit); }

}  // namespace

Quantity in_transit(const Transfer& t) { return t.sent - t.received - t.damaged - t.settled; }

std::string_view name(TransferState state) {
  switch (state) {
    case TransferState::wanted:
      return "wanted";
    case TransferState::on_the_way:
      return "on_the_way";
    case TransferState::partly:
      return "partly";
    case TransferState::late:
      return "late";
    case TransferState::received:
      return "received";
    case TransferState::ahead_of_its_sending:
      return "ahead_of_its_sending";
    case TransferState::closed:
      return "closed";
  }
  return "";
}

TransferState state(const Transfer& t, std::int64_t now_ms) {
  const auto road = in_transit(t);
  if (road < 0) return TransferState::ahead_of_its_sending;
  if (t.closed && road == 0) return TransferState::closed;
  const bool done = road == 0 && t.sent > 0 && t.sent >= t.wanted;
  if (done) return TransferState::received;
  if (t.expected_ms != 0 && now_ms > t.expected_ms) return TransferState::late;
  if (t.received + t.damaged > 0) return TransferState::partly;
  return road > 0 ? TransferState::on_the_way : TransferState::wanted;
}

base::Result<Moves> send(Transfer& t, Quantity pieces) {
  if (auto ok = check(t, pieces); !ok) return base::pass(ok.error());
  Moves out;
  move(out, t, pieces, place(t.from_site, PlaceKind::shelf), road(t));
  t.sent += pieces;
  return out;
}

base::Result<Moves> receive(Transfer& t, Quantity good, Quantity damaged) {
  if (good < 0 || damaged < 0 || good > kPiecesMax || damaged > kPiecesMax) {
    return base::fail(Fault::reject, "transfer " + t.id + ": " + std::to_string(good) +
                                         " good and " + std::to_string(damaged) +
                                         " damaged pieces");
  }
  if (auto ok = check(t, good + damaged); !ok) return base::pass(ok.error());
  Moves out;
  move(out, t, good, road(t), place(t.to_site, PlaceKind::shelf));
  move(out, t, damaged, road(t), place(t.to_site, PlaceKind::damaged));
  t.received += good;
  t.damaged += damaged;
  return out;
}

base::Result<Moves> close(Transfer& t) {
  if (auto ok = check(t, 1); !ok) return base::pass(ok.error());
  Moves out;
  const auto left = in_transit(t);
  const std::string outside(ledger::kAdjustment);
  if (left > 0) move(out, t, left, road(t), outside);
  if (left < 0) move(out, t, -left, outside, road(t));
  t.settled += left;
  t.closed = true;
  return out;
}

}  // namespace dockline::server::stock
