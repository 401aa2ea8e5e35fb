// What goes into the hub and what comes out of it: plain values. Everything the shells know about
// the HubApp is here and in hub_app.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "server/app/order_inputs.hpp"
#include "server/app/parcel_inputs.hpp"
#include "server/app/stock_commands.hpp"
#include "server/publish/channel_engine.hpp"
#include "shared/base/result.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server {

class ReadAhead;

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
  std::optional<std::string> customer = std::nullopt;  // the channel's id of the buyer
  std::optional<std::int64_t> promised_ms = std::nullopt;
  std::optional<bool> vip = std::nullopt, paid = std::nullopt, fetched = std::nullopt;
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

// What is kept back: of a site (safety, quota) or a channel (share_pm, buffer, cap); with a SKU of
// this SKU alone. A whole row: what is absent is not set here, and the row without a SKU says it.
// Unchanged: created=false.
struct SetStockPolicy {
  std::optional<std::string> site, channel, sku;
  std::optional<std::int64_t> safety, quota, share_pm, buffer, cap;
  std::string why, by;
};

// What a kit is made of; the parts may be kits. No parts: it is no kit any more. Unchanged:
// created=false.
struct DefineKit {
  std::string sku;
  std::vector<std::pair<std::string, std::int64_t>> parts;  // SKU, pieces in one kit
  std::string by;
};

// How the figures of a SKU come about: Reply::derivation. Changes nothing.
struct ExplainStock {
  std::string sku;
};

struct ResolveException {
  std::string exception, action, by;
};

// Takes a file in; the work is done in bounded batches over later turns. Answered at once with the
// import's id (Reply::id). kind: orders or stock.
struct StartImport {
  std::string kind, name, bytes;
  std::string channel = "csv";   // orders of this file belong to it
  std::string currency = "EUR";  // of prices without one
  std::string site;  // adjustments without a site go here; empty: the site of first priority
};

// These orders of one buyer go in one parcel; the first one is the one that was asked for.
struct MergeOrders {
  std::vector<std::string> orders;
  std::string why, by;
};

// A person takes a lease back from a silent station.
struct ForceRevoke {
  std::string order, reason, by;
};

// A person says that a station will not come back: what it holds is free, what it still does is
// fenced. In a restored server it also takes it off the list of those who must answer.
struct WriteOffStation {
  std::string site, station, reason, by;
};

// A person says which site ships what can still go anywhere of an order: all of it, or line by
// line.
struct RouteOrder {
  std::string order;
  std::string site;                                         // empty: `lines` says
  std::vector<std::pair<std::int64_t, std::string>> lines;  // (line, site)
  std::string why, by;
  bool force = false;  // also past rules that can be set aside
};

// A webhook as it came in (POST /hooks/{channel}); the channel verifies it. Reply::hook has the
// answer for its sender.
struct HookIn {
  std::string channel;
  channels::Hook hook;
};

// What routing knows of a site from now on, by the keys of the routing file's [[site]]; no values:
// what that file says. Unchanged: created=false.
struct DescribeSite {
  std::string site;
  std::vector<std::pair<std::string, std::string>> values;
  std::string why, by;
};

// A person's decision about a dead letter of the outbox.
struct DecideOutbox {
  std::int64_t row = 0;
  bool again = true;  // false: leave it, delete the row
};

// Cursor of an up stream, as a backup holds it.
struct StreamMark {
  std::string site, station, inc;
  std::int64_t through = 0;
};
// The backup job made a copy and looked at it. Verified: the stations need not keep what it holds.
struct BackupDone {
  std::int64_t made_ms = 0, position = 0, bytes = 0, took_ms = 0;
  std::string file;
  std::string state;  // verified, failed
  std::string problem;
  std::vector<StreamMark> streams;
};
// A segment of the log is a file, synced and verified (server/archive): its facts' bytes may leave
// the database, some rows per turn.
struct SegmentMade {
  std::int64_t number = 0, first = 0, last = 0, bytes = 0, made_ms = 0;
  std::string file, chain, sha256;  // chain: hex, of the row at `last`
};
// Parked facts are tried again. id 0: all of them, or all of one station ("site/station").
struct RetryParked {
  std::int64_t id = 0;
  std::string station;
};

// Raised by a shell (channel connector, broker watch); repeated ones with the same kind and subject
// count as one while it is open.
struct RaiseException {
  std::string kind, subject, what, context, proposed;
};

using Command =
    std::variant<ReceiveOrder, CancelOrder, AdjustStock, RegisterItem, ResolveException,
                 StartImport, ForceRevoke, WriteOffStation, RouteOrder, HookIn, DecideOutbox,
                 RaiseException, BackupDone, SegmentMade, RetryParked, SetStockPolicy, DefineKit,
                 ExplainStock, HoldOrder, ReleaseHold, AmendOrder, SplitOrder, MergeOrders,
                 SetBackorder, HandOver, TakeBackParcel, DeliverParcel, ReturnGoods, DescribeSite,
                 StockCommand>;

// ---------------------------------------------------------------- inputs
struct LinkUp {};
struct LinkDown {
  std::string why;
};
struct MqttIn {
  std::string topic, payload;
  bool retained = false;
  std::shared_ptr<ReadAhead> ahead;  // the payload, perhaps read by another thread already; or null
};
struct Reply;
// A request with an Idempotency-Key: what is told about it is kept in the turn of its effect, and
// told again for 24 hours to who sends the same request under that key (answers.hpp).
struct Once {
  std::string key;                                 // empty: nothing is kept
  std::string request;                             // stands for method, path, query and body
  std::function<std::string(const Reply&)> write;  // the answer as it is to be kept; pure
};
// `reply` comes back in the Reply effect; 0: nobody waits.
struct ApiCommand {
  std::uint64_t reply = 0;
  Command command;
  Once once;
  // If-Match: runs only while the newest fact about this order is at one of these positions.
  std::string if_order;
  std::vector<std::int64_t> if_positions;
};
// The answer to a ChannelRequest.
using ChannelResult = publish::ChannelResult;
// At least every 100 ms while there is work, and once a second.
struct Tick {};

using Input = std::variant<LinkUp, LinkDown, MqttIn, ApiCommand, ChannelResult, Tick>;

// ---------------------------------------------------------------- effects
struct Publish {
  std::string topic, payload;
  bool retained = false;
};
// One HTTP exchange for the net lane; the shell answers with one ChannelResult of that number.
using ChannelRequest = publish::ChannelRequest;
// Answer to an ApiCommand, after its commit. A refused command carries the error instead.
struct Reply {
  std::uint64_t reply = 0;
  std::optional<base::Error> error;
  std::string id;        // order id, import id, exception id, sku
  bool created = false;  // false: it was there already
  std::optional<publish::HookReply> hook;
  std::optional<std::vector<publish::Derivation>> derivation;
  std::optional<HandedOver> handed = std::nullopt;
  std::optional<std::string> told = std::nullopt;  // the same request was answered before: that
  std::string code;                                // with an error: key_reused, changed; else empty
};
// Something under these names changed: orders, stock, stations, devices, exceptions, outbox,
// channels, imports, events. At most one per turn.
struct Changed {
  std::vector<std::string> topics;
  std::int64_t position = 0;
};

using Effect = std::variant<Publish, ChannelRequest, Reply, Changed>;

}  // namespace dockline::server
