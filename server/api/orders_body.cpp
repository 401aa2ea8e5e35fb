// Bodies about orders into commands.
#include "server/api/fields.hpp"
#include "server/api/orders.hpp"
#include "server/api/orders_address.hpp"

namespace dockline::server::api {

void read_address(Fields& f, domain::Address& out) {
  out.name = f.text("name", 1);
  out.company = f.maybe_text("company");
  out.street1 = f.maybe_text("street1");
  out.street2 = f.maybe_text("street2");
  out.postal_code = f.maybe_text("postal_code");
  out.city = f.maybe_text("city");
  out.region = f.maybe_text("region");
  out.country = f.maybe_text("country");
  out.phone = f.maybe_text("phone");
  out.email = f.maybe_text("email");
  f.only({"name", "company", "street1", "street2", "postal_code", "city", "region", "country",
          "phone", "email"});
}

namespace {

void read_line(Fields& f, domain::OrderLine& out) {
  out.line =
      f.maybe_integer("line", 1, static_cast<std::int64_t>(limits::kOrderLinesMax)).value_or(0);
  out.sku = f.text("sku", 1, kCodeBytesMax);
  out.title = f.maybe_text("title").value_or("");
  out.quantity = f.integer("quantity", 1, limits::kLineQuantityMax);
  out.unit_price_minor = f.maybe_integer("unit_price_minor", -kMoneyMax, kMoneyMax);
  out.external_id = f.maybe_text("external_id");
  f.only({"line", "sku", "title", "quantity", "unit_price_minor", "external_id"});
}

void read_charge(Fields& f, domain::OrderCharge& out) {
  out.code = f.text("code", 1, kCodeBytesMax);
  out.title = f.maybe_text("title").value_or("");
  out.quantity =
      f.maybe_integer("quantity", -limits::kLineQuantityMax, limits::kLineQuantityMax).value_or(1);
  out.unit_price_minor = f.maybe_integer("unit_price_minor", -kMoneyMax, kMoneyMax);
  f.only({"code", "title", "quantity", "unit_price_minor"});
}

}  // namespace

std::expected<ReceiveOrder, Problem> order_body(std::string_view body) {
  return read_body(body, ReceiveOrder{}, [](Fields& f, ReceiveOrder& out) {
    out.channel = f.maybe_text("channel", 1, 32).value_or("api");
    out.number = f.text("number", 1, kCodeBytesMax);
    out.external_id = f.maybe_text("external_id");
    out.placed_ms = f.maybe_integer("placed_ms", 0, kWallMsMax);
    out.currency = f.maybe_text("currency", 3, 3).value_or("EUR");
    f.object("ship_to", true, [&](Fields& a) { read_address(a, out.ship_to); });
    f.list("lines", 1, limits::kOrderLinesMax,
           [&](Fields& l) { read_line(l, out.lines.emplace_back()); });
    f.list("charges", 0, limits::kOrderLinesMax,
           [&](Fields& c) { read_charge(c, out.charges.emplace_back()); });
    out.customer = f.maybe_text("customer");
    out.promised_ms = f.maybe_integer("promised_ms", 1, kWallMsMax);
    const auto names = f.names();
    const auto flag = [&](std::string_view name) -> std::optional<bool> {
      if (std::find(names.begin(), names.end(), name) == names.end()) return std::nullopt;
      return f.boolean(name);
    };
    out.vip = flag("vip");
    out.paid = flag("paid");
    out.fetched = flag("fetched");
    f.only({"channel", "number", "external_id", "placed_ms", "currency", "ship_to", "lines",
            "charges", "customer", "promised_ms", "vip", "paid", "fetched"});
  });
}

std::expected<CancelOrder, Problem> cancel_body(const std::string& order, std::string_view body) {
  return read_body(body, CancelOrder{.order = order}, [](Fields& f, CancelOrder& out) {
    out.reason = f.text("reason", 1);
    f.list("lines", 0, limits::kOrderLinesMax, [&](Fields& l) {
      const auto line = l.integer("line", 1, static_cast<std::int64_t>(limits::kOrderLinesMax));
      out.lines.emplace_back(line, l.integer("quantity", 1, limits::kLineQuantityMax));
      l.only({"line", "quantity"});
    });
    f.only({"reason", "lines"});
  });
}

std::expected<ForceRevoke, Problem> revoke_body(const std::string& order, std::string_view body) {
  return read_body(body, ForceRevoke{.order = order}, [](Fields& f, ForceRevoke& out) {
    out.reason = f.text("reason", 1);
    out.by = f.text("by", 1, kCodeBytesMax);
    f.only({"reason", "by"});
  });
}

}  // namespace dockline::server::api
