// Rows go out as conversations with their channel; verdicts come back as facts or as more work.
#include <algorithm>

#include "server/publish/engine_impl.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server::publish {

namespace {

constexpr std::int64_t kAwayRaisedMs = 300'000;

// The outcome of a verdict for breaker, throttle and row; Ask has none.
Outcome outcome_of(const channels::Verdict& verdict) {
  if (const auto* retry = std::get_if<channels::RetryAfter>(&verdict)) {
    return Again{retry->why, retry->delay_ms, retry->reached};
  }
  if (const auto* slower = std::get_if<channels::Throttled>(&verdict)) {
    return Slower{slower->why, slower->delay_ms};
  }
  if (const auto* rejected = std::get_if<channels::Rejected>(&verdict)) {
    return Dead{rejected->why};
  }
  return Done{};
}

// Nothing was answered: the request may take effect for a while yet, and must not meet its
// successor.
void in_doubt(channels::Verdict& verdict) {
  if (auto* retry = std::get_if<channels::RetryAfter>(&verdict)) {
    retry->delay_ms = std::max(retry->delay_ms, base::limits::kDoubtSettleMs);
  }
}

}  // namespace

// The same for every attempt, and never used for other contents.
//
// Row and time do not say it alone: numbers of delivered rows are given again after a restart, and
// a figure that takes the place of one that failed has its time.
std::string delivery_of(const Row& row) {
  const auto again = PLANT("new-key-per-attempt") ? "-" + std::to_string(row.attempts) : "";
  const auto contents = base::sha256(row.key + '\n' + row.payload);
  return row.channel + "-" + std::to_string(row.created_ms) + "-" + std::to_string(row.id) + "-" +
         base::to_hex(contents).substr(0, 8) + again;
}

base::Status ChannelEngine::Impl::save(OutboxStore& store, const std::vector<RowChange>& changes) {
  for (const auto& change : changes) {
    auto ok = change.removed ? store.outbox_remove(change.row.id) : store.outbox_put(change.row);
    if (!ok) return ok;
    if (change.removed) fulfilling.erase(change.row.id);
  }
  return {};
}

base::Status ChannelEngine::Impl::put(base::Instant now, OutboxStore& store, Row row) {
  std::vector<RowChange> changes;
  if (auto ok = outbox.put(now, std::move(row), changes); !ok) return ok;
  return save(store, changes);
}

void ChannelEngine::Impl::launch(base::Instant now, Flight flight) {
  flight.sent_ms = now.wall_ms;
  flight.asked_ms = now.mono_ms;
  const auto id = next_request++;
  ready.push_back({flight.channel, id, flight.exchange->begin()});
  flights.emplace(id, std::move(flight));
}

base::Status ChannelEngine::Impl::start(base::Instant now, Books& books, OutboxStore& store,
                                        EngineOut& out) {
  std::vector<RowChange> changes;
  const auto rows = outbox.start(now, changes);
  if (auto ok = save(store, changes); !ok) return ok;
  for (const auto& row : rows) {
    auto push = channels::decode_push(row.payload);
    Flight flight{.channel = row.channel, .task = Task::push, .row = row.id};
    if (!push) {
      if (auto ok = finish(now, store, flight, Dead{push.error().detail},
                           "Report this: the row cannot be read.", out);
          !ok) {
        return ok;
      }
      continue;
    }
    if (const auto* parcel = std::get_if<channels::FulfilmentPush>(&*push)) {
      fulfilling[row.id] = *parcel;
    }
    flight.push = std::move(*push);
    if (auto ok = begin(now, books, flight); !ok) return ok;
    if (must_wait(now, flight)) {
      held_back.push_back(std::move(flight));
    } else {
      launch(now, std::move(flight));
    }
  }
  return {};
}

base::Status ChannelEngine::Impl::pushed(base::Instant now, Books& books, OutboxStore& store,
                                         Flight& flight, const channels::Verdict& verdict,
                                         EngineOut& out) {
  if (const auto* done = std::get_if<channels::Delivered>(&verdict)) {
    if (auto ok = delivered(now, books, flight, *done, out); !ok) return ok;
    // What was added to it until now is found by one more reading: then nobody looks at it again.
    const auto* parcel = std::get_if<channels::FulfilmentPush>(&flight.push);
    Feed& feed = feeds.at(flight.channel);
    if (parcel != nullptr && feed.can().polls_orders) {
      if (auto ok = ask_again(store, feed, parcel->number); !ok) return ok;
    }
  }
  const auto* rejected = std::get_if<channels::Rejected>(&verdict);
  return finish(now, store, flight, outcome_of(verdict), rejected ? rejected->proposed : "", out);
}

base::Status ChannelEngine::Impl::delivered(base::Instant, Books& books, Flight& flight,
                                            const channels::Delivered& verdict, EngineOut& out) {
  Feed& feed = feeds.at(flight.channel);
  ++feed.delivered;
  if (const auto* parcel = std::get_if<channels::FulfilmentPush>(&flight.push)) {
    out.facts.emplace_back(wire::ChannelFulfilmentConfirmed{.channel = flight.channel,
                                                            .order = parcel->order,
                                                            .tracking = parcel->tracking,
                                                            .external_id = verdict.external_id,
                                                            .sent_ms = flight.sent_ms});
    if (!feed.can().holds_stock) return {};
    for (const auto& line : parcel->lines) verify(feed, line.sku);
    return {};
  }
  const auto* stock = std::get_if<channels::StockPush>(&flight.push);
  if (stock == nullptr) return {};
  raised.erase("dead_letter|" + stock->sku);
  const auto excess = unexplained(books, flight, verdict.unseen);
  if (!excess) return base::pass(excess.error());
  if (*excess > 0) {
    feed.unexplained[stock->sku] = *excess;
    feed.explaining = false;
    feed.poll_ms = 0;  // its orders, at once
  } else if (verdict.unseen < 0 && feed.foreign.contains(stock->sku)) {
    auto& foreign = feed.foreign[stock->sku];
    foreign = std::max<std::int64_t>(0, foreign + verdict.unseen);
  }
  const auto told = books.told(flight.channel, stock->sku, stock->location);
  if (!told) return base::pass(told.error());
  if (*told && **told == verdict.shown) return {};  // it was only read again
  out.facts.emplace_back(wire::ChannelStockConfirmed{
      .channel = flight.channel,
      .listing = verdict.external_id.empty() ? stock->sku : verdict.external_id,
      .sku = stock->sku,
      .location = stock->location,
      .quantity = verdict.shown,
      .caused_ms = stock->caused_ms,
      .sent_ms = flight.sent_ms});
  return {};
}

// A lower figure waits behind this one: what is left of the conversation would tell the channel
// more than there is. Only lower ones, or a figure that changes all the time would never be told.
bool ChannelEngine::Impl::overtaken(const Flight& flight) const {
  const auto* told = std::get_if<channels::StockPush>(&flight.push);
  const Row* row = flight.task == Task::push ? outbox.find(flight.row) : nullptr;
  if (told == nullptr || row == nullptr) return false;
  const Row* newest = outbox.newest(row->channel, row->kind, row->key);
  if (newest == nullptr || newest->id == row->id) return false;
  const auto push = channels::decode_push(newest->payload);
  const auto* newer = push ? std::get_if<channels::StockPush>(&*push) : nullptr;
  return newer != nullptr && newer->quantity < told->quantity;
}

base::Status ChannelEngine::Impl::finish(base::Instant now, OutboxStore& store, Flight& flight,
                                         const Outcome& outcome, const std::string& proposed,
                                         EngineOut& out) {
  std::vector<RowChange> changes;
  outbox.finish(now, flight.row, outcome, changes);
  if (auto ok = save(store, changes); !ok) return ok;
  const Row* row = outbox.find(flight.row);
  if (row == nullptr || row->state != RowState::dead) return {};
  // Its pieces are in doubt no longer: what was not counted while they were is looked at again.
  if (const auto* parcel = std::get_if<channels::FulfilmentPush>(&flight.push)) {
    Feed& feed = feeds.at(flight.channel);
    for (const auto& line : parcel->lines) {
      if (feed.can().holds_stock) verify(feed, line.sku);
    }
    // Perhaps fewer pieces are wanted by now: a box that is closed is not swept any more.
    if (auto ok = ask_again(store, feed, parcel->number); !ok) return ok;
  }
  raise(now, out,
        {.kind = "dead_letter",
         .subject = row->subject,
         .what = "Channel " + row->channel + " refuses the " + std::string(name(row->kind)) +
                 " of " + row->subject + ".",
         .context = row->last_error + " (outbox row " + std::to_string(row->id) + ")",
         .proposed = proposed.empty() ? "Mend the cause, then send it again." : proposed});
  return {};
}

// The same trouble about the same thing is raised once.
void ChannelEngine::Impl::raise(base::Instant now, EngineOut& out, wire::ExceptionRaised what) {
  auto& last = raised[what.kind + "|" + what.subject];
  const auto contents = what.what + what.context.substr(0, what.context.find(" (outbox row"));
  if (last == contents) return;
  last = contents;
  what.exception = base::uuid7(prng, now.wall_ms);
  out.facts.emplace_back(std::move(what));
}

void ChannelEngine::Impl::note_health(base::Instant now, Feed& feed,
                                      const channels::Verdict& verdict, EngineOut& out) {
  const auto& name = feed.config().name;
  if (const auto* slower = std::get_if<channels::Throttled>(&verdict)) {
    if (!slower->needs_person || feed.trouble) return;
    feed.trouble = true;
    raise(now, out,
          {.kind = "channel_credentials",
           .subject = name,
           .what = "Channel " + name + " does not let us in.",
           .context = slower->why,
           .proposed = "Correct the account or the secret, then restart the server."});
    return;
  }
  const auto* retry = std::get_if<channels::RetryAfter>(&verdict);
  if (retry != nullptr && !retry->reached) {
    if (feed.away_since_ms == 0) feed.away_since_ms = std::max<std::int64_t>(1, now.mono_ms);
    if (feed.away_raised || now.mono_ms - feed.away_since_ms < kAwayRaisedMs) return;
    feed.away_raised = true;
    raise(now, out,
          {.kind = "channel_away",
           .subject = name,
           .what = "Channel " + name + " has not answered for 5 minutes.",
           .context = retry->why,
           .proposed = "Nothing is lost: what it was to be told waits. See whether it is up."});
    return;
  }
  feed.last_heard_ms = now.wall_ms;
  feed.trouble = feed.away_raised = false;
  feed.away_since_ms = 0;
  raised.erase("channel_credentials|" + name);
  raised.erase("channel_away|" + name);
}

base::Status ChannelEngine::on_result(base::Instant now, Books& books, OutboxStore& store,
                                      const ChannelResult& result, EngineOut& out) {
  impl_->taken.clear();
  const auto found = impl_->flights.find(result.request);
  if (found == impl_->flights.end()) return {};  // of a life before this one: tried again anyway
  Flight flight = std::move(found->second);
  impl_->flights.erase(found);
  auto verdict = flight.exchange->on_answer(result.answer);
  if (!result.answer) in_doubt(verdict);
  if (!result.answer) impl_->settle(now, flight, base::limits::kDoubtSettleMs);
  flight.writing = false;
  if (auto* ask = std::get_if<channels::Ask>(&verdict)) {
    if (impl_->overtaken(flight)) return impl_->finish(now, store, flight, Done{}, "", out);
    if (ask->sets) {
      const auto goes = impl_->write(now, books, flight);
      if (!goes) return base::pass(goes.error());
      if (!*goes) return {};
    }
    const auto id = impl_->next_request++;
    impl_->ready.push_back({flight.channel, id, std::move(ask->request)});
    impl_->flights.emplace(id, std::move(flight));
    return {};
  }
  impl_->note_health(now, impl_->feeds.at(flight.channel), verdict, out);
  if (flight.task == Task::push) return impl_->pushed(now, books, store, flight, verdict, out);
  impl_->outbox.heard(now, flight.channel, outcome_of(verdict));
  return impl_->polled(now, books, store, flight, verdict, out);
}

}  // namespace dockline::server::publish
