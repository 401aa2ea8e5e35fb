#include "server/publish/channel_engine.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/publish/engine_impl.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::publish {

namespace {

std::map<std::string, Outbox::Limits> lanes(const std::map<std::string, Feed>& feeds) {
  std::map<std::string, Outbox::Limits> out;
  for (const auto& [name, feed] : feeds) {
    out[name] = {.in_flight_max = feed.can().in_flight_max};
  }
  return out;
}

std::map<std::string, Feed> feeds_of(std::vector<std::unique_ptr<channels::Channel>> channels) {
  std::map<std::string, Feed> feeds;
  for (auto& channel : channels) {
    const auto name = channel->config().name;
    auto& feed = feeds[name];
    for (const auto& [site, location] : channel->config().locations) {
      const auto known = std::ranges::find(feed.locations, location, &stock::Location::id);
      if (known == feed.locations.end()) {
        feed.locations.push_back({location, {site}});
      } else {
        known->sites.push_back(site);
      }
    }
    feed.channel = std::move(channel);
  }
  return feeds;
}

}  // namespace

ChannelEngine::Impl::Impl(std::vector<std::unique_ptr<channels::Channel>> channels,
                          std::uint64_t seed)
    : prng(seed), feeds(feeds_of(std::move(channels))), outbox(prng.next(), lanes(feeds)) {}

Feed* ChannelEngine::Impl::find(const std::string& channel) {
  const auto found = feeds.find(channel);
  return found == feeds.end() ? nullptr : &found->second;
}

ChannelEngine::ChannelEngine(std::vector<std::unique_ptr<channels::Channel>> channels,
                             std::uint64_t seed)
    : impl_(std::make_unique<Impl>(std::move(channels), seed)) {}
ChannelEngine::~ChannelEngine() = default;

base::Status ChannelEngine::load(base::Instant now, OutboxStore& store) {
  // Answers to requests of an engine before this one must not be taken for ours.
  impl_->next_request = (impl_->prng.next() ^ static_cast<std::uint64_t>(now.mono_ms)) >> 16 << 12;
  auto rows = store.outbox_rows();
  if (!rows) return base::pass(rows.error());
  for (const auto& row : *rows) {
    if (row.attempts == 0) continue;
    const auto push = channels::decode_push(row.payload);
    if (push && row.state != RowState::dead) {
      // Requests of a life before this one may take effect for as long as a request may take.
      impl_->settle(now, {.channel = row.channel, .row = row.id, .push = *push, .writing = true},
                    base::limits::kHttpTimeoutMs + base::limits::kDoubtSettleMs);
    }
    const auto* parcel = push ? std::get_if<channels::FulfilmentPush>(&*push) : nullptr;
    if (parcel != nullptr) impl_->fulfilling[row.id] = *parcel;
  }
  if (auto ok = impl_->save(store, impl_->outbox.load(now, std::move(*rows))); !ok) return ok;
  for (auto& [name, feed] : impl_->feeds) {
    auto cursor = store.cursor("orders:" + name);
    auto pending = store.cursor("pending:" + name);
    if (!cursor) return base::pass(cursor.error());
    if (!pending) return base::pass(pending.error());
    auto announced = store.cursor("announced:" + name);
    if (!announced) return base::pass(announced.error());
    const auto reductions = store.cursor("reductions:" + name);
    if (!reductions) return base::pass(reductions.error());
    feed.reductions.load(*reductions);
    feed.announced = *announced == kAnnounced;
    feed.cursor = std::move(*cursor);
    for (std::size_t at = 0, end; (end = pending->find('\n', at)) != std::string::npos;
         at = end + 1) {
      feed.pending.insert(pending->substr(at, end - at));
    }
    feed.poll_ms = feed.sweep_ms = feed.audit_ms = now.mono_ms;
  }
  return {};
}

void ChannelEngine::touch(const std::string& sku, std::int64_t caused_ms) {
  const auto [at, fresh] = impl_->dirty.emplace(sku, caused_ms);
  if (!fresh) at->second = std::min(at->second, caused_ms);
}

base::Status ChannelEngine::fulfil(base::Instant now, OutboxStore& store,
                                   const std::string& channel,
                                   const channels::FulfilmentPush& push) {
  if (impl_->find(channel) == nullptr) return {};
  return impl_->put(now, store,
                    {.channel = channel,
                     .kind = RowKind::fulfilment,
                     .key = push.order + "|" + push.tracking,
                     .subject = push.order,
                     .payload = channels::encode_push(push),
                     .caused_ms = push.caused_ms});
}

bool ChannelEngine::serves(const std::string& channel) const {
  return impl_->find(channel) != nullptr;
}

bool ChannelEngine::telling(const std::string& channel, const std::string& order,
                            const std::string& tracking) const {
  return impl_->outbox.newest(channel, RowKind::fulfilment, order + "|" + tracking) != nullptr;
}

base::Status ChannelEngine::tell_status(base::Instant now, OutboxStore& store,
                                        const std::string& channel,
                                        const channels::StatusPush& push) {
  const Feed* feed = impl_->find(channel);
  if (feed == nullptr || !feed->can().wants_status) return {};
  return impl_->put(now, store,
                    {.channel = channel,
                     .kind = RowKind::status,
                     .key = push.order,
                     .subject = push.order,
                     .payload = channels::encode_push(push),
                     .caused_ms = push.caused_ms});
}

base::Status ChannelEngine::flush(base::Instant now, Books& books, OutboxStore& store,
                                  EngineOut& out) {
  if (auto ok = impl_->figures(now, books, store); !ok) return ok;
  if (auto ok = impl_->release(now, books); !ok) return ok;
  if (auto ok = impl_->start(now, books, store, out); !ok) return ok;
  std::ranges::move(std::exchange(impl_->ready, {}), std::back_inserter(out.requests));
  return {};
}

base::Status ChannelEngine::retry(base::Instant now, OutboxStore& store, std::int64_t row) {
  std::vector<RowChange> changes;
  // Refused once more, it is news again.
  if (const Row* dead = impl_->outbox.find(row)) {
    impl_->raised.erase("dead_letter|" + dead->subject);
    const auto parcel = impl_->fulfilling.find(row);
    if (parcel != impl_->fulfilling.end()) impl_->forget_foreign(dead->channel, parcel->second);
  }
  if (auto ok = impl_->outbox.revive(now, row, changes); !ok) return ok;
  return impl_->save(store, changes);
}

base::Status ChannelEngine::discard(OutboxStore& store, std::int64_t row) {
  std::vector<RowChange> changes;
  // Refused once more (its parcel stayed, and has left again), it is news as well.
  if (const Row* dead = impl_->outbox.find(row))
    impl_->raised.erase("dead_letter|" + dead->subject);
  if (auto ok = impl_->outbox.discard(row, changes); !ok) return ok;
  return impl_->save(store, changes);
}

base::Status ChannelEngine::decide(base::Instant now, OutboxStore& store,
                                   const std::string& subject, bool again) {
  impl_->raised.erase("dead_letter|" + subject);  // its case is closed: what comes next is news
  for (const auto id : impl_->outbox.dead(subject)) {
    if (auto ok = again ? retry(now, store, id) : discard(store, id); !ok) return ok;
  }
  return {};
}

std::vector<ChannelView> ChannelEngine::view(base::Instant now) const {
  std::vector<ChannelView> out;
  for (auto& lane : impl_->outbox.view(now)) {
    const Feed& feed = impl_->feeds.at(lane.channel);
    ChannelView view{.channel = lane.channel,
                     .kind = std::string(feed.can().kind),
                     .last_heard_ms = feed.last_heard_ms,
                     .polled = feed.polled,
                     .drift = feed.drift,
                     .delivered = feed.delivered,
                     .figures = feed.figures,
                     .locations = {feed.config().locations.begin(), feed.config().locations.end()}};
    view.lane = std::move(lane);
    out.push_back(std::move(view));
  }
  return out;
}

std::vector<Row> ChannelEngine::rows(std::int64_t after_id, std::size_t limit) const {
  return impl_->outbox.rows(after_id, limit);
}

std::optional<std::int64_t> ChannelEngine::next_due_ms(base::Instant now) const {
  auto next = impl_->outbox.next_due_ms(now);
  if (!impl_->held_back.empty()) {
    const auto settled = [&](const auto& one) {
      const auto at_ms = std::max(one.second, now.mono_ms);
      next = std::min(next.value_or(at_ms), at_ms);
    };
    std::ranges::for_each(impl_->settling, settled);
    std::ranges::for_each(impl_->leaving, settled);
  }
  for (const auto& [name, feed] : impl_->feeds) {
    const auto from = impl_->outbox.may_ask_ms(name);
    const auto sooner = [&](bool can, bool under_way, std::int64_t at_ms) {
      if (!can || under_way || !from) return;
      const auto due = std::max({at_ms, *from, now.mono_ms});
      next = std::min(next.value_or(due), due);
    };
    sooner(!feed.announced, false, feed.announce_ms);
    sooner(feed.can().polls_orders, feed.polling, feed.poll_ms);
    sooner(feed.can().polls_orders, feed.sweeping, feed.sweep_ms);
    sooner(feed.can().audits_stock, feed.auditing, feed.audit_ms);
  }
  return next;
}

}  // namespace dockline::server::publish
