// The outbox per channel: breaker, throttle, back-off, and what the console sees of it.
#include <algorithm>

#include "server/publish/outbox.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::publish {

namespace limits = base::limits;

std::string_view name(RowKind kind) {
  switch (kind) {
    case RowKind::fulfilment:
      return "fulfilment";
    case RowKind::stock:
      return "stock";
    case RowKind::status:
      return "status";
  }
  return "";
}

std::string_view name(RowState state) {
  switch (state) {
    case RowState::waiting:
      return "waiting";
    case RowState::sent:
      return "sent";
    case RowState::dead:
      return "dead";
  }
  return "";
}

std::string_view name(Circuit circuit) {
  switch (circuit) {
    case Circuit::closed:
      return "closed";
    case Circuit::open:
      return "open";
    case Circuit::half_open:
      return "half_open";
  }
  return "";
}

std::optional<RowKind> row_kind(std::string_view text) {
  for (const auto kind : {RowKind::fulfilment, RowKind::stock, RowKind::status}) {
    if (name(kind) == text) return kind;
  }
  return std::nullopt;
}

std::optional<RowState> row_state(std::string_view text) {
  for (const auto state : {RowState::waiting, RowState::sent, RowState::dead}) {
    if (name(state) == text) return state;
  }
  return std::nullopt;
}

// Between half of it and all of it, so that many rows do not come back as one wave.
std::int64_t Outbox::jittered(std::int64_t delay_ms) {
  return delay_ms <= 1 ? delay_ms : prng_.between(delay_ms / 2, delay_ms);
}

std::int64_t Outbox::back_off(std::int64_t attempts, std::int64_t first_ms, std::int64_t most_ms) {
  const auto doublings = std::clamp<std::int64_t>(attempts - 1, 0, 20);
  return jittered(std::min(first_ms << doublings, most_ms));
}

void Outbox::heard(base::Instant now, const std::string& channel, const Outcome& outcome) {
  const auto found = lanes_.find(channel);
  if (found != lanes_.end()) hear(now, found->second, outcome);
}

bool Outbox::may_ask(base::Instant now, const std::string& channel) {
  const auto found = lanes_.find(channel);
  if (found == lanes_.end()) return false;
  Lane& lane = found->second;
  if (now.mono_ms < lane.paused_ms || lane.probing) return false;
  if (lane.circuit != Circuit::closed) {
    lane.circuit = Circuit::half_open;
    lane.probing = true;
  }
  return true;
}

std::optional<std::int64_t> Outbox::may_ask_ms(const std::string& channel) const {
  const auto found = lanes_.find(channel);
  if (found == lanes_.end() || found->second.probing) return std::nullopt;
  return found->second.paused_ms;
}

void Outbox::hear(base::Instant now, Lane& lane, const Outcome& outcome) {
  lane.probing = false;
  const auto* again = std::get_if<Again>(&outcome);
  if (again != nullptr && !again->reached) {
    ++lane.failures;
    lane.last_error = again->why;
    if (lane.circuit == Circuit::closed && lane.failures < limits::kBreakerFailures) return;
    lane.circuit = Circuit::open;
    const auto delay = back_off(lane.failures - limits::kBreakerFailures + 1,
                                limits::kBreakerFirstMs, limits::kBreakerMostMs);
    lane.paused_ms = std::max(lane.paused_ms, now.mono_ms + std::max(delay, again->delay_ms));
    return;
  }
  lane.failures = 0;
  lane.circuit = Circuit::closed;
  if (const auto* slower = std::get_if<Slower>(&outcome)) {
    lane.last_error = slower->why;
    ++lane.throttles;
    // The channel's own word counts, as it stands; without one we guess longer each time.
    const auto delay = slower->delay_ms > 0 ? slower->delay_ms
                                            : back_off(lane.throttles, limits::kThrottleFirstMs,
                                                       limits::kRetryMostMs);
    lane.paused_ms = std::max(lane.paused_ms, now.mono_ms + delay);
    return;
  }
  lane.throttles = 0;
  if (again != nullptr) lane.last_error = again->why;
}

std::optional<std::int64_t> Outbox::next_due_ms(base::Instant now) const {
  std::optional<std::int64_t> next;
  for (const auto& [channel, lane] : lanes_) {
    if (lane.probing) continue;
    const auto look = [&, &the_lane = lane](const Queue& queue, std::int64_t in_flight_max) {
      if (queue.empty() || the_lane.in_flight >= in_flight_max) return;
      const auto due = std::max({queue.begin()->first.first, the_lane.paused_ms, now.mono_ms});
      if (!next || due < *next) next = due;
    };
    look(lane.express, lane.limits.in_flight_max + lane.limits.express_extra);
    look(lane.fulfilment, lane.limits.in_flight_max);
    look(lane.stock, lane.limits.in_flight_max);
  }
  return next;
}

const Row* Outbox::newest(const std::string& channel, RowKind kind, const std::string& key) const {
  const auto found = by_key_.find(channel + '\x1f' + std::string(name(kind)) + '\x1f' + key);
  return found == by_key_.end() ? nullptr : &rows_.at(found->second).row;
}

const Row* Outbox::find(std::int64_t id) const {
  const auto found = rows_.find(id);
  return found == rows_.end() ? nullptr : &found->second.row;
}

std::vector<std::int64_t> Outbox::dead(const std::string& subject) const {
  std::vector<std::int64_t> ids;
  for (const auto& [id, item] : rows_) {
    if (item.row.state == RowState::dead && item.row.subject == subject) ids.push_back(id);
  }
  return ids;
}

std::vector<LaneView> Outbox::view(base::Instant now) const {
  std::vector<LaneView> views;
  for (const auto& [channel, lane] : lanes_) {
    LaneView view{.channel = channel,
                  .waiting = static_cast<std::int64_t>(lane.live.size()) - lane.in_flight,
                  .in_flight = lane.in_flight,
                  .dead = lane.dead,
                  .oldest_ms = std::nullopt,
                  .circuit = lane.circuit,
                  .failures = lane.failures,
                  .paused_for_ms = std::max<std::int64_t>(0, lane.paused_ms - now.mono_ms),
                  .last_error = lane.last_error};
    if (!lane.live.empty()) view.oldest_ms = rows_.at(*lane.live.begin()).row.created_ms;
    views.push_back(std::move(view));
  }
  return views;
}

std::vector<Row> Outbox::rows(std::int64_t after_id, std::size_t limit) const {
  std::vector<Row> page;
  for (auto at = rows_.upper_bound(after_id); at != rows_.end() && page.size() < limit; ++at) {
    page.push_back(at->second.row);
  }
  return page;
}

}  // namespace dockline::server::publish
