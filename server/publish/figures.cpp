// What each channel should show: per site what may be sold there, less the channel's buffer, never
// negative. A figure becomes an outbox row when the channel was told another one, or none.
#include <algorithm>

#include "server/publish/engine_impl.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::publish {

void ChannelEngine::Impl::verify(Feed& feed, const std::string& sku) {
  to_verify.emplace(feed.config().name, sku);
}

// The channel takes from its own locations as it likes, so an order of its moves what it shows at
// places where our figure stands still: all of them are read again.
void ChannelEngine::Impl::verify_all(Feed& feed, const std::vector<domain::OrderLine>& lines) {
  if (!feed.can().holds_stock) return;
  for (const auto& line : lines) {
    if (!line.sku.empty()) verify(feed, line.sku);
  }
}

base::Status ChannelEngine::Impl::figures(base::Instant now, Books& books, OutboxStore& store) {
  const auto changed = std::exchange(dirty, {});
  for (const auto& [sku, caused_ms] : changed) {
    for (auto& [name, feed] : feeds) {
      if (auto ok = figure(now, books, store, feed, sku, caused_ms); !ok) return ok;
    }
  }
  for (const auto& [name, sku] : std::exchange(to_verify, {})) {
    auto& feed = feeds.at(name);
    to_verify = {{name, sku}};
    if (auto ok = figure(now, books, store, feed, sku, 0); !ok) return ok;
  }
  to_verify.clear();
  return {};
}

base::Status ChannelEngine::Impl::figure(base::Instant now, Books& books, OutboxStore& store,
                                         Feed& feed, const std::string& sku,
                                         std::int64_t caused_ms) {
  const bool forced = to_verify.contains({feed.config().name, sku});
  for (const auto& [site, location] : feed.config().locations) {
    const auto available = books.available(sku, site);
    if (!available) return base::pass(available.error());
    const channels::StockPush push{
        .sku = sku,
        .location = location,
        .quantity = std::max<std::int64_t>(0, *available - feed.config().buffer),
        .caused_ms = caused_ms == 0 ? now.wall_ms : caused_ms};
    Row row{.channel = feed.config().name,
            .kind = RowKind::stock,
            .key = sku + "|" + location,
            .subject = sku,
            .caused_ms = push.caused_ms};
    const Row* newest = outbox.newest(row.channel, row.kind, row.key);
    if (newest != nullptr &&
        (newest->state == RowState::waiting || (newest->state == RowState::sent && !forced))) {
      const auto other = channels::decode_push(newest->payload);
      const auto* figure = other ? std::get_if<channels::StockPush>(&*other) : nullptr;
      if (figure != nullptr && figure->quantity == push.quantity) continue;
    }
    const auto told = books.told(feed.config().name, sku, location);
    if (!told) return base::pass(told.error());
    if (newest == nullptr && !forced && *told && **told == push.quantity) continue;
    row.payload = channels::encode_push(push);
    row.express = *told && (**told > 0) != (push.quantity > 0);
    if (auto ok = put(now, store, std::move(row)); !ok) return ok;
  }
  return {};
}

// A channel that is new here is told every figure once, a page of SKUs per tick.
base::Status ChannelEngine::Impl::announce(base::Instant now, Books& books, OutboxStore& store,
                                           Feed& feed) {
  const auto name = "announced:" + feed.config().name;
  const auto after = store.cursor(name);
  if (!after) return base::pass(after.error());
  const auto skus = books.skus(*after, base::limits::kPageRowsMax);
  if (!skus) return base::pass(skus.error());
  for (const auto& sku : *skus) {
    if (auto ok = figure(now, books, store, feed, sku, 0); !ok) return ok;
  }
  feed.announced = skus->size() < base::limits::kPageRowsMax;
  return store.set_cursor(name, feed.announced ? std::string(kAnnounced) : skus->back());
}

}  // namespace dockline::server::publish
