// Bodies about an order's life into commands.
#include "server/api/life.hpp"
#include "server/api/orders_address.hpp"
#include "server/orders/split.hpp"

namespace dockline::server::api {
namespace {

void who_and_why(Fields& f, std::string& why, std::string& by) {
  why = f.text("why", 1);
  by = f.text("by", 1, kCodeBytesMax);
}

void read_line(Fields& f, AmendLine& out) {
  out.line =
      f.maybe_integer("line", 1, static_cast<std::int64_t>(limits::kOrderLinesMax)).value_or(0);
  out.sku = f.maybe_text("sku", 1, kCodeBytesMax).value_or("");
  out.title = f.maybe_text("title").value_or("");
  out.quantity = f.integer("quantity", 0, limits::kLineQuantityMax);
  out.unit_price_minor = f.maybe_integer("unit_price_minor", -kMoneyMax, kMoneyMax);
  f.only({"line", "sku", "title", "quantity", "unit_price_minor"});
}

}  // namespace

std::expected<HoldOrder, Problem> hold_body(const std::string& order, std::string_view body) {
  return read_body(body, HoldOrder{.order = order}, [](Fields& f, HoldOrder& out) {
    out.reason = f.maybe_text("reason", 1, kCodeBytesMax).value_or("person");
    out.about = f.maybe_text("about", 0, kCodeBytesMax).value_or("");
    out.what = f.text("what", 1);
    out.by = f.text("by", 1, kCodeBytesMax);
    f.only({"reason", "about", "what", "by"});
  });
}

std::expected<ReleaseHold, Problem> release_hold_body(const std::string& order,
                                                      std::string_view body) {
  return read_body(body, ReleaseHold{.order = order}, [](Fields& f, ReleaseHold& out) {
    out.reason = f.maybe_text("reason", 1, kCodeBytesMax).value_or("");
    out.about = f.maybe_text("about", 1, kCodeBytesMax).value_or("");
    who_and_why(f, out.why, out.by);
    f.only({"reason", "about", "why", "by"});
  });
}

std::expected<AmendOrder, Problem> amend_body(const std::string& order, std::string_view body) {
  return read_body(body, AmendOrder{.order = order}, [](Fields& f, AmendOrder& out) {
    f.list("lines", 0, limits::kOrderLinesMax,
           [&](Fields& l) { read_line(l, out.lines.emplace_back()); });
    f.object("ship_to", false, [&](Fields& a) { read_address(a, out.ship_to.emplace()); });
    out.promised_ms = f.maybe_integer("promised_ms", 1, kWallMsMax);
    const auto names = f.names();
    if (std::find(names.begin(), names.end(), "vip") != names.end()) out.vip = f.boolean("vip");
    who_and_why(f, out.why, out.by);
    f.only({"lines", "ship_to", "promised_ms", "vip", "why", "by"});
  });
}

std::expected<SplitOrder, Problem> split_body(const std::string& order, std::string_view body) {
  return read_body(body, SplitOrder{.order = order}, [](Fields& f, SplitOrder& out) {
    f.list("lines", 1, limits::kOrderLinesMax, [&](Fields& l) {
      const auto line = l.integer("line", 1, static_cast<std::int64_t>(limits::kOrderLinesMax));
      out.lines.emplace_back(line, l.integer("quantity", 1, limits::kLineQuantityMax));
      l.only({"line", "quantity"});
    });
    who_and_why(f, out.why, out.by);
    f.only({"lines", "why", "by"});
  });
}

std::expected<MergeOrders, Problem> merge_body(const std::string& order, std::string_view body) {
  return read_body(body, MergeOrders{.orders = {order}}, [](Fields& f, MergeOrders& out) {
    for (auto& other : f.texts("orders", 1, orders::kMergedMost - 1)) {
      out.orders.push_back(std::move(other));
    }
    who_and_why(f, out.why, out.by);
    f.only({"orders", "why", "by"});
  });
}

std::expected<SetBackorder, Problem> backorder_body(const std::string& sku, std::string_view body) {
  return read_body(body, SetBackorder{.sku = sku}, [](Fields& f, SetBackorder& out) {
    const auto names = f.names();
    const auto given = [&](std::string_view name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    out.most = f.maybe_integer("most", 0, limits::kLineQuantityMax).value_or(0);
    if (given("preorder")) out.preorder = f.boolean("preorder");
    out.released_ms = f.maybe_integer("released_ms", 0, kWallMsMax).value_or(0);
    out.preorder_most = f.maybe_integer("preorder_most", 0, limits::kLineQuantityMax).value_or(0);
    if (given("ended")) out.ended = f.boolean("ended");
    who_and_why(f, out.why, out.by);
    f.only({"most", "preorder", "released_ms", "preorder_most", "ended", "why", "by"});
  });
}

}  // namespace dockline::server::api
