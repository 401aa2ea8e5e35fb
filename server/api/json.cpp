#include "server/api/json.hpp"

#include <boost/json.hpp>

namespace dockline::server::api {
namespace {

namespace json = boost::json;
using namespace store;  // the rows

json::value moment(std::int64_t ms) { return ms == 0 ? json::value(nullptr) : json::value(ms); }
json::value moment(const std::optional<std::int64_t>& ms) {
  return ms ? json::value(*ms) : json::value(nullptr);
}

// Stored JSON, checked when it was stored. What cannot be read is shown as null, never invented.
json::value stored(const std::string& text) {
  json::error_code failed;
  json::value value = json::parse(text, failed);
  return failed ? json::value(nullptr) : value;
}
json::value data_of(const std::string& event) {
  const json::value whole = stored(event);
  const json::value* data = whole.is_object() ? whole.get_object().if_contains("data") : nullptr;
  return data == nullptr ? json::value(nullptr) : *data;
}

template <class Rows, class Make>
json::array list(const Rows& rows, Make make) {
  json::array out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(make(row));
  return out;
}
template <class Row, class Make>
json::object page_of(const Page<Row>& page, Make make) {
  return {{"items", list(page.items, make)},
          {"next", page.next.empty() ? json::value(nullptr) : json::value(page.next)},
          {"total", page.total}};
}
json::array texts(const std::vector<std::string>& values) {
  return list(values, [](const std::string& v) { return json::value(v); });
}

// ---------------------------------------------------------------- orders
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

json::object event_row(const EventRow& e) {
  return {{"position", e.position}, {"id", e.id},
          {"type", e.type},         {"source", e.source},
          {"subject", e.subject},   {"correlation", e.correlation},
          {"time_ms", e.time_ms},   {"heard_ms", e.heard_ms},
          {"late", e.late},         {"data", data_of(e.body)}};
}

json::object decision_row(const DecisionRow& d) {
  const json::value data = data_of(d.body);
  const auto part = [&](const char* name) -> json::value {
    const json::value* found = data.is_object() ? data.get_object().if_contains(name) : nullptr;
    return found == nullptr ? json::value(json::array{}) : *found;
  };
  return {{"id", d.id},
          {"position", d.position},
          {"kind", d.kind},
          {"subject", d.subject},
          {"rule", d.rule},
          {"version", d.version},
          {"outcome", d.outcome},
          {"reason", d.reason},
          {"made_ms", d.made_ms},
          {"candidates", part("candidates")},
          {"inputs", part("inputs")},
          {"allocations", part("allocations")}};
}

// ---------------------------------------------------------------- stock
json::object stock_row(const StockRow& s) {
  return {{"sku", s.sku},
          {"title", s.title},
          {"sites", list(s.sites,
                         [](const SiteFigure& f) {
                           return json::object{{"site", f.site},
                                               {"on_hand", f.on_hand},
                                               {"reserved", f.reserved},
                                               {"packed", f.packed},
                                               {"atp", f.atp},
                                               {"bin", f.bin},
                                               {"as_of_ms", moment(f.as_of_ms)}};
                         })},
          {"told", list(s.told, [](const ToldFigure& t) {
             return json::object{{"channel", t.channel},
                                 {"location", t.location},
                                 {"quantity", t.quantity},
                                 {"state", t.state},
                                 {"as_of_ms", moment(t.as_of_ms)}};
           })}};
}

// ---------------------------------------------------------------- stations
json::object device_row(const DeviceRow& d) {
  return {{"site", d.site},   {"station", d.station}, {"device", d.device},      {"kind", d.kind},
          {"state", d.state}, {"detail", d.detail},   {"at_ms", moment(d.at_ms)}};
}

json::object station_row(const StationRow& s) {
  return {{"site", s.site},       {"station", s.station},
          {"status", s.status},   {"heard_ms", moment(s.heard_ms)},
          {"silent", s.silent},   {"computer", s.computer},
          {"waiting", s.waiting}, {"oldest_ms", moment(s.oldest_ms)},
          {"last", s.last},       {"through", s.through},
          {"acked", s.acked},     {"down_waiting", s.down_waiting},
          {"parked", s.parked},   {"clock_offset_ms", s.clock_offset_ms},
          {"leases", s.leases},   {"devices", list(s.devices, device_row)}};
}

// ---------------------------------------------------------------- exceptions, outbox, channels
json::object exception_row(const ExceptionRow& e) {
  return {{"id", e.id},
          {"kind", e.kind},
          {"subject", e.subject},
          {"what", e.what},
          {"context", e.context},
          {"proposed", e.proposed},
          {"raised_ms", e.raised_ms},
          {"resolved_ms", moment(e.resolved_ms)},
          {"action", e.action},
          {"by", e.by},
          {"actions", texts(e.actions)}};
}

json::object outbox_row(const OutboxRow& o) {
  return {{"id", o.id},
          {"channel", o.channel},
          {"kind", o.kind},
          {"subject", o.subject},
          {"state", o.state},
          {"attempts", o.attempts},
          {"express", o.express},
          {"created_ms", o.created_ms},
          {"caused_ms", moment(o.caused_ms)},
          {"next_ms", moment(o.next_ms)},
          {"last_error", o.last_error},
          {"payload", stored(o.payload_json)}};
}

json::object channel_row(const publish::ChannelView& c) {
  json::object locations;
  for (const auto& [site, location] : c.locations) locations[site] = location;
  return {{"channel", c.channel},
          {"kind", c.kind},
          {"configured", true},
          {"locations", std::move(locations)},
          {"waiting", c.lane.waiting},
          {"oldest_ms", moment(c.lane.oldest_ms)},
          {"in_flight", c.lane.in_flight},
          {"dead", c.lane.dead},
          {"circuit", publish::name(c.lane.circuit)},
          {"failures", c.lane.failures},
          {"paused_for_ms", c.lane.paused_for_ms},
          {"last_error", c.lane.last_error},
          {"last_heard_ms", moment(c.last_heard_ms)},
          {"polled", c.polled},
          {"delivered", c.delivered},
          {"drift", c.drift}};
}

// Every configured channel, and every one that has rows though it is configured no longer.
json::array channel_list(const std::vector<ChannelRow>& rows, const Facts& facts) {
  json::array out = list(facts.channels, channel_row);
  for (const auto& row : rows) {
    bool known = false;
    for (const auto& channel : facts.channels) known = known || channel.channel == row.channel;
    if (known || (row.waiting == 0 && row.dead == 0 && row.last_heard_ms == 0)) continue;
    publish::ChannelView gone{.channel = row.channel};
    gone.lane.waiting = row.waiting;
    gone.lane.dead = row.dead;
    if (row.oldest_ms != 0) gone.lane.oldest_ms = row.oldest_ms;
    if (row.last_heard_ms != 0) gone.last_heard_ms = row.last_heard_ms;
    json::object shown = channel_row(gone);
    shown["configured"] = false;
    out.push_back(std::move(shown));
  }
  return out;
}

json::object import_object(const ImportRow& i) {
  return {{"id", i.id},
          {"kind", i.kind},
          {"file", i.file},
          {"state", i.state},
          {"problem", i.problem},
          {"started_ms", i.started_ms},
          {"ended_ms", moment(i.ended_ms)},
          {"lines", i.lines},
          {"done", i.done},
          {"orders", i.orders},
          {"order_count", i.order_count},
          {"cancellations", i.cancellations},
          {"adjustments", i.adjustments},
          {"items", i.items},
          {"exceptions", i.exceptions},
          {"changes", i.changes}};
}

}  // namespace

std::string health_json(const Facts& facts, Moment now_ms) {
  return json::serialize(json::object{
      {"status", facts.broker_up ? "ok" : "degraded"},
      {"program", facts.program},
      {"version", facts.version},
      {"now_ms", now_ms},
      {"uptime_ms", now_ms - facts.started_wall_ms},
      {"broker", {{"up", facts.broker_up}, {"since_ms", moment(facts.broker_since_ms)}}}});
}

std::string summary_json(const Summary& s, Moment now_ms) {
  return json::serialize(
      json::object{{"now_ms", now_ms},
                   {"orders",
                    {{"open", s.open},
                     {"backordered", s.backordered},
                     {"allocated", s.allocated},
                     {"released", s.released},
                     {"packed", s.packed},
                     {"cancelled", s.cancelled},
                     {"total", s.total}}},
                   {"exceptions_open", s.exceptions_open},
                   {"stations", {{"total", s.stations_total}, {"heard", s.stations_heard}}},
                   {"waiting", s.waiting},
                   {"outbox",
                    {{"waiting", s.outbox_waiting},
                     {"oldest_ms", moment(s.outbox_oldest_ms)},
                     {"dead", s.outbox_dead}}},
                   {"items", s.items},
                   {"events", s.events},
                   {"last_change_ms", moment(s.last_change_ms)}});
}

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

std::string stock_json(const Page<StockRow>& page) {
  return json::serialize(page_of(page, stock_row));
}

std::string stock_item_json(const StockDetail& s) {
  json::object out = stock_row(s.stock);
  out["detail"] = s.detail;
  out["origin"] = s.origin;
  out["weight_g"] = moment(s.weight_g);
  out["barcodes"] = list(s.barcodes, [](const BarcodeRow& b) {
    return json::object{{"code", b.code}, {"pieces", b.pieces}};
  });
  out["moves"] = list(s.moves, [](const MoveRow& m) {
    return json::object{{"position", m.position}, {"at_ms", m.at_ms}, {"quantity", m.quantity},
                        {"from", m.from},         {"to", m.to},       {"reason", m.reason},
                        {"source", m.source}};
  });
  out["reservations"] = list(s.reservations, [](const ReservationRow& r) {
    return json::object{
        {"order", r.order}, {"site", r.site}, {"line", r.line}, {"quantity", r.quantity}};
  });
  return json::serialize(out);
}

std::string stations_json(const std::vector<StationRow>& stations) {
  return json::serialize(json::object{{"items", list(stations, station_row)}});
}
std::string devices_json(const std::vector<DeviceRow>& devices) {
  return json::serialize(json::object{{"items", list(devices, device_row)}});
}
std::string exceptions_json(const Page<ExceptionRow>& page) {
  return json::serialize(page_of(page, exception_row));
}

std::string outbox_json(const Page<OutboxRow>& page, const std::vector<ChannelRow>& rows,
                        const Facts& facts) {
  json::object out = page_of(page, outbox_row);
  out["channels"] = channel_list(rows, facts);
  return json::serialize(out);
}
std::string channels_json(const std::vector<ChannelRow>& rows, const Facts& facts) {
  return json::serialize(json::object{{"items", channel_list(rows, facts)}});
}

std::string events_json(const Page<EventRow>& page) {
  return json::serialize(page_of(page, event_row));
}
std::string decisions_json(const Page<DecisionRow>& page) {
  return json::serialize(page_of(page, decision_row));
}

std::string import_json(const ImportRow& row) { return json::serialize(import_object(row)); }
std::string imports_json(const std::vector<ImportRow>& rows) {
  return json::serialize(json::object{{"items", list(rows, import_object)}});
}
std::string import_rows_json(const Page<ImportLineRow>& page) {
  return json::serialize(page_of(page, [](const ImportLineRow& r) {
    return json::object{
        {"row", r.row}, {"outcome", r.outcome}, {"subject", r.subject}, {"why", r.why}};
  }));
}

std::string replay_json(const ReplayReport& r) {
  return json::serialize(
      json::object{{"events", r.events},
                   {"equal", r.equal},
                   {"digest", r.digest},
                   {"tables", list(r.tables, [](const ReplayTable& t) {
                      return json::object{{"table", t.table}, {"rows", t.rows}, {"equal", t.equal}};
                    })}});
}

std::string created_json(const std::string& id, bool created) {
  return json::serialize(json::object{{"id", id}, {"created", created}});
}

std::string import_started_json(const std::string& id, bool created) {
  return json::serialize(json::object{{"import", id}, {"created", created}});
}

std::string hook_json(std::int64_t orders_new, std::int64_t orders_known) {
  return json::serialize(json::object{{"orders_new", orders_new}, {"orders_known", orders_known}});
}

std::string live_json(const std::vector<std::string>& changed, std::int64_t position,
                      Moment now_ms) {
  return json::serialize(
      json::object{{"changed", texts(changed)}, {"position", position}, {"now_ms", now_ms}});
}

}  // namespace dockline::server::api
