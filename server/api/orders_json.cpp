// Orders as JSON.
#include "server/api/order_steps.hpp"
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

// What was scanned of it.
json::object packed_lot(const PackedLot& p) {
  return {{"lot", p.lot},
          {"serial", p.serial},
          {"expires_ms", p.expires_ms != 0 ? json::value(p.expires_ms) : json::value(nullptr)},
          {"quantity", p.quantity}};
}

json::object timeline_entry(const EventRow& e) {
  return {{"position", e.position},   {"event", e.id},
          {"at_ms", e.time_ms},       {"heard_ms", e.heard_ms},
          {"late", e.late},           {"type", e.type},
          {"source", e.source},       {"cause", cause_of(e.body)},
          {"params", data_of(e.body)}};
}

json::object hold_row(const HoldRow& h) {
  return {{"reason", h.reason},
          {"about", h.about},
          {"what", h.what},
          {"proposal", h.proposal},
          {"by", h.by},
          {"since_ms", h.since_ms},
          {"state", h.state},
          {"ended_by", h.ended_by},
          {"ended_why", h.ended_why},
          {"ended_ms", moment(h.ended_ms)}};
}

json::object part_row(const PartRow& p) {
  return {{"part", p.part}, {"line", p.line}, {"quantity", p.quantity}};
}

void put_life(json::object& out, const OrderLife& life) {
  out["buyer"] = life.buyer;
  out["promised_ms"] = moment(life.promised_ms);
  out["vip"] = life.vip;
  out["fetched"] = life.fetched;
  out["held"] = life.held;
  out["holds"] = list(life.holds, hold_row);
  out["parts"] = list(life.parts, part_row);
  out["merged"] = list(life.merged, [](const OrderLife::Merged& other) -> json::object {
    return {{"id", other.id}, {"number", other.number}};
  });
  out["forecast"] = nullptr;
  if (!life.forecast) return;
  const auto& f = *life.forecast;
  out["forecast"] = json::object{{"outlook", f.outlook}, {"promised_ms", f.promised_ms},
                                 {"worst", f.worst},     {"predicted_ms", f.predicted_ms},
                                 {"why", f.why},         {"at_ms", f.at_ms}};
}

}  // namespace

std::string orders_json(const Page<OrderRow>& page) {
  return json::serialize(page_of(page, order_row));
}

std::string order_json(const OrderDetail& o, const OrderLife& life,
                       const std::vector<PackedLot>& lots,
                       const std::vector<store::HandoverRow>& parcels, const orders::Way& way) {
  json::object out = order_row(o.order);
  out["currency"] = o.currency;
  out["external_id"] = o.external_id;
  out["carrier"] = o.carrier;
  out["sscc"] = o.sscc;
  out["ship_to"] = stored(o.ship_to_json);
  out["charges"] = stored(o.charges_json);
  out["lines"] = list(o.lines, [&](const OrderLineRow& l) {
    json::array scanned;
    for (const auto& p : lots) {
      if (p.line == l.line) scanned.push_back(packed_lot(p));
    }
    auto line = order_line(l);
    line["lots"] = std::move(scanned);
    return line;
  });
  out["parcels"] = list(parcels, parcel_row);
  out["timeline"] = list(o.timeline, timeline_entry);
  out["decisions"] = list(o.decisions, decision_row);
  put_life(out, life);
  out["steps"] = steps_json(way);
  return json::serialize(out);
}

}  // namespace dockline::server::api
