// When an order will be done, as things are, and whether that keeps its promise.
#include <algorithm>

#include "server/app/delays.hpp"
#include "server/app/reactions.hpp"
#include "server/orders/way.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

constexpr std::int64_t kLookMs = 10'000;    // between two looks at all that have a promise
constexpr std::int64_t kLooksPerTurn = 50;  // of them

std::string minutes(std::int64_t ms) {
  const auto all = std::max<std::int64_t>(0, ms) / 60'000;
  if (all < 120) return std::to_string(all) + " min";
  if (all < 2'880) return std::to_string(all / 60) + " h";
  return std::to_string(all / 1'440) + " days";
}

bool has_to_pack(const orders::Line& line) {
  using enum orders::UnitState;
  return line.units.at(open) + line.units.at(backordered) + line.units.at(allocated) +
             line.units.at(released) >
         0;
}

}  // namespace

void raise_delay_again(HubCore& core, const store::OrderHead& head, std::string_view since) {
  const auto known = core.store->life.forecast(head.ord);
  if (!known || known->outlook != "late" || known->promised_ms != head.promised_ms) return;
  const auto lines = core.store->orders.lines(head.ord);
  if (std::ranges::none_of(lines, has_to_pack) || PLANT("reopened-late-untold")) return;
  core.raise("delay_predicted", head.id,
             "Order " + head.number + " will be late, as things are: " + std::string(since) + ".",
             known->why);
}

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
  const auto facts = facts_.way(ord);
  if (auto ok = facts_.trouble(); !ok) return ok;
  if (!facts) return core_.store->trouble();
  if (facts->unrouted + facts->to_pack == 0) {
    return settle("delay_predicted", head->id, head->state, "server");
  }
  const auto seen = orders::way(*facts);
  if (!seen) return base::pass(seen.error());
  const std::string outlook(orders::name(seen->outlook));
  const auto predicted = seen->predicted_ms;
  const auto known = core_.store->life.forecast(ord);
  const bool same = known && known->outlook == outlook && known->promised_ms == *head->promised_ms;
  if (same || (!known && outlook == "on_time")) return core_.store->trouble();
  if (known && PLANT("forecast-stands-still")) return {};
  if (core_.now.wall_ms <= *head->promised_ms && PLANT("delay-told-when-it-is-there")) return {};
  const auto kept = core_.record(
      wire::OrderForecast{head->id, outlook, *head->promised_ms, predicted, seen->worst, seen->why},
      {.subject = head->id});
  if (!kept) return base::pass(kept.error());
  if (outlook != "late" && PLANT("delay-case-stays")) return {};
  if (outlook != "late") return settle("delay_predicted", head->id, "caught up", "server");
  core_.raise("delay_predicted", head->id,
              "Order " + head->number + " will be " + minutes(predicted - *head->promised_ms) +
                  " late, as things are.",
              seen->why);
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
