// What a sales channel is to Dockline. A channel is pure: it makes HTTP requests and reads answers,
// as values; who sends them, when and how often is the outbox's business (server/publish).
//
// One push or one poll is an Exchange: a short conversation of one or more requests that ends in a
// verdict. An Exchange lives in memory only. After a crash the push starts again from its first
// request, so an Exchange whose channel does not repeat safely begins by reading what is there.
//
// Thread rule: none of its own; one lane. No I/O, no clock: `now` is a parameter.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/base/http.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/domain/types.hpp"
#include "shared/wire/events.hpp"

namespace dockline::server::channels {

// ---------------------------------------------------------------- what we tell a channel
// A figure to show: pieces of `sku` that may be sold from `location`. Absolute; the newest wins.
struct StockPush {
  std::string sku;
  std::string location;           // the channel's own id of the place; "" where it has none
  domain::Quantity quantity = 0;  // never negative
  // Pieces of this SKU that the channel itself holds for orders which we know of (imported, not yet
  // fulfilled there) and for which we already lowered our figures. A channel whose count exceeds
  // this has sales that we have not seen; it must not offer those pieces a second time.
  domain::Quantity known_held = 0;
  std::int64_t caused_ms = 0;  // wall clock of the oldest fact not yet confirmed there

  template <class S, class V>
  static void visit(S& s, V& v) {
    v("sku", s.sku);
    v("location", s.location);
    v("quantity", s.quantity);
    v("known_held", s.known_held);
    v("caused_ms", s.caused_ms);
  }
};

struct FulfilledLine {
  std::int64_t line = 0;
  std::string sku;
  std::optional<std::string> external_id;  // the channel's id of the order line
  domain::Quantity quantity = 0;

  template <class S, class V>
  static void visit(S& s, V& v) {
    v("line", s.line);
    v("sku", s.sku);
    v("external_id", s.external_id);
    v("quantity", s.quantity);
  }
};

// A parcel has left. `tracking` is the natural key: the same one is never added twice.
struct FulfilmentPush {
  std::string order;
  std::string number;
  std::optional<std::string> external_id;  // the channel's id of the order
  std::string carrier;
  std::string tracking;
  std::vector<FulfilledLine> lines;
  std::int64_t caused_ms = 0;

  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("number", s.number);
    v("external_id", s.external_id);
    v("carrier", s.carrier);
    v("tracking", s.tracking);
    v("lines", s.lines);
    v("caused_ms", s.caused_ms);
  }
};

// Where an order stands: allocated, backordered, packed, cancelled ... For channels that ask for
// it.
struct StatusPush {
  std::string order;
  std::string number;
  std::string status;
  std::int64_t caused_ms = 0;

  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("number", s.number);
    v("status", s.status);
    v("caused_ms", s.caused_ms);
  }
};

using Push = std::variant<StockPush, FulfilmentPush, StatusPush>;

// As kept in the outbox. decode_push: Fault::corrupt for bytes that encode_push did not write.
[[nodiscard]] std::string encode_push(const Push& push);
[[nodiscard]] base::Result<Push> decode_push(std::string_view json);

// ---------------------------------------------------------------- what a channel answers
// Each verdict ends the Exchange, except Ask: one more request of the same conversation.
struct Ask {
  base::HttpRequest request;
  bool sets = false;  // a figure worked out from the answer before and from known_held
};
struct Delivered {
  std::string external_id;     // the channel's id of the listing or fulfilment
  domain::Quantity shown = 0;  // stock: what may be sold at that place, as read back
  // Stock: pieces it holds for its orders beyond known_held; negative when it holds fewer.
  domain::Quantity unseen = 0;
};
// The channel has no such listing: nothing to tell it. Not an error; kept for the quality report.
struct NotListed {
  std::string why;
};
// Busy, away, or the outcome is not known: the same push again later. `reached` is false when no
// answer came at all (the channel's circuit breaker counts those and server errors).
struct RetryAfter {
  std::string why;
  std::int64_t delay_ms = 0;  // 0: as the back-off says
  bool reached = true;
};
// The channel wants fewer requests from us, of any kind.
struct Throttled {
  std::string why;
  std::int64_t delay_ms = 0;  // 0: as the back-off says
  bool needs_person = false;  // our credentials are refused: waiting alone does not mend it
};
// Never, as it stands: a person must look.
struct Rejected {
  std::string why;
  std::string proposed;
};
// An order as the channel shows it now. The engine compares it with what we know: a new one becomes
// OrderReceived, fewer pieces than before become OrderCancelled, more of an order that `amends`
// become OrderAmended; anything else is nothing.
struct OrderSeen {
  wire::OrderReceived order;    // lines carry what is wanted of each line now
  bool wanted = true;           // paid: ours to ship. False: only look for cancellation
  bool pending = false;         // not paid yet, or being changed: look at it again by its number
  bool cancelled = false;       // wholly
  bool amends = false;          // what it shows more than before is ordered and paid too
  bool complete = true;         // lines are all lines; else those not listed are as they were
  std::string reason;           // of a cancellation, where the channel says
  std::int64_t changed_ms = 0;  // the channel's clock; moves the poll's cursor
};
struct Seen {
  std::vector<OrderSeen> orders;
  bool more = false;  // another page waits: poll again at once from next_cursor
  std::string next_cursor;
};
// Part of a read-only walk over everything the channel shows (drift audit).
struct ShownStock {
  struct Row {
    std::string sku;
    std::string location;
    domain::Quantity shown = 0;
    domain::Quantity held = 0;  // pieces of this SKU it holds for its orders, everywhere
  };
  std::vector<Row> rows;
  bool more = false;
  std::string next_cursor;
};

using Verdict =
    std::variant<Ask, Delivered, NotListed, RetryAfter, Throttled, Rejected, Seen, ShownStock>;

class Exchange {
 public:
  virtual ~Exchange() = default;
  [[nodiscard]] virtual base::HttpRequest begin() = 0;  // once
  // The answer to the last request. An Error means that no complete answer was read and the request
  // may have taken effect.
  [[nodiscard]] virtual Verdict on_answer(const base::Result<base::HttpResponse>& answer) = 0;
};

// What any HTTP channel makes of an answer that is no success: nothing read, throttled, server
// trouble, credentials refused. Nothing for 2xx, and for the 4xx that only the channel can judge.
[[nodiscard]] std::optional<Verdict> common_verdict(const base::Result<base::HttpResponse>& answer);
// A header's value, "" when absent.
[[nodiscard]] std::string_view header(const base::HttpHeaders& headers, std::string_view name);
// Retry-After in ms (RFC 9110 section 10.2.3: seconds, or a date judged by the answer's own Date),
// 0 when absent or unreadable; at most kThrottleMostMs.
[[nodiscard]] std::int64_t retry_after_ms(const base::HttpHeaders& headers);

// ---------------------------------------------------------------- asking a channel
struct PollSince {
  std::string cursor;  // "" at the very first time; then what Seen said
};
struct PollOrders {
  std::vector<std::string> numbers;  // orders that we hold open; at most capabilities().poll_max
};
struct AuditStock {
  std::string cursor;  // "" from the start
};
using Poll = std::variant<PollSince, PollOrders, AuditStock>;

// An incoming webhook, verified by the channel over the raw body.
struct Hook {
  base::HttpHeaders headers;  // names in lower case
  std::string body;
};
struct HookAnswer {
  std::vector<OrderSeen> orders;
  std::string delivery;  // the sender's id of this delivery, "" when it gave none
};

struct Capabilities {
  std::string_view kind;  // as in the configuration: "vendure"
  bool polls_orders = false;
  bool takes_hooks = false;
  bool audits_stock = false;
  bool needs_locations = false;  // every published site needs a location id
  bool wants_status = false;     // order status pushes
  bool holds_stock = false;      // reserves pieces itself when it sells (known_held matters)
  std::int64_t in_flight_max = 4;
  std::int64_t poll_max = 50;  // orders per PollOrders
};

// One [[channel]] of server.toml. Secrets are read from their files by the composition root.
struct Config {
  std::string name;
  std::string kind;
  std::string url;
  std::string user;                              // where the channel logs in by name
  std::string secret;                            // API key, password or signing key: never logged
  std::map<std::string, std::string> locations;  // site -> the channel's location id
  std::int64_t poll_ms = 2'000;                  // new orders
  std::int64_t sweep_ms = 10'000;                // cancellations of orders that we hold open
  std::int64_t audit_ms = 60'000;                // drift between what it shows and what we told it
  domain::Quantity buffer = 0;                   // pieces kept back per site
};

class Channel {
 public:
  virtual ~Channel() = default;
  [[nodiscard]] virtual const Config& config() const = 0;
  [[nodiscard]] virtual const Capabilities& capabilities() const = 0;
  // `delivery` is the same for every attempt of one push: the idempotency key.
  [[nodiscard]] virtual std::unique_ptr<Exchange> push(const Push& push,
                                                       const std::string& delivery,
                                                       base::Instant now) = 0;
  // Null when the channel does not offer this kind of poll.
  [[nodiscard]] virtual std::unique_ptr<Exchange> poll(const Poll& poll, base::Instant now) = 0;
  // Fault::reject: signature wrong, too old, or not what this channel sends.
  [[nodiscard]] virtual base::Result<HookAnswer> hook(const Hook& hook, base::Instant now) = 0;
};

// The table of channel kinds, generated from the folders of server/channels.
struct Kind {
  std::string_view name;
  std::string_view help;
  // Fault::reject with the key and the remedy when the configuration cannot work.
  base::Result<std::unique_ptr<Channel>> (*make)(const Config& config);
  std::string_view sample;  // a configuration that validates (TOML)
  bool needs_locations = false;
};
[[nodiscard]] const std::vector<Kind>& kinds();
[[nodiscard]] base::Result<std::unique_ptr<Channel>> make(const Config& config);
// A channel that gives no locations and needs none is told about every site, under our name.
void default_locations(Config& config, const std::vector<std::string>& sites);

}  // namespace dockline::server::channels
