// What each channel should show: at each location what may be promised there, less what is bought
// and belongs to no location (server/stock/locations.hpp says how), then the channel's share,
// buffer and cap. A figure becomes an outbox row when the channel was told another one, or none.
#include <algorithm>

#include "server/publish/engine_impl.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server::publish {
namespace {

// A walk over all figures waits while so many rows are still to be told: they would only be
// replaced by newer ones.
constexpr std::size_t kWalkRowsMost = base::limits::kOutboxRowsMax / 2;
constexpr std::int64_t kWalkPauseMs = 1'000;

base::Result<Subject> subject(base::Instant now, const std::string& sku, const SkuFacts& facts) {
  auto sites = stock::promises(facts.sites, now.wall_ms);
  if (!sites) return base::pass(sites.error());
  return Subject{sku, std::move(*sites), facts.unrouted, nullptr, {}};
}

// Before share, buffer and cap. A kit is made of what its parts leave at each location, so selling
// a part lowers it, and selling it lowers its parts.
base::Result<std::vector<stock::AtLocation>> sellable_of(const Feed& feed, const Subject& of) {
  if (of.parts.empty()) return stock::sellable_at(feed.locations, of.sites, of.unrouted);
  std::vector<stock::PartAt> parts;
  for (const auto& part : of.parts) {
    parts.push_back({part.sku, stock::sellable_at(feed.locations, part.sites, part.unrouted)});
  }
  return stock::kit_at(*of.kits, of.sku, feed.locations, parts);
}

}  // namespace

base::Result<Subject> subject_of(base::Instant now, Books& books, const std::string& sku) {
  const auto kit = books.kit(sku);
  if (!kit) return base::pass(kit.error());
  if (kit->parts.empty()) {
    const auto facts = books.facts(sku);
    return facts ? subject(now, sku, *facts) : base::pass(facts.error());
  }
  Subject out{.sku = sku, .sites = {}, .unrouted = {}, .kits = kit->kits, .parts = {}};
  for (const auto& [part, facts] : kit->parts) {
    auto one = subject(now, part, facts);
    if (!one) return one;
    out.parts.push_back(std::move(*one));
  }
  return out;
}

base::Result<std::vector<stock::AtLocation>> told_of(Books& books, const Feed& feed,
                                                     const Subject& subject) {
  const auto own = books.policy(feed.config().name, subject.sku);
  if (!own) return base::pass(own.error());
  const auto policy = stock::effective(stock::Policy{.buffer = feed.config().buffer}, *own);
  auto out = sellable_of(feed, subject);
  if (!out) return out;
  for (auto& at : *out) {
    auto figure = stock::told(std::move(at.figure), policy);
    if (!figure) return base::pass(figure.error());
    at.figure = std::move(*figure);
  }
  return out;
}

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
    if (feeds.empty()) break;
    const auto subject = subject_of(now, books, sku);
    if (!subject) return base::pass(subject.error());
    for (auto& [name, feed] : feeds) {
      if (auto ok = figure(now, books, store, feed, *subject, caused_ms); !ok) return ok;
    }
  }
  for (const auto& [name, sku] : std::exchange(to_verify, {})) {
    auto& feed = feeds.at(name);
    to_verify = {{name, sku}};
    const auto subject = subject_of(now, books, sku);
    if (!subject) return base::pass(subject.error());
    if (auto ok = figure(now, books, store, feed, *subject, 0); !ok) return ok;
  }
  to_verify.clear();
  return {};
}

base::Status ChannelEngine::Impl::figure(base::Instant now, Books& books, OutboxStore& store,
                                         Feed& feed, const Subject& subject,
                                         std::int64_t caused_ms) {
  const bool forced = to_verify.contains({feed.config().name, subject.sku});
  const auto shows = told_of(books, feed, subject);
  if (!shows) return base::pass(shows.error());
  for (const auto& at : *shows) {
    ++feed.figures;
    const channels::StockPush push{.sku = subject.sku,
                                   .location = at.location,
                                   .quantity = at.figure.value,
                                   .caused_ms = caused_ms == 0 ? now.wall_ms : caused_ms};
    Row row{.channel = feed.config().name,
            .kind = RowKind::stock,
            .key = subject.sku + "|" + at.location,
            .subject = subject.sku,
            .caused_ms = push.caused_ms};
    const Row* newest = outbox.newest(row.channel, row.kind, row.key);
    if (newest != nullptr &&
        (newest->state == RowState::waiting || (newest->state == RowState::sent && !forced))) {
      const auto other = channels::decode_push(newest->payload);
      const auto* figure = other ? std::get_if<channels::StockPush>(&*other) : nullptr;
      if (figure != nullptr && figure->quantity == push.quantity) continue;
    }
    const auto told = books.told(feed.config().name, subject.sku, at.location);
    if (!told) return base::pass(told.error());
    if (newest == nullptr && !forced && *told && **told == push.quantity) continue;
    row.payload = channels::encode_push(push);
    row.express = stock::express(*told, push.quantity) != stock::Express::no;
    if (auto ok = put(now, store, std::move(row)); !ok) return ok;
  }
  return {};
}

// A channel that is new here is told every figure once, a page of SKUs per tick; so is one whose
// settings changed what is not told yet. Channels that stand at the same SKU go on together: what
// is read of it is read once.
base::Status ChannelEngine::Impl::announce(base::Instant now, Books& books, OutboxStore& store) {
  std::map<std::string, std::vector<Feed*>> walks;  // by where they stand
  for (auto& [name, feed] : feeds) {
    if (feed.announced || now.mono_ms < feed.announce_ms) continue;
    if (outbox.size() >= kWalkRowsMost) {
      feed.announce_ms = now.mono_ms + kWalkPauseMs;
      continue;
    }
    const auto after = store.cursor("announced:" + name);
    if (!after) return base::pass(after.error());
    walks[*after].push_back(&feed);
  }
  for (const auto& [after, walkers] : walks) {
    const auto skus = books.skus(after, base::limits::kPageRowsMax);
    if (!skus) return base::pass(skus.error());
    for (const auto& sku : *skus) {
      const auto subject = subject_of(now, books, sku);
      if (!subject) return base::pass(subject.error());
      for (auto* feed : walkers) {
        if (auto ok = figure(now, books, store, *feed, *subject, 0); !ok) return ok;
      }
    }
    const bool last = skus->size() < base::limits::kPageRowsMax;
    for (auto* feed : walkers) {
      feed->announced = last;
      const auto ok = store.set_cursor("announced:" + feed->config().name,
                                       last ? std::string(kAnnounced) : skus->back());
      if (!ok) return ok;
    }
  }
  return {};
}

base::Status ChannelEngine::touch_channel(OutboxStore& store, const std::string& channel) {
  Feed* feed = impl_->find(channel);
  if (feed == nullptr) return {};
  feed->announced = false;
  return store.set_cursor("announced:" + channel, "");
}

base::Status ChannelEngine::touch_site(OutboxStore& store, const std::string& site) {
  for (auto& [name, feed] : impl_->feeds) {
    if (!feed.config().locations.contains(site)) continue;
    if (auto ok = touch_channel(store, name); !ok) return ok;
  }
  return {};
}

base::Result<std::vector<Derivation>> ChannelEngine::derive(base::Instant now, Books& books,
                                                            const std::string& sku) const {
  const auto subject = subject_of(now, books, sku);
  if (!subject) return base::pass(subject.error());
  std::vector<Derivation> out;
  for (const auto& [name, feed] : impl_->feeds) {
    auto shows = told_of(books, feed, *subject);
    if (!shows) return base::pass(shows.error());
    for (auto& at : *shows) {
      const auto told = books.told(name, sku, at.location);
      if (!told) return base::pass(told.error());
      const auto express = stock::express(*told, at.figure.value);
      out.push_back({name, at.location, std::move(at.figure), *told, express});
    }
  }
  return out;
}

}  // namespace dockline::server::publish
