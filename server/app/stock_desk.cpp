#include "server/app/stock_desk.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "server/app/bin_names.hpp"
#include "server/app/count_tasks.hpp"
#include "server/orders/intake.hpp"
#include "server/stock/places.hpp"
#include "server/store/lots_at.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

using base::Fault;
namespace limits = base::limits;

constexpr std::size_t kBinsMax = 200;  // of one SKU at a site: a count may have to go through all
constexpr std::int64_t kReceiptsMax = 2'000;  // of one delivery: each is compared with its lines

base::Status within(std::int64_t pieces, std::int64_t least, const char* field) {
  if (pieces >= least && pieces <= limits::kLineQuantityMax) return {};
  return base::fail(Fault::reject, std::string(field) + ": " + std::to_string(pieces) +
                                       " is not within " + std::to_string(least) + " to " +
                                       std::to_string(limits::kLineQuantityMax));
}

base::Status check_texts(
    std::initializer_list<std::pair<const std::string*, std::string_view>> needed) {
  for (const auto& [text, field] : needed) {
    if (auto ok = orders::check_text(*text, field, true); !ok) return ok;
  }
  return {};
}

}  // namespace

base::Status check_lot(const std::optional<domain::Lot>& lot, std::int64_t pieces) {
  if (!lot) return {};
  const std::pair<const std::optional<std::string>*, std::string_view> fields[] = {
      {&lot->lot, "lot.lot"}, {&lot->serial, "lot.serial"}, {&lot->owner, "lot.owner"}};
  for (const auto& [text, field] : fields) {
    if (!*text) continue;
    if (auto ok = orders::check_text(**text, field, true); !ok) return ok;
  }
  if (lot->serial && pieces != 1) {
    return base::fail(Fault::reject, "lot.serial: a serial number is of one piece, not of " +
                                         std::to_string(pieces) + "; book each by itself");
  }
  const std::string ownership = lot->ownership.value_or("own");
  if (ownership != "own" && ownership != "consignment" && ownership != "customer") {
    return base::fail(Fault::reject, "lot.ownership: \"" + ownership +
                                         "\" is none; use own, consignment or customer");
  }
  return {};
}

namespace {

// "shelf" -> "leipzig/shelf"; "supplier" stays. Fault::reject: packed and transit belong to boxes
// and transfers, and other words are no place.
base::Result<std::string> place_of(const std::string& site, const std::string& word,
                                   const char* field) {
  using stock::PlaceKind;
  if (word == ledger::kSupplier || word == ledger::kAdjustment) return word;
  for (const auto kind :
       {PlaceKind::shelf, PlaceKind::staging, PlaceKind::quarantine, PlaceKind::damaged}) {
    if (word == stock::name(kind)) return stock::place(site, kind);
  }
  return base::fail(Fault::reject, std::string(field) + ": \"" + word +
                                       "\" is no place to move by hand; use shelf, staging, "
                                       "quarantine, damaged, supplier or adjustment");
}

// What is put into a bin that holds none makes one more.
base::Status check_new_bin(store::Store& store, const std::string& sku, const std::string& site,
                           const std::string& bin, const char* field) {
  if (auto ok = orders::check_text(bin, field); !ok) return ok;
  if (bin.empty() || store.stock.bin(sku, site) == bin) return {};
  if (store.bins.held(sku, site, bin) > 0) return {};
  if (store.bins.beyond(sku, site, 0).size() < kBinsMax) return {};
  return base::fail(Fault::reject, std::string(field) + ": " + sku + " lies in " +
                                       std::to_string(kBinsMax) + " bins of " + site +
                                       "; empty one of them first");
}

}  // namespace

base::Result<Reply> StockDesk::run(const StockCommand& command) {
  return std::visit([this](const auto& c) { return on(c); }, command);
}

base::Status StockDesk::known_site(const std::string& site, std::string_view field) const {
  const bool known = std::any_of(core_.config.sites.begin(), core_.config.sites.end(),
                                 [&](const SiteConfig& s) { return s.name == site; });
  if (known) return {};
  return base::fail(Fault::reject, std::string(field) + ": \"" + site +
                                       "\" is not configured; add a [[site]] or use one that is");
}

base::Result<std::string> StockDesk::known_sku(const std::string& text) const {
  std::string sku = orders::normal_sku(text);
  if (auto ok = orders::check_text(sku, "sku", true); !ok) return base::pass(ok.error());
  if (core_.store->stock.has_item(sku)) return sku;
  return base::fail(Fault::reject,
                    "sku: \"" + sku + "\" is not in the catalogue; register it first");
}

base::Result<Reply> StockDesk::keep(wire::EventData fact, const std::string& subject) {
  const auto kept = core_.record(std::move(fact), {.subject = subject});
  if (!kept) return base::pass(kept.error());
  Reply reply;
  reply.id = subject;
  reply.created = true;
  return reply;
}

// ---------------------------------------------------------------- places and bins
std::string StockDesk::other_bin(const std::string& sku, const std::string& site,
                                 const std::string& bin) const {
  return core_.store->stock.bin(sku, site) == bin ? std::string{} : bin;
}

std::int64_t StockDesk::in_bin(const std::string& sku, const std::string& site,
                               const std::string& bin) const {
  auto& bins = core_.store->bins;
  if (const auto other = other_bin(sku, site, bin); !other.empty()) {
    return bins.held(sku, site, other);
  }
  return core_.store->stock.balance(sku, ledger::shelf(site)) - bins.sum(sku, site);
}

base::Status StockDesk::check_bins(const MoveStock& c, const wire::StockMoved& fact) const {
  const std::tuple<const std::string&, const std::string&, std::string_view> ends[] = {
      {c.from_bin, fact.from, "from_bin"}, {c.to_bin, fact.to, "to_bin"}};
  for (const auto& [bin, place, field] : ends) {
    if (auto ok = orders::check_text(bin, field); !ok) return ok;
    if (bin.empty() || ledger::is_shelf(place)) continue;
    return base::fail(Fault::reject, std::string(field) + ": only a shelf has bins; leave \"" +
                                         bin + "\" out, or move to or from the shelf");
  }
  const bool inside = fact.from == fact.to;
  if (inside && other_bin(fact.sku, c.site, c.from_bin) == other_bin(fact.sku, c.site, c.to_bin)) {
    return base::fail(Fault::reject, "to: from " + c.from + " to " + c.to +
                                         " moves nothing at this site; name two places of which "
                                         "one at least is here, or two bins of the shelf");
  }
  if (c.from_bin.empty() && !inside) return {};
  const auto holds = in_bin(fact.sku, c.site, c.from_bin);
  if (holds >= c.quantity) return {};
  const auto bin = c.from_bin.empty() ? "its home bin" : "bin \"" + c.from_bin + "\"";
  return base::fail(Fault::conflict, "from_bin: " + bin + " holds " + std::to_string(holds) +
                                         " of " + fact.sku + " at " + c.site + ", not " +
                                         std::to_string(c.quantity) +
                                         "; move that many, or count the bin first");
}

// The lot as the books have it: a name that is meant says less. To the shelf go only pieces that
// may be sold: named ones, or as many without a name as there are of them.
base::Status StockDesk::fit_lot(wire::StockMoved& fact) const {
  if (ledger::site_of(fact.from).empty()) return {};
  const auto lots = store::lots_at(core_.store->db(), fact.sku, fact.from);
  if (!lots) return base::pass(lots.error());
  domain::Quantity unfit = 0, fit = 0, known = 0;
  bool meant_unfit = false;
  std::vector<domain::Lot> named;
  for (const auto& held : *lots) {
    const bool meant =
        !fact.lot || ((!fact.lot->lot || *fact.lot->lot == held.lot) &&
                      (!fact.lot->serial || *fact.lot->serial == held.serial) &&
                      (!fact.lot->expires_ms || *fact.lot->expires_ms == held.expires_ms));
    const bool sold = may_be_sold(store::lot_of(held), core_.now.wall_ms);
    known += held.quantity;
    if (!sold) unfit += held.quantity;
    if (!meant) continue;
    if (sold) fit += held.quantity;
    meant_unfit = meant_unfit || !sold;
    named.push_back(store::lot_of(held));
  }
  if (fact.lot && named.size() == 1) fact.lot = named.front();
  if (!ledger::is_shelf(fact.to) || ledger::is_shelf(fact.from)) return {};
  // A lot that is not there, or has fewer, means pieces of which the books know none: others' goods
  // do not become the house's by it.
  const auto balance = core_.store->stock.balance(fact.sku, fact.from);
  if (!fact.lot) fit = balance - unfit;
  if (fact.lot && !meant_unfit) fit += std::max<domain::Quantity>(0, balance - known);
  if (unfit == 0 || fact.quantity <= fit) return {};
  return base::fail(Fault::conflict,
                    "quantity: " + std::to_string(unfit) + " of the pieces at " + fact.from +
                        " are expired, or a customer's own, and are not sold; at most " +
                        std::to_string(std::max<domain::Quantity>(0, fit)) +
                        " can go to the shelf (`dockline stock lots " + fact.sku + "`)");
}

base::Result<Reply> StockDesk::on(const MoveStock& c) {
  const auto sku = known_sku(c.sku);
  if (!sku) return base::pass(sku.error());
  if (auto ok = known_site(c.site, "site"); !ok) return base::pass(ok.error());
  if (auto ok = check_texts({{&c.reason, "reason"}}); !ok) return base::pass(ok.error());
  if (auto ok = within(c.quantity, 1, "quantity"); !ok) return base::pass(ok.error());
  if (auto ok = check_lot(c.lot, c.quantity); !ok) return base::pass(ok.error());
  const auto from = place_of(c.site, c.from, "from");
  if (!from) return base::pass(from.error());
  const auto to = place_of(c.site, c.to, "to");
  if (!to) return base::pass(to.error());
  const bool here = !ledger::site_of(*from).empty() || !ledger::site_of(*to).empty();
  if (!here || (*from == *to && !ledger::is_shelf(*to))) {
    return base::fail(Fault::reject, "to: from " + c.from + " to " + c.to +
                                         " moves nothing at this site; name two places of which "
                                         "one at least is here");
  }
  wire::StockMoved fact{*sku, c.quantity, *from, *to, c.reason, c.lot};
  if (auto ok = check_bins(c, fact); !ok) return base::pass(ok.error());
  if (auto ok = check_new_bin(*core_.store, *sku, c.site, c.to_bin, "to_bin"); !ok) {
    return base::pass(ok.error());
  }
  if (!c.from_bin.empty()) fact.from_bin = c.from_bin;
  if (!c.to_bin.empty()) fact.to_bin = c.to_bin;
  if (ledger::is_shelf(*to) && !may_be_sold(c.lot, core_.now.wall_ms)) {
    return base::fail(Fault::reject,
                      "to: pieces that are expired, or a customer's own, are not sold; keep them "
                      "in quarantine or damaged");
  }
  if (auto ok = fit_lot(fact); !ok) return base::pass(ok.error());
  return keep(std::move(fact), *sku);
}

// ---------------------------------------------------------------- deliveries
base::Result<Reply> StockDesk::on(const AnnounceDelivery& c) {
  if (auto ok = check_texts({{&c.delivery, "delivery"}, {&c.supplier, "supplier"}}); !ok) {
    return base::pass(ok.error());
  }
  if (auto ok = known_site(c.site, "site"); !ok) return base::pass(ok.error());
  if (c.lines.empty() || c.lines.size() > limits::kOrderLinesMax) {
    return base::fail(Fault::reject, "lines: 1 to " + std::to_string(limits::kOrderLinesMax) +
                                         " lines are needed; split a longer delivery");
  }
  wire::DeliveryAnnounced fact{c.delivery, c.supplier, c.site, c.expected_ms, {}, {}, c.origin};
  for (const auto& line : c.lines) {
    const auto where = "lines[" + std::to_string(fact.lines.size()) + "].";
    const auto sku = known_sku(line.sku);
    if (!sku) return base::fail(Fault::reject, where + sku.error().detail);
    if (auto ok = within(line.quantity, 1, (where + "quantity").c_str()); !ok) {
      return base::pass(ok.error());
    }
    const auto number = static_cast<std::int64_t>(fact.lines.size()) + 1;
    fact.lines.push_back({number, *sku, line.quantity});
  }
  if (const auto known = core_.store->deliveries.find(c.delivery)) {
    const auto same = [](const stock::ExpectedLine& a, const wire::DeliveryLine& b) {
      return a.line == b.line && a.sku == b.sku && a.pieces == b.quantity;
    };
    Reply reply;
    reply.id = c.delivery;
    if (known->site == c.site && std::equal(known->lines.begin(), known->lines.end(),
                                            fact.lines.begin(), fact.lines.end(), same)) {
      return reply;
    }
    return base::fail(Fault::conflict, "delivery \"" + c.delivery +
                                           "\" is announced already with other goods; close it "
                                           "and announce the new one under a number of its own");
  }
  return keep(std::move(fact), c.delivery);
}

base::Status StockDesk::find_code(ReceiveGoods& c) const {
  if (auto ok = orders::check_text(c.code, "code", true); !ok) return ok;
  const auto found = core_.store->stock.by_code(c.code);
  if (found.empty()) return {};  // kept as it is; a person finds out
  if (found.size() > 1) {
    return base::fail(Fault::reject, "code: \"" + c.code + "\" is on " + found[0].first + " and " +
                                         found[1].first + "; give the SKU");
  }
  c.sku = found.front().first;
  if (c.quantity > limits::kLineQuantityMax / found.front().second) {
    return base::fail(Fault::reject,
                      "quantity: so many scans of \"" + c.code + "\" are beyond any delivery");
  }
  c.quantity *= PLANT("case-received-as-one") ? 1 : found.front().second;
  return {};
}

base::Result<Reply> StockDesk::on(const ReceiveGoods& command) {
  ReceiveGoods c = command;
  if (auto ok = check_texts({{&c.by, "by"}}); !ok) return base::pass(ok.error());
  if (auto ok = within(c.quantity, 1, "quantity"); !ok) return base::pass(ok.error());
  if (c.sku.empty() == c.code.empty()) {
    return base::fail(Fault::reject, "sku: give either the SKU or the code as it was scanned");
  }
  if (c.code.empty()) {
    auto sku = known_sku(c.sku);
    if (!sku) return base::pass(sku.error());
    c.sku = std::move(*sku);
  } else if (auto ok = find_code(c); !ok) {
    return base::pass(ok.error());
  }
  if (c.damaged < 0 || c.damaged > c.quantity) {
    return base::fail(Fault::reject, "damaged: " + std::to_string(c.damaged) +
                                         " is not within 0 to " + std::to_string(c.quantity) +
                                         ", the pieces that came");
  }
  if (auto ok = check_lot(c.lot, c.quantity); !ok) return base::pass(ok.error());
  if (c.delivery) {
    const auto known = core_.store->deliveries.find(*c.delivery);
    if (!known) {
      return base::fail(Fault::reject, "delivery: \"" + *c.delivery +
                                           "\" is not announced; announce it, or receive the "
                                           "goods without a delivery");
    }
    if (c.site.empty()) c.site = known->site;
    if (core_.store->deliveries.receipt_count(*c.delivery) >= kReceiptsMax) {
      return base::fail(Fault::reject, "delivery: \"" + *c.delivery + "\" has " +
                                           std::to_string(kReceiptsMax) +
                                           " receipts; announce the rest under another number");
    }
  }
  if (auto ok = known_site(c.site, "site"); !ok) return base::pass(ok.error());
  if (auto ok = check_new_bin(*core_.store, c.sku, c.site, c.bin, "bin"); !ok) {
    return base::pass(ok.error());
  }
  wire::DeliveryReceived fact{c.delivery, c.site, c.sku, {}, c.quantity, c.damaged, c.lot, c.by};
  if (!c.bin.empty()) fact.bin = c.bin;
  if (!c.code.empty()) fact.code = c.code;
  return keep(std::move(fact), c.delivery.value_or(c.sku.empty() ? c.code : c.sku));
}

base::Result<Reply> StockDesk::on(const CloseDelivery& c) {
  if (auto ok = check_texts({{&c.why, "why"}, {&c.by, "by"}}); !ok) return base::pass(ok.error());
  const auto known = core_.store->deliveries.find(c.delivery);
  if (!known) {
    return base::fail(Fault::reject, "delivery: \"" + c.delivery + "\" is not announced");
  }
  if (known->closed) {
    Reply reply;
    reply.id = c.delivery;
    return reply;
  }
  return keep(wire::DeliveryClosed{c.delivery, c.why, c.by}, c.delivery);
}

// ---------------------------------------------------------------- transfers
base::Result<Reply> StockDesk::on(const OrderTransfer& c) {
  const auto sku = known_sku(c.sku);
  if (!sku) return base::pass(sku.error());
  if (auto ok = known_site(c.from_site, "from_site"); !ok) return base::pass(ok.error());
  if (auto ok = known_site(c.to_site, "to_site"); !ok) return base::pass(ok.error());
  if (c.from_site == c.to_site) {
    return base::fail(Fault::reject, "to_site: a transfer goes to another site than " +
                                         c.from_site + "; within a site use /stock/move");
  }
  if (auto ok = within(c.quantity, 1, "quantity"); !ok) return base::pass(ok.error());
  if (auto ok = check_texts({{&c.why, "why"}, {&c.by, "by"}}); !ok) return base::pass(ok.error());
  std::string id;
  do {
    id = "T" + std::to_string(1'000 + core_.store->own.next("transfer"));
  } while (core_.store->deliveries.transfer(id));
  return keep(wire::TransferOrdered{id, *sku, c.from_site, c.to_site, c.quantity, c.expected_ms,
                                    c.why, c.by},
              id);
}

base::Result<stock::Transfer> StockDesk::known_transfer(const std::string& id) const {
  auto known = core_.store->deliveries.transfer(id);
  if (known) return std::move(*known);
  return base::fail(Fault::reject, "transfer: \"" + id + "\" is not known; order it first");
}

base::Result<Reply> StockDesk::on(const SendTransfer& c) {
  if (auto ok = check_texts({{&c.by, "by"}}); !ok) return base::pass(ok.error());
  auto transfer = known_transfer(c.transfer);
  if (!transfer) return base::pass(transfer.error());
  if (auto ok = check_lot(c.lot, c.quantity); !ok) return base::pass(ok.error());
  if (auto ok = stock::send(*transfer, c.quantity); !ok) return base::pass(ok.error());
  return keep(wire::TransferSent{c.transfer, c.quantity, c.lot, c.by}, c.transfer);
}

// What expired on the road, or is a customer's own, comes under its lot, and then waits for a
// decision: received without it nobody could tell it from what is sold.
base::Status StockDesk::fit_received(const stock::Transfer& transfer,
                                     const ReceiveTransfer& said) const {
  if (said.lot || said.quantity == 0) return {};
  const auto road = stock::place(transfer.to_site, stock::PlaceKind::transit);
  const auto lots = store::lots_at(core_.store->db(), transfer.sku, road);
  if (!lots) return base::pass(lots.error());
  domain::Quantity unfit = 0;
  for (const auto& held : *lots) {
    if (!may_be_sold(store::lot_of(held), core_.now.wall_ms)) unfit += held.quantity;
  }
  const auto fit = core_.store->stock.balance(transfer.sku, road) - unfit;
  if (unfit == 0 || said.quantity <= fit) return {};
  return base::fail(Fault::conflict,
                    "lot: " + std::to_string(unfit) + " of the pieces on the road to " +
                        transfer.to_site + " are expired, or a customer's own; at most " +
                        std::to_string(std::max<domain::Quantity>(0, fit)) +
                        " come without a lot. Receive the others with it: they go to quarantine "
                        "(`dockline stock lots " +
                        transfer.sku + "`)");
}

base::Result<Reply> StockDesk::on(const ReceiveTransfer& c) {
  if (auto ok = check_texts({{&c.by, "by"}}); !ok) return base::pass(ok.error());
  auto transfer = known_transfer(c.transfer);
  if (!transfer) return base::pass(transfer.error());
  if (auto ok = check_lot(c.lot, c.quantity + c.damaged); !ok) return base::pass(ok.error());
  if (auto ok = stock::receive(*transfer, c.quantity, c.damaged); !ok) {
    return base::pass(ok.error());
  }
  if (auto ok = check_new_bin(*core_.store, transfer->sku, transfer->to_site, c.bin, "bin"); !ok) {
    return base::pass(ok.error());
  }
  if (auto ok = fit_received(*transfer, c); !ok) return base::pass(ok.error());
  wire::TransferReceived fact{c.transfer, c.quantity, c.damaged, c.lot, c.by};
  if (!c.bin.empty()) fact.bin = c.bin;
  return keep(std::move(fact), c.transfer);
}

base::Result<Reply> StockDesk::on(const CloseTransfer& c) {
  if (auto ok = check_texts({{&c.why, "why"}, {&c.by, "by"}}); !ok) return base::pass(ok.error());
  auto transfer = known_transfer(c.transfer);
  if (!transfer) return base::pass(transfer.error());
  if (transfer->closed && stock::in_transit(*transfer) == 0) {
    Reply reply;
    reply.id = c.transfer;
    return reply;
  }
  return keep(wire::TransferClosed{c.transfer, c.why, c.by}, c.transfer);
}

// ---------------------------------------------------------------- counts
base::Result<Reply> StockDesk::on(const CountStock& c) {
  const auto sku = known_sku(c.sku);
  if (!sku) return base::pass(sku.error());
  if (auto ok = known_site(c.site, "site"); !ok) return base::pass(ok.error());
  if (auto ok = within(c.counted, 0, "counted"); !ok) return base::pass(ok.error());
  if (auto ok = check_texts({{&c.by, "by"}}); !ok) return base::pass(ok.error());
  if (auto ok = orders::check_text(c.bin, "bin"); !ok) return base::pass(ok.error());
  wire::StockCounted fact{c.site, *sku, c.counted, {}, {}, {}, c.by};
  if (!c.bin.empty()) fact.bin = c.bin;
  // Where its pieces lie in several bins a bin is counted alone, which answers no question about
  // the shelf.
  const bool alone = fact.bin && core_.store->bins.any(*sku, c.site);
  if (alone && !other_bin(*sku, c.site, c.bin).empty() && in_bin(*sku, c.site, c.bin) == 0) {
    return base::fail(Fault::reject, "bin: \"" + c.bin + "\" holds none of " + *sku + " at " +
                                         c.site +
                                         "; move pieces into it first, name a bin that holds "
                                         "some, or leave it out and count the whole shelf");
  }
  if (const auto task = core_.store->counts.open_task(*sku, c.site); task && !alone) {
    fact.task = task->task;
  }
  return keep(std::move(fact), *sku);
}

base::Result<Reply> StockDesk::on(const AskCount& c) {
  const auto sku = known_sku(c.sku);
  if (!sku) return base::pass(sku.error());
  if (auto ok = known_site(c.site, "site"); !ok) return base::pass(ok.error());
  if (auto ok = check_texts({{&c.why, "why"}}); !ok) return base::pass(ok.error());
  Reply reply;
  if (const auto task = core_.store->counts.open_task(*sku, c.site)) {
    reply.id = task->task;
    return reply;
  }
  std::string station = c.station;
  if (station.empty()) station = stations_.choose(c.site).value_or("");
  if (!c.station.empty() && !stations_.knows(c.site, c.station)) {
    return base::fail(Fault::reject, "station: \"" + c.station + "\" is not known at " + c.site +
                                         "; leave it out and the server chooses one");
  }
  store::CountTask task{core_.new_id(), *sku, c.site, station, {}, c.why, 0, {}};
  task.bin = bins_of(core_.store->stock, core_.store->bins, *sku, c.site).value_or("");
  const auto asked = question(task, core_.store->stock);
  auto kept = keep(asked, *sku);
  if (kept) kept->id = asked.task;
  return kept;
}

base::Result<Reply> StockDesk::on(const DropCount& c) {
  if (auto ok = check_texts({{&c.why, "why"}}); !ok) return base::pass(ok.error());
  const auto task = core_.store->counts.task(c.task);
  if (!task) {
    return base::fail(Fault::reject, "task: \"" + c.task + "\" is not known");
  }
  Reply reply;
  reply.id = c.task;
  if (task->state != "open") return reply;
  return keep(wire::CountDropped{c.task, c.why}, c.task);
}

}  // namespace dockline::server
