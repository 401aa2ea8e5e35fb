// The parts of the ChannelEngine. Private to this folder.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "server/publish/channel_engine.hpp"
#include "server/publish/listings.hpp"
#include "server/publish/reductions.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/prng.hpp"

namespace dockline::server::publish {

// Cursor "announced:<channel>" once every SKU was told; no SKU begins with a control character.
inline constexpr std::string_view kAnnounced = "\x1f";

// One channel as the engine sees it.
struct Feed {
  std::unique_ptr<channels::Channel> channel;
  std::string cursor;       // of new orders, as the channel gave it
  std::string sweep_after;  // open orders: checked up to this number
  std::string sweep_from;   // the same before the page under way
  std::string audit_cursor;
  std::int64_t poll_ms = 0, sweep_ms = 0, audit_ms = 0;  // monotonic: next
  bool polling = false, sweeping = false, auditing = false;
  bool announced = false;                  // it was told a figure of every SKU once
  std::int64_t announce_ms = 0;            // monotonic: not before
  std::vector<stock::Location> locations;  // of its configuration: the sites of each
  std::set<std::string> pending;       // numbers of orders seen unpaid: watched until they are paid
  std::set<std::string> pending_skus;  // pieces that the channel keeps for them
  // Pieces it holds for no order that it shows: it overcounted. Learnt when a complete reading of
  // its orders explained them by none; else such a SKU would be offered too low for ever.
  std::map<std::string, domain::Quantity> foreign;
  std::map<std::string, domain::Quantity> unexplained;  // waits for a reading of its orders
  // Orders that are shown with more than is known: what, since when (monotonic), and whether it was
  // handed out. At most kPendingOrdersMax; one beyond them is found again when there is room.
  struct Growing {
    std::string key;
    std::int64_t first_ms = 0;
    bool given = false;
  };
  std::map<std::string, Growing> growing;
  Reductions reductions{base::limits::kPendingOrdersMax};
  // Orders that one reading showed with another address, by number: which, since when (monotonic).
  // At most kPendingOrdersMax, as above.
  struct Moving {
    std::string key;
    std::int64_t first_ms = 0;
  };
  std::map<std::string, Moving> moving;
  std::set<std::string> late;      // numbers that the sweep under way asks for their address only
  std::int64_t late_before = 0;    // where the walk over them goes on
  std::int64_t late_from = 0;      // the same before the page under way
  ListingRound listings;           // what the audit under way finds
  bool explaining = false;         // the reading under way began after they were found
  bool trouble = false;            // its refusal of our credentials was raised
  std::int64_t away_since_ms = 0;  // monotonic; 0: it answers
  bool away_raised = false;
  std::optional<std::int64_t> last_heard_ms;
  std::int64_t polled = 0, drift = 0, delivered = 0, figures = 0;

  const channels::Config& config() const { return channel->config(); }
  const channels::Capabilities& can() const { return channel->capabilities(); }
};

// The idempotency key of a row.
[[nodiscard]] std::string delivery_of(const Row& row);

enum class Task { push, since, sweep, audit };

// One conversation under way.
struct Flight {
  std::string channel;
  Task task = Task::push;
  std::int64_t row = 0;
  channels::Push push;
  std::unique_ptr<channels::Exchange> exchange;
  std::int64_t sent_ms = 0;       // wall clock of its first request
  std::int64_t asked_ms = 0;      // monotonic, the same
  domain::Quantity in_doubt = 0;  // figure: pieces of fulfilments under way, as it was asked
  bool writing = false;           // figure: the request under way sets it
};

// Pieces of one SKU that a channel keeps for orders of its own that we know.
struct Known {
  domain::Quantity held = 0;      // certainly, and what it overcounts
  domain::Quantity in_doubt = 0;  // in fulfilments under way: it may have let go of them or not
};

// A SKU whose figures are made: what holds for all channels alike, worked out once.
struct Subject {
  std::string sku;
  std::vector<stock::SitePromise> sites;
  stock::Seen unrouted;
  // Of a kit: its parts instead.
  const stock::Kits* kits = nullptr;
  std::vector<Subject> parts;
};
[[nodiscard]] base::Result<Subject> subject_of(base::Instant now, Books& books,
                                               const std::string& sku);
// What a channel is told of it at each of its locations.
[[nodiscard]] base::Result<std::vector<stock::AtLocation>> told_of(Books& books, const Feed& feed,
                                                                   const Subject& subject);

// A line of which the channel shows more than before. One that is not known has number 0.
struct Growth {
  wire::AmendedLine line;  // with the pieces that are wanted now
  domain::Quantity shown = 0;
  domain::Quantity doubtful = 0;  // cancelled here, and not there: they stay so
};
[[nodiscard]] std::vector<Growth> more_of(const Reductions& reductions,
                                          const channels::OrderSeen& seen,
                                          const std::vector<KnownLine>& known);

struct ChannelEngine::Impl {
  explicit Impl(std::vector<std::unique_ptr<channels::Channel>> channels, std::uint64_t seed);

  // figures.cpp: what the channels should show
  base::Status figures(base::Instant now, Books& books, OutboxStore& store);
  base::Status announce(base::Instant now, Books& books, OutboxStore& store);
  base::Status figure(base::Instant now, Books& books, OutboxStore& store, Feed& feed,
                      const Subject& subject, std::int64_t caused_ms);
  void verify(Feed& feed, const std::string& sku);
  void verify_all(Feed& feed, const std::vector<domain::OrderLine>& lines);

  // deliveries.cpp: rows out, verdicts in
  base::Status start(base::Instant now, Books& books, OutboxStore& store, EngineOut& out);
  base::Status delivered(base::Instant now, Books& books, Flight& flight,
                         const channels::Delivered& verdict, EngineOut& out);
  base::Status pushed(base::Instant now, Books& books, OutboxStore& store, Flight& flight,
                      const channels::Verdict& verdict, EngineOut& out);
  base::Status finish(base::Instant now, OutboxStore& store, Flight& flight, const Outcome& outcome,
                      const std::string& proposed, EngineOut& out);
  [[nodiscard]] bool overtaken(const Flight& flight) const;
  base::Status put(base::Instant now, OutboxStore& store, Row row);
  base::Status save(OutboxStore& store, const std::vector<RowChange>& changes);
  void raise(base::Instant now, EngineOut& out, wire::ExceptionRaised what);
  void note_health(base::Instant now, Feed& feed, const channels::Verdict& verdict, EngineOut& out);

  // doubt.cpp: a figure and a fulfilment of the same pieces, under way at once
  base::Result<Known> known_held(Books& books, const Feed& feed, const std::string& sku);
  [[nodiscard]] bool must_wait(base::Instant now, const Flight& flight) const;
  [[nodiscard]] bool departing(base::Instant now, const std::string& channel,
                               const std::string& sku) const;
  base::Status release(base::Instant now, Books& books);
  void settle(base::Instant now, const Flight& flight, std::int64_t for_ms);
  base::Status begin(base::Instant now, Books& books, Flight& flight);
  base::Result<bool> write(base::Instant now, Books& books, Flight& flight);
  base::Result<domain::Quantity> unexplained(Books& books, const Flight& flight,
                                             domain::Quantity unseen);
  base::Result<domain::Quantity> still_kept(Books& books, const channels::FulfilmentPush& parcel,
                                            const std::string& sku);
  void forget_foreign(const std::string& channel, const channels::FulfilmentPush& parcel);
  void forget_refused(const std::string& channel, const std::string& order);

  // intake.cpp: orders and audits in
  base::Status polled(base::Instant now, Books& books, OutboxStore& store, Flight& flight,
                      channels::Verdict& verdict, EngineOut& out);
  base::Status seen(base::Instant now, Books& books, OutboxStore& store, Flight& flight,
                    const channels::Seen& page, EngineOut& out);
  base::Status since_seen(base::Instant now, OutboxStore& store, Feed& feed,
                          const channels::Seen& page);
  base::Status shown(base::Instant now, Books& books, Feed& feed, const channels::ShownStock& page,
                     EngineOut& out);
  // listings.cpp
  base::Status load_listings(Books& books);
  base::Status listings_shown(base::Instant now, Books& books, Feed& feed,
                              const channels::Exchange& exchange, bool last);
  base::Result<wire::ListingDrifted> drift_of(Books& books, const Feed& feed,
                                              const channels::ShownStock::Row& row,
                                              const std::optional<domain::Quantity>& told);
  enum class Asked { for_all, for_address };
  base::Result<bool> take(base::Instant now, Books& books, Feed& feed,
                          const channels::OrderSeen& order, std::int64_t asked_ms, Asked what,
                          EngineOut& out);
  // addresses.cpp
  [[nodiscard]] base::Result<std::optional<domain::Address>> moved(
      base::Instant now, Books& books, Feed& feed, const channels::OrderSeen& seen,
      const std::vector<KnownLine>& known, std::int64_t asked_ms);
  base::Status sweep_late(base::Instant now, Books& books, Feed& feed,
                          std::vector<std::string>& numbers, std::size_t most);
  // additions.cpp
  [[nodiscard]] std::vector<Growth> added(base::Instant now, Feed& feed,
                                          const channels::OrderSeen& seen,
                                          const std::vector<KnownLine>& known,
                                          std::int64_t asked_ms);
  void doubt_growth(base::Instant now, const Feed& feed, const channels::OrderSeen& seen,
                    const std::vector<Growth>& more, EngineOut& out);
  [[nodiscard]] base::Status save_reductions(OutboxStore& store, Feed& feed);
  void explain(Feed& feed);
  base::Status poll(base::Instant now, Books& books, Feed& feed);
  // The next sweep asks for this order, whatever its state here.
  [[nodiscard]] base::Status ask_again(OutboxStore& store, Feed& feed, const std::string& number);
  base::Result<std::vector<std::string>> sweep_page(base::Instant now, Books& books, Feed& feed);
  void launch(base::Instant now, Flight flight);

  Feed* find(const std::string& channel);

  base::Prng prng;
  std::map<std::string, Feed> feeds;
  Outbox outbox;
  std::map<std::string, std::int64_t> dirty;                // sku -> wall clock of the oldest cause
  std::set<std::pair<std::string, std::string>> to_verify;  // channel, sku: also when unchanged
  std::map<std::uint64_t, Flight> flights;
  std::uint64_t next_request = 1;
  std::vector<ChannelRequest> ready;  // to be handed out by the next flush()
  // Fulfilments that the channel may have taken already: row -> lines.
  std::map<std::int64_t, channels::FulfilmentPush> fulfilling;
  std::vector<Flight> held_back;  // until nothing is under way that they must not meet
  // Monotonic: until then a request that nobody answered may still take effect. Of a figure by
  // channel and SKU, of a fulfilment by row.
  std::map<std::pair<std::string, std::string>, std::int64_t> settling;
  std::map<std::int64_t, std::int64_t> leaving;
  // Orders of facts that this call hands out: in the books when the next one comes.
  std::set<std::string> taken;
  bool listings_loaded = false;
  std::map<std::string, std::string> raised;  // what was raised last, by channel and subject
};

}  // namespace dockline::server::publish
