// What the read side hands out: plain rows for the HTTP API and the console. Times are wall-clock
// milliseconds; texts that end in _json are JSON as stored and are passed on unparsed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dockline::server::store {

// A page of rows. `next` is the value for `after` of the following page; empty at the end.
// `total` counts all rows that match the filters, on every page.
template <class Row>
struct Page {
  std::vector<Row> items;
  std::string next;
  std::int64_t total = 0;
};

// ---------------------------------------------------------------- orders
struct OrderQuery {
  std::string state;    // empty: all
  std::string channel;  // empty: all
  std::string text;     // part of number, customer or tracking, or a SKU; empty: all
  std::string after;    // of the page before
  std::int64_t limit = 50;
  std::int64_t skip = 0;  // rows between `after` and the page: a far jump in a long list
};

struct OrderRow {
  std::string id, number, channel, customer;
  std::int64_t placed_ms = 0, received_ms = 0, updated_ms = 0;
  std::string state;  // the least advanced state of its pieces; cancelled when all are
  std::string site, station, tracking;  // empty when not (yet) there
  std::int64_t pieces = 0, packed = 0;
};

// How many pieces of one line are in which state; they sum to `quantity`.
struct OrderLineRow {
  std::int64_t line = 0;
  std::string sku, title;
  std::int64_t quantity = 0;
  std::optional<std::int64_t> unit_price_minor;
  std::int64_t open = 0, backordered = 0, allocated = 0, released = 0, packed = 0, shipped = 0,
               delivered = 0, cancelled = 0, returned = 0;
  std::int64_t counted = 0, missing = 0;  // what the bench says about the box that is open there
  std::string site;                       // where it is allocated; empty when nowhere
};

struct EventRow {
  std::int64_t position = 0;
  std::string id, type, source, subject, correlation;
  std::int64_t time_ms = 0;   // the origin's clock, corrected by the offset it knew
  std::int64_t heard_ms = 0;  // when the server kept it
  bool late = false;          // heard more than a minute after it happened
  std::string body;           // the whole CloudEvent as it came; `data` is a member of it
};

struct DecisionRow {
  std::int64_t position = 0, made_ms = 0;
  std::string id, kind, subject, rule, outcome, reason;
  std::int64_t version = 0;
  std::string body;  // the CloudEvent; data has candidates, inputs, allocations
};

struct OrderDetail {
  OrderRow order;
  std::int64_t position = 0;  // of the newest fact about it
  std::string currency, external_id;
  std::string ship_to_json;  // object, fields of domain::Address
  std::string charges_json;  // array of {code,title,quantity,unit_price_minor}
  std::string carrier, sscc;
  std::vector<OrderLineRow> lines;
  std::vector<EventRow> timeline;  // by position; at most 1,000
  std::vector<DecisionRow> decisions;
};

// ---------------------------------------------------------------- stock
struct BinFigure {
  std::string bin;  // empty: the home bin, and none is assigned
  std::int64_t quantity = 0;
  bool home = false;
};

struct SiteFigure {
  std::string site;
  std::int64_t on_hand = 0, reserved = 0, packed = 0, atp = 0;
  std::int64_t staging = 0, quarantine = 0, damaged = 0;
  std::int64_t in_transit = 0;  // to this site; below zero: received before its sending was heard
  std::int64_t as_of_ms = 0;    // of the newest move there
  std::string bin;              // the home bin
  std::vector<BinFigure> bins;  // of the shelf, the home bin first; of one SKU alone
};

struct ToldFigure {
  std::string channel, location;
  std::int64_t quantity = 0;
  std::string state;  // confirmed: the channel shows it; sent: on its way; waiting: in the outbox
  std::int64_t as_of_ms = 0;
};

struct StockRow {
  std::string sku, title;
  std::vector<SiteFigure> sites;
  std::vector<ToldFigure> told;
};

struct MoveRow {
  std::int64_t position = 0, at_ms = 0;
  std::int64_t quantity = 0;
  std::string from, to, reason, source;
  std::string from_bin, to_bin;  // empty: the home bin, or no shelf
};

struct ReservationRow {
  std::string order, site;
  std::int64_t line = 0, quantity = 0;
};

struct BarcodeRow {
  std::string code;
  std::int64_t pieces = 1;
};

struct StockDetail {
  StockRow stock;
  std::string detail, origin;
  std::optional<std::int64_t> weight_g, cost_minor;
  std::optional<bool> hazardous, cold_chain;
  std::optional<std::string> tracked;
  std::vector<BarcodeRow> barcodes;
  std::vector<MoveRow> moves;                // newest first, at most 200
  std::vector<ReservationRow> reservations;  // the derivation of `reserved`
};

// ---------------------------------------------------------------- stations
struct DeviceRow {
  std::string site, station, device, kind, state, detail;
  std::int64_t at_ms = 0;
};

struct StationRow {
  std::string site, station;
  std::string status;  // up, down, never (configured, not heard so far)
  std::int64_t heard_ms = 0;
  bool silent = true;                       // it is not up, or nothing was heard for 3 heartbeats
  std::string computer;                     // the process that speaks: program and nonce
  std::int64_t waiting = 0, oldest_ms = 0;  // facts it has not got through to us, oldest of them
  std::int64_t last = 0;                    // newest fact it has recorded
  std::int64_t through = 0;                 // newest fact of it that is in our log
  std::int64_t acked = 0;                   // newest fact for it that it has confirmed
  std::int64_t down_waiting = 0;            // facts for it that it has not confirmed
  std::int64_t parked = 0;                  // facts of it we could not digest
  std::int64_t clock_offset_ms = 0;
  std::int64_t leases = 0;
  std::vector<DeviceRow> devices;
};

// ---------------------------------------------------------------- the rest
struct ExceptionRow {
  std::string id, kind, subject, what, context, proposed;
  std::int64_t raised_ms = 0;
  std::optional<std::int64_t> resolved_ms;
  std::string action, by;            // of the resolution
  std::vector<std::string> actions;  // verbs a person may choose, the proposed one first
};

struct OutboxRow {
  std::int64_t id = 0;
  std::string channel, kind, subject, state;  // waiting, sent, dead
  std::int64_t attempts = 0, created_ms = 0, next_ms = 0, caused_ms = 0;
  bool express = false;
  std::string payload_json, last_error;
};

struct ChannelRow {
  std::string channel;
  std::int64_t waiting = 0, oldest_ms = 0, dead = 0;
  std::int64_t last_heard_ms = 0;  // newest confirmation; 0: never
};

struct ImportRow {
  std::string id, kind, file, state;  // running, done, failed
  std::string problem;                // why it failed
  std::int64_t started_ms = 0, ended_ms = 0;
  std::int64_t lines = 0, done = 0;
  std::int64_t orders = 0;       // lines that are part of an order
  std::int64_t order_count = 0;  // orders they make
  std::int64_t cancellations = 0, adjustments = 0, items = 0, exceptions = 0;  // lines
  std::int64_t changes = 0;  // facts this run wrote; 0 when the file was known
};

struct ImportLineRow {
  std::int64_t row = 0;
  std::string outcome, subject, why;
};

struct Summary {
  std::int64_t open = 0, backordered = 0, allocated = 0, released = 0, packed = 0, shipped = 0,
               delivered = 0, returned = 0, cancelled = 0, total = 0;
  std::int64_t exceptions_open = 0, stations_total = 0, stations_heard = 0;
  std::int64_t waiting = 0;  // facts that stations still hold
  std::int64_t outbox_waiting = 0, outbox_oldest_ms = 0, outbox_dead = 0;
  std::int64_t items = 0, events = 0, last_change_ms = 0;
};

// Is what the projections say what the log says? See verify.hpp.
// ---------------------------------------------------------------- keeping
struct BackupRow {
  std::int64_t made_ms = 0, position = 0, bytes = 0, took_ms = 0;
  std::string file, state, problem;  // state: verified, failed
};
struct ParkedRow {
  std::int64_t id = 0, seq = 0, heard_ms = 0, tries = 0, tried_ms = 0, position = 0, size = 0;
  std::string site, station, inc, why;
  std::string state;  // waiting, applied
  std::string bytes;  // of one row only
};
struct SegmentRow {
  std::int64_t number = 0, first = 0, last = 0, cut = 0, bytes = 0, made_ms = 0;
  std::string file, sha256;
};
struct HeadRow {
  std::int64_t position = 0, heard_ms = 0;
  std::string chain;  // hex
};

struct ReplayTable {
  std::string table;
  std::int64_t rows = 0;
  bool equal = false;
};
struct ReplayReport {
  std::int64_t events = 0;
  bool equal = false;
  std::vector<ReplayTable> tables;
  std::string digest;  // SHA-256 over the live tables' digests
};

}  // namespace dockline::server::store
