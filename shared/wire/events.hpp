// The catalogue of facts. Each struct is the `data` of one CloudEvents type; kType names it, with
// its version. One JSON Schema each lies in shared/wire/schemas (made from these structs, checked).
// Adding a type: a struct here, its name in EventData below, run the tests with --update.
//
// "up" facts are recorded by stations, "down" facts sent to stations, "log" facts made by the
// server. All of them end in the server's event log; replaying that log rebuilds every projection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "shared/domain/types.hpp"

namespace dockline::wire {

using domain::Quantity;

// ---------------------------------------------------------------- up: what happened at a bench
struct PackOpened {
  static constexpr std::string_view kType = "dockline.pack.opened.v1";
  std::string order;
  domain::LeaseRef work;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
  }
};

struct ItemCounted {
  static constexpr std::string_view kType = "dockline.pack.item.counted.v1";
  std::string order;
  domain::LeaseRef work;
  std::int64_t line = 0;
  std::string sku;
  Quantity quantity = 0;
  std::string barcode;  // as scanned; empty when a person typed it
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("line", s.line);
    v("sku", s.sku);
    v("quantity", s.quantity);
    v("barcode", s.barcode);
  }
};

// UNDO of an ItemCounted, or a piece scanned out of a cancelled box.
struct ItemUncounted {
  static constexpr std::string_view kType = "dockline.pack.item.uncounted.v1";
  std::string order;
  domain::LeaseRef work;
  std::int64_t line = 0;
  std::string sku;
  Quantity quantity = 0;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("line", s.line);
    v("sku", s.sku);
    v("quantity", s.quantity);
  }
};

// A piece is missing. Negative quantity takes a short back.
struct ShortNoted {
  static constexpr std::string_view kType = "dockline.pack.short.noted.v1";
  std::string order;
  domain::LeaseRef work;
  std::int64_t line = 0;
  std::string sku;
  Quantity quantity = 0;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("line", s.line);
    v("sku", s.sku);
    v("quantity", s.quantity);
  }
};

struct PackHeld {
  static constexpr std::string_view kType = "dockline.pack.held.v1";
  std::string order;
  domain::LeaseRef work;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
  }
};

struct ProblemNoted {
  static constexpr std::string_view kType = "dockline.pack.problem.noted.v1";
  std::optional<std::string> order;  // absent: no order was open
  std::optional<domain::LeaseRef> work;
  std::string about;  // state of the screen when PROBLEM was scanned, e.g. "unknown-barcode"
  std::optional<std::string> barcode;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("about", s.about);
    v("barcode", s.barcode);
  }
};

struct PackedLine {
  std::int64_t line = 0;
  std::string sku;
  Quantity packed = 0;
  Quantity missing = 0;  // noted short
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("line", s.line);
    v("sku", s.sku);
    v("packed", s.packed);
    v("missing", s.missing);
  }
};

// The box is closed: every piece counted or noted short, its label applied (scanned).
struct PackClosed {
  static constexpr std::string_view kType = "dockline.pack.closed.v1";
  std::string order;
  domain::LeaseRef work;
  std::vector<PackedLine> lines;
  domain::ShippingLabel label;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("lines", s.lines);
    v("label", s.label);
  }
};

// UNDO after closing, before the hand-over: the box is open again.
struct PackReopened {
  static constexpr std::string_view kType = "dockline.pack.reopened.v1";
  std::string order;
  domain::LeaseRef work;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
  }
};

// One step of a print job (DEVICES.md section 8).
struct LabelChanged {
  static constexpr std::string_view kType = "dockline.label.changed.v1";
  std::string order;
  std::string job;           // id of the print job
  std::int64_t attempt = 1;  // 1 for the first sheet, 2.. for marked copies
  std::string state;         // wanted, sending, sent, confirmed, applied, unknown, void
  std::string tracking;
  std::optional<std::string> printer;
  std::optional<std::string> evidence;  // why: "odometer 4711 -> 4712", "scanned", "NO scanned"
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("job", s.job);
    v("attempt", s.attempt);
    v("state", s.state);
    v("tracking", s.tracking);
    v("printer", s.printer);
    v("evidence", s.evidence);
  }
};

struct LeaseReturned {
  static constexpr std::string_view kType = "dockline.lease.returned.v1";
  std::string order;
  domain::LeaseRef work;
  std::string reason;  // revoked, fork
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("reason", s.reason);
  }
};

struct DeviceChanged {
  static constexpr std::string_view kType = "dockline.device.changed.v1";
  std::string device;  // configured name: "left scanner"
  std::string kind;    // scanner, printer, scale
  std::string state;   // ready, gone, not_ready, unknown
  std::optional<std::string> detail;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("device", s.device);
    v("kind", s.kind);
    v("state", s.state);
    v("detail", s.detail);
  }
};

// A station's own trouble that a person should know: store restored, outbox nearly full, clock.
struct StationTrouble {
  static constexpr std::string_view kType = "dockline.station.trouble.v1";
  std::string kind;
  std::string detail;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("kind", s.kind);
    v("detail", s.detail);
  }
};

// ---------------------------------------------------------------- down: what the server promised
struct LeaseGranted {
  static constexpr std::string_view kType = "dockline.lease.granted.v1";
  std::string order;  // order id, unique over channels: "vendure:ABC123"
  domain::LeaseRef work;
  std::string number;  // what people and barcodes say: "ABC123"
  std::string channel;
  domain::Address ship_to;
  std::vector<domain::WorkLine> lines;
  domain::ShippingLabel label;
  std::optional<std::int64_t> due_ms;  // carrier leaves, wall clock
  std::optional<std::string> tote;     // barcode of the tote that holds the pieces
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("number", s.number);
    v("channel", s.channel);
    v("ship_to", s.ship_to);
    v("lines", s.lines);
    v("label", s.label);
    v("due_ms", s.due_ms);
    v("tote", s.tote);
  }
};

struct LeaseRevoked {
  static constexpr std::string_view kType = "dockline.lease.revoked.v1";
  std::string order;
  domain::LeaseRef work;
  std::string reason;  // cancelled, moved, done, forced
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("reason", s.reason);
  }
};

// Item master and bin for one site, so that a station recognises any barcode offline.
struct CatalogueItem {
  static constexpr std::string_view kType = "dockline.catalogue.item.v1";
  domain::Item item;
  std::optional<std::string> bin;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("item", s.item);
    v("bin", s.bin);
  }
};

// ---------------------------------------------------------------- log: made by the server
struct ItemRegistered {
  static constexpr std::string_view kType = "dockline.item.registered.v1";
  domain::Item item;
  std::string origin;  // api, import:<file>, order:<channel>
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("item", s.item);
    v("origin", s.origin);
  }
};

struct BinAssigned {
  static constexpr std::string_view kType = "dockline.bin.assigned.v1";
  std::string sku;
  std::string site;
  std::string bin;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("sku", s.sku);
    v("site", s.site);
    v("bin", s.bin);
  }
};

// Double entry: quantity pieces of sku leave `from` and arrive at `to`. Places: "<site>/shelf",
// "<site>/packed", "supplier", "customer", "adjustment".
struct StockMoved {
  static constexpr std::string_view kType = "dockline.stock.moved.v1";
  std::string sku;
  Quantity quantity = 0;  // > 0
  std::string from;
  std::string to;
  std::string reason;  // receipt, correction, damage, count, import ...
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("sku", s.sku);
    v("quantity", s.quantity);
    v("from", s.from);
    v("to", s.to);
    v("reason", s.reason);
  }
};

struct OrderReceived {
  static constexpr std::string_view kType = "dockline.order.received.v1";
  std::string order;  // "<channel>:<number>"
  std::string channel;
  std::string number;
  std::optional<std::string> external_id;
  std::int64_t placed_ms = 0;
  std::string currency;
  domain::Address ship_to;
  std::vector<domain::OrderLine> lines;
  std::vector<domain::OrderCharge> charges;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("channel", s.channel);
    v("number", s.number);
    v("external_id", s.external_id);
    v("placed_ms", s.placed_ms);
    v("currency", s.currency);
    v("ship_to", s.ship_to);
    v("lines", s.lines);
    v("charges", s.charges);
  }
};

struct CancelledLine {
  std::int64_t line = 0;
  Quantity quantity = 0;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("line", s.line);
    v("quantity", s.quantity);
  }
};

struct OrderCancelled {
  static constexpr std::string_view kType = "dockline.order.cancelled.v1";
  std::string order;
  std::vector<CancelledLine> lines;  // pieces cancelled by this fact; all that are open when empty
  std::string reason;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("lines", s.lines);
    v("reason", s.reason);
  }
};

struct Allocation {
  std::int64_t line = 0;
  std::string sku;
  Quantity quantity = 0;
  std::string site;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("line", s.line);
    v("sku", s.sku);
    v("quantity", s.quantity);
    v("site", s.site);
  }
};

struct Candidate {
  std::string site;
  std::int64_t priority = 0;
  bool chosen = false;
  std::string why;  // "has everything", "lacks 2 of MUG-RED", "silent for 12 min"
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("site", s.site);
    v("priority", s.priority);
    v("chosen", s.chosen);
    v("why", s.why);
  }
};

// One figure that a decision rested on, with its age.
struct DecisionInput {
  std::string name;  // "atp leipzig MUG-RED"
  std::string value;
  std::optional<std::int64_t> as_of_ms;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("name", s.name);
    v("value", s.value);
    v("as_of_ms", s.as_of_ms);
  }
};

// Law 6: every decision carries its reason. Routing is the first kind.
struct DecisionMade {
  static constexpr std::string_view kType = "dockline.decision.made.v1";
  std::string decision;  // id
  std::string kind;      // routing
  std::string subject;   // order id
  std::string rule;
  std::int64_t version = 1;
  std::string outcome;  // allocated, backordered
  std::string reason;   // one or two sentences
  std::vector<Candidate> candidates;
  std::vector<DecisionInput> inputs;
  std::vector<Allocation> allocations;  // empty when backordered
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("decision", s.decision);
    v("kind", s.kind);
    v("subject", s.subject);
    v("rule", s.rule);
    v("version", s.version);
    v("outcome", s.outcome);
    v("reason", s.reason);
    v("candidates", s.candidates);
    v("inputs", s.inputs);
    v("allocations", s.allocations);
  }
};

// The lease given to a station, as the server's books see it (the station gets LeaseGranted).
struct OrderReleased {
  static constexpr std::string_view kType = "dockline.order.released.v1";
  std::string order;
  domain::LeaseRef work;
  std::string site;
  std::string station;
  domain::ShippingLabel label;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("site", s.site);
    v("station", s.station);
    v("label", s.label);
  }
};

struct ExceptionRaised {
  static constexpr std::string_view kType = "dockline.exception.raised.v1";
  std::string exception;  // id
  std::string kind;       // closed list in server/exceptions
  std::string subject;    // order, sku, station, file:row it is about
  std::string what;       // one sentence
  std::string context;    // place and facts
  std::string proposed;   // what a person should do
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("exception", s.exception);
    v("kind", s.kind);
    v("subject", s.subject);
    v("what", s.what);
    v("context", s.context);
    v("proposed", s.proposed);
  }
};

struct ExceptionResolved {
  static constexpr std::string_view kType = "dockline.exception.resolved.v1";
  std::string exception;
  std::string action;
  std::string by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("exception", s.exception);
    v("action", s.action);
    v("by", s.by);
  }
};

// What a channel confirmed that it shows now.
struct ChannelStockConfirmed {
  static constexpr std::string_view kType = "dockline.channel.stock.confirmed.v1";
  std::string channel;
  std::string listing;  // the channel's id of what is sold there; the SKU where it has none
  std::string sku;
  std::string location;  // the channel's location id, or ""
  Quantity quantity = 0;
  std::int64_t caused_ms = 0;  // wall clock of the fact that made the figure change
  std::int64_t sent_ms = 0;    // request left
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("channel", s.channel);
    v("listing", s.listing);
    v("sku", s.sku);
    v("location", s.location);
    v("quantity", s.quantity);
    v("caused_ms", s.caused_ms);
    v("sent_ms", s.sent_ms);
  }
};

struct ChannelFulfilmentConfirmed {
  static constexpr std::string_view kType = "dockline.channel.fulfilment.confirmed.v1";
  std::string channel;
  std::string order;
  std::string tracking;
  std::string external_id;
  std::int64_t sent_ms = 0;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("channel", s.channel);
    v("order", s.order);
    v("tracking", s.tracking);
    v("external_id", s.external_id);
    v("sent_ms", s.sent_ms);
  }
};

// What became of one row of an imported file; row 1 is the first line after the header.
struct ImportedRow {
  std::int64_t row = 0;
  std::string outcome;  // order, cancellation, adjustment, exception
  std::string subject;  // order id, sku, exception id
  std::optional<std::string> why;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("row", s.row);
    v("outcome", s.outcome);
    v("subject", s.subject);
    v("why", s.why);
  }
};

struct ImportRecorded {
  static constexpr std::string_view kType = "dockline.import.recorded.v1";
  std::string file;         // name as given by the person
  std::string fingerprint;  // SHA-256 of the file's bytes, hex
  std::vector<ImportedRow> rows;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("file", s.file);
    v("fingerprint", s.fingerprint);
    v("rows", s.rows);
  }
};

// A type this program does not know: kept, parked, never dropped.
struct UnknownData {
  static constexpr std::string_view kType = "";
  std::string json;  // the `data` member as it came
};

using EventData =
    std::variant<UnknownData, PackOpened, ItemCounted, ItemUncounted, ShortNoted, PackHeld,
                 ProblemNoted, PackClosed, PackReopened, LabelChanged, LeaseReturned, DeviceChanged,
                 StationTrouble, LeaseGranted, LeaseRevoked, CatalogueItem, ItemRegistered,
                 BinAssigned, StockMoved, OrderReceived, OrderCancelled, DecisionMade,
                 OrderReleased, ExceptionRaised, ExceptionResolved, ChannelStockConfirmed,
                 ChannelFulfilmentConfirmed, ImportRecorded>;

}  // namespace dockline::wire
