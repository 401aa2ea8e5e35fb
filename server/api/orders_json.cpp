// Orders as JSON.
#include "server/api/orders.hpp"
#include "server/api/values.hpp"

namespace dockline::server::api {
namespace {

using namespace store;  // the rows

json::object order_row(const OrderRow& o) {
  return {{"id", o.id},
          {"number", o.number},
          {"channel", o.channel},
          {"customer", o.customer},
          {"placed_ms", o.placed_ms},
          {"received_ms", o.received_ms},
          {"updated_ms", o.updated_ms},
          {"state", o.state},
          {"site", o.site},
          {"station", o.station},
          {"tracking", o.tracking},
          {"pieces", o.pieces},
          {"packed", o.packed}};
}

json::object order_line(const OrderLineRow& l) {
  json::object out{{"line", l.line},           {"sku", l.sku},
                   {"title", l.title},         {"quantity", l.quantity},
                   {"open", l.open},           {"backordered", l.backordered},
                   {"allocated", l.allocated}, {"released", l.released},
                   {"packed", l.packed},       {"shipped", l.shipped},
                   {"delivered", l.delivered}, {"cancelled", l.cancelled},
                   {"returned", l.returned},   {"counted", l.counted},
                   {"missing", l.missing},     {"site", l.site}};
  if (l.unit_price_minor) out["unit_price_minor"] = *l.unit_price_minor;
  return out;
}

json::object timeline_entry(const EventRow& e) {
  return {{"position", e.position}, {"event", e.id},
          {"at_ms", e.time_ms},     {"heard_ms", e.heard_ms},
          {"late", e.late},         {"type", e.type},
          {"source", e.source},     {"params", data_of(e.body)}};
}

}  // namespace

std::string orders_json(const Page<OrderRow>& page) {
  return json::serialize(page_of(page, order_row));
}

std::string order_json(const OrderDetail& o) {
  json::object out = order_row(o.order);
  out["currency"] = o.currency;
  out["external_id"] = o.external_id;
  out["carrier"] = o.carrier;
  out["sscc"] = o.sscc;
  out["ship_to"] = stored(o.ship_to_json);
  out["charges"] = stored(o.charges_json);
  out["lines"] = list(o.lines, order_line);
  out["timeline"] = list(o.timeline, timeline_entry);
  out["decisions"] = list(o.decisions, decision_row);
  return json::serialize(out);
}

}  // namespace dockline::server::api
