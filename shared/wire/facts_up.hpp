// Facts that stations record (events.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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
  std::string barcode;                            // as scanned; empty when a person typed it
  std::optional<domain::Lot> lot = std::nullopt;  // as its code says
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("line", s.line);
    v("sku", s.sku);
    v("quantity", s.quantity);
    v("barcode", s.barcode);
    v("lot", s.lot);
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
  std::optional<domain::Lot> lot = std::nullopt;  // of the pieces taken out
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("work", s.work);
    v("line", s.line);
    v("sku", s.sku);
    v("quantity", s.quantity);
    v("lot", s.lot);
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
  // Those whose code named a lot, serial or expiry: no more than are packed.
  std::optional<std::vector<domain::LotPieces>> lots = std::nullopt;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("line", s.line);
    v("sku", s.sku);
    v("packed", s.packed);
    v("missing", s.missing);
    v("lots", s.lots);
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

// The server that answers has started fewer times than this station remembers: its store is older
// than what it once said (PROTOCOL.md section 9).
struct ServerRestoredSeen {
  static constexpr std::string_view kType = "dockline.server.restored.seen.v1";
  std::int64_t known_boot = 0;  // highest ever heard
  std::int64_t boot = 0;        // of the process that answers now
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("known_boot", s.known_boot);
    v("boot", s.boot);
  }
};

// One bucket's lines of a station's mirror, asked for by sync.query. At most 1,000 lines in all.
struct SyncLine {
  std::string sku;
  std::string place;  // "<site>/shelf", "<site>/packed", "leased"
  Quantity quantity = 0;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("sku", s.sku);
    v("place", s.place);
    v("quantity", s.quantity);
  }
};

// What a station believes it moved and has leased, as sums over 256 buckets (PROTOCOL.md section
// 14). Holds at exactly this place of the up stream, with the down facts through `down`.
struct SyncDigest {
  static constexpr std::string_view kType = "dockline.sync.digest.v1";
  std::string down_inc;      // incarnation of the down stream last taken from; empty: none
  std::int64_t down = 0;     // its cursor
  std::int64_t entries = 0;  // rows of the mirror
  std::string sums;          // "bb" + 16 hex digits for each bucket that is not zero, ascending
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("down_inc", s.down_inc);
    v("down", s.down);
    v("entries", s.entries);
    v("sums", s.sums);
  }
};

struct SyncListing {
  static constexpr std::string_view kType = "dockline.sync.listing.v1";
  std::string query;  // id given by sync.query
  std::int64_t bucket = 0;
  std::string down_inc;
  std::int64_t down = 0;
  std::int64_t part = 1, parts = 1;
  bool cut = false;  // there were more than 1,000 lines
  std::vector<SyncLine> lines;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("query", s.query);
    v("bucket", s.bucket);
    v("down_inc", s.down_inc);
    v("down", s.down);
    v("part", s.part);
    v("parts", s.parts);
    v("cut", s.cut);
    v("lines", s.lines);
  }
};

}  // namespace dockline::wire
