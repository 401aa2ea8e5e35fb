// When an order will be done, as things are, and whether that keeps its promise.
#include <algorithm>

#include "server/app/reactions.hpp"
#include "server/orders/deadlines.hpp"
#include "server/routing/hours.hpp"
#include "shared/base/time.hpp"

namespace dockline::server {
namespace {

using orders::UnitState;

constexpr std::int64_t kLookMs = 10'000;    // between two looks at all that have a promise
constexpr std::int64_t kLooksPerTurn = 50;  // of them
constexpr std::int64_t kLooksDays = 40;     // ahead, for the cut-offs of its site
constexpr std::int64_t kPackMs = 180'000;   // before a site has packed anything

struct Standing {
  domain::Quantity waits = 0, allocated = 0, released = 0;
  std::string site;
  [[nodiscard]] domain::Quantity left() const { return waits + allocated + released; }
};

Standing standing_of(const std::vector<orders::Line>& lines) {
  Standing out;
  for (const auto& line : lines) {
    out.waits += line.units.unrouted();
    out.allocated += line.units.at(UnitState::allocated);
    out.released += line.units.at(UnitState::released);
    if (!line.site.empty()) out.site = line.site;
  }
  return out;
}

// When the carriers leave the site from then on, by its declared cut-offs; none: whenever a parcel
// is ready.
std::vector<std::int64_t> collections(const HubCore& core, const std::string& name,
                                      std::int64_t from_ms) {
  const auto* site = core.config.rulebook ? core.config.rulebook->site(name) : nullptr;
  std::vector<std::int64_t> out;
  if (site == nullptr || !site->hours) return out;
  for (const auto& window : routing::windows_of(*site->hours, from_ms, kLooksDays)) {
    out.push_back(window.cut_off_ms);
  }
  return out;
}

// When the last of what waits is released, when all of it waits for that alone; else now.
std::int64_t begins_ms(HubCore& core, const std::vector<orders::Line>& lines) {
  std::int64_t out = core.now.wall_ms;
  for (const auto& line : lines) {
    if (line.units.unrouted() == 0) continue;
    const auto waiting = core.store->life.backorder(line.sku);
    if (!waiting || waiting->released_ms <= core.now.wall_ms) return core.now.wall_ms;
    out = std::max(out, waiting->released_ms);
  }
  return out;
}

std::string minutes(std::int64_t ms) {
  const auto all = std::max<std::int64_t>(0, ms) / 60'000;
  if (all < 120) return std::to_string(all) + " min";
  if (all < 2'880) return std::to_string(all / 60) + " h";
  return std::to_string(all / 1'440) + " days";
}

}  // namespace

// A piece of work that was measured: opened at the bench and closed there, by its own clock.
void Reactions::note_pack_time(const Fresh& fresh, const wire::PackClosed& data, std::int64_t ord) {
  const auto opened = core_.store->life.opened_ms(ord, fresh.event.source, fresh.event.time_ms);
  const std::string site(parse_source(fresh.event.source).site);
  if (!opened || site.empty() || data.lines.empty()) return;
  core_.store->own.add_pack_time(site, fresh.event.time_ms - *opened);
}

base::Status Reactions::look_ahead(std::int64_t ord) {
  const auto head = core_.store->orders.head(ord);
  if (!head || !head->promised_ms) return core_.store->trouble();
  const auto lines = core_.store->orders.lines(ord);
  const auto at = standing_of(lines);
  if (at.left() == 0) return settle("delay_predicted", head->id, head->state, "server");
  const auto begins = begins_ms(core_, lines);
  const auto times = core_.store->own.pack_times(at.site);
  const auto pack_ms = times.empty() ? kPackMs : times[times.size() / 2];
  const auto benches = std::max<std::int64_t>(1, stations_.benches(at.site));
  const orders::Step pack{.name = "pack",
                          .takes_ms = pack_ms,
                          .ahead = at.site.empty() ? 0 : core_.store->orders.ahead_at(at.site, ord),
                          .each_ms = pack_ms / benches,
                          .collections_ms = {}};
  const orders::Step collect{.name = "collection",
                             .takes_ms = 0,
                             .ahead = 0,
                             .each_ms = 0,
                             .collections_ms = collections(core_, at.site, begins)};
  const orders::Step carry{.name = "hand over",
                           .takes_ms = core_.config.orders.transit_ms,
                           .ahead = 0,
                           .each_ms = 0,
                           .collections_ms = {}};
  const std::vector<orders::Step> left{pack, collect, carry};
  auto seen = orders::forecast(left, *head->promised_ms, core_.config.orders.margin_ms, begins);
  if (!seen) return base::pass(seen.error());
  std::string why =
      std::to_string(pack.ahead) + " orders go first at " + at.site + ", one takes " +
      minutes(pack_ms) + "; then " +
      (collect.collections_ms.empty()
           ? ""
           : "collected in " + minutes(seen->steps[1].predicted_ms - core_.now.wall_ms) + ", ") +
      minutes(carry.takes_ms) + " on the way. To be packed by " +
      base::to_rfc3339(seen->steps[0].deadline_ms);
  std::string worst = seen->worst;
  // Nobody knows how long a hold or missing stock lasts: it is a risk from now on.
  if (head->held || (at.waits > 0 && begins == core_.now.wall_ms)) {
    if (seen->outlook == orders::Outlook::on_time) seen->outlook = orders::Outlook::at_risk;
    worst = head->held ? "hold" : "stock";
    why = head->held ? "it is held; released now it would take " + minutes(pack_ms + carry.takes_ms)
                     : std::to_string(at.waits) +
                           " pieces wait for stock; with it there it would "
                           "take " +
                           minutes(pack_ms + carry.takes_ms);
  }
  const std::string outlook(orders::name(seen->outlook));
  const auto predicted = seen->steps.back().predicted_ms;
  const auto known = core_.store->life.forecast(ord);
  const bool same = known && known->outlook == outlook && known->promised_ms == *head->promised_ms;
  if (same || (!known && outlook == "on_time")) return core_.store->trouble();
  const auto kept = core_.record(
      wire::OrderForecast{head->id, outlook, *head->promised_ms, predicted, worst, why},
      {.subject = head->id});
  if (!kept) return base::pass(kept.error());
  if (outlook != "late") return settle("delay_predicted", head->id, "caught up", "server");
  core_.raise("delay_predicted", head->id,
              "Order " + head->number + " will be " + minutes(predicted - *head->promised_ms) +
                  " late, as things are.",
              why);
  return core_.store->trouble();
}

// Some of those with a promise, the soonest first, over and over.
base::Status Reactions::look_ahead_all() {
  if (core_.now.mono_ms - looked_ms_ < kLookMs && looked_ms_ != 0) return core_.store->trouble();
  looked_ms_ = core_.now.mono_ms;
  const auto next = core_.store->orders.promised(looked_, kLooksPerTurn);
  for (const auto& one : next) {
    if (auto ok = look_ahead(one.ord); !ok) return ok;
  }
  looked_ = std::cmp_less(next.size(), kLooksPerTurn) ? store::OrderBook::Promised{} : next.back();
  return core_.store->trouble();
}

base::Status Reactions::on(const Fresh&, const wire::OrderReleased& data) {
  const auto ord = core_.store->orders.ord_of(data.order);
  return ord ? look_ahead(*ord) : base::Status{};
}

}  // namespace dockline::server
