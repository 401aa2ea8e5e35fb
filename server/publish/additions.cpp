// What a customer adds to an order that is known: more pieces of a line, a new line.
//
// A view of an order may be older than what was heard since (a reading that was under way while a
// cancellation came). Fewer pieces are safe to take from such a view, more are not: they are taken
// when a second reading, asked for after the first was heard, shows the same.
#include <algorithm>

#include "server/publish/engine_impl.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::publish {
namespace {

std::string key_of(const std::vector<wire::AmendedLine>& lines) {
  std::string out;
  for (const auto& line : lines) {
    out += line.external_id.value_or("") + "=" + std::to_string(line.quantity) + "\n";
  }
  return out;
}

}  // namespace

std::vector<wire::AmendedLine> more_of(const channels::OrderSeen& seen,
                                       const std::vector<KnownLine>& known) {
  std::vector<wire::AmendedLine> more;
  if (!seen.amends || seen.cancelled) return more;
  // An order that was entered without the channel's ids of its lines cannot be compared.
  const auto named = [](const KnownLine& line) { return !line.external_id.empty(); };
  if (!std::ranges::all_of(known, named)) return more;
  for (const auto& line : seen.order.lines) {
    const auto id = line.external_id.value_or("");
    if (id.empty() || line.quantity <= 0) continue;
    const auto at = std::ranges::find(known, id, &KnownLine::external_id);
    // What was taken off here alone is still shown there: only more than ever is news.
    if (at != known.end() && line.quantity <= at->received) continue;
    wire::AmendedLine one;
    one.external_id = id;
    if (at != known.end()) {
      one.line = at->line;
      one.quantity = line.quantity - at->cancelled;
    } else {
      one.quantity = line.quantity;
      one.sku = line.sku;
      one.title = line.title;
      one.unit_price_minor = line.unit_price_minor;
    }
    more.push_back(std::move(one));
  }
  return more;
}

// The lines to be added now. `asked_ms`: monotonic, when this reading was asked for; 0: unasked.
std::vector<wire::AmendedLine> ChannelEngine::Impl::added(base::Instant now, Feed& feed,
                                                          const channels::OrderSeen& seen,
                                                          const std::vector<KnownLine>& known,
                                                          std::int64_t asked_ms) {
  if (asked_ms == 0) return {};
  const auto& id = seen.order.order;
  auto more = more_of(seen, known);
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
  return more;
}

// Pieces of a line were taken off before it grew: there or here, that is not known any more.
void ChannelEngine::Impl::doubt_growth(base::Instant now, const Feed& feed,
                                       const channels::OrderSeen& seen,
                                       const std::vector<wire::AmendedLine>& more,
                                       const std::vector<KnownLine>& known, EngineOut& out) {
  for (const auto& line : more) {
    const auto at = std::ranges::find(known, line.line, &KnownLine::line);
    if (at == known.end() || at->cancelled == 0) continue;
    const auto pieces = std::to_string(at->cancelled);
    raise(now, out,
          {.kind = "order_differs",
           .subject = seen.order.order,
           .what = "Channel " + feed.config().name + " shows order " + seen.order.number +
                   " with more pieces than before, of a line that was cancelled in part.",
           .context = "line " + std::to_string(line.line) + ": " + pieces +
                      " cancelled, taken to stay so; " + std::to_string(line.quantity) +
                      " wanted now",
           .proposed = "Compare both. Are these " + pieces +
                       " wanted again, enter them as an order of their own."});
  }
}

}  // namespace dockline::server::publish
