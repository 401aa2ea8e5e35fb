// Facts about stock beyond single movements: what is kept back, kits, suppliers, deliveries,
// transfers, counts, listings (events.hpp). Made by the server, or recorded at a station where
// marked "up".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/domain/types.hpp"

namespace dockline::wire {

using domain::Quantity;

// ---------------------------------------------------------------- what is kept back, and for whom
// States a whole row: what is absent is not set here, and the wider row says it. Exactly one of
// site and channel is given; without a SKU it is the row of the whole site or channel.
struct StockPolicySet {
  static constexpr std::string_view kType = "dockline.stock.policy.set.v1";
  std::optional<std::string> site, channel, sku;
  std::optional<Quantity> safety;        // site: pieces never promised
  std::optional<Quantity> quota;         // site: leased to its stations for unplanned work
  std::optional<std::int64_t> share_pm;  // channel: of the sum, per mille
  std::optional<Quantity> buffer;        // channel: taken off its share
  std::optional<Quantity> cap;           // channel: shown at most
  std::string why, by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("site", s.site);
    v("channel", s.channel);
    v("sku", s.sku);
    v("safety", s.safety);
    v("quota", s.quota);
    v("share_pm", s.share_pm);
    v("buffer", s.buffer);
    v("cap", s.cap);
    v("why", s.why);
    v("by", s.by);
  }
};

struct KitPart {
  std::string sku;
  Quantity pieces = 0;  // in one kit
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("sku", s.sku);
    v("pieces", s.pieces);
  }
};

// Replaces the recipe of a kit; without parts the SKU is no kit any more.
struct KitDefined {
  static constexpr std::string_view kType = "dockline.kit.defined.v1";
  std::string sku;
  std::vector<KitPart> parts;
  std::string by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("sku", s.sku);
    v("parts", s.parts);
    v("by", s.by);
  }
};

// ---------------------------------------------------------------- buying
struct SupplierSet {
  static constexpr std::string_view kType = "dockline.supplier.set.v1";
  std::string supplier;  // short name, never changed
  std::string title;
  std::optional<std::string> email, webhook;
  std::int64_t lead_days = 0;    // from order to delivery
  std::int64_t review_days = 7;  // between two orders
  std::string by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("supplier", s.supplier);
    v("title", s.title);
    v("email", s.email);
    v("webhook", s.webhook);
    v("lead_days", s.lead_days);
    v("review_days", s.review_days);
    v("by", s.by);
  }
};

// From whom a SKU is bought; the preferred supplier is the one of lowest rank.
struct SupplyDefined {
  static constexpr std::string_view kType = "dockline.supply.defined.v1";
  std::string sku, supplier;
  std::int64_t rank = 1;  // 0: not bought there any more
  std::optional<std::string> supplier_sku;
  Quantity pack = 1, minimum = 0;  // ordered in multiples of, at least
  std::optional<std::int64_t> price_minor;
  std::optional<std::string> currency;
  std::optional<std::int64_t> safety_days;
  std::string by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("sku", s.sku);
    v("supplier", s.supplier);
    v("rank", s.rank);
    v("supplier_sku", s.supplier_sku);
    v("pack", s.pack);
    v("minimum", s.minimum);
    v("price_minor", s.price_minor);
    v("currency", s.currency);
    v("safety_days", s.safety_days);
    v("by", s.by);
  }
};

struct PurchaseLine {
  std::int64_t line = 0;
  std::string sku;
  std::optional<std::string> supplier_sku;
  Quantity quantity = 0;
  std::optional<std::int64_t> price_minor;  // of one piece
  std::string why;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("line", s.line);
    v("sku", s.sku);
    v("supplier_sku", s.supplier_sku);
    v("quantity", s.quantity);
    v("price_minor", s.price_minor);
    v("why", s.why);
  }
};

struct PurchaseProposed {
  static constexpr std::string_view kType = "dockline.purchase.proposed.v1";
  std::string purchase;  // id
  std::string supplier;  // empty: no supplier is known, a person must find one
  std::string site;      // delivered to
  std::optional<std::string> currency;
  std::vector<PurchaseLine> lines;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("purchase", s.purchase);
    v("supplier", s.supplier);
    v("site", s.site);
    v("currency", s.currency);
    v("lines", s.lines);
  }
};

struct PurchaseDecided {
  static constexpr std::string_view kType = "dockline.purchase.decided.v1";
  std::string purchase;
  std::string action;                     // sent, dropped; of one sent: taken, refused, otherwise
  std::optional<std::int64_t> expect_ms;  // sent: when the delivery is to come
  std::string why, by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("purchase", s.purchase);
    v("action", s.action);
    v("expect_ms", s.expect_ms);
    v("why", s.why);
    v("by", s.by);
  }
};

// ---------------------------------------------------------------- deliveries (ASN)
struct DeliveryLine {
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

struct DeliveryAnnounced {
  static constexpr std::string_view kType = "dockline.delivery.announced.v1";
  std::string delivery;  // the supplier's number of it, or the purchase's
  std::string supplier, site;
  std::optional<std::int64_t> expected_ms;
  std::optional<std::string> purchase;
  std::vector<DeliveryLine> lines;
  std::string origin;  // api, import:<file>, purchase
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("delivery", s.delivery);
    v("supplier", s.supplier);
    v("site", s.site);
    v("expected_ms", s.expected_ms);
    v("purchase", s.purchase);
    v("lines", s.lines);
    v("origin", s.origin);
  }
};

// Pieces that came; booked from "supplier" to the shelf, the damaged ones to "<site>/damaged".
// Without a delivery it is a blind receipt.
struct DeliveryReceived {
  static constexpr std::string_view kType = "dockline.delivery.received.v1";
  std::optional<std::string> delivery;
  std::string site;
  std::string sku;                  // empty: nobody knows the code
  std::optional<std::string> code;  // as scanned
  Quantity quantity = 0;            // all pieces that came
  Quantity damaged = 0;             // of them
  std::optional<domain::Lot> lot;
  std::string by;
  std::optional<std::string> bin = std::nullopt;  // of the shelf; absent: the home bin
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("delivery", s.delivery);
    v("site", s.site);
    v("sku", s.sku);
    v("code", s.code);
    v("quantity", s.quantity);
    v("damaged", s.damaged);
    v("lot", s.lot);
    v("by", s.by);
    v("bin", s.bin);
  }
};

// Nothing more will come of it.
struct DeliveryClosed {
  static constexpr std::string_view kType = "dockline.delivery.closed.v1";
  std::string delivery;
  std::string why, by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("delivery", s.delivery);
    v("why", s.why);
    v("by", s.by);
  }
};

// ---------------------------------------------------------------- transfers between sites
struct TransferOrdered {
  static constexpr std::string_view kType = "dockline.transfer.ordered.v1";
  std::string transfer;  // id
  std::string sku, from_site, to_site;
  Quantity quantity = 0;
  std::optional<std::int64_t> expected_ms;
  std::string why, by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("transfer", s.transfer);
    v("sku", s.sku);
    v("from_site", s.from_site);
    v("to_site", s.to_site);
    v("quantity", s.quantity);
    v("expected_ms", s.expected_ms);
    v("why", s.why);
    v("by", s.by);
  }
};

// Left the shelf of the sending site, on its way in "<to_site>/transit".
struct TransferSent {
  static constexpr std::string_view kType = "dockline.transfer.sent.v1";
  std::string transfer;
  Quantity quantity = 0;
  std::optional<domain::Lot> lot;
  std::string by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("transfer", s.transfer);
    v("quantity", s.quantity);
    v("lot", s.lot);
    v("by", s.by);
  }
};

struct TransferReceived {
  static constexpr std::string_view kType = "dockline.transfer.received.v1";
  std::string transfer;
  Quantity quantity = 0;  // fit for the shelf
  Quantity damaged = 0;   // beside them
  std::optional<domain::Lot> lot;
  std::string by;
  std::optional<std::string> bin = std::nullopt;  // of the shelf; absent: the home bin
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("transfer", s.transfer);
    v("quantity", s.quantity);
    v("damaged", s.damaged);
    v("lot", s.lot);
    v("by", s.by);
    v("bin", s.bin);
  }
};

// Nothing more will come: what is still in transit is lost, or was too much.
struct TransferClosed {
  static constexpr std::string_view kType = "dockline.transfer.closed.v1";
  std::string transfer;
  std::string why, by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("transfer", s.transfer);
    v("why", s.why);
    v("by", s.by);
  }
};

// ---------------------------------------------------------------- counts
// Down and log: please count. To a station; what is counted comes back under the task.
struct CountAsked {
  static constexpr std::string_view kType = "dockline.count.asked.v1";
  std::string task;  // id
  std::string site, station;
  std::string sku;
  std::string title;
  std::optional<std::string> bin;
  std::vector<domain::Barcode> barcodes;
  std::string why;  // "3 short picks since the last count"
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("task", s.task);
    v("site", s.site);
    v("station", s.station);
    v("sku", s.sku);
    v("title", s.title);
    v("bin", s.bin);
    v("barcodes", s.barcodes);
    v("why", s.why);
  }
};

// Down and log: the count is not needed any more.
struct CountDropped {
  static constexpr std::string_view kType = "dockline.count.dropped.v1";
  std::string task;
  std::string why;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("task", s.task);
    v("why", s.why);
  }
};

// Up, or by a person: so many pieces lay there. An observation; it becomes the difference to what
// was known where it was counted (DESIGN.md, Stock).
struct StockCounted {
  static constexpr std::string_view kType = "dockline.stock.counted.v1";
  std::string site, sku;
  Quantity counted = 0;
  std::optional<Quantity> known;    // moved by this station since the books below were told to it
  std::optional<std::string> task;  // of count.asked
  std::optional<std::string> bin;
  std::string by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("site", s.site);
    v("sku", s.sku);
    v("counted", s.counted);
    v("known", s.known);
    v("task", s.task);
    v("bin", s.bin);
    v("by", s.by);
  }
};

// ---------------------------------------------------------------- listings
// What a channel sells, as it was read there.
struct ListingSeen {
  static constexpr std::string_view kType = "dockline.listing.seen.v1";
  std::string channel, listing;    // the channel's id of it
  std::optional<std::string> sku;  // as the channel has it
  std::optional<std::string> title;
  std::optional<bool> gone;  // it is not sold there any more
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("channel", s.channel);
    v("listing", s.listing);
    v("sku", s.sku);
    v("title", s.title);
    v("gone", s.gone);
  }
};

// A channel shows another figure than it was told.
struct ListingDrifted {
  static constexpr std::string_view kType = "dockline.listing.drifted.v1";
  std::string channel, sku, location;
  Quantity told = 0, shown = 0;
  std::string cause;  // sale_unseen, changed_there, never_arrived, unknown
  std::string why;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("channel", s.channel);
    v("sku", s.sku);
    v("location", s.location);
    v("told", s.told);
    v("shown", s.shown);
    v("cause", s.cause);
    v("why", s.why);
  }
};

}  // namespace dockline::wire
