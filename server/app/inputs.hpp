// What goes into the hub and what comes out of it: plain values. Everything the shells know about
// the HubApp is here and in hub_app.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server {

// ---------------------------------------------------------------- commands (API, channels, CLI)
// An order as a channel, the API or a file gives it. Idempotent by channel and number: the same
// order again is answered with created=false; other contents under the same number are refused
// (Fault::conflict).
struct ReceiveOrder {
  std::string channel = "api";
  std::string number;
  std::optional<std::string> external_id;
  std::optional<std::int64_t> placed_ms;  // absent: now
  std::string currency = "EUR";
  domain::Address ship_to;
  std::vector<domain::OrderLine> lines;  // line numbers are given 1..n when they are 0
  std::vector<domain::OrderCharge> charges;
};

struct CancelOrder {
  std::string order;  // order id
  std::string reason;
  std::vector<std::pair<std::int64_t, std::int64_t>> lines;  // (line, pieces); empty: everything
};

// quantity is signed: found pieces are positive, lost ones negative.
struct AdjustStock {
  std::string sku, site;
  std::int64_t quantity = 0;
  std::string reason;
};

struct RegisterItem {
  domain::Item item;
  std::vector<std::pair<std::string, std::string>> bins;  // (site, bin)
};

struct ResolveException {
  std::string exception, action, by;
};

// Takes a file in; the work is done in bounded batches over later turns. Answered at once with the
// import's id (Reply::id). kind: orders or stock.
struct StartImport {
  std::string kind, name, bytes;
  std::string channel = "csv";  // orders of this file belong to it
  std::string site;  // adjustments without a site go here; empty: the site of first priority
};

// A person takes a lease back from a silent station.
struct ForceRevoke {
  std::string order, reason, by;
};

// Which SKUs a channel sells, as the channel says. Stock is told only for these. `complete`
// replaces the channel's list.
struct ListingsSeen {
  std::string channel;
  bool complete = false;
  std::vector<std::pair<std::string, std::string>> listings;  // (sku, the channel's id)
};

// Raised by a shell (channel connector, broker watch); repeated ones with the same kind and subject
// count as one while it is open.
struct RaiseException {
  std::string kind, subject, what, context, proposed;
};

using Command = std::variant<ReceiveOrder, CancelOrder, AdjustStock, RegisterItem, ResolveException,
                             StartImport, ForceRevoke, ListingsSeen, RaiseException>;

// ---------------------------------------------------------------- inputs
struct LinkUp {};
struct LinkDown {
  std::string why;
};
struct MqttIn {
  std::string topic, payload;
  bool retained = false;
};
// `reply` comes back in the Reply effect; 0: nobody waits.
struct ApiCommand {
  std::uint64_t reply = 0;
  Command command;
};
// What became of an outbox row that was asked out by a ChannelRequest.
struct ChannelResult {
  enum class Outcome {
    delivered,  // the channel confirmed it (and shows it)
    retry,      // no answer or a passing trouble: again later with back-off
    throttled,  // the channel asks for patience: not before retry_after_ms
    rejected,   // the channel will never take it: dead letter, exception
  };
  std::int64_t row = 0;
  Outcome outcome = Outcome::retry;
  std::string detail;                // for people
  std::int64_t retry_after_ms = 0;   // throttled
  std::string listing, external_id;  // what the channel calls the listing, the fulfilment
  std::optional<std::int64_t> quantity;  // stock: the figure the channel shows now
  std::int64_t sent_ms = 0;              // wall clock when the request left
};
// At least every 100 ms while there is work, and once a second.
struct Tick {};

using Input = std::variant<LinkUp, LinkDown, MqttIn, ApiCommand, ChannelResult, Tick>;

// ---------------------------------------------------------------- effects
struct Publish {
  std::string topic, payload;
  bool retained = false;
};
// An outbox row that may leave now. The shell turns it into the channel's request and answers with
// one ChannelResult. payload_json by kind:
//   stock       {"sku","listing","location","quantity","caused_ms"}
//   fulfilment  {"order","number","external_id","tracking","sscc","carrier","key",
//                "lines":[{"line","sku","external_id","quantity"}]}
struct ChannelRequest {
  std::int64_t row = 0;
  std::string channel, kind, payload_json;
  std::int64_t attempt = 1;
  std::int64_t caused_ms = 0;
};
// Answer to an ApiCommand, after its commit. A refused command carries the error instead.
struct Reply {
  std::uint64_t reply = 0;
  std::optional<base::Error> error;
  std::string id;        // order id, import id, exception id, sku
  bool created = false;  // false: it was there already
};
// Something under these names changed: orders, stock, stations, devices, exceptions, outbox,
// channels, imports, events. At most one per turn.
struct Changed {
  std::vector<std::string> topics;
  std::int64_t position = 0;
};

using Effect = std::variant<Publish, ChannelRequest, Reply, Changed>;

}  // namespace dockline::server
