// What an order's channel said of it itself (publish/channel_words.hpp). No state of its own: the
// log has it, in the order's receipt and in the amendments that its channel made.
#include <limits>

#include "server/app/books.hpp"
#include "server/app/json_text.hpp"

namespace dockline::server {
namespace {

// How long the channel is asked about a parcel that it was told of.
constexpr std::int64_t kToldMs = 2LL * 24 * 3'600 * 1'000;

// An amendment of the channel that changes nothing: it shows now what stood here already.
bool confirms(const wire::OrderAmended& fact) {
  return fact.lines.empty() && !fact.ship_to && !fact.promised_ms && !fact.vip;
}

}  // namespace

// Nothing: its facts cannot be read any more, so what the channel said is not known.
std::optional<domain::Address> HubBooks::said(std::int64_t ord, const store::OrderHead& head) {
  if (!facts_.amended(ord)) return address_of(head.ship_to_json);
  std::optional<domain::Address> said, here;
  for (const auto& body : facts_.bodies(ord)) {
    const auto event = wire::decode(body);
    if (!event) return std::nullopt;
    if (const auto* received = std::get_if<wire::OrderReceived>(&event->data)) {
      if (!said) said = here = received->ship_to;
    } else if (const auto* amended = std::get_if<wire::OrderAmended>(&event->data)) {
      if (amended->ship_to) here = amended->ship_to;
      if (amended->by == head.channel && (amended->ship_to || confirms(*amended))) said = here;
    }
  }
  return said;
}

base::Result<bool> HubBooks::moved(const std::string& order, const domain::Address& shown) {
  const auto ord = core_.store->orders.ord_of(order);
  const auto head = ord ? core_.store->orders.head(*ord) : std::nullopt;
  const auto last = head ? said(*ord, *head) : std::nullopt;
  if (auto ok = facts_.trouble(); !ok) return base::pass(ok.error());
  if (auto ok = core_.store->trouble(); !ok) return base::pass(ok.error());
  return last && !publish::same_place(*last, shown);
}

base::Result<publish::ChannelWords::Page> HubBooks::told_lately(const std::string& channel,
                                                                std::int64_t now_ms,
                                                                std::int64_t before,
                                                                std::size_t limit) {
  const auto from = before == 0 ? std::numeric_limits<std::int64_t>::max() : before;
  const auto wanted = static_cast<std::int64_t>(limit);
  const auto rows = facts_.told(channel, now_ms - kToldMs, from, wanted);
  if (auto ok = facts_.trouble(); !ok) return base::pass(ok.error());
  Page page;
  for (const auto& row : rows) page.numbers.push_back(row.number);
  if (!rows.empty() && std::ssize(rows) == wanted) page.before = rows.back().ord;
  return page;
}

}  // namespace dockline::server
