// What a customer adds to an order that is known: more pieces of a line, a new line.
//
// A view of an order may be older than what was heard since (a reading that was under way while a
// cancellation came). Fewer pieces are safe to take from such a view, more are not: they are taken
// when a second reading, asked for after the first was heard, shows the same.
//
// A line may be cancelled in part and grow again. What was taken off there is known by the fewest
// pieces that were ever shown (reductions.hpp): beyond them it has grown. What was cancelled here
// alone is still shown there and is nothing new.
#include <algorithm>

#include "server/publish/engine_impl.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server::publish {
namespace {

std::string key_of(const std::vector<Growth>& lines) {
  std::string out;
  for (const auto& [line, shown, doubtful] : lines) {
    out += line.external_id.value_or("") + "=" + std::to_string(line.quantity) + "\n";
  }
  return out;
}

// Of a line that is known. Nothing: no more than before.
std::optional<Growth> grown(const Reductions& reductions, const std::string& order,
                            const KnownLine& known, domain::Quantity shown) {
  const auto fewest = std::min(reductions.fewest(order, known.external_id).value_or(known.received),
                               known.received);
  const auto here = std::max<domain::Quantity>(0, known.cancelled - (known.received - fewest));
  if (PLANT("grown-again-forgotten") && shown <= known.received) return std::nullopt;
  if (shown <= fewest || shown - here <= known.received - known.cancelled) return std::nullopt;
  Growth out{.shown = shown, .doubtful = here};
  out.line.line = known.line;
  out.line.external_id = known.external_id;
  out.line.quantity = shown - here;
  return out;
}

}  // namespace

std::vector<Growth> more_of(const Reductions& reductions, const channels::OrderSeen& seen,
                            const std::vector<KnownLine>& known) {
  std::vector<Growth> more;
  if (!seen.amends || seen.cancelled) return more;
  // An order that was entered without the channel's ids of its lines cannot be compared.
  const auto named = [](const KnownLine& line) { return !line.external_id.empty(); };
  if (!std::ranges::all_of(known, named)) return more;
  for (const auto& line : seen.order.lines) {
    const auto id = line.external_id.value_or("");
    if (id.empty() || line.quantity <= 0) continue;
    const auto at = std::ranges::find(known, id, &KnownLine::external_id);
    if (at != known.end()) {
      auto one = grown(reductions, seen.order.order, *at, line.quantity);
      if (one) more.push_back(std::move(*one));
      continue;
    }
    Growth one{.shown = line.quantity};
    one.line.external_id = id;
    one.line.quantity = line.quantity;
    one.line.sku = line.sku;
    one.line.title = line.title;
    one.line.unit_price_minor = line.unit_price_minor;
    more.push_back(std::move(one));
  }
  return more;
}

// The lines to be added now. `asked_ms`: monotonic, when this reading was asked for; 0: unasked.
std::vector<Growth> ChannelEngine::Impl::added(base::Instant now, Feed& feed,
                                               const channels::OrderSeen& seen,
                                               const std::vector<KnownLine>& known,
                                               std::int64_t asked_ms) {
  if (asked_ms == 0) return {};
  const auto& id = seen.order.order;
  auto more = more_of(feed.reductions, seen, known);
  if (more.empty()) {
    feed.growing.erase(id);
    return {};
  }
  const auto key = key_of(more);
  const auto before = feed.growing.find(id);
  if (before == feed.growing.end() || before->second.key != key) {
    if (before != feed.growing.end() || feed.growing.size() < base::limits::kPendingOrdersMax) {
      feed.growing[id] = {key, now.mono_ms, false};
    }
    return {};
  }
  if (before->second.given || asked_ms <= before->second.first_ms) {
    return {};
  }
  feed.growing[id].given = true;
  for (const auto& one : more) feed.reductions.grown(id, *one.line.external_id, one.shown);
  return more;
}

// Pieces of a line were cancelled here alone before it grew: whether they are wanted again is not
// known.
void ChannelEngine::Impl::doubt_growth(base::Instant now, const Feed& feed,
                                       const channels::OrderSeen& seen,
                                       const std::vector<Growth>& more, EngineOut& out) {
  for (const auto& [line, shown, doubtful] : more) {
    if (doubtful == 0) continue;
    const auto pieces = std::to_string(doubtful);
    raise(now, out,
          {.kind = "order_differs",
           .subject = seen.order.order,
           .what = "Channel " + feed.config().name + " shows order " + seen.order.number +
                   " with more pieces than before, of a line that was cancelled in part.",
           .context = "line " + std::to_string(line.line) + ": " + pieces +
                      " cancelled here, taken to stay so; " + std::to_string(line.quantity) +
                      " wanted now",
           .proposed = "Compare both. Are these " + pieces +
                       " wanted again, enter them as an order of their own."});
  }
}

base::Status ChannelEngine::Impl::save_reductions(OutboxStore& store, Feed& feed) {
  if (!feed.reductions.take_changed()) return {};
  return store.set_cursor("reductions:" + feed.config().name, feed.reductions.text());
}

}  // namespace dockline::server::publish
