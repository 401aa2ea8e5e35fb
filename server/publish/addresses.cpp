// Another address in the shop for an order that is known.
//
// What the shop shows is compared with what the shop itself gave last, never with what is kept
// here, so an address that a person corrected here stays. As with added pieces (additions.cpp) a
// view may be older than what was heard since: two readings must show the same, the second asked
// for after the first was heard. Then it is handed out and forgotten; where it cannot be taken it
// is handed out again, so that a box that is opened meanwhile gets it after all.
#include <algorithm>
#include <tuple>

#include "server/publish/channel_words.hpp"
#include "server/publish/engine_impl.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server::publish {
namespace {

// One that no reading showed a second time: its order is gone from the shop.
constexpr std::int64_t kForgetMs = 600'000;

auto place(const domain::Address& a) {
  return std::tie(a.name, a.company, a.street1, a.street2, a.postal_code, a.city, a.region,
                  a.country, a.phone);
}

std::string key_of(const domain::Address& a) {
  std::string out = a.name;
  for (const auto* text : {&a.company, &a.street1, &a.street2, &a.postal_code, &a.city, &a.region,
                           &a.country, &a.phone}) {
    out += "\n" + text->value_or("");
  }
  return out;
}

}  // namespace

bool same_place(const domain::Address& a, const domain::Address& b) { return place(a) == place(b); }

// The address to be taken now. `asked_ms`: monotonic, when this was asked for; 0: unasked.
base::Result<std::optional<domain::Address>> ChannelEngine::Impl::moved(
    base::Instant now, Books& books, Feed& feed, const channels::OrderSeen& seen,
    const std::vector<KnownLine>& known, std::int64_t asked_ms) {
  auto* words = dynamic_cast<ChannelWords*>(&books);
  const auto& to = seen.order.ship_to;
  const auto& number = seen.order.number;
  if (words == nullptr || asked_ms == 0 || seen.pending || seen.cancelled) return std::nullopt;
  // It says nothing of where to.
  if (!to.street1 && !to.postal_code && !to.city) return std::nullopt;
  // Entered without the channel's ids of its lines: not by its channel, whose word is not known.
  const auto named = [](const KnownLine& line) { return !line.external_id.empty(); };
  if (!std::ranges::all_of(known, named)) return std::nullopt;
  const auto news = words->moved(seen.order.order, to);
  if (!news) return base::pass(news.error());
  if (!*news) {
    feed.moving.erase(number);
    return std::nullopt;
  }
  const auto key = key_of(to);
  const auto before = feed.moving.find(number);
  if (before == feed.moving.end() || before->second.key != key) {
    if (before != feed.moving.end() || feed.moving.size() < base::limits::kPendingOrdersMax) {
      feed.moving[number] = {key, now.mono_ms};
    }
    return std::nullopt;
  }
  if (asked_ms <= before->second.first_ms) return std::nullopt;
  feed.moving.erase(before);
  return to;
}

// At the end of a sweep: whose address is to be seen a second time, then orders whose parcel the
// channel was told of lately. Of those nothing but the address is looked at.
base::Status ChannelEngine::Impl::sweep_late(base::Instant now, Books& books, Feed& feed,
                                             std::vector<std::string>& numbers, std::size_t most) {
  auto* words = dynamic_cast<ChannelWords*>(&books);
  if (words == nullptr) return {};
  std::erase_if(feed.moving,
                [&](const auto& one) { return now.mono_ms - one.second.first_ms > kForgetMs; });
  const auto add = [&](const std::string& number) {
    if (std::ranges::find(numbers, number) != numbers.end()) return;
    feed.late.insert(number);
    numbers.push_back(number);
  };
  const auto half = numbers.size() + (most - numbers.size()) / 2;
  for (const auto& [number, one] : feed.moving) {
    if (numbers.size() < half) add(number);
  }
  if (numbers.size() >= most) return {};
  if (PLANT("told-orders-do-not-move")) return {};
  const auto page =
      words->told_lately(feed.config().name, now.wall_ms, feed.late_before, most - numbers.size());
  if (!page) return base::pass(page.error());
  feed.late_before = page->before;
  for (const auto& number : page->numbers) add(number);
  return {};
}

}  // namespace dockline::server::publish
