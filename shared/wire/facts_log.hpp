// Facts made by the server: items, stock, orders, decisions, channels (events.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/domain/types.hpp"

namespace dockline::wire {

using domain::Quantity;

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
// "<site>/packed", "supplier", "customer", "adjustment". A bin is of the shelf it stands beside;
// without one the pieces lie in the SKU's home bin. From one bin to another `from` is `to`.
struct StockMoved {
  static constexpr std::string_view kType = "dockline.stock.moved.v1";
  std::string sku;
  Quantity quantity = 0;  // > 0
  std::string from;
  std::string to;
  std::string reason;  // receipt, correction, damage, count, import ...
  std::optional<domain::Lot> lot = std::nullopt;
  std::optional<std::string> from_bin = std::nullopt, to_bin = std::nullopt;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("sku", s.sku);
    v("quantity", s.quantity);
    v("from", s.from);
    v("to", s.to);
    v("reason", s.reason);
    v("lot", s.lot);
    v("from_bin", s.from_bin);
    v("to_bin", s.to_bin);
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
  std::optional<std::string> customer = std::nullopt;      // the channel's id of the buyer
  std::optional<std::int64_t> promised_ms = std::nullopt;  // at the buyer's door
  std::optional<bool> vip = std::nullopt;
  std::optional<bool> paid = std::nullopt;     // absent: the channel sends paid orders only
  std::optional<bool> fetched = std::nullopt;  // the buyer comes for it: no address needed
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
    v("customer", s.customer);
    v("promised_ms", s.promised_ms);
    v("vip", s.vip);
    v("paid", s.paid);
    v("fetched", s.fetched);
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

// One rule's share of what a way to ship would cost, in minor units of money.
struct CostTerm {
  std::string rule;
  std::int64_t minor = 0;
  std::string why;  // "2 parcels to zone DE-1 by parcelline standard"
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("rule", s.rule);
    v("minor", s.minor);
    v("why", s.why);
  }
};

struct Candidate {
  std::string site;
  std::int64_t priority = 0;
  bool chosen = false;
  std::string why;  // "has everything", "lacks 2 of MUG-RED", "silent for 12 min"
  std::optional<std::string> ruled_out_by = std::nullopt;     // the rule that forbade it
  std::optional<std::vector<CostTerm>> costs = std::nullopt;  // as if it shipped all it can
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("site", s.site);
    v("priority", s.priority);
    v("chosen", s.chosen);
    v("why", s.why);
    v("ruled_out_by", s.ruled_out_by);
    v("costs", s.costs);
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

struct RuleUsed {
  std::string name;
  std::int64_t version = 1;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("name", s.name);
    v("version", s.version);
  }
};

// How sure it is that nothing cheaper exists.
struct Optimality {
  std::string method;            // exact, bounded
  std::int64_t cost_minor = 0;   // of what was chosen
  std::int64_t bound_minor = 0;  // nothing can cost less than this
  std::int64_t gap_minor = 0;    // cost less bound; 0: proved
  std::int64_t expanded = 0;     // partial plans looked at
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("method", s.method);
    v("cost_minor", s.cost_minor);
    v("bound_minor", s.bound_minor);
    v("gap_minor", s.gap_minor);
    v("expanded", s.expanded);
  }
};

struct Unallocated {
  std::int64_t line = 0;
  std::string sku;
  Quantity quantity = 0;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("line", s.line);
    v("sku", s.sku);
    v("quantity", s.quantity);
  }
};

// Law 6: every decision carries its reason. Routing is the first kind. What is optional came later:
// a record without it was made by a chain that weighs no costs, or before there were chains.
struct DecisionMade {
  static constexpr std::string_view kType = "dockline.decision.made.v1";
  std::string decision;  // id
  std::string kind;      // routing
  std::string subject;   // order id
  std::string rule;
  std::int64_t version = 1;
  std::string outcome;  // allocated, backordered, partly_allocated
  std::string reason;   // one or two sentences
  std::vector<Candidate> candidates;
  std::vector<DecisionInput> inputs;
  std::vector<Allocation> allocations;                        // empty when backordered
  std::optional<std::vector<RuleUsed>> rules = std::nullopt;  // of the chain, in its order
  std::optional<std::string> currency = std::nullopt;         // of every cost here
  std::optional<std::vector<CostTerm>> costs = std::nullopt;  // of what was chosen, term by term
  std::optional<Optimality> optimality = std::nullopt;
  std::optional<std::vector<Unallocated>> remainder = std::nullopt;  // what nobody ships yet
  std::optional<std::string> policy = std::nullopt;  // who came first, when stock was scarce
  std::optional<std::string> facts = std::nullopt;   // canonical JSON, to decide it again
  std::optional<std::string> by = std::nullopt;      // the person whose override this is
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
    v("rules", s.rules);
    v("currency", s.currency);
    v("costs", s.costs);
    v("optimality", s.optimality);
    v("remainder", s.remainder);
    v("policy", s.policy);
    v("facts", s.facts);
    v("by", s.by);
  }
};

struct ReleasedLine {
  std::int64_t line = 0;
  Quantity quantity = 0;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("line", s.line);
    v("quantity", s.quantity);
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
  std::optional<std::string> holder;                // up incarnation; absent: any of that station
  std::optional<std::vector<ReleasedLine>> lines;   // absent: all that is allocated at the site
  std::optional<std::int64_t> part = std::nullopt;  // of a split order; absent: 1
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("site", s.site);
    v("station", s.station);
    v("label", s.label);
    v("holder", s.holder);
    v("lines", s.lines);
    v("part", s.part);
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

// One thing that is known of a site: its key and value as they stand in the routing file's [[site]]
// ("capacity_per_day" "400", "hours.mon-fri" "08:00-16:30", "zones.DE" "1").
struct SiteValue {
  std::string key, value;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("key", s.key);
    v("value", s.value);
  }
};

// What routing knows of a site from now on, instead of what was described before; without values
// what the routing file says.
struct SiteDescribed {
  static constexpr std::string_view kType = "dockline.site.described.v1";
  std::string site;
  std::vector<SiteValue> values;
  std::string why, by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("site", s.site);
    v("values", s.values);
    v("why", s.why);
    v("by", s.by);
  }
};

}  // namespace dockline::wire
