// Everything between the server's books and its sales channels, as one machine that HubApp calls:
// figures out, fulfilments out, orders in, drift found. Pure; it reads the books and keeps its rows
// through the two interfaces below, inside HubApp's open transaction.
//
// How HubApp uses it, in each step():
//   - a fact that changes stock or reservations of a SKU  -> touch(sku, caused_ms)
//   - PackClosed applied                                  -> fulfil(push, channel)
//   - ChannelResult input                                 -> on_result(now, result, out)
//   - API POST /hooks/{channel}                           -> on_hook(now, channel, hook, out)
//   - Tick (any interval up to 100 ms)                    -> on_tick(now, out)
//   - last, after all of it                               -> flush(now, out)
// and then: out.facts are recorded like the server's own facts (append, project, react; an
// ExceptionRaised comes with an id), which may touch() again, so flush() runs after them;
// out.requests, which only flush() fills, become effects ChannelRequest.
//
// Thread rule: the lane of HubApp. Failures: those of the store.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/channels/contract/channel.hpp"
#include "server/publish/outbox.hpp"
#include "server/stock/locations.hpp"
#include "shared/base/http.hpp"
#include "shared/wire/events.hpp"

namespace dockline::server::publish {

// What is known here of an order, for comparison with what its channel shows.
struct KnownLine {
  std::int64_t line = 0;
  std::string external_id;
  domain::Quantity received = 0;
  domain::Quantity cancelled = 0;
  domain::Quantity held = 0;  // what the channel keeps for it: see Books::held
};

// What lies where of a SKU, and what of it is promised already.
struct SkuFacts {
  std::vector<stock::SiteFacts> sites;  // with anything there or reserved, in routing order
  stock::Seen unrouted;                 // bought, with no site yet
};
// Of a kit: its parts in the end, and the kits they are looked up in. Empty: it is no kit.
struct KitFacts {
  const stock::Kits* kits = nullptr;
  std::vector<std::pair<std::string, SkuFacts>> parts;
};

// A figure of one location with all its terms, as the channel is told it.
struct Derivation {
  std::string channel, location;
  stock::Figure figure;
  std::optional<domain::Quantity> told;  // what it confirmed last
  stock::Express express = stock::Express::no;
};

// Questions to the server's books; HubApp (or its store) answers.
class Books {
 public:
  virtual ~Books() = default;
  // Everything that the figure of a SKU is derived from, but the channel's own settings.
  [[nodiscard]] virtual base::Result<SkuFacts> facts(const std::string& sku) = 0;
  [[nodiscard]] virtual base::Result<KitFacts> kit(const std::string& sku) {
    static_cast<void>(sku);
    return KitFacts{};
  }
  // What a channel's figure of a SKU is held back by, as a person set it (not the configuration).
  [[nodiscard]] virtual base::Result<stock::ListingPolicy> policy(const std::string& channel,
                                                                  const std::string& sku) {
    static_cast<void>(channel);
    static_cast<void>(sku);
    return stock::ListingPolicy{};
  }
  // Is this SKU ours to speak for (registered, or moved at least once)?
  [[nodiscard]] virtual base::Result<bool> knows(const std::string& sku) {
    static_cast<void>(sku);
    return true;
  }
  // SKUs that knows() says yes to, greater than `after`, in order.
  [[nodiscard]] virtual base::Result<std::vector<std::string>> skus(const std::string& after,
                                                                    std::size_t limit) {
    static_cast<void>(after);
    static_cast<void>(limit);
    return std::vector<std::string>();
  }
  // Pieces of `sku` in orders of `channel` that are neither cancelled nor confirmed as fulfilled
  // there (ChannelFulfilmentConfirmed): the channel still holds stock for them.
  [[nodiscard]] virtual base::Result<domain::Quantity> held(const std::string& channel,
                                                            const std::string& sku) = 0;
  // What the channel last confirmed to show (ChannelStockConfirmed); nothing when never.
  [[nodiscard]] virtual base::Result<std::optional<domain::Quantity>> told(
      const std::string& channel, const std::string& sku, const std::string& location) = 0;
  // Lines of a known order; nothing when the id is unknown.
  [[nodiscard]] virtual base::Result<std::optional<std::vector<KnownLine>>> order(
      const std::string& order) = 0;
  // Numbers of orders of a channel that are not yet shipped or wholly cancelled, greater than
  // `after`, in order of the number.
  [[nodiscard]] virtual base::Result<std::vector<std::string>> open_orders(
      const std::string& channel, const std::string& after, std::size_t limit) = 0;
};

// Where the engine keeps what must survive a crash; server/store implements it.
class OutboxStore {
 public:
  virtual ~OutboxStore() = default;
  [[nodiscard]] virtual base::Result<std::vector<Row>> outbox_rows() = 0;
  [[nodiscard]] virtual base::Status outbox_put(const Row& row) = 0;  // insert or replace by id
  [[nodiscard]] virtual base::Status outbox_remove(std::int64_t id) = 0;
  [[nodiscard]] virtual base::Result<std::string> cursor(
      const std::string& name) = 0;  // "" if none
  [[nodiscard]] virtual base::Status set_cursor(const std::string& name,
                                                const std::string& value) = 0;
};

struct ChannelRequest {
  std::string channel;
  std::uint64_t request = 0;  // unique within this process
  base::HttpRequest http;
};
struct ChannelResult {
  std::uint64_t request = 0;
  base::Result<base::HttpResponse> answer;
};

struct EngineOut {
  std::vector<ChannelRequest> requests;
  std::vector<wire::EventData> facts;
};

struct ChannelView {
  std::string channel, kind;
  LaneView lane;
  std::optional<std::int64_t> last_heard_ms;  // wall clock of its last good answer
  std::int64_t polled = 0;                    // polls answered
  std::int64_t drift = 0;                     // figures that had to be mended
  std::int64_t delivered = 0;
  std::int64_t figures = 0;  // worked out since the start: what events cost
  std::vector<std::pair<std::string, std::string>> locations;  // site, location id
};

struct HookReply {
  int status = 200;
  std::string detail;  // for the sender
  std::int64_t orders_new = 0, orders_known = 0;
};

class ChannelEngine {
 public:
  ChannelEngine(std::vector<std::unique_ptr<channels::Channel>> channels, std::uint64_t seed);
  ~ChannelEngine();
  ChannelEngine(const ChannelEngine&) = delete;
  ChannelEngine& operator=(const ChannelEngine&) = delete;

  // Reads rows and cursors. Once, before anything else.
  [[nodiscard]] base::Status load(base::Instant now, OutboxStore& store);

  // A figure of this SKU may have changed. `caused_ms`: wall clock of the fact, where it happened.
  void touch(const std::string& sku, std::int64_t caused_ms);
  // All figures of a channel, or of those that sell from a site, may have: they are looked at in
  // pages, a page per tick, however often the server starts meanwhile.
  [[nodiscard]] base::Status touch_channel(OutboxStore& store, const std::string& channel);
  [[nodiscard]] base::Status touch_site(OutboxStore& store, const std::string& site);
  // The figures of a SKU as they are now, at every location of every channel, term by term.
  [[nodiscard]] base::Result<std::vector<Derivation>> derive(base::Instant now, Books& books,
                                                             const std::string& sku) const;
  // Queues a fulfilment for the order's channel; nothing when that channel is not configured.
  [[nodiscard]] base::Status fulfil(base::Instant now, OutboxStore& store,
                                    const std::string& channel,
                                    const channels::FulfilmentPush& push);
  [[nodiscard]] bool serves(const std::string& channel) const;  // it is configured
  // A fulfilment of that parcel waits, is under way, or was refused and not given up.
  [[nodiscard]] bool telling(const std::string& channel, const std::string& order,
                             const std::string& tracking) const;
  [[nodiscard]] base::Status tell_status(base::Instant now, OutboxStore& store,
                                         const std::string& channel,
                                         const channels::StatusPush& push);

  [[nodiscard]] base::Status on_result(base::Instant now, Books& books, OutboxStore& store,
                                       const ChannelResult& result, EngineOut& out);
  [[nodiscard]] base::Result<HookReply> on_hook(base::Instant now, Books& books,
                                                const std::string& channel,
                                                const channels::Hook& hook, EngineOut& out);
  // Starts polls and audits that are due.
  [[nodiscard]] base::Status on_tick(base::Instant now, Books& books, OutboxStore& store,
                                     EngineOut& out);
  // Turns touched SKUs into rows, and rows that may go into requests.
  [[nodiscard]] base::Status flush(base::Instant now, Books& books, OutboxStore& store,
                                   EngineOut& out);

  // A person's decision about dead letters: of one row, or (exception "dead_letter") of a subject.
  [[nodiscard]] base::Status retry(base::Instant now, OutboxStore& store, std::int64_t row);
  [[nodiscard]] base::Status discard(OutboxStore& store, std::int64_t row);
  [[nodiscard]] base::Status decide(base::Instant now, OutboxStore& store,
                                    const std::string& subject, bool again);

  [[nodiscard]] std::vector<ChannelView> view(base::Instant now) const;
  [[nodiscard]] std::vector<Row> rows(std::int64_t after_id, std::size_t limit) const;
  // When on_tick or flush has something to do without further input (monotonic clock).
  [[nodiscard]] std::optional<std::int64_t> next_due_ms(base::Instant now) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dockline::server::publish
