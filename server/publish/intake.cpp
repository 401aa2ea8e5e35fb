// Orders in, by polls and hooks; drift found by audits. What a channel shows is compared with what
// is known, so seeing the same thing twice, late or in another order changes nothing.
#include "server/orders/intake.hpp"

#include <algorithm>

#include "server/publish/engine_impl.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server::publish {

namespace {

// What the channel shows of it; nothing: this view does not say.
std::optional<domain::Quantity> shown_of(const channels::OrderSeen& seen, const KnownLine& known) {
  if (seen.cancelled) return 0;
  for (const auto& line : seen.order.lines) {
    if (line.external_id.value_or("") == known.external_id) return line.quantity;
  }
  return seen.complete ? std::optional<domain::Quantity>(0) : std::nullopt;
}

domain::Quantity wanted_now(const channels::OrderSeen& seen, const KnownLine& known) {
  return shown_of(seen, known).value_or(known.received - known.cancelled);
}

std::string joined(const std::set<std::string>& numbers) {
  std::string out;
  for (const auto& number : numbers) out += number + "\n";
  return out;
}

// SKUs as the books write them.
channels::OrderSeen normal(channels::OrderSeen seen) {
  for (auto& line : seen.order.lines) line.sku = orders::normal_sku(line.sku);
  return seen;
}

}  // namespace

// True when the order is news: a new one, or other pieces than we know of. `asked_ms`: monotonic,
// when this was asked for; what came unasked adds nothing to a known order.
base::Result<bool> ChannelEngine::Impl::take(base::Instant now, Books& books, Feed& feed,
                                             const channels::OrderSeen& shown,
                                             std::int64_t asked_ms, Asked what, EngineOut& out) {
  const auto seen = normal(shown);
  const auto known = books.order(seen.order.order);
  if (!known) return base::pass(known.error());
  if (!*known) {
    if (seen.pending && feed.pending.size() < base::limits::kPendingOrdersMax) {
      feed.pending.insert(seen.order.number);
      for (const auto& line : seen.order.lines) feed.pending_skus.insert(line.sku);
    } else if (!seen.pending) {
      feed.pending.erase(seen.order.number);
    }
    // A customer may have taken all pieces of a line off before we heard of the order.
    auto order = seen.order;
    std::erase_if(order.lines, [](const domain::OrderLine& line) { return line.quantity == 0; });
    if (!seen.wanted || seen.cancelled || order.lines.empty()) return false;
    if (!taken.insert(order.order).second) return false;
    out.facts.emplace_back(std::move(order));
    // What was found before this order was known is found again, if it was not this order.
    for (const auto& line : seen.order.lines) feed.unexplained.erase(line.sku);
    verify_all(feed, seen.order.lines);
    return true;
  }
  auto address = moved(now, books, feed, seen, **known, asked_ms);
  if (!address) return base::pass(address.error());
  wire::OrderAmended amended{.order = seen.order.order,
                             .ship_to = std::move(*address),
                             .why = "changed at " + feed.config().name,
                             .by = feed.config().name};
  if (what == Asked::for_address) {
    if (amended.ship_to && taken.insert(amended.order).second) {
      out.facts.emplace_back(std::move(amended));
    }
    return false;
  }
  feed.pending.erase(seen.order.number);
  const auto more = added(now, feed, seen, **known, asked_ms);
  for (const auto& one : more) amended.lines.push_back(one.line);
  const auto growing = feed.growing.find(seen.order.order);
  if (growing != feed.growing.end() && !growing->second.given &&
      feed.pending.size() < base::limits::kPendingOrdersMax) {
    feed.pending.insert(seen.order.number);
  }
  wire::OrderCancelled cancelled{
      .order = seen.order.order,
      .reason = seen.reason.empty() ? "cancelled at " + feed.config().name : seen.reason};
  for (const auto& line : **known) {
    const auto pieces = shown_of(seen, line);
    if (pieces && *pieces < line.received && !line.external_id.empty()) {
      feed.reductions.shown(seen.order.order, line.external_id, *pieces);
    }
    const auto before = PLANT("webhook-dedupe-forgets") ? 0 : line.cancelled;
    const auto fewer = line.received - before - wanted_now(seen, line);
    if (fewer > 0) cancelled.lines.push_back({line.line, fewer});
  }
  const bool goods = !cancelled.lines.empty() || !amended.lines.empty();
  if (!goods && !amended.ship_to) return false;
  if (!taken.insert(seen.order.order).second) return false;
  doubt_growth(now, feed, seen, more, out);
  if (!cancelled.lines.empty()) out.facts.emplace_back(std::move(cancelled));
  if (!amended.lines.empty() || amended.ship_to) out.facts.emplace_back(std::move(amended));
  if (!goods) return false;
  forget_refused(feed.config().name, seen.order.order);
  verify_all(feed, seen.order.lines);
  return true;
}

base::Status ChannelEngine::Impl::polled(base::Instant now, Books& books, OutboxStore& store,
                                         Flight& flight, channels::Verdict& verdict,
                                         EngineOut& out) {
  Feed& feed = feeds.at(flight.channel);
  if (flight.task == Task::since) feed.polling = false;
  if (flight.task == Task::sweep) feed.sweeping = false;
  if (flight.task == Task::audit) feed.auditing = false;
  if (const auto* page = std::get_if<channels::Seen>(&verdict)) {
    return seen(now, books, store, flight, *page, out);
  }
  if (const auto* page = std::get_if<channels::ShownStock>(&verdict)) {
    auto ok = listings_shown(now, books, feed, *flight.exchange, !page->more);
    if (!ok) return ok;
    return shown(now, books, feed, *page, out);
  }
  if (flight.task == Task::sweep) {  // not heard: the same page again, soon
    feed.sweep_after = feed.sweep_from;
    feed.late_before = feed.late_from;
    feed.sweep_ms = std::min(feed.sweep_ms, now.mono_ms + feed.config().poll_ms);
  }
  if (const auto* rejected = std::get_if<channels::Rejected>(&verdict)) {
    raise(now, out,
          {.kind = "channel_refuses",
           .subject = flight.channel,
           .what = "Channel " + flight.channel + " refuses to be asked.",
           .context = rejected->why,
           .proposed = rejected->proposed});
  }
  return {};
}

base::Status ChannelEngine::Impl::seen(base::Instant now, Books& books, OutboxStore& store,
                                       Flight& flight, const channels::Seen& page, EngineOut& out) {
  Feed& feed = feeds.at(flight.channel);
  ++feed.polled;
  const auto pending = joined(feed.pending);
  for (const auto& order : page.orders) {
    if (PLANT("poll-skips-last-of-page") && page.orders.size() > 1 && &order == &page.orders.back())
      continue;
    const bool late = flight.task == Task::sweep && feed.late.contains(order.order.number);
    const auto news = take(now, books, feed, order, flight.asked_ms,
                           late ? Asked::for_address : Asked::for_all, out);
    if (!news) return base::pass(news.error());
  }
  if (auto ok = save_reductions(store, feed); !ok) return ok;
  if (pending != joined(feed.pending)) {
    if (feed.pending.empty()) feed.pending_skus.clear();
    const auto ok = store.set_cursor("pending:" + flight.channel, joined(feed.pending));
    if (!ok) return ok;
  }
  if (flight.task != Task::since) return {};
  return since_seen(now, store, feed, page);
}

base::Status ChannelEngine::Impl::since_seen(base::Instant now, OutboxStore& store, Feed& feed,
                                             const channels::Seen& page) {
  if (page.more) {
    feed.poll_ms = now.mono_ms;
  } else {
    explain(feed);
  }
  if (page.next_cursor == feed.cursor) return {};
  feed.cursor = page.next_cursor;
  return store.set_cursor("orders:" + feed.config().name, feed.cursor);
}

// A complete reading of its orders is done. What it holds beyond them, it holds for nobody - unless
// an unpaid order may be the reason, or the reading began before the excess was found.
void ChannelEngine::Impl::explain(Feed& feed) {
  if (!feed.explaining) return;
  feed.explaining = false;
  for (const auto& [sku, unseen] : std::exchange(feed.unexplained, {})) {
    if (feed.pending_skus.contains(sku)) continue;
    feed.foreign[sku] += unseen;
    verify(feed, sku);
  }
}

// What may have happened, judged by what is known here: pieces it keeps for orders that we have not
// read, a figure that never got there, somebody's hand in the shop.
base::Result<wire::ListingDrifted> ChannelEngine::Impl::drift_of(
    Books& books, const Feed& feed, const channels::ShownStock::Row& row,
    const std::optional<domain::Quantity>& told) {
  const auto held = known_held(books, feed, row.sku);
  if (!held) return base::pass(held.error());
  wire::ListingDrifted out{.channel = feed.config().name,
                           .sku = row.sku,
                           .location = row.location,
                           .told = told.value_or(0),
                           .shown = row.shown,
                           .cause = "changed_there",
                           .why = "no order known here and no figure of ours explains it"};
  const auto known = held->held + held->in_doubt;
  if (!told) {
    out.cause = "never_arrived";
    out.why = "no figure of it was ever confirmed";
  } else if (feed.can().holds_stock && row.held > known) {
    out.cause = "sale_unseen";
    out.why = "it keeps " + std::to_string(row.held) + " for its orders; those known here are " +
              std::to_string(known);
  } else if (!feed.can().holds_stock && row.shown < *told) {
    out.cause = "unknown";
    out.why = "sold there, or set by somebody: it does not say what it keeps for its orders";
  }
  return out;
}

base::Status ChannelEngine::Impl::shown(base::Instant now, Books& books, Feed& feed,
                                        const channels::ShownStock& page, EngineOut& out) {
  ++feed.polled;
  feed.audit_cursor = page.next_cursor;
  feed.audit_ms = page.more ? now.mono_ms : now.mono_ms + feed.config().audit_ms;
  for (auto row : page.rows) {
    row.sku = orders::normal_sku(row.sku);
    if (row.sku.empty()) continue;
    const auto ours = books.knows(row.sku);
    if (!ours) return base::pass(ours.error());
    if (!*ours) continue;
    if (outbox.newest(feed.config().name, RowKind::stock, row.sku + "|" + row.location)) continue;
    const auto told = books.told(feed.config().name, row.sku, row.location);
    if (!told) return base::pass(told.error());
    if (*told && **told == row.shown) continue;
    if (*told) ++feed.drift;
    if (*told || feed.announced) {
      auto drifted = drift_of(books, feed, row, *told);
      if (!drifted) return base::pass(drifted.error());
      out.facts.emplace_back(std::move(*drifted));
    }
    verify(feed, row.sku);
  }
  return {};
}

base::Status ChannelEngine::Impl::ask_again(OutboxStore& store, Feed& feed,
                                            const std::string& number) {
  if (feed.pending.size() >= base::limits::kPendingOrdersMax) return {};
  if (!feed.pending.insert(number).second) return {};
  return store.set_cursor("pending:" + feed.config().name, joined(feed.pending));
}

base::Result<std::vector<std::string>> ChannelEngine::Impl::sweep_page(base::Instant now,
                                                                       Books& books, Feed& feed) {
  const auto most = static_cast<std::size_t>(feed.can().poll_max);
  feed.sweep_from = feed.sweep_after;
  std::vector<std::string> numbers;
  if (feed.sweep_after.empty()) {
    for (const auto& number : feed.pending) {
      if (numbers.size() < most / 2) numbers.push_back(number);
    }
  }
  const auto room = most - numbers.size();
  auto open = books.open_orders(feed.config().name, feed.sweep_after, room);
  if (!open) return open;
  feed.sweep_after = open->size() < room ? std::string() : open->back();
  numbers.insert(numbers.end(), open->begin(), open->end());
  feed.late.clear();
  feed.late_from = feed.late_before;
  if (!feed.sweep_after.empty()) return numbers;
  if (auto ok = sweep_late(now, books, feed, numbers, most); !ok) return base::pass(ok.error());
  return numbers;
}

base::Status ChannelEngine::Impl::poll(base::Instant now, Books& books, Feed& feed) {
  const auto& name = feed.config().name;
  if (feed.can().polls_orders && !feed.polling && now.mono_ms >= feed.poll_ms &&
      outbox.may_ask(now, name)) {
    feed.polling = true;
    feed.poll_ms = now.mono_ms + feed.config().poll_ms;
    // Only a reading from its first page on explains everything.
    if (!feed.unexplained.empty() && !feed.cursor.contains('+')) feed.explaining = true;
    launch(now, {.channel = name,
                 .task = Task::since,
                 .exchange = feed.channel->poll(channels::PollSince{feed.cursor}, now)});
  }
  // Put off while it may not be asked, not left out: a cancellation would be heard that much later.
  const auto from = outbox.may_ask_ms(name);
  const bool open = from && *from <= now.mono_ms;
  if (feed.can().polls_orders && !feed.sweeping && open && now.mono_ms >= feed.sweep_ms) {
    auto numbers = sweep_page(now, books, feed);
    if (!numbers) return base::pass(numbers.error());
    const bool sweeps = !numbers->empty() && outbox.may_ask(now, name);
    if (!sweeps) {
      feed.sweep_after.clear();
      feed.late_before = feed.late_from;
    }
    feed.sweep_ms = feed.sweep_after.empty() ? now.mono_ms + feed.config().sweep_ms : now.mono_ms;
    if (sweeps) {
      feed.sweeping = true;
      launch(now, {.channel = name,
                   .task = Task::sweep,
                   .exchange = feed.channel->poll(channels::PollOrders{std::move(*numbers)}, now)});
    }
  }
  if (feed.can().audits_stock && !feed.auditing && now.mono_ms >= feed.audit_ms &&
      outbox.may_ask(now, name)) {
    feed.auditing = true;
    feed.audit_ms = now.mono_ms + feed.config().audit_ms;
    launch(now, {.channel = name,
                 .task = Task::audit,
                 .exchange = feed.channel->poll(channels::AuditStock{feed.audit_cursor}, now)});
  }
  return {};
}

base::Status ChannelEngine::on_tick(base::Instant now, Books& books, OutboxStore& store,
                                    EngineOut&) {
  if (auto ok = impl_->load_listings(books); !ok) return ok;
  if (auto ok = impl_->announce(now, books, store); !ok) return ok;
  for (auto& [name, feed] : impl_->feeds) {
    if (auto ok = impl_->poll(now, books, feed); !ok) return ok;
    if (auto ok = impl_->save_reductions(store, feed); !ok) return ok;  // what a hook said
  }
  return {};
}

base::Result<HookReply> ChannelEngine::on_hook(base::Instant now, Books& books,
                                               const std::string& channel,
                                               const channels::Hook& hook, EngineOut& out) {
  impl_->taken.clear();
  Feed* feed = impl_->find(channel);
  if (feed == nullptr) {
    return HookReply{.status = 404, .detail = "no channel " + channel + " is configured"};
  }
  const auto answer = feed->channel->hook(hook, now);
  if (!answer) {
    const bool forged = answer.error().detail.contains("signature");
    return HookReply{.status = forged ? 401 : 422, .detail = answer.error().detail};
  }
  feed->last_heard_ms = now.wall_ms;
  HookReply reply{.detail = "ok"};
  for (const auto& order : answer->orders) {
    const auto known = books.order(order.order.order);
    if (!known) return base::pass(known.error());
    if (PLANT("early-webhook-thrown-away") && !*known && !order.wanted) continue;
    if (!*known && !order.wanted) {
      return HookReply{.status = 404,
                       .detail = "order " + order.order.number +
                                 " is not known here: send its "
                                 "order.placed first, then this again"};
    }
    // One that comes again may be older than a cancellation: only more than ever is news.
    if (*known && !more_of(Reductions(0), order, **known).empty()) {
      return HookReply{.status = 409,
                       .detail = "order " + order.order.number +
                                 " has fewer pieces here: send what was added as an order.placed "
                                 "under a number of its own"};
    }
    const auto news = impl_->take(now, books, *feed, order, 0, Impl::Asked::for_all, out);
    if (!news) return base::pass(news.error());
    ++(*known ? reply.orders_known : reply.orders_new);
  }
  return reply;
}

}  // namespace dockline::server::publish
