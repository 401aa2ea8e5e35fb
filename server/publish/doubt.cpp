// A channel that keeps stock for its orders lowers both its figures when a fulfilment takes effect.
// A figure of ours is written from what was read before, so a fulfilment of the same pieces must
// not take effect unnoticed in between: the channel would then show more than there is.
//   - What is in fulfilments under way is not relied upon (in_doubt), whether it was taken or not.
//   - It is counted anew just before the write; when more is in doubt by then, it is read again.
//   - A fulfilment waits while a figure of its pieces is being written, or may still be.
#include <algorithm>

#include "server/publish/engine_impl.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::publish {

// Pieces the channel holds that our figures already take into account: of orders of its own that we
// know and that it has not seen leave, and what it overcounts.
base::Result<Known> ChannelEngine::Impl::known_held(Books& books, const Feed& feed,
                                                    const std::string& sku) {
  Known known;
  if (!feed.can().holds_stock) return known;
  const auto all = books.held(feed.config().name, sku);
  if (!all) return base::pass(all.error());
  domain::Quantity in_doubt = 0, refused = 0;
  for (const auto& [row, parcel] : fulfilling) {
    const Row* of = outbox.find(row);
    if (of == nullptr || of->channel != feed.config().name) continue;
    if (of->state == RowState::dead) {
      const auto kept = still_kept(books, parcel, sku);
      if (!kept) return base::pass(kept.error());
      refused += *kept;
      continue;
    }
    for (const auto& line : parcel.lines) {
      if (line.sku == sku) in_doubt += line.quantity;
    }
  }
  const auto rest = std::max<domain::Quantity>(0, *all - refused);
  known.held = std::max<domain::Quantity>(0, rest - in_doubt);
  known.in_doubt = rest - known.held;
  const auto foreign = feed.foreign.find(sku);
  if (foreign != feed.foreign.end()) known.held += foreign->second;
  return known;
}

// Pieces of a refused parcel that our books still count among the held. What its customer has taken
// back since is not among them: counted off all the same, it would be counted off other orders, and
// theirs would be learnt as held for nobody.
base::Result<domain::Quantity> ChannelEngine::Impl::still_kept(
    Books& books, const channels::FulfilmentPush& parcel, const std::string& sku) {
  const auto of_sku = [&](const channels::FulfilledLine& line) { return line.sku == sku; };
  if (std::ranges::none_of(parcel.lines, of_sku)) return domain::Quantity{0};
  const auto known = books.order(parcel.order);
  if (!known) return base::pass(known.error());
  domain::Quantity kept = 0;
  for (const auto& line : *known ? **known : std::vector<KnownLine>()) {
    for (const auto& sent : parcel.lines) {
      if (of_sku(sent) && sent.line == line.line) kept += std::min(sent.quantity, line.held);
    }
  }
  return kept;
}

// What the reading of a figure shows beyond every order we know, then or by now. What is in doubt
// is not unexplained: taken for pieces held for nobody, it would be offered twice once it has left.
base::Result<domain::Quantity> ChannelEngine::Impl::unexplained(Books& books, const Flight& flight,
                                                                domain::Quantity unseen) {
  const auto& stock = std::get<channels::StockPush>(flight.push);
  const auto now = known_held(books, feeds.at(flight.channel), stock.sku);
  if (!now) return base::pass(now.error());
  const auto most = std::max(stock.known_held + flight.in_doubt, now->held + now->in_doubt);
  return std::max<domain::Quantity>(0, unseen + stock.known_held - most);
}

// A refused fulfilment's pieces may have been learnt as held for nobody; now it goes out again.
void ChannelEngine::Impl::forget_foreign(const std::string& channel,
                                         const channels::FulfilmentPush& parcel) {
  Feed* feed = find(channel);
  if (feed == nullptr) return;
  for (const auto& line : parcel.lines) {
    const auto foreign = feed->foreign.find(line.sku);
    if (foreign == feed->foreign.end()) continue;
    foreign->second = std::max<domain::Quantity>(0, foreign->second - line.quantity);
  }
}

// The same when its customer takes pieces back: it keeps them no longer.
void ChannelEngine::Impl::forget_refused(const std::string& channel, const std::string& order) {
  for (const auto& [row, parcel] : fulfilling) {
    const Row* of = outbox.find(row);
    const bool refused = of != nullptr && of->state == RowState::dead && of->channel == channel;
    if (refused && parcel.order == order) forget_foreign(channel, parcel);
  }
}

// The first request of an attempt, or of one begun anew.
base::Status ChannelEngine::Impl::begin(base::Instant now, Books& books, Flight& flight) {
  const Row* row = outbox.find(flight.row);
  Feed& feed = feeds.at(flight.channel);
  if (auto* stock = std::get_if<channels::StockPush>(&flight.push)) {
    const auto known = known_held(books, feed, stock->sku);
    if (!known) return base::pass(known.error());
    stock->known_held = known->held;
    flight.in_doubt = known->in_doubt;
  }
  flight.exchange = feed.channel->push(flight.push, row ? delivery_of(*row) : "", now);
  return {};
}

// False: more is in doubt than when it was read, so the conversation was begun anew. When more is
// in doubt than the figure can be lowered by, that must first be known to have left or not.
base::Result<bool> ChannelEngine::Impl::write(base::Instant now, Books& books, Flight& flight) {
  const auto* stock = std::get_if<channels::StockPush>(&flight.push);
  if (stock == nullptr) return true;
  const auto known = known_held(books, feeds.at(flight.channel), stock->sku);
  if (!known) return base::pass(known.error());
  const bool too_much =
      known->in_doubt > stock->quantity && departing(now, flight.channel, stock->sku);
  if (known->held >= stock->known_held && !too_much) {
    flight.writing = true;
    return true;
  }
  if (auto ok = begin(now, books, flight); !ok) return base::pass(ok.error());
  if (too_much) {
    held_back.push_back(std::move(flight));
  } else {
    launch(now, std::move(flight));
  }
  return false;
}

// A fulfilment with pieces of this SKU may take effect at any moment now.
bool ChannelEngine::Impl::departing(base::Instant now, const std::string& channel,
                                    const std::string& sku) const {
  const auto has = [&](const channels::FulfilmentPush& parcel) {
    return std::ranges::any_of(parcel.lines, [&](const auto& line) { return line.sku == sku; });
  };
  const auto under_way = [&](const auto& one) {
    const auto* parcel = std::get_if<channels::FulfilmentPush>(&one.second.push);
    return parcel != nullptr && one.second.channel == channel && has(*parcel);
  };
  const auto unsettled = [&](const auto& one) {
    const auto parcel = fulfilling.find(one.first);
    const Row* row = outbox.find(one.first);
    return one.second > now.mono_ms && parcel != fulfilling.end() && row != nullptr &&
           row->channel == channel && has(parcel->second);
  };
  return std::ranges::any_of(flights, under_way) || std::ranges::any_of(leaving, unsettled);
}

bool ChannelEngine::Impl::must_wait(base::Instant now, const Flight& flight) const {
  if (!feeds.at(flight.channel).can().holds_stock) return false;
  const auto* parcel = std::get_if<channels::FulfilmentPush>(&flight.push);
  if (parcel == nullptr) return false;
  const auto of = [&](const Flight& other, const std::string& sku) {
    const auto* stock = std::get_if<channels::StockPush>(&other.push);
    return stock != nullptr && other.channel == flight.channel && stock->sku == sku;
  };
  return std::ranges::any_of(parcel->lines, [&](const channels::FulfilledLine& line) {
    const auto until = settling.find({flight.channel, line.sku});
    if (until != settling.end() && until->second > now.mono_ms) return true;
    const auto written = [&](const auto& one) {
      return one.second.writing && of(one.second, line.sku);
    };
    const auto waits = [&](const Flight& other) { return of(other, line.sku); };
    return std::ranges::any_of(flights, written) || std::ranges::any_of(held_back, waits);
  });
}

base::Status ChannelEngine::Impl::release(base::Instant now, Books& books) {
  const auto over = [&](const auto& one) { return one.second <= now.mono_ms; };
  std::erase_if(settling, over);
  std::erase_if(leaving, over);
  auto waiting = std::exchange(held_back, {});
  // Figures first: fulfilments wait for those that still cannot go.
  std::ranges::stable_partition(waiting, [](const Flight& flight) {
    return std::holds_alternative<channels::StockPush>(flight.push);
  });
  for (auto& flight : waiting) {
    const auto* stock = std::get_if<channels::StockPush>(&flight.push);
    const bool waits =
        stock == nullptr ? must_wait(now, flight) : departing(now, flight.channel, stock->sku);
    if (waits) {
      held_back.push_back(std::move(flight));
      continue;
    }
    if (auto ok = begin(now, books, flight); !ok) return ok;
    launch(now, std::move(flight));
  }
  return {};
}

// Nobody answered what was under way.
void ChannelEngine::Impl::settle(base::Instant now, const Flight& flight, std::int64_t for_ms) {
  const auto later = [&](std::int64_t& until_ms) {
    until_ms = std::max(until_ms, now.mono_ms + for_ms);
  };
  const auto* stock = std::get_if<channels::StockPush>(&flight.push);
  if (stock != nullptr && flight.writing) later(settling[{flight.channel, stock->sku}]);
  if (std::holds_alternative<channels::FulfilmentPush>(flight.push)) later(leaving[flight.row]);
}

}  // namespace dockline::server::publish
