// How long figures take from what changed them to their channel's word that it shows them: an alarm
// for a person where that is too long, and its end.
#include <algorithm>

#include "server/app/reactions.hpp"

namespace dockline::server {
namespace {

constexpr std::string_view kLate = "figures_late";
// A figure that goes by the house's own pace is there in well under a second; a shop that is slow
// or limits requests takes some. A minute is when the last pieces are sold twice.
constexpr std::int64_t kLateMs = 60'000;
constexpr std::int64_t kOverMs = 5 * 60'000;  // without a late one: it is over

std::string seconds(std::int64_t ms) { return std::to_string(ms / 1'000) + " s"; }

}  // namespace

base::Status Reactions::on(const Fresh& fresh, const wire::ChannelStockConfirmed& data) {
  if (data.caused_ms == 0) return {};
  const std::int64_t took_ms = fresh.event.time_ms - data.caused_ms;
  auto [at, first] = late_.try_emplace(data.channel, std::nullopt);
  if (took_ms > kLateMs) {
    const bool open = at->second.has_value();
    at->second = core_.now.mono_ms;
    if (open) return core_.store->trouble();
    core_.raise(kLate, data.channel,
                "Channel " + data.channel + " showed a figure " + seconds(took_ms) +
                    " after what changed it.",
                data.sku + " is " + std::to_string(data.quantity) + " there; " +
                    seconds(std::max<std::int64_t>(0, data.sent_ms - data.caused_ms)) +
                    " until it was sent, " +
                    seconds(std::max<std::int64_t>(0, fresh.event.time_ms - data.sent_ms)) +
                    " until it was confirmed",
                "See on the page of channels what waits for it, and whether a station told late");
    return core_.store->trouble();
  }
  // After a start it is not known when the last late one was: from the first that is in time.
  if (first && core_.store->cases.open_id(kLate, data.channel)) at->second = core_.now.mono_ms;
  if (!at->second || core_.now.mono_ms - *at->second < kOverMs) return core_.store->trouble();
  at->second.reset();
  return settle(kLate, data.channel, "ended", "server");
}

}  // namespace dockline::server
