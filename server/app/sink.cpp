#include "server/app/sink.hpp"

#include "shared/base/bytes.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

using base::limits::kLineQuantityMax;

constexpr std::size_t kTroubleKindMax = 200;

bool sane(domain::Quantity quantity) {
  return quantity >= -kLineQuantityMax && quantity <= kLineQuantityMax;
}

std::string check(const wire::UnknownData&) { return "this server does not know its type"; }
std::string check(const wire::ItemCounted& d) { return sane(d.quantity) ? "" : "data.quantity"; }
std::string check(const wire::ItemUncounted& d) { return sane(d.quantity) ? "" : "data.quantity"; }
std::string check(const wire::StationTrouble& d) {
  return d.kind.size() <= kTroubleKindMax ? "" : "data.kind";  // it names an exception
}
std::string check(const wire::ShortNoted& d) { return sane(d.quantity) ? "" : "data.quantity"; }
// Names fit, and no more pieces have a lot than there are.
std::string check(const wire::PackedLine& line) {
  if (!line.lots) return "";
  if (line.lots->size() > base::limits::kBoxLotsMax) return "data.lines.lots";
  domain::Quantity sum = 0;
  for (const auto& pieces : *line.lots) {
    const auto fits = [](const std::optional<std::string>& name) {
      return !name || name->size() <= base::limits::kLotTextBytesMax;
    };
    if (!fits(pieces.lot.lot) || !fits(pieces.lot.serial)) return "data.lines.lots.lot";
    if (pieces.quantity < 1 || !sane(pieces.quantity)) return "data.lines.lots.quantity";
    sum += pieces.quantity;
  }
  return sum <= line.packed ? "" : "data.lines.lots.quantity";
}
std::string check(const wire::PackClosed& d) {
  for (const auto& line : d.lines) {
    if (!sane(line.packed) || line.packed < 0 || !sane(line.missing)) return "data.lines.packed";
    if (line.packed > 0 && line.sku.empty()) return "data.lines.sku";
    if (auto why = check(line); !why.empty()) return why;
  }
  return "";
}

std::string check(const wire::StockCounted& d) {
  if (d.sku.empty()) return "data.sku";
  return d.counted >= 0 && sane(d.counted) ? "" : "data.counted";
}

// The facts a station may send; everything else in the catalogue is the server's to say.
template <class T>
constexpr bool kFromStation =
    std::is_same_v<T, wire::PackOpened> || std::is_same_v<T, wire::ItemCounted> ||
    std::is_same_v<T, wire::ItemUncounted> || std::is_same_v<T, wire::ShortNoted> ||
    std::is_same_v<T, wire::PackHeld> || std::is_same_v<T, wire::ProblemNoted> ||
    std::is_same_v<T, wire::PackClosed> || std::is_same_v<T, wire::PackReopened> ||
    std::is_same_v<T, wire::LabelChanged> || std::is_same_v<T, wire::LeaseReturned> ||
    std::is_same_v<T, wire::DeviceChanged> || std::is_same_v<T, wire::StationTrouble> ||
    std::is_same_v<T, wire::LeaseHeld> || std::is_same_v<T, wire::ServerRestoredSeen> ||
    std::is_same_v<T, wire::SyncDigest> || std::is_same_v<T, wire::SyncListing> ||
    std::is_same_v<T, wire::StockCounted> || std::is_same_v<T, wire::UnknownData>;

}  // namespace

std::string indigestible(const wire::Event& event, std::string_view source) {
  if (event.source != source) return "its source is " + base::printable(event.source, 80);
  if (const auto* count = std::get_if<wire::StockCounted>(&event.data);
      count != nullptr && count->site != parse_source(source).site) {
    return "data.site: a bench counts the shelves of its own site";
  }
  return std::visit(
      [](const auto& data) -> std::string {
        using T = std::decay_t<decltype(data)>;
        if constexpr (!kFromStation<T>) {
          return "only the server says this";
        } else if constexpr (requires { check(data); }) {
          return check(data);
        } else {
          return "";
        }
      },
      event.data);
}

Sink::Sink(HubCore& core, std::string site, std::string station)
    : core_(core),
      site_(std::move(site)),
      station_(std::move(station)),
      source_("/" + site_ + "/" + station_) {}

base::Result<sync::Applied> Sink::apply(base::Instant, const sync::FactView& fact) {
  auto& taken = core_.taken;
  if (taken.last == 0) taken = {source_.substr(1), std::string(fact.inc), fact.seq, fact.seq};
  taken.last = fact.seq;
  if (const auto why = core_.config.doubts->verdict(taken.station, fact.inc, fact.seq)) {
    return park(fact, "poison", *why);
  }
  auto event = decoded(fact);
  if (!event) return park(fact, "poison", event.error().detail);
  if (const std::string why = indigestible(*event, source_); !why.empty()) {
    if (auto known = look_up(fact, event->id)) return *known;
    return park(fact, "poison", std::string(event->type()) + ": " + why);
  }
  if ((PLANT("apply-twice-on-resend") || PLANT("id-index-dropped-by-trimming")) &&
      core_.store->log.has(event->id)) {
    event->id += "-again";
  }
  // Nearly every fact is new: its id is looked for by inserting it.
  const std::uint64_t hlc = event->dlhlc;
  const bool fresh = core_.keep(fact.bytes, *event);  // the event is gone when it was new
  if (fresh) core_.hear_clock(hlc, source_.substr(1));
  if (auto ok = core_.store->trouble(); !ok) return base::pass(ok.error());
  if (fresh) return sync::Applied::applied;
  if (auto known = look_up(fact, event->id)) return *known;
  return base::fail(base::Fault::bug, "event " + event->id + " is neither new nor kept");
}

base::Result<wire::Event> Sink::decoded(const sync::FactView& fact) {
  if (ahead_ == nullptr) return wire::decode(fact.bytes);
  return ahead_->take(fact.seq - std::get<sync::Data>(*ahead_->message()).first);
}

// What to do with a fact whose id is in the log already; nothing when it is not.
std::optional<base::Result<sync::Applied>> Sink::look_up(const sync::FactView& fact,
                                                         const std::string& id) {
  const auto known = core_.store->log.body_of(id);
  if (!known) return std::nullopt;
  if (*known == fact.bytes) return sync::Applied::duplicate;
  return park(fact, "id_reused", "id " + id + " is another fact's already");
}

base::Result<sync::Applied> Sink::park(const sync::FactView& fact, std::string_view kind,
                                       const std::string& why) {
  if (PLANT("poison-blocks-the-stream")) return base::fail(base::Fault::retry_later, why);
  core_.store->log.park({.site = site_,
                         .station = station_,
                         .inc = fact.inc,
                         .seq = fact.seq,
                         .heard_ms = core_.now.wall_ms,
                         .why = why,
                         .bytes = fact.bytes});
  core_.raise(kind, site_ + "/" + station_,
              "Fact " + std::to_string(fact.seq) + " of " + site_ + "/" + station_ +
                  " cannot be digested: " + why + ".",
              "Stream " + std::string(fact.inc) + ", number " + std::to_string(fact.seq) + ": " +
                  base::printable(fact.bytes, 300));
  return sync::Applied::parked;
}

}  // namespace dockline::server
