#include "server/app/intake.hpp"

#include <algorithm>

#include "server/orders/intake.hpp"
#include "server/routing/promise.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server {
namespace {

using base::Fault;

// What is known of an order's lines as they were sold: a kit is one line, its parts are none.
std::vector<orders::Line> as_sold(HubCore& core, std::int64_t ord) {
  auto lines = core.store->orders.lines(ord);
  for (const auto& kit : core.store->kits.lines(ord)) {
    std::erase_if(lines, [&](const orders::Line& line) {
      return std::ranges::any_of(kit.parts,
                                 [&](const auto& part) { return part.first == line.line; });
    });
    orders::Line line;
    line.line = kit.line;
    line.sku = kit.sku;
    line.quantity = kit.quantity;
    lines.push_back(std::move(line));
  }
  return lines;
}

// The parts of a kit are whole lines like any other, so they must be pieces that a line can have.
base::Status check_kits(HubCore& core, const wire::OrderReceived& order) {
  for (const auto& line : order.lines) {
    if (!core.kits.is_kit(line.sku)) continue;
    for (const auto& part : core.kits.parts_of(line.sku)) {
      if (part.pieces <= base::limits::kLineQuantityMax / line.quantity) continue;
      return base::fail(Fault::reject, "lines: " + std::to_string(line.quantity) + " of kit " +
                                           line.sku + " need more than " +
                                           std::to_string(base::limits::kLineQuantityMax) + " of " +
                                           part.sku + "; split the order");
    }
  }
  return {};
}

// A wish about a kit is one about its parts; a part of a kit alone is not taken off.
base::Result<std::vector<wire::CancelledLine>> of_pieces(HubCore& core, std::int64_t ord,
                                                         const wire::OrderCancelled& wish) {
  std::vector<wire::CancelledLine> out;
  const auto kits = core.store->kits.lines(ord);
  for (const auto& want : wish.lines) {
    const store::KitLine* of = nullptr;
    for (const auto& kit : kits) {
      if (kit.line == want.line) of = &kit;
      for (const auto& [part, pieces] : kit.parts) {
        if (part != want.line) continue;
        return base::fail(Fault::reject, "lines: line " + std::to_string(part) +
                                             " is a part of kit " + kit.sku + "; cancel its line " +
                                             std::to_string(kit.line));
      }
    }
    if (of == nullptr || want.quantity < 1 || want.quantity > of->quantity) {
      out.push_back(want);
      continue;
    }
    for (const auto& [part, pieces] : of->parts) out.push_back({part, want.quantity * pieces});
  }
  return out;
}

bool same(const domain::Item& a, const domain::Item& b) {
  if (a.title != b.title || a.detail != b.detail || a.weight_g != b.weight_g ||
      a.hazardous != b.hazardous || a.cold_chain != b.cold_chain || a.tracked != b.tracked ||
      a.cost_minor != b.cost_minor || a.barcodes.size() != b.barcodes.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.barcodes.size(); ++i) {
    if (a.barcodes[i].code != b.barcodes[i].code || a.barcodes[i].pieces != b.barcodes[i].pieces ||
        a.barcodes[i].unit != b.barcodes[i].unit) {
      return false;
    }
  }
  return true;
}

base::Status check_item(domain::Item& item) {
  item.sku = orders::normal_sku(item.sku);
  if (auto ok = orders::check_text(item.sku, "item.sku", true); !ok) return ok;
  if (auto ok = orders::check_text(item.title, "item.title", true); !ok) return ok;
  if (item.detail) {
    if (auto ok = orders::check_text(*item.detail, "item.detail"); !ok) return ok;
  }
  if (item.weight_g && (*item.weight_g < 0 || *item.weight_g > 1'000'000'000)) {
    return base::fail(Fault::reject, "item.weight_g: " + std::to_string(*item.weight_g) +
                                         " is no weight in grams");
  }
  if (item.cost_minor && (*item.cost_minor < 0 || *item.cost_minor > 1'000'000'000'000)) {
    return base::fail(Fault::reject, "item.cost_minor: " + std::to_string(*item.cost_minor) +
                                         " is no price in minor units");
  }
  if (item.tracked && *item.tracked != "lot" && *item.tracked != "serial" &&
      *item.tracked != "expiry") {
    return base::fail(Fault::reject,
                      "item.tracked: \"" + base::printable(*item.tracked, 60) +
                          "\" is not known; use lot, serial or expiry, or leave it out");
  }
  if (item.barcodes.size() > 32) {
    return base::fail(Fault::reject, "item.barcodes: at most 32 for one item");
  }
  for (const auto& barcode : item.barcodes) {
    if (auto ok = orders::check_text(barcode.code, "item.barcodes.code", true); !ok) return ok;
    if (barcode.pieces < 1 || barcode.pieces > base::limits::kLineQuantityMax) {
      return base::fail(Fault::reject, "item.barcodes.pieces: 1 or more is needed");
    }
  }
  std::sort(item.barcodes.begin(), item.barcodes.end(),
            [](const auto& a, const auto& b) { return a.code < b.code; });
  return {};
}

// The house's own promise, for an order that brings none: so many hours after it was placed, or
// after the last of its items that are not out yet is released.
std::optional<std::int64_t> promise_of(HubCore& core, const wire::OrderReceived& order) {
  if (!core.config.rulebook) return std::nullopt;
  const auto within_ms = routing::promised_within_ms(*core.config.rulebook, order.channel);
  if (!within_ms) return std::nullopt;
  auto from_ms = order.placed_ms;
  for (const auto& line : order.lines) {
    const auto waiting = core.store->life.backorder(line.sku);
    if (waiting) from_ms = std::max(from_ms, waiting->released_ms);
  }
  return from_ms + *within_ms;
}

}  // namespace

base::Status register_unknown(HubCore& core, const wire::OrderReceived& order,
                              const std::string& origin) {
  for (const auto& line : order.lines) {
    if (core.store->stock.has_item(line.sku)) continue;
    const std::string title = line.title.empty() ? line.sku : line.title;
    const auto kept =
        core.record(wire::ItemRegistered{{line.sku, title, std::nullopt, {}, std::nullopt}, origin},
                    {.subject = line.sku});
    if (!kept) return base::pass(kept.error());
    core.raise("unknown_item", line.sku,
               "Order " + order.number + " names " + line.sku + ", which was not in the catalogue.",
               "It was registered as \"" + title + "\" without barcode and weight");
  }
  return {};
}

base::Result<Taken> take_order(HubCore& core, wire::OrderReceived& order,
                               const std::string& origin) {
  if (auto ok = orders::accept(order); !ok) return base::pass(ok.error());
  if (const auto ord = core.store->orders.ord_of(order.order)) {
    const auto known = as_sold(core, *ord);
    return orders::same_goods(order, known) ? Taken::known : Taken::differs;
  }
  if (auto ok = check_kits(core, order); !ok) return base::pass(ok.error());
  if (auto ok = register_unknown(core, order, origin); !ok) return base::pass(ok.error());
  if (!order.promised_ms) order.promised_ms = promise_of(core, order);
  // Titles that the catalogue has are not repeated, so that long orders fit into one fact.
  for (auto& line : order.lines) {
    if (core.store->stock.title(line.sku) == line.title) line.title.clear();
  }
  const std::string id = order.order;
  const auto kept = core.record(std::move(order), {.subject = id});
  if (!kept) return base::pass(kept.error());
  order.order = id;
  return Taken::created;
}

base::Result<bool> take_item(HubCore& core, domain::Item item, const std::string& origin) {
  if (auto ok = check_item(item); !ok) return base::pass(ok.error());
  const auto known = core.store->stock.item(item.sku);
  if (known && same(*known, item)) return false;
  const std::string sku = item.sku;
  const auto kept = core.record(wire::ItemRegistered{std::move(item), origin}, {.subject = sku});
  if (!kept) return base::pass(kept.error());
  return true;
}

base::Result<bool> take_bin(HubCore& core, const std::string& sku, const std::string& site,
                            const std::string& bin) {
  if (auto ok = orders::check_text(bin, "bin", true); !ok) return base::pass(ok.error());
  if (core.store->stock.bin(sku, site) == bin) return false;
  const auto kept = core.record(wire::BinAssigned{sku, site, bin}, {.subject = sku});
  if (!kept) return base::pass(kept.error());
  return true;
}

base::Result<bool> cancel_order(HubCore& core, const wire::OrderCancelled& wish,
                                const std::string& fact_id, domain::Quantity* left) {
  const auto ord = core.store->orders.ord_of(wish.order);
  if (!ord) return base::fail(Fault::reject, "order: \"" + wish.order + "\" is not known");
  if (auto ok = orders::check_text(wish.reason, "reason"); !ok) return base::pass(ok.error());
  const auto lines = core.store->orders.lines(*ord);
  wire::OrderCancelled done{wish.order, {}, wish.reason};
  std::vector<orders::CancelWish> wants;
  const auto wanted = of_pieces(core, *ord, wish);
  if (!wanted) return base::pass(wanted.error());
  for (const auto& want : *wanted) {
    if (want.quantity < 1) {
      return base::fail(Fault::reject, "lines.quantity: 1 or more is needed");
    }
    const auto line = core.store->orders.line(*ord, want.line);
    const auto can = line ? orders::cancellable(line->units, true) : 0;
    const auto out = line ? line->units.at(orders::UnitState::shipped) +
                                line->units.at(orders::UnitState::delivered) +
                                line->units.at(orders::UnitState::returned)
                          : 0;
    if (left != nullptr && can < want.quantity && want.quantity <= can + out) {
      *left += want.quantity - can;
      if (can > 0) wants.push_back({want.line, can});
      continue;
    }
    if (can < want.quantity) {
      return base::fail(Fault::reject, "lines: " + std::to_string(want.quantity) + " of line " +
                                           std::to_string(want.line) + " of " + wish.order +
                                           " cannot be cancelled (any more)");
    }
    wants.push_back({want.line, want.quantity});
  }
  if (wants.empty() && !wanted->empty()) return false;  // all of it has left
  for (const auto& step : orders::plan_cancel(lines, wants)) {
    if (!done.lines.empty() && done.lines.back().line == step.line) {
      done.lines.back().quantity += step.quantity;
    } else {
      done.lines.push_back({step.line, step.quantity});
    }
  }
  if (done.lines.empty()) return false;
  const auto kept = core.record(
      std::move(done), {.subject = wish.order, .correlation = {}, .causation = {}, .id = fact_id});
  if (!kept) return base::pass(kept.error());
  return *kept;
}

}  // namespace dockline::server
