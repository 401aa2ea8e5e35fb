// The nouns that stations and server share. Plain values; quantities are pieces, weights grams,
// money minor units (cents) of the order's currency.
//
// Each type lists its fields once, in visit(); JSON encode, strict decode and the JSON Schema are
// made from that list (shared/wire). A visitor is called as v("name", member).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dockline::domain {

using Quantity = std::int64_t;  // pieces

struct Address {
  std::string name;
  std::optional<std::string> company;
  std::optional<std::string> street1, street2, postal_code, city, region;
  std::optional<std::string> country;  // ISO 3166-1 alpha-2 where known
  std::optional<std::string> phone, email;

  template <class Self, class V>
  static void visit(Self& s, V& v) {
    v("name", s.name);
    v("company", s.company);
    v("street1", s.street1);
    v("street2", s.street2);
    v("postal_code", s.postal_code);
    v("city", s.city);
    v("region", s.region);
    v("country", s.country);
    v("phone", s.phone);
    v("email", s.email);
  }
};

// What was sold. `line` numbers start at 1 and never change within an order.
struct OrderLine {
  std::int64_t line = 0;
  std::string sku;
  std::string title;
  Quantity quantity = 0;
  std::optional<std::int64_t> unit_price_minor;
  std::optional<std::string> external_id;  // the channel's id of the line

  template <class Self, class V>
  static void visit(Self& s, V& v) {
    v("line", s.line);
    v("sku", s.sku);
    v("title", s.title);
    v("quantity", s.quantity);
    v("unit_price_minor", s.unit_price_minor);
    v("external_id", s.external_id);
  }
};

// Postage, discount, bank charge: money without goods. Quantity is signed.
struct OrderCharge {
  std::string code;
  std::string title;
  std::int64_t quantity = 1;
  std::optional<std::int64_t> unit_price_minor;

  template <class Self, class V>
  static void visit(Self& s, V& v) {
    v("code", s.code);
    v("title", s.title);
    v("quantity", s.quantity);
    v("unit_price_minor", s.unit_price_minor);
  }
};

struct Barcode {
  std::string code;
  Quantity pieces = 1;                             // a case barcode counts several at once
  std::optional<std::string> unit = std::nullopt;  // "case", "pallet"; absent: one piece's own

  template <class Self, class V>
  static void visit(Self& s, V& v) {
    v("code", s.code);
    v("pieces", s.pieces);
    v("unit", s.unit);
  }
};

struct Item {
  std::string sku;
  std::string title;                  // what differs comes first (UI.md principle 11)
  std::optional<std::string> detail;  // the shop's long text
  std::vector<Barcode> barcodes;
  std::optional<std::int64_t> weight_g;
  std::optional<bool> hazardous = std::nullopt;       // only some carriers and sites take it
  std::optional<bool> cold_chain = std::nullopt;      // it travels chilled
  std::optional<std::string> tracked = std::nullopt;  // lot, serial, expiry: asked for at each move
  std::optional<std::int64_t> cost_minor = std::nullopt;  // bought for, of one piece

  template <class Self, class V>
  static void visit(Self& s, V& v) {
    v("sku", s.sku);
    v("title", s.title);
    v("detail", s.detail);
    v("barcodes", s.barcodes);
    v("weight_g", s.weight_g);
    v("hazardous", s.hazardous);
    v("cold_chain", s.cold_chain);
    v("tracked", s.tracked);
    v("cost_minor", s.cost_minor);
  }
};

// Which pieces of an item: those of one lot, serial, expiry and owner are alike.
struct Lot {
  std::optional<std::string> lot, serial;
  std::optional<std::int64_t> expires_ms;  // wall clock; from then on they are not sold
  std::optional<std::string> ownership;    // own (absent), consignment, customer
  std::optional<std::string> owner;

  template <class Self, class V>
  static void visit(Self& s, V& v) {
    v("lot", s.lot);
    v("serial", s.serial);
    v("expires_ms", s.expires_ms);
    v("ownership", s.ownership);
    v("owner", s.owner);
  }
  friend bool operator==(const Lot&, const Lot&) = default;
};

// Pieces that are alike.
struct LotPieces {
  Lot lot;
  Quantity quantity = 0;

  template <class Self, class V>
  static void visit(Self& s, V& v) {
    v("lot", s.lot);
    v("quantity", s.quantity);
  }
  friend bool operator==(const LotPieces&, const LotPieces&) = default;
};

// A line as the packer needs it: where it lies and how it is recognised.
struct WorkLine {
  std::int64_t line = 0;
  std::string sku;
  std::string title;
  std::optional<std::string> detail;
  std::optional<std::string> bin;
  Quantity quantity = 0;
  std::vector<Barcode> barcodes;
  std::optional<std::int64_t> weight_g;
  std::optional<std::string> external_id;             // the channel's id of the line
  std::optional<std::string> tracked = std::nullopt;  // as Item's: the scan must name it

  template <class Self, class V>
  static void visit(Self& s, V& v) {
    v("line", s.line);
    v("sku", s.sku);
    v("title", s.title);
    v("detail", s.detail);
    v("bin", s.bin);
    v("quantity", s.quantity);
    v("barcodes", s.barcodes);
    v("weight_g", s.weight_g);
    v("external_id", s.external_id);
    v("tracked", s.tracked);
  }
};

// A bought shipping label, stored with the lease so that stations print during outages.
struct ShippingLabel {
  std::string tracking;  // printed as barcode and text
  std::string sscc;      // 18 digits, GS1 SSCC with check digit
  std::string carrier;
  std::string service;

  template <class Self, class V>
  static void visit(Self& s, V& v) {
    v("tracking", s.tracking);
    v("sscc", s.sscc);
    v("carrier", s.carrier);
    v("service", s.service);
  }
};

// Right to work on something, until returned, done or fenced (PROTOCOL.md section 11).
struct LeaseRef {
  std::string lease;       // stays the same when the lease moves to another holder
  std::int64_t epoch = 0;  // rises with each grant; a lower one is fenced

  template <class Self, class V>
  static void visit(Self& s, V& v) {
    v("lease", s.lease);
    v("epoch", s.epoch);
  }
  friend bool operator==(const LeaseRef&, const LeaseRef&) = default;
};

}  // namespace dockline::domain
