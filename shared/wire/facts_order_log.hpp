// Facts made by the server about the life of an order between its receipt and its boxes: holds,
// amendments, splits, merges, forecasts (events.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/domain/types.hpp"

namespace dockline::wire {

using domain::Quantity;

// The order stands still until each of its holds is released. (reason, about, what) is one hold.
struct OrderHeld {
  static constexpr std::string_view kType = "dockline.order.held.v1";
  std::string order;
  std::string reason;    // doubt, payment, value, stock, buyer_asked, person
  std::string about;     // the field or subject: "ship_to.postal_code"
  std::string what;      // what is wrong with it
  std::string proposal;  // what a person can do
  std::string by;        // a rule, or a person
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("reason", s.reason);
    v("about", s.about);
    v("what", s.what);
    v("proposal", s.proposal);
    v("by", s.by);
  }
};

struct OrderHoldReleased {
  static constexpr std::string_view kType = "dockline.order.hold.released.v1";
  std::string order;
  std::string reason, about;
  bool corrected = false;  // the doubt is gone: it may be held for it again
  std::string why, by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("reason", s.reason);
    v("about", s.about);
    v("corrected", s.corrected);
    v("why", s.why);
    v("by", s.by);
  }
};

// Pieces of a line from now on, those cancelled before not counted; a new line brings its SKU.
struct AmendedLine {
  std::int64_t line = 0;
  Quantity quantity = 0;
  std::optional<std::string> sku, title, external_id;
  std::optional<std::int64_t> unit_price_minor;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("line", s.line);
    v("quantity", s.quantity);
    v("sku", s.sku);
    v("title", s.title);
    v("external_id", s.external_id);
    v("unit_price_minor", s.unit_price_minor);
  }
};

// What is absent stays as it was. Fewer pieces of a line are a cancellation of their own.
struct OrderAmended {
  static constexpr std::string_view kType = "dockline.order.amended.v1";
  std::string order;
  std::vector<AmendedLine> lines;
  std::optional<domain::Address> ship_to;
  std::optional<std::int64_t> promised_ms;
  std::optional<bool> vip;
  std::string why, by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("lines", s.lines);
    v("ship_to", s.ship_to);
    v("promised_ms", s.promised_ms);
    v("vip", s.vip);
    v("why", s.why);
    v("by", s.by);
  }
};

struct SplitLine {
  std::int64_t line = 0;
  Quantity quantity = 0;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("line", s.line);
    v("quantity", s.quantity);
  }
};

// These pieces go in a parcel of their own: part `part` of the order, sent when it is ready.
struct OrderSplit {
  static constexpr std::string_view kType = "dockline.order.split.v1";
  std::string order;
  std::int64_t part = 0;  // 2, 3, ...
  std::vector<SplitLine> lines;
  std::string why, by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("part", s.part);
    v("lines", s.lines);
    v("why", s.why);
    v("by", s.by);
  }
};

// These orders of one buyer travel in one parcel, under the label of the first.
struct OrdersMerged {
  static constexpr std::string_view kType = "dockline.orders.merged.v1";
  std::vector<std::string> orders;
  std::string why, by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("orders", s.orders);
    v("why", s.why);
    v("by", s.by);
  }
};

// When an order will be done, as things are; written when the outlook changes.
struct OrderForecast {
  static constexpr std::string_view kType = "dockline.order.forecast.v1";
  std::string order;
  std::string outlook;  // on_time, at_risk, late
  std::int64_t promised_ms = 0, predicted_ms = 0;
  std::string worst;  // the step that costs most time
  std::string why;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("order", s.order);
    v("outlook", s.outlook);
    v("promised_ms", s.promised_ms);
    v("predicted_ms", s.predicted_ms);
    v("worst", s.worst);
    v("why", s.why);
  }
};

// How many pieces of an item may be sold that are not there. Without it there is no limit.
struct BackorderPolicySet {
  static constexpr std::string_view kType = "dockline.backorder.policy.set.v1";
  std::string sku;
  Quantity most = 0;             // backorders outstanding, at most
  bool preorder = false;         // it may be bought before it is released
  std::int64_t released_ms = 0;  // from when on it is shipped; 0: it always was
  Quantity preorder_most = 0;    // preorders outstanding, at most
  bool ended = false;            // there is no limit any more; the rest says nothing
  std::string why, by;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("sku", s.sku);
    v("most", s.most);
    v("preorder", s.preorder);
    v("released_ms", s.released_ms);
    v("preorder_most", s.preorder_most);
    v("ended", s.ended);
    v("why", s.why);
    v("by", s.by);
  }
};

}  // namespace dockline::wire
