// Channels and their outbox as JSON.
#include "server/api/channels.hpp"
#include "server/api/values.hpp"

namespace dockline::server::api {
namespace {

using namespace store;  // the rows

json::object outbox_row(const OutboxRow& o) {
  return {{"id", o.id},
          {"channel", o.channel},
          {"kind", o.kind},
          {"subject", o.subject},
          {"state", o.state},
          {"attempts", o.attempts},
          {"express", o.express},
          {"created_ms", o.created_ms},
          {"caused_ms", moment(o.caused_ms)},
          {"next_ms", moment(o.next_ms)},
          {"last_error", o.last_error},
          {"payload", stored(o.payload_json)}};
}

json::object channel_row(const publish::ChannelView& c) {
  json::object locations;
  for (const auto& [site, location] : c.locations) locations[site] = location;
  return {{"channel", c.channel},
          {"kind", c.kind},
          {"configured", true},
          {"locations", std::move(locations)},
          {"waiting", c.lane.waiting},
          {"oldest_ms", moment(c.lane.oldest_ms)},
          {"in_flight", c.lane.in_flight},
          {"dead", c.lane.dead},
          {"circuit", publish::name(c.lane.circuit)},
          {"failures", c.lane.failures},
          {"paused_for_ms", c.lane.paused_for_ms},
          {"last_error", c.lane.last_error},
          {"last_heard_ms", moment(c.last_heard_ms)},
          {"polled", c.polled},
          {"delivered", c.delivered},
          {"drift", c.drift}};
}

// Every configured channel, and every one that has rows though it is configured no longer.
json::array channel_list(const std::vector<ChannelRow>& rows, const Facts& facts) {
  json::array out = list(facts.channels, channel_row);
  for (const auto& row : rows) {
    bool known = false;
    for (const auto& channel : facts.channels) known = known || channel.channel == row.channel;
    if (known || (row.waiting == 0 && row.dead == 0 && row.last_heard_ms == 0)) continue;
    publish::ChannelView gone{.channel = row.channel};
    gone.lane.waiting = row.waiting;
    gone.lane.dead = row.dead;
    if (row.oldest_ms != 0) gone.lane.oldest_ms = row.oldest_ms;
    if (row.last_heard_ms != 0) gone.last_heard_ms = row.last_heard_ms;
    json::object shown = channel_row(gone);
    shown["configured"] = false;
    out.push_back(std::move(shown));
  }
  return out;
}

}  // namespace

std::string outbox_json(const Page<OutboxRow>& page, const std::vector<ChannelRow>& rows,
                        const Facts& facts) {
  json::object out = page_of(page, outbox_row);
  out["channels"] = channel_list(rows, facts);
  return json::serialize(out);
}

std::string channels_json(const std::vector<ChannelRow>& rows, const Facts& facts) {
  return json::serialize(whole(channel_list(rows, facts)));
}

std::string hook_json(std::int64_t orders_new, std::int64_t orders_known) {
  return json::serialize(json::object{{"orders_new", orders_new}, {"orders_known", orders_known}});
}

}  // namespace dockline::server::api
