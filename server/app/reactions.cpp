// Routing, release, cancellation and stock. What a closed box sets off is in reactions_pack.cpp.
#include "server/app/reactions.hpp"

#include <algorithm>
#include <set>

#include "server/app/json_text.hpp"
#include "server/fleet/fleet.hpp"
#include "server/routing/routing.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

constexpr int kReroutesPerTick = 32;
constexpr std::int64_t kReleasesPerRise = 500;

}  // namespace

base::Status Reactions::run() {
  while (!core_.fresh.empty()) {
    const Fresh fresh = std::move(core_.fresh.front());
    core_.fresh.pop_front();
    auto ok = std::visit([&](const auto& data) { return on(fresh, data); }, fresh.event.data);
    if (!ok) return ok;
    if (auto trouble = core_.store->trouble(); !trouble) return trouble;
  }
  return core_.store->trouble();
}

base::Status Reactions::work() {
  if (auto ok = see_forked(); !ok) return ok;
  if (auto ok = see_successors(); !ok) return ok;
  if (auto ok = release_all(); !ok) return ok;
  for (const auto& site : stations_.take_risen()) {
    for (const auto ord : core_.store->orders.allocated_at(site, kReleasesPerRise)) {
      if (auto ok = release(ord); !ok) return ok;
    }
  }
  for (int i = 0; i < kReroutesPerTick; ++i) {
    const auto ord = core_.store->own.take_reroute();
    if (!ord) break;
    if (auto ok = route(*ord, "stock was found"); !ok) return ok;
    if (auto ok = run(); !ok) return ok;
  }
  return run();
}

bool Reactions::has_work() {
  return walking_ || core_.store->own.has_reroute() || (release_after_ && !restored_);
}

// ---------------------------------------------------------------- routing
base::Status Reactions::route(std::int64_t ord, const std::string& again) {
  const auto head = core_.store->orders.head(ord);
  if (!head) return core_.store->trouble();
  routing::Facts facts{.order = head->id,
                       .needs = {},
                       .sites = {},
                       .again = again,
                       .now_ms = core_.now.wall_ms,
                       .channel = head->channel};
  std::set<std::string> skus;
  bool undecided = again.empty();
  for (const auto& line : core_.store->orders.lines(ord)) {
    if (line.units.unrouted() == 0) continue;
    undecided = undecided || line.units.at(orders::UnitState::open) > 0;
    facts.needs.push_back({line.line, line.sku, line.units.unrouted()});
    skus.insert(line.sku);
  }
  if (facts.needs.empty()) return core_.store->trouble();
  for (const auto& configured : core_.config.sites) {
    routing::Site site{.site = configured.name, .priority = configured.priority};
    for (const auto& sku : skus) {
      const auto figure = core_.store->stock.figure(sku, site.site);
      site.figures.push_back(
          {sku, ledger::available(figure.on_hand, figure.reserved), figure.as_of_ms});
    }
    facts.sites.push_back(std::move(site));
  }
  std::sort(facts.sites.begin(), facts.sites.end(), [](const auto& a, const auto& b) {
    return std::tie(a.priority, a.site) < std::tie(b.priority, b.site);
  });
  const auto& chain = routing::unconfigured().of(head->channel);
  auto made = routing::decide(facts, chain, core_.new_id());
  // The earlier decision still stands when nothing comes out differently.
  if (made.allocations.empty() && !undecided) return {};
  const auto kept = core_.record(std::move(made), {.subject = head->id});
  if (!kept && kept.error().fault == base::Fault::reject) {
    core_.raise("order_too_large", head->id, "Order " + head->number + " cannot be routed.",
                kept.error().detail);
    return {};
  }
  return kept ? base::Status{} : base::pass(kept.error());
}

base::Status Reactions::on(const Fresh& fresh, const wire::OrderReceived& data) {
  const auto ord = core_.store->orders.ord_of(data.order);
  if (!ord) return {};
  for (const auto& line : data.lines) core_.engine->touch(line.sku, fresh.event.time_ms);
  return route(*ord, "");
}

base::Status Reactions::on(const Fresh& fresh, const wire::DecisionMade& data) {
  const auto ord = core_.store->orders.ord_of(data.subject);
  if (data.kind != "routing" || !ord) return {};
  for (const auto& a : data.allocations) core_.engine->touch(a.sku, fresh.event.time_ms);
  tell_status(*ord, fresh.event.time_ms);
  return data.allocations.empty() ? base::Status{} : release(*ord);
}

// ---------------------------------------------------------------- release
base::Result<domain::ShippingLabel> Reactions::new_label() {
  auto sscc = fleet::sscc(core_.config.company_prefix, core_.store->own.next("sscc"));
  if (!sscc) return base::pass(sscc.error());
  return domain::ShippingLabel{
      .tracking = fleet::tracking_number(core_.store->own.next("tracking")),
      .sscc = *sscc,
      .carrier = core_.config.carrier,
      .service = core_.config.service};
}

wire::LeaseGranted Reactions::granted(const store::OrderHead& head, const std::string& site,
                                      const domain::LeaseRef& work,
                                      const domain::ShippingLabel& label) {
  wire::LeaseGranted out;
  out.order = head.id;
  out.work = work;
  out.number = head.number;
  out.channel = head.channel;
  out.ship_to = address_of(head.ship_to_json);
  out.label = label;
  if (!head.external_id.empty()) out.external_id = head.external_id;
  const auto texts = core_.store->orders.texts(head.ord);
  for (const auto& r : core_.store->orders.reservations(head.ord)) {
    if (r.site != site || !r.lease.empty()) continue;
    domain::WorkLine line;
    line.line = r.line;
    line.sku = r.sku;
    line.quantity = r.quantity;
    line.bin = core_.store->stock.bin(r.sku, site);
    for (const auto& text : texts) {
      if (text.line != r.line) continue;
      line.title = text.title;
      line.external_id = text.external_id;
    }
    if (auto item = core_.store->stock.item(r.sku)) {
      line.title = item->title;  // benches see one title for one thing, whatever was sold
      line.detail = item->detail;
      line.barcodes = item->barcodes;
      line.weight_g = item->weight_g;
    }
    out.lines.push_back(std::move(line));
  }
  return out;
}

base::Status Reactions::release(std::int64_t ord, const std::string& at) {
  if (restored_) return core_.store->trouble();  // held back: see end_restore()
  auto& books = core_.store->orders;
  const auto head = books.head(ord);
  if (!head) return core_.store->trouble();
  std::string site;
  for (const auto& r : books.reservations(ord)) {
    if (r.lease.empty()) site = r.site;
  }
  if (site.empty()) return core_.store->trouble();
  // One parcel of an order at a time; what is freed meanwhile follows when it ends.
  const auto leases = books.leases(ord);
  std::string lease = head->id + "/" + std::to_string(leases.size() + 1);
  std::optional<domain::ShippingLabel> label;
  for (const auto& l : leases) {
    if (l.state == "held" || l.state == "revoking") return core_.store->trouble();
    // A lease that came back moves on with a higher epoch, under its bought label.
    if (l.state == "free") {
      lease = l.lease;
      label.reset();
      if (!l.label.tracking.empty()) label = l.label;
    }
  }
  auto station = stations_.choose(site);
  if (!at.empty() && !stations_.works(site, at).empty()) station = at;
  if (!station && stations_.opening(site)) return core_.store->trouble();
  if (!station) {
    core_.raise("no_station", site, "Orders wait at " + site + ", where no station was ever heard.",
                "The first of them is " + head->number);
    return core_.store->trouble();
  }
  if (!label) {
    auto made = new_label();
    if (!made) return base::pass(made.error());
    label = std::move(*made);
  }
  const std::int64_t epoch =
      fleet::epoch(fence(), PLANT("wall-clock-as-order") ? core_.now.wall_ms / 1000
                                                         : core_.store->own.next("epoch"));
  const domain::LeaseRef work{lease, epoch};
  auto grant = granted(*head, site, work, *label);
  grant.holder = stations_.works(site, *station);
  std::optional<std::vector<wire::ReleasedLine>> part;
  auto told = stations_.tell(site, *station, grant, head->id);
  // What does not fit into one fact goes in several parcels, one after the other.
  while (!told && told.error().fault == base::Fault::reject && grant.lines.size() > 1) {
    grant.lines.resize(grant.lines.size() / 2);
    part.emplace();
    for (const auto& line : grant.lines) part->push_back({line.line, line.quantity});
    told = stations_.tell(site, *station, grant, head->id);
  }
  if (!told && told.error().fault != base::Fault::reject) return told;
  if (!told) {
    core_.raise("order_too_large", head->id,
                "Order " + head->number + " does not fit into one lease.", told.error().detail);
    return core_.store->trouble();
  }
  wire::OrderReleased released{head->id, work, site, *station, std::move(*label), grant.holder, {}};
  released.lines = std::move(part);
  const auto kept = core_.record(std::move(released), {.subject = head->id});
  return kept ? base::Status{} : base::pass(kept.error());
}

base::Status Reactions::revoke(std::int64_t ord, const std::string& reason) {
  const auto head = core_.store->orders.head(ord);
  if (!head) return core_.store->trouble();
  for (const auto& lease : core_.store->orders.leases(ord)) {
    if (lease.state != "held") continue;
    wire::LeaseRevoked revoked{head->id, {lease.lease, lease.epoch}, reason, {}, {}};
    auto told = stations_.tell(lease.site, lease.station, revoked, head->id);
    if (!told) return told;
    const auto kept = core_.record(std::move(revoked), {.subject = head->id});
    if (!kept) return base::pass(kept.error());
  }
  return core_.store->trouble();
}

// ---------------------------------------------------------------- cancellation
base::Status Reactions::on(const Fresh& fresh, const wire::OrderCancelled& data) {
  auto& books = core_.store->orders;
  const auto ord = books.ord_of(data.order);
  const auto head = ord ? books.head(*ord) : std::nullopt;
  if (!head) return {};
  touch_order(*ord, fresh.event.time_ms);
  tell_status(*ord, fresh.event.time_ms);
  bool in_box = false;
  const auto lines = books.lines(*ord);
  for (const auto& lease : books.leases(*ord)) {
    if (lease.state != "done") continue;
    for (const auto& packed : books.parcel(lease.lease)) {
      for (const auto& line : lines) {
        in_box = in_box || (line.line == packed.line &&
                            line.units.at(orders::UnitState::packed) < packed.accepted);
      }
    }
  }
  if (in_box) {
    core_.raise("cancelled_after_pack", head->id,
                "Order " + head->number + " was cancelled when its box was already closed.",
                "Tracking " + head->tracking + " at " + head->site + ": " + data.reason);
  }
  return revoke(*ord, "cancelled");
}

base::Status Reactions::on(const Fresh&, const wire::LeaseReturned& data) {
  const auto ord = core_.store->orders.ord_of(data.order);
  if (!ord) return {};
  // A forced lease may come back too; then the order is long on its way elsewhere.
  return release(*ord);
}

// ---------------------------------------------------------------- stock and items
base::Status Reactions::on(const Fresh& fresh, const wire::StockMoved& data) {
  core_.engine->touch(data.sku, fresh.event.time_ms);
  for (const auto* place : {&data.from, &data.to}) {
    const std::string site(ledger::site_of(*place));
    if (site.empty()) continue;
    check_negative(data.sku, site);
    if (place != &data.to || !ledger::is_shelf(*place)) continue;
    core_.store->own.add_reroute(data.sku);
    // The first time anything of it lies here: its stations must know it.
    if (core_.store->stock.balance(data.sku, *place) != data.quantity) continue;
    if (auto item = core_.store->stock.item(data.sku);
        item && !core_.store->stock.bin(data.sku, site)) {
      stations_.tell_site(site, wire::CatalogueItem{std::move(*item), std::nullopt}, data.sku);
    }
  }
  return {};
}

void Reactions::check_negative(const std::string& sku, const std::string& site) {
  for (const auto& place : {ledger::shelf(site), ledger::packed(site)}) {
    const auto on_hand = core_.store->stock.balance(sku, place);
    if (on_hand >= 0) continue;
    core_.raise("negative_stock", sku + "@" + place,
                "The books show " + std::to_string(on_hand) + " of " + sku + " at " + place + ".",
                "More left this place than ever arrived there");
  }
}

base::Status Reactions::on(const Fresh&, const wire::ItemRegistered& data) {
  for (const auto& site : core_.store->stock.sites_of(data.item.sku)) {
    stations_.tell_site(site,
                        wire::CatalogueItem{data.item, core_.store->stock.bin(data.item.sku, site)},
                        data.item.sku);
  }
  return {};
}

base::Status Reactions::on(const Fresh&, const wire::BinAssigned& data) {
  auto item = core_.store->stock.item(data.sku);
  if (!item) return {};
  stations_.tell_site(data.site, wire::CatalogueItem{std::move(*item), data.bin}, data.sku);
  return {};
}

void Reactions::touch_order(std::int64_t ord, std::int64_t caused_ms) {
  for (const auto& line : core_.store->orders.lines(ord)) core_.engine->touch(line.sku, caused_ms);
}

}  // namespace dockline::server
