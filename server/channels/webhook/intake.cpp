#include "server/channels/webhook/intake.hpp"

#include "shared/base/bytes.hpp"
#include "shared/base/limits.hpp"
#include "shared/wire/json_visit.hpp"

namespace dockline::server::channels::webhook {

namespace json = boost::json;
namespace limits = base::limits;

namespace {

// As README.md lists the fields.
struct LineIn {
  std::optional<std::string> id;  // the partner's own; absent: its place in the list
  std::string sku;
  std::optional<std::string> title;
  std::int64_t quantity = 0;
  std::optional<std::int64_t> unit_price_minor;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("id", s.id);
    v("sku", s.sku);
    v("title", s.title);
    v("quantity", s.quantity);
    v("unit_price_minor", s.unit_price_minor);
  }
};

struct OrderIn {
  std::string number;
  std::optional<std::string> external_id, placed_at, currency, reason, customer, promised_at;
  std::optional<bool> vip, paid, fetched;
  std::optional<domain::Address> ship_to;
  std::vector<LineIn> lines;
  std::vector<domain::OrderCharge> charges;
};

base::Error wrong(const std::string& what) { return {base::Fault::reject, what}; }

// `lines` may be absent where nothing but the number counts.
std::optional<std::string> read_order(const json::object& in, bool needs_lines, OrderIn& out) {
  std::string problem;
  wire::detail::Reader reader(in, "order", problem);
  reader("number", out.number);
  reader("external_id", out.external_id);
  reader("placed_at", out.placed_at);
  reader("currency", out.currency);
  reader("reason", out.reason);
  reader("customer", out.customer);
  reader("promised_at", out.promised_at);
  reader("vip", out.vip);
  reader("paid", out.paid);
  reader("fetched", out.fetched);
  reader("ship_to", out.ship_to);
  if (needs_lines || in.contains("lines")) reader("lines", out.lines);
  if (in.contains("charges")) reader("charges", out.charges);
  if (!problem.empty()) return problem;
  if (out.number.empty() || out.number.size() > 100) {
    return "order.number: 1 to 100 characters are needed";
  }
  if (out.lines.size() > limits::kOrderLinesMax) {
    return "order.lines: at most " + std::to_string(limits::kOrderLinesMax);
  }
  return std::nullopt;
}

std::optional<std::string> fill(const Config& config, const OrderIn& in, std::int64_t least,
                                base::Instant now, wire::OrderReceived& out) {
  out.channel = config.name;
  out.number = in.number;
  out.order = config.name + ":" + in.number;
  out.external_id = in.external_id;
  out.currency = in.currency.value_or("EUR");
  out.placed_ms = now.wall_ms;
  if (in.placed_at) {
    const auto placed = base::parse_rfc3339(*in.placed_at);
    if (!placed) return "order.placed_at: " + placed.error().detail;
    out.placed_ms = *placed;
  }
  if (in.promised_at) {
    const auto promised = base::parse_rfc3339(*in.promised_at);
    if (!promised) return "order.promised_at: " + promised.error().detail;
    out.promised_ms = *promised;
  }
  out.customer = in.customer;
  out.vip = in.vip;
  out.paid = in.paid;
  out.fetched = in.fetched;
  if (in.ship_to) out.ship_to = *in.ship_to;
  out.charges = in.charges;
  for (std::size_t i = 0; i < in.lines.size(); ++i) {
    const auto& line = in.lines[i];
    const auto at = "order.lines[" + std::to_string(i) + "]";
    if (line.sku.empty()) return at + ".sku: must not be empty";
    if (line.quantity < least || line.quantity > limits::kLineQuantityMax) {
      return at + ".quantity: " + std::to_string(least) + " to " +
             std::to_string(limits::kLineQuantityMax) + " is needed";
    }
    out.lines.push_back({.line = static_cast<std::int64_t>(i) + 1,
                         .sku = line.sku,
                         .title = line.title.value_or(line.sku),
                         .quantity = line.quantity,
                         .unit_price_minor = line.unit_price_minor,
                         .external_id = line.id.value_or(std::to_string(i + 1))});
  }
  return std::nullopt;
}

base::Result<HookAnswer> read_body(const Config& config, const json::object& body,
                                   base::Instant now) {
  const auto* type = body.if_contains("type");
  const auto* order = body.if_contains("order");
  if (type == nullptr || !type->is_string()) return std::unexpected(wrong("type: missing"));
  if (order == nullptr || !order->is_object()) return std::unexpected(wrong("order: missing"));
  const std::string_view kind(type->get_string().data(), type->get_string().size());
  const bool placed = kind == "order.placed", changed = kind == "order.changed";
  if (!placed && !changed && kind != "order.cancelled") {
    return std::unexpected(wrong("type: order.placed, order.changed or order.cancelled is needed"));
  }
  OrderIn in;
  OrderSeen seen;
  if (auto problem = read_order(order->get_object(), placed || changed, in)) {
    return std::unexpected(wrong(*problem));
  }
  if (auto problem = fill(config, in, placed ? 1 : 0, now, seen.order)) {
    return std::unexpected(wrong(*problem));
  }
  if (placed && seen.order.lines.empty()) {
    return std::unexpected(wrong("order.lines: at least one is needed"));
  }
  if (placed && (!in.ship_to || in.ship_to->name.empty())) {
    return std::unexpected(wrong("order.ship_to.name: missing"));
  }
  seen.wanted = placed;
  seen.amends = changed;
  seen.cancelled = kind == "order.cancelled";
  seen.complete = false;
  seen.reason = in.reason.value_or("");
  HookAnswer out;
  out.orders.push_back(std::move(seen));
  if (const auto* delivery = body.if_contains("delivery"); delivery && delivery->is_string()) {
    out.delivery.assign(delivery->get_string().data(), delivery->get_string().size());
  }
  return out;
}

}  // namespace

std::string signature(const std::string& key, std::string_view body) {
  return "sha256=" + base::to_hex(base::hmac_sha256(key, body));
}

base::Result<HookAnswer> read_hook(const Config& config, const Hook& hook, base::Instant now) {
  // Before anything is parsed: the signature is over the bytes as they came.
  const auto given = header(hook.headers, "x-dockline-signature");
  if (!base::equal_constant_time(given, signature(config.secret, hook.body))) {
    return base::fail(base::Fault::reject,
                      "x-dockline-signature is not sha256=<hex HMAC-SHA256 of the body> with the "
                      "key of channel " +
                          config.name);
  }
  if (!base::is_utf8(hook.body)) return std::unexpected(wrong("the body is not UTF-8"));
  boost::system::error_code failed;
  const auto body = json::parse(hook.body, failed);
  if (failed || !body.is_object()) return std::unexpected(wrong("the body is no JSON object"));
  return read_body(config, body.get_object(), now);
}

}  // namespace dockline::server::channels::webhook
