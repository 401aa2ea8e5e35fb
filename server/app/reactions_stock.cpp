// What deliveries, transfers and counts set off: orders that waited for goods, differences that a
// person settles, tasks that are not needed any more.
#include <algorithm>

#include "server/app/purchase_posts.hpp"
#include "server/app/reactions.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

constexpr std::int64_t kHeldPerMove = 32;

std::string pieces(domain::Quantity n) {
  return std::to_string(n) + (n == 1 ? " piece" : " pieces");
}

}  // namespace

// Pieces came to a shelf, or left it, by another way than a box.
base::Status Reactions::shelf_changed(const Fresh& fresh, const std::string& sku,
                                      const std::string& site, domain::Quantity change) {
  if (sku.empty() || change == 0) return {};
  core_.engine->touch(sku, fresh.event.time_ms);
  check_place(sku, ledger::shelf(site));
  if (change < 0) return {};
  if (auto ok = stock_found(sku); !ok) return ok;
  // The first time anything of it lies here: its stations must know it.
  if (core_.store->stock.balance(sku, ledger::shelf(site)) != change) return {};
  auto item = core_.store->stock.item(sku);
  if (!item || core_.store->stock.bin(sku, site)) return {};
  stations_.tell_site(site, wire::CatalogueItem{std::move(*item), std::nullopt}, sku);
  return core_.store->trouble();
}

// Orders that waited for it are routed again, those that were held for the lack of it looked at.
base::Status Reactions::stock_found(const std::string& sku) {
  core_.store->own.add_reroute(sku);
  for (const auto ord : core_.store->life.held_for(sku, kHeldPerMove)) {
    if (auto ok = examine_stock(ord, false); !ok) return ok;
  }
  return core_.store->trouble();
}

base::Status Reactions::on(const Fresh& fresh, const wire::StockMoved& data) {
  if (data.from_bin || data.to_bin) {
    const bool from_here = data.from_bin && ledger::is_shelf(data.from);
    tell_bins(data.sku, std::string(ledger::site_of(from_here ? data.from : data.to)));
  }
  if (data.from == data.to) return {};  // from bin to bin: nothing came, nothing left
  core_.engine->touch(data.sku, fresh.event.time_ms);
  for (const auto* place : {&data.from, &data.to}) {
    const std::string site(ledger::site_of(*place));
    if (site.empty()) continue;
    if (ledger::is_real(*place)) check_place(data.sku, *place);
    if (ledger::is_shelf(*place)) {
      const auto change = place == &data.to ? data.quantity : -data.quantity;
      if (auto ok = shelf_changed(fresh, data.sku, site, change); !ok) return ok;
    }
  }
  return {};
}

// ---------------------------------------------------------------- deliveries
// What is to be settled about a delivery, as a person reads it; empty: nothing.
std::string Reactions::differences(const stock::Outcome& outcome) {
  std::string out;
  const auto add = [&](const std::string& what, const std::string& remedy) {
    if (remedy.empty()) return;
    out += (out.empty() ? "" : " ") + what + ": " + remedy;
  };
  for (const auto& line : outcome.lines) {
    add("Line " + std::to_string(line.line) + ", " + line.sku + ", " +
            std::to_string(line.received) + " of " + std::to_string(line.expected),
        line.remedy);
  }
  for (const auto& stranger : outcome.strangers) {
    add(pieces(stranger.pieces) + " of " +
            (stranger.sku.empty() ? "code " + stranger.code : stranger.sku),
        stranger.remedy);
  }
  return out;
}

// Is this receipt part of what differs? What a person has settled already is not asked again.
bool Reactions::differs_by(const stock::Outcome& outcome, const wire::DeliveryReceived& receipt) {
  const auto code = receipt.code.value_or("");
  return receipt.damaged > 0 ||
         std::ranges::any_of(outcome.strangers,
                             [&](const stock::Stranger& s) {
                               return receipt.sku.empty() ? s.sku.empty() && s.code == code
                                                          : s.sku == receipt.sku;
                             }) ||
         std::ranges::any_of(outcome.lines, [&](const stock::LineOutcome& l) {
           return l.sku == receipt.sku && l.state == stock::LineState::over;
         });
}

base::Status Reactions::judge_delivery(const std::string& id,
                                       const wire::DeliveryReceived* receipt) {
  auto& books = core_.store->deliveries;
  const auto delivery = books.find(id);
  if (!delivery) return core_.store->trouble();
  const auto outcome = stock::compare(*delivery, books.receipts(id), core_.now.wall_ms);
  if (!outcome) return base::pass(outcome.error());
  const std::string text = differences(*outcome);
  if (!text.empty() && (receipt == nullptr || differs_by(*outcome, *receipt))) {
    core_.raise("delivery_differs", id,
                "Delivery " + id + " of " + delivery->supplier + " is not what was announced.",
                text);
  }
  if (outcome->state != stock::DeliveryState::complete || delivery->closed) {
    return core_.store->trouble();
  }
  const auto kept =
      core_.record(wire::DeliveryClosed{id, "all of it came", "server"}, {.subject = id});
  return kept ? core_.store->trouble() : base::pass(kept.error());
}

base::Status Reactions::on(const Fresh& fresh, const wire::DeliveryReceived& data) {
  if (may_be_sold(data.lot, fresh.event.time_ms)) {
    const auto good = data.quantity - data.damaged;
    if (auto ok = shelf_changed(fresh, data.sku, data.site, good); !ok) return ok;
    if (data.bin && !data.sku.empty()) tell_bins(data.sku, data.site);
  }
  if (data.delivery) return judge_delivery(*data.delivery, &data);
  if (data.sku.empty()) {
    core_.raise("delivery_differs", data.site + "#" + data.code.value_or(""),
                pieces(data.quantity) + " came to " + data.site + " under code " +
                    data.code.value_or("") + ", which is no item's.",
                "Received by " + data.by + "; they are in no book so far");
  }
  return core_.store->trouble();
}

base::Status Reactions::on(const Fresh&, const wire::DeliveryClosed& data) {
  if (auto ok = settle_as("delivery_late", data.delivery, "closed", data.by); !ok) return ok;
  return judge_delivery(data.delivery, nullptr);
}

// ---------------------------------------------------------------- transfers
base::Status Reactions::on(const Fresh& fresh, const wire::TransferSent& data) {
  const auto transfer = core_.store->deliveries.transfer(data.transfer);
  if (!transfer) return core_.store->trouble();
  return shelf_changed(fresh, transfer->sku, transfer->from_site, -data.quantity);
}

base::Status Reactions::on(const Fresh& fresh, const wire::TransferReceived& data) {
  const auto transfer = core_.store->deliveries.transfer(data.transfer);
  if (!transfer) return core_.store->trouble();
  if (may_be_sold(data.lot, fresh.event.time_ms)) {
    if (auto ok = shelf_changed(fresh, transfer->sku, transfer->to_site, data.quantity); !ok) {
      return ok;
    }
    if (data.bin) tell_bins(transfer->sku, transfer->to_site);
  }
  if (stock::state(*transfer, core_.now.wall_ms) != stock::TransferState::received) {
    return core_.store->trouble();
  }
  return settle_as("transfer_late", data.transfer, "received", data.by);
}

base::Status Reactions::on(const Fresh&, const wire::TransferClosed& data) {
  if (auto ok = settle_as("transfer_late", data.transfer, "closed", data.by); !ok) return ok;
  const auto transfer = core_.store->deliveries.transfer(data.transfer);
  if (!transfer || transfer->settled == 0) return core_.store->trouble();
  const bool lost = transfer->settled > 0;
  core_.raise("transfer_lost", data.transfer,
              pieces(std::abs(transfer->settled)) + " of " + transfer->sku +
                  (lost ? " were lost between " : " too many came between ") + transfer->from_site +
                  " and " + transfer->to_site + ".",
              "Transfer " + data.transfer + " was closed by " + data.by + ": " + data.why);
  return core_.store->trouble();
}

// ---------------------------------------------------------------- buying
// What was ordered is told to its supplier, where that has an address, and flows into receiving.
base::Status Reactions::on(const Fresh&, const wire::PurchaseDecided& data) {
  const auto purchase = core_.store->buying.purchase(data.purchase);
  if (!purchase || data.action == "dropped") return core_.store->trouble();
  if (data.action != "sent") return supplier_told(data);
  if (auto ok = PurchasePosts(core_).order(data.purchase); !ok) return ok;
  if (core_.store->deliveries.find(data.purchase)) return core_.store->trouble();
  wire::DeliveryAnnounced fact{data.purchase,  purchase->supplier, purchase->site,
                               data.expect_ms, data.purchase,      {},
                               "purchase"};
  for (const auto& line : purchase->lines) {
    fact.lines.push_back({line.line, line.sku, line.quantity});
    if (PLANT("purchase-announced-in-part")) break;
  }
  const auto kept = core_.record(std::move(fact), {.subject = data.purchase});
  return kept ? core_.store->trouble() : base::pass(kept.error());
}

// How the supplier of an ordered purchase heard of it.
base::Status Reactions::supplier_told(const wire::PurchaseDecided& data) {
  if (data.action != "refused") {
    return settle_as("purchase_unsent", data.purchase, data.action, data.by);
  }
  const auto purchase = core_.store->buying.purchase(data.purchase);
  core_.raise("purchase_unsent", data.purchase,
              "Purchase " + data.purchase + " was not sent to " +
                  (purchase ? purchase->supplier : "its supplier") + ".",
              data.why);
  return core_.store->trouble();
}

// ---------------------------------------------------------------- counts
base::Status Reactions::on(const Fresh&, const wire::CountAsked& data) {
  return stations_.ask_count(data);
}

base::Status Reactions::on(const Fresh&, const wire::CountDropped& data) {
  return end_question(data.task, data.why);
}

base::Status Reactions::end_question(const std::string& id, const std::string& why) {
  const auto task = core_.store->counts.task(id);
  if (!task || task->state == "open") return core_.store->trouble();
  return stations_.drop_count(*task, why);
}

base::Status Reactions::on(const Fresh& fresh, const wire::StockCounted& data) {
  if (data.task) {
    if (auto ok = end_question(*data.task, "counted"); !ok) return ok;
    // Who answered need not keep it either: another bench's question, or one from a lost future.
    const auto from = parse_source(fresh.event.source);
    const auto task = core_.store->counts.task(*data.task);
    if (!from.site.empty() && (!task || task->site != from.site || task->station != from.station)) {
      store::CountTask theirs;
      theirs.task = *data.task;
      theirs.site = from.site;
      theirs.station = from.station;
      if (auto ok = stations_.drop_count(theirs, "counted"); !ok) return ok;
    }
  }
  const auto row = core_.store->counts.row(fresh.position);
  if (!row) return core_.store->trouble();
  if (!row->counts) {
    core_.raise("count_late", data.sku + "@" + data.site,
                data.by + " counted " + pieces(data.counted) + " of " + data.sku + " at " +
                    data.site + " when nobody waited for it any more; nothing was booked.",
                "Told by " + fresh.event.source);
    return core_.store->trouble();
  }
  core_.engine->touch(data.sku, fresh.event.time_ms);
  if (row->difference > 0) {
    if (auto ok = stock_found(data.sku); !ok) return ok;
  }
  if (row->one_bin) {  // the rest of the shelf was not looked at
    tell_bins(data.sku, data.site);
    return core_.store->trouble();
  }
  const std::string place = ledger::shelf(data.site);
  if (core_.store->stock.balance(data.sku, place) >= 0) {
    if (auto ok = settle_as("negative_stock", data.sku + "@" + place, "counted", data.by); !ok) {
      return ok;
    }
  }
  if (auto ok = settle_as("short_pick", data.sku + "@" + data.site, "counted", data.by); !ok) {
    return ok;
  }
  for (const auto& station : stations_.all()) {
    if (station.site != data.site) continue;
    const auto subject = station.site + "/" + station.station + "#" + data.sku;
    if (auto ok = settle_as("mirror_differs", subject, "counted", data.by); !ok) return ok;
  }
  return core_.store->trouble();
}

base::Status Reactions::settle_as(std::string_view kind, const std::string& subject,
                                  std::string_view action, const std::string& by) {
  const auto id = core_.store->cases.open_id(kind, subject);
  if (!id) return core_.store->trouble();
  const auto kept =
      core_.record(wire::ExceptionResolved{*id, std::string(action), by}, {.subject = subject});
  return kept ? core_.store->trouble() : base::pass(kept.error());
}

}  // namespace dockline::server
