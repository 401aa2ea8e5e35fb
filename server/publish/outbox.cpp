#include "server/publish/outbox.hpp"

#include <algorithm>

#include "shared/base/check.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server::publish {

namespace limits = base::limits;

namespace {

constexpr char kSeparator = '\x1f';

std::string key_of(const Row& row) {
  return row.channel + kSeparator + std::string(name(row.kind)) + kSeparator + row.key;
}

// Fulfilments of one order go one after the other; a figure or a status only behind itself.
std::string group_of(const Row& row) {
  if (row.kind != RowKind::fulfilment) return key_of(row);
  return row.channel + kSeparator + std::string(name(row.kind)) + kSeparator + row.subject;
}

constexpr std::int64_t kWaitMostMs = 3'600'000;  // the longest Retry-After that is taken

bool newest_wins(RowKind kind) { return kind != RowKind::fulfilment; }

std::int64_t older(std::int64_t a, std::int64_t b) {
  if (a == 0) return b;
  return b == 0 ? a : std::min(a, b);
}

}  // namespace

Outbox::Outbox(std::uint64_t seed, std::map<std::string, Limits> channels) : prng_(seed) {
  for (auto& [channel, lane_limits] : channels) lanes_[channel].limits = lane_limits;
}

std::vector<RowChange> Outbox::load(base::Instant now, std::vector<Row> rows) {
  std::vector<RowChange> changes;
  std::ranges::sort(rows, {}, &Row::id);
  for (auto& row : rows) {
    last_id_ = std::max(last_id_, row.id);
    // Rows of a channel that is no longer configured wait in the store until it is back.
    if (!lanes_.contains(row.channel)) continue;
    Item item{.row = std::move(row)};
    // A figure of the life before may take effect for as long as a request may take, and where a
    // channel cannot be read, it would stay over the newer one.
    const auto settle_ms =
        limits::kDoubtSettleMs + (newest_wins(item.row.kind) ? limits::kHttpTimeoutMs : 0);
    const auto left_ms = item.row.next_ms - now.wall_ms;
    if (item.row.state == RowState::sent) {
      // Nothing of this life is under way for it, so the store must not say so either.
      item.row.state = RowState::waiting;
      item.row.next_ms = now.wall_ms + settle_ms;
      item.due_ms = now.mono_ms + settle_ms;
      changes.push_back({item.row, false});
    } else if (left_ms > kWaitMostMs) {  // nobody waits so long: the clock was set back meanwhile
      item.due_ms = now.mono_ms + settle_ms;
    } else {
      item.due_ms = now.mono_ms + std::clamp<std::int64_t>(left_ms, 0, limits::kRetryMostMs);
    }
    const auto older_one = by_key_.find(key_of(item.row));
    if (older_one != by_key_.end() && newest_wins(item.row.kind)) {
      const Item& old = rows_.at(older_one->second);
      item.due_ms = std::max(item.due_ms, old.due_ms);
      item.row.caused_ms = older(item.row.caused_ms, old.row.caused_ms);
      remove(old.row.id, changes);
      changes.push_back({item.row, false});
    }
    insert(std::move(item));
  }
  return changes;
}

base::Status Outbox::put(base::Instant now, Row row, std::vector<RowChange>& changes) {
  if (!lanes_.contains(row.channel)) {
    return base::fail(base::Fault::reject, "no channel " + row.channel + " is configured");
  }
  if (merge(row, changes)) return {};
  // Fulfilments are as many as orders and cannot be made up for later; figures can.
  if (newest_wins(row.kind) && rows_.size() >= limits::kOutboxRowsMax) {
    return base::fail(base::Fault::full, "the outbox holds " + std::to_string(rows_.size()) +
                                             " rows: mend the channel that does not answer");
  }
  add(now, std::move(row), changes);
  return {};
}

void Outbox::add(base::Instant now, Row row, std::vector<RowChange>& changes) {
  row.id = ++last_id_;
  row.state = RowState::waiting;
  row.attempts = 0;
  row.created_ms = now.wall_ms;
  row.next_ms = now.wall_ms;
  changes.push_back({row, false});
  insert({.row = std::move(row), .due_ms = now.mono_ms});
}

// True when the key's row takes the news in, or when there is no news.
bool Outbox::merge(const Row& row, std::vector<RowChange>& changes) {
  const auto known = by_key_.find(key_of(row));
  if (known == by_key_.end()) return false;
  if (!newest_wins(row.kind)) return true;
  Item& item = rows_.at(known->second);
  if (item.row.state == RowState::sent) return false;  // a second row waits behind it
  if (item.row.state == RowState::dead) {              // a newer figure gets its own chance
    remove(item.row.id, changes);
    return false;
  }
  if (PLANT("stale-figure-overwrites-newer") && item.row.attempts > 0) return true;
  dequeue(item);
  item.row.payload = row.payload;
  item.row.express = item.row.express || row.express;
  item.row.caused_ms = older(item.row.caused_ms, row.caused_ms);
  if (item.row.attempts > 0) {
    // The receiver may have the old contents under this id: new contents, new id.
    Item fresh = item;
    fresh.row.id = ++last_id_;
    replace(item.row.id, std::move(fresh), changes);
    return true;
  }
  changes.push_back({item.row, false});
  if (groups_.at(group_of(item.row)).front() == item.row.id) enqueue(item);
  return true;
}

// `fresh` takes the place of a waiting row in its group.
void Outbox::replace(std::int64_t id, Item fresh, std::vector<RowChange>& changes) {
  Item& old = rows_.at(id);
  auto& group = groups_.at(group_of(old.row));
  const bool front = group.front() == id;
  std::ranges::replace(group, id, fresh.row.id);
  lane_of(old.row).live.erase(id);
  changes.push_back({old.row, true});
  changes.push_back({fresh.row, false});
  rows_.erase(id);
  by_key_[key_of(fresh.row)] = fresh.row.id;
  lane_of(fresh.row).live.insert(fresh.row.id);
  const auto at = rows_.emplace(fresh.row.id, std::move(fresh)).first;
  if (front) enqueue(at->second);
}

void Outbox::insert(Item item) {
  const auto id = item.row.id;
  const auto [at, fresh] = rows_.emplace(id, std::move(item));
  CHECK(fresh);
  const Row& row = at->second.row;
  by_key_[key_of(row)] = id;
  Lane& lane = lane_of(row);
  if (row.state == RowState::dead) {
    ++lane.dead;
    return;
  }
  lane.live.insert(id);
  auto& group = groups_[group_of(row)];
  group.push_back(id);
  if (group.size() == 1) enqueue(at->second);
}

Outbox::Lane& Outbox::lane_of(const Row& row) { return lanes_.at(row.channel); }

Outbox::Queue& Outbox::queue_of(Lane& lane, const Row& row) {
  if (row.express) return lane.express;
  return row.kind == RowKind::fulfilment ? lane.fulfilment : lane.stock;
}

void Outbox::enqueue(const Item& item) {
  queue_of(lane_of(item.row), item.row).emplace(std::pair(item.due_ms, item.row.id), item.row.id);
}

void Outbox::dequeue(const Item& item) {
  queue_of(lane_of(item.row), item.row).erase(std::pair(item.due_ms, item.row.id));
}

std::vector<Row> Outbox::start(base::Instant now, std::vector<RowChange>& changes) {
  std::vector<Row> started;
  for (auto& [channel, lane] : lanes_) {
    while (const auto id = choose(now, lane)) {
      Item& item = rows_.at(id);
      dequeue(item);
      item.row.state = RowState::sent;
      ++item.row.attempts;
      ++lane.in_flight;
      if (lane.circuit != Circuit::closed) {
        lane.circuit = Circuit::half_open;
        lane.probing = true;
      }
      changes.push_back({item.row, false});
      started.push_back(item.row);
    }
  }
  return started;
}

// The row to send next, or 0.
std::int64_t Outbox::choose(base::Instant now, Lane& lane) {
  if (now.mono_ms < lane.paused_ms || lane.probing) return 0;
  const auto ready = [&](const Queue& queue) -> std::int64_t {
    if (queue.empty() || queue.begin()->first.first > now.mono_ms) return 0;
    return queue.begin()->second;
  };
  if (const auto id = ready(lane.express)) {
    return lane.in_flight < lane.limits.in_flight_max + lane.limits.express_extra ? id : 0;
  }
  if (lane.in_flight >= lane.limits.in_flight_max) return 0;
  const auto fulfilment = ready(lane.fulfilment);
  const auto stock = ready(lane.stock);
  if (fulfilment != 0 && stock != 0) {
    lane.stock_turn = !lane.stock_turn;
    return lane.stock_turn ? fulfilment : stock;
  }
  return fulfilment != 0 ? fulfilment : stock;
}

void Outbox::finish(base::Instant now, std::int64_t id, const Outcome& outcome,
                    std::vector<RowChange>& changes) {
  const auto found = rows_.find(id);
  if (found == rows_.end() || found->second.row.state != RowState::sent) return;
  Item& item = found->second;
  Lane& lane = lane_of(item.row);
  --lane.in_flight;
  hear(now, lane, outcome);
  if (std::holds_alternative<Done>(outcome)) {
    remove(id, changes);
  } else if (const auto* dead = std::get_if<Dead>(&outcome)) {
    bury(item, dead->why, changes);
  } else if (const auto* slower = std::get_if<Slower>(&outcome)) {
    item.row.last_error = slower->why;
    if (PLANT("outbox-forgets-on-throttle")) return remove(id, changes);
    wait(item, now, 0, changes);
  } else {
    again(now, item, std::get<Again>(outcome), changes);
  }
}

void Outbox::again(base::Instant now, Item& item, const Again& outcome,
                   std::vector<RowChange>& changes) {
  item.row.last_error = outcome.why;
  if (outcome.reached && ++item.undone >= limits::kPushAttemptsMax) {
    bury(item, outcome.why + " (given up after " + std::to_string(item.row.attempts) + " attempts)",
         changes);
    return;
  }
  // While nothing answers, the lane's breaker sets the pace; the row is ready when it lets go.
  const auto most = outcome.reached ? limits::kRetryMostMs : limits::kBreakerFirstMs;
  const auto delay =
      back_off(std::max<std::int64_t>(item.row.attempts, 1), limits::kRetryFirstMs, most);
  wait(item, now, std::max(delay, outcome.delay_ms), changes);
}

// Back into the queue; or, when a newer figure waits behind it, that one takes its place.
void Outbox::wait(Item& item, base::Instant now, std::int64_t delay_ms,
                  std::vector<RowChange>& changes) {
  auto& group = groups_.at(group_of(item.row));
  if (newest_wins(item.row.kind) && group.size() > 1) {
    Item& newer = rows_.at(group[1]);
    newer.row.caused_ms = older(newer.row.caused_ms, item.row.caused_ms);
    newer.row.created_ms = std::min(newer.row.created_ms, item.row.created_ms);
    newer.row.express = newer.row.express || item.row.express;
    newer.row.attempts = item.row.attempts;
    newer.row.last_error = item.row.last_error;
    newer.undone = item.undone;
    newer.due_ms = now.mono_ms + delay_ms;
    newer.row.next_ms = now.wall_ms + delay_ms;
    changes.push_back({newer.row, false});
    remove(item.row.id, changes);
    return;
  }
  item.row.state = RowState::waiting;
  item.due_ms = now.mono_ms + delay_ms;
  item.row.next_ms = now.wall_ms + delay_ms;
  changes.push_back({item.row, false});
  enqueue(item);
}

void Outbox::next_of_group(const std::string& group) {
  const auto found = groups_.find(group);
  if (found == groups_.end()) return;
  found->second.pop_front();
  if (found->second.empty()) {
    groups_.erase(found);
  } else {
    enqueue(rows_.at(found->second.front()));
  }
}

// The row must not be in a queue, unless it is the front of its group and waits.
void Outbox::remove(std::int64_t id, std::vector<RowChange>& changes) {
  const Item item = rows_.at(id);
  if (item.row.state == RowState::waiting) dequeue(item);
  changes.push_back({item.row, true});
  Lane& lane = lane_of(item.row);
  const auto known = by_key_.find(key_of(item.row));
  if (known != by_key_.end() && known->second == id) by_key_.erase(known);
  rows_.erase(id);
  if (item.row.state == RowState::dead) {
    --lane.dead;
    return;
  }
  lane.live.erase(id);
  next_of_group(group_of(item.row));
}

void Outbox::bury(Item& item, const std::string& why, std::vector<RowChange>& changes) {
  Lane& lane = lane_of(item.row);
  const auto group = group_of(item.row);
  if (newest_wins(item.row.kind) && groups_.at(group).size() > 1) {
    remove(item.row.id, changes);  // a newer figure gets its own chance
    return;
  }
  item.row.state = RowState::dead;
  item.row.last_error = why;
  lane.live.erase(item.row.id);
  ++lane.dead;
  changes.push_back({item.row, false});
  next_of_group(group);
}

base::Status Outbox::revive(base::Instant now, std::int64_t id, std::vector<RowChange>& changes) {
  const auto found = rows_.find(id);
  if (found == rows_.end() || found->second.row.state != RowState::dead) {
    return base::fail(base::Fault::reject, "no dead letter " + std::to_string(id));
  }
  Row row = found->second.row;
  remove(id, changes);
  if (!merge(row, changes)) add(now, std::move(row), changes);
  return {};
}

base::Status Outbox::discard(std::int64_t id, std::vector<RowChange>& changes) {
  const auto found = rows_.find(id);
  if (found == rows_.end() || found->second.row.state != RowState::dead) {
    return base::fail(base::Fault::reject, "no dead letter " + std::to_string(id));
  }
  remove(id, changes);
  return {};
}

}  // namespace dockline::server::publish
