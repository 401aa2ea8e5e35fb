#include "server/app/core.hpp"

#include "server/exceptions/kinds.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/check.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

constexpr std::string_view kSource = "/server";
constexpr std::size_t kContextMax = 1'000;
constexpr std::string_view kClockKept = "hlc_ms";
constexpr std::int64_t kClockKeptAheadMs = 1'000;
constexpr std::int64_t kHeardAheadMs = 1'000;

// Whether work done under this lease counts, asked before the fact is folded.
bool counts(store::OrderBook& orders, store::LeaseBook& boxes, const wire::Event& event) {
  return std::visit(
      [&](const auto& data) {
        using T = std::decay_t<decltype(data)>;
        if constexpr (std::is_same_v<T, wire::PackClosed> ||
                      std::is_same_v<T, wire::LeaseReturned> ||
                      std::is_same_v<T, wire::PackOpened>) {
          const auto lease = orders.lease(data.work.lease);
          return lease && in_force(*lease, data.work.epoch, event.source, event.dlinc);
        } else if constexpr (std::is_same_v<T, wire::PackReopened>) {
          return opens_box_in_force(orders.lease(data.work.lease), boxes, data.work.epoch,
                                    event.source, event.dlinc);
        } else {
          return true;
        }
      },
      event.data);
}

// Facts that move pieces on a shelf, or count them: their order around a count must be known.
template <class T>
constexpr bool kMoves =
    std::is_same_v<T, wire::StockMoved> || std::is_same_v<T, wire::PackPutBack> ||
    std::is_same_v<T, wire::OrderReturned> || std::is_same_v<T, wire::DeliveryReceived> ||
    std::is_same_v<T, wire::TransferSent> || std::is_same_v<T, wire::TransferReceived> ||
    std::is_same_v<T, wire::TransferClosed> || std::is_same_v<T, wire::StockCounted>;

template <class T>
constexpr bool kPlans =
    std::is_same_v<T, wire::DeliveryAnnounced> || std::is_same_v<T, wire::DeliveryClosed> ||
    std::is_same_v<T, wire::TransferOrdered> || std::is_same_v<T, wire::CountAsked> ||
    std::is_same_v<T, wire::CountDropped> || std::is_same_v<T, wire::SupplierSet> ||
    std::is_same_v<T, wire::SupplyDefined> || std::is_same_v<T, wire::PurchaseProposed> ||
    std::is_same_v<T, wire::PurchaseDecided>;

void note_topics(const wire::Event& event, std::set<std::string>& topics) {
  const auto add = [&](std::initializer_list<const char*> names) {
    for (const char* name : names) topics.insert(name);
  };
  std::visit(
      [&](const auto& data) {
        using T = std::decay_t<decltype(data)>;
        if constexpr (std::is_same_v<T, wire::DeviceChanged>) {
          add({"devices", "stations"});
        } else if constexpr (kPlans<T> || std::is_same_v<T, wire::StockCounted> ||
                             std::is_same_v<T, wire::DeliveryReceived> ||
                             std::is_same_v<T, wire::TransferSent> ||
                             std::is_same_v<T, wire::TransferReceived> ||
                             std::is_same_v<T, wire::TransferClosed>) {
          add({"stock", "deliveries", "transfers", "counts", "purchases"});
        } else if constexpr (std::is_same_v<T, wire::StockMoved> ||
                             std::is_same_v<T, wire::ItemRegistered> ||
                             std::is_same_v<T, wire::BinAssigned>) {
          add({"stock"});
        } else if constexpr (std::is_same_v<T, wire::StockPolicySet> ||
                             std::is_same_v<T, wire::KitDefined>) {
          add({"stock", "policies"});
        } else if constexpr (std::is_same_v<T, wire::ChannelStockConfirmed>) {
          add({"stock", "channels", "outbox"});
        } else if constexpr (std::is_same_v<T, wire::ExceptionRaised> ||
                             std::is_same_v<T, wire::ExceptionResolved>) {
          add({"exceptions"});
        } else if constexpr (std::is_same_v<T, wire::ImportRecorded>) {
          add({"imports"});
        } else if constexpr (std::is_same_v<T, wire::StationWrittenOff> ||
                             std::is_same_v<T, wire::SiteDescribed> ||
                             std::is_same_v<T, wire::RestoreBegun> ||
                             std::is_same_v<T, wire::RestoreEnded>) {
          add({"stations"});
        } else if constexpr (std::is_same_v<T, wire::SyncDigest> ||
                             std::is_same_v<T, wire::SyncListing>) {
        } else {
          add({"orders"});
          if constexpr (std::is_same_v<T, wire::PackClosed> ||
                        std::is_same_v<T, wire::PackReopened> ||
                        std::is_same_v<T, wire::PackAccepted> ||
                        std::is_same_v<T, wire::PackPutBack> ||
                        std::is_same_v<T, wire::ParcelHandedOver> ||
                        std::is_same_v<T, wire::ParcelTakenBack> ||
                        std::is_same_v<T, wire::OrderReturned> ||
                        std::is_same_v<T, wire::DecisionMade> ||
                        std::is_same_v<T, wire::OrderCancelled>) {
            add({"stock"});
          }
        }
      },
      event.data);
  topics.insert("events");
}

}  // namespace

std::string id_of(std::string_view text) {
  std::string hex = base::to_hex(base::sha256("dockline-id", text)).substr(0, 32);
  hex[12] = '8';  // RFC 9562 section 5.8
  hex[16] = '8';
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20);
}

HubCore::HubCore(HubConfig config_in, std::unique_ptr<store::Store> store_in, std::uint64_t seed)
    : config(std::move(config_in)),
      store(std::move(store_in)),
      prng(seed),
      projector(*store),
      divergence(*store),
      clock_(static_cast<std::uint64_t>(store->own.value(kClockKept)) << 16),
      clock_kept_ms_(store->own.value(kClockKept)) {
  store->stock.watch(&touched);
  store->orders.watch(&touched);
  load_kits();
}

void HubCore::touch(const std::string& sku, std::int64_t caused_ms) {
  engine->touch(sku, caused_ms);
  if (PLANT("kit-parts-not-touched")) return;
  for (const auto& kit : kits.kits_with(sku)) engine->touch(kit, caused_ms);
}

// The whole set at once: a kit may be a part of another. What was accepted fits together.
void HubCore::load_kits() {
  std::vector<stock::Recipe> recipes;
  for (auto& row : store->kits.all()) {
    if (recipes.empty() || recipes.back().kit != row.kit) recipes.push_back({row.kit, {}});
    recipes.back().parts.push_back({std::move(row.part), row.pieces});
  }
  auto made = stock::Kits::make(recipes);
  ASSUME(made.has_value());
  if (made) kits = std::move(*made);
}

std::uint64_t HubCore::next_hlc() {
  const auto made = clock_.tick(now.wall_ms);
  keep_clock();
  return made;
}

void HubCore::hear_clock(std::uint64_t hlc, const std::string& station) {
  if (hlc == 0) return;
  if (clock_.hear(hlc, now.wall_ms)) return keep_clock();
  const auto ahead_ms = static_cast<std::int64_t>(hlc >> 16) - now.wall_ms;
  raise("clock", station,
        "The clock of " + station + " is " + std::to_string(ahead_ms / 1'000) +
            " seconds ahead of this server's.",
        "Its facts stay in order and are kept; times that it shows are wrong. Set its clock, or "
        "this server's");
}

// Written once a second at most, that much ahead.
void HubCore::keep_clock() {
  const auto at_ms = static_cast<std::int64_t>(clock_.last() >> 16);
  if (at_ms < clock_kept_ms_) return;
  clock_kept_ms_ = at_ms + kClockKeptAheadMs;
  store->own.set(kClockKept, clock_kept_ms_);
}

base::Result<bool> HubCore::record(wire::EventData data, Tags tags) {
  wire::Event event;
  event.id = tags.id.empty() ? new_id() : std::move(tags.id);
  event.source = kSource;
  event.subject = std::move(tags.subject);
  event.correlation = tags.correlation.empty() ? event.subject : std::move(tags.correlation);
  event.causation = tags.causation.empty() ? cause : std::move(tags.causation);
  event.time_ms = now.wall_ms;
  event.data = std::move(data);
  const bool moves =
      std::visit([](const auto& d) { return kMoves<std::decay_t<decltype(d)>>; }, event.data);
  if (moves) event.dlhlc = next_hlc();
  auto bytes = wire::encode(event);
  if (!bytes) return base::pass(bytes.error());
  return fold(*bytes, event, now.wall_ms);
}

bool HubCore::keep(std::string_view bytes, wire::Event& event) {
  // The origin's clock is corrected by the offset it knew; without one it is taken as it is.
  return fold(bytes, event, event.time_ms + event.dloffms.value_or(0));
}

void HubCore::begin_turn(base::Instant at) {
  now = at;
  const auto ahead_ms = heard_ms_ + 1 - at.wall_ms;
  heard_ms_ = ahead_ms > 0 && ahead_ms <= kHeardAheadMs ? heard_ms_ + 1 : at.wall_ms;
}

bool HubCore::fold(std::string_view bytes, wire::Event& event, std::int64_t time_ms) {
  const auto position = store->log.append({.position = 0,
                                           .id = event.id,
                                           .type = event.type(),
                                           .source = event.source,
                                           .subject = event.subject,
                                           .correlation = event.correlation,
                                           .time_ms = time_ms,
                                           .heard_ms = heard_ms_,
                                           .body = bytes});
  if (!position) return false;
  const bool accepted = counts(store->orders, store->leases, event);
  projector.fold({.position = *position,
                  .time_ms = time_ms,
                  .heard_ms = heard_ms_,
                  .source = event.source,
                  .subject = event.subject},
                 event);
  // Whoever made the fact: what it changed is looked at before the turn ends.
  for (const auto& sku : touched) touch(sku, time_ms);
  touched.clear();
  if (std::holds_alternative<wire::KitDefined>(event.data)) load_kits();
  divergence.on_kept(event, *position, heard_ms_);
  note_topics(event, changed);
  ++written;
  event.time_ms = time_ms;
  fresh.push_back({std::move(event), *position, accepted});
  return true;
}

void HubCore::raise(std::string_view kind, std::string subject, std::string what,
                    std::string context, std::string proposed, std::string id) {
  if (store->cases.is_open(kind, subject)) return;
  if (proposed.empty()) proposed = exceptions::kind(kind).proposed;
  wire::ExceptionRaised raised;
  raised.exception = id.empty() ? new_id() : std::move(id);
  raised.kind = kind;
  raised.subject = subject;
  raised.what = base::printable(what, kContextMax);
  raised.context = base::printable(context, kContextMax);
  raised.proposed = std::move(proposed);
  const std::string event_id = raised.exception;
  const auto kept =
      record(std::move(raised),
             {.subject = std::move(subject), .correlation = {}, .causation = {}, .id = event_id});
  ASSUME(kept.has_value());  // every part is bounded
}

}  // namespace dockline::server
