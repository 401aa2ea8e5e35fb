// Deliveries, transfers and counts as JSON.
#include "server/api/receiving.hpp"
#include "server/api/values.hpp"
#include "server/stock/lots.hpp"

namespace dockline::server::api {
namespace {

using namespace store;  // the rows

json::value date(std::int64_t ms) { return ms == 0 ? json::value(nullptr) : json::value(ms); }

json::object line_of(const stock::LineOutcome& l) {
  return {{"line", l.line},         {"sku", l.sku},         {"expected", l.expected},
          {"received", l.received}, {"damaged", l.damaged}, {"state", stock::name(l.state)},
          {"remedy", l.remedy}};
}

json::object stranger_of(const stock::Stranger& s) {
  return {{"sku", s.sku},         {"code", s.code},   {"quantity", s.pieces},
          {"damaged", s.damaged}, {"known", s.known}, {"remedy", s.remedy}};
}

json::object delivery_of(const DeliveryRow& row, std::int64_t now_ms) {
  std::vector<stock::Receipt> receipts;
  for (const auto& r : row.receipts) {
    receipts.push_back({std::to_string(r.position), r.sku, r.code, r.quantity, r.damaged});
  }
  json::object out{{"delivery", row.delivery.id},
                   {"supplier", row.delivery.supplier},
                   {"site", row.delivery.site},
                   {"expected_ms", date(row.delivery.expected_ms)},
                   {"announced_ms", row.announced_ms},
                   {"closed_ms", moment(row.closed_ms)},
                   {"purchase", row.purchase},
                   {"origin", row.origin},
                   {"why", row.why},
                   {"by", row.by}};
  // What was kept was checked when it was kept; a delivery that contradicts itself shows no state.
  const auto outcome = stock::compare(row.delivery, receipts, now_ms);
  out["state"] = outcome ? json::value(stock::name(outcome->state)) : json::value(nullptr);
  out["lines"] = outcome ? list(outcome->lines, line_of) : json::array{};
  out["strangers"] = outcome ? list(outcome->strangers, stranger_of) : json::array{};
  return out;
}

json::object receipt_of(const ReceiptRow& r) {
  return {{"position", r.position}, {"at_ms", r.at_ms}, {"site", r.site},
          {"sku", r.sku},           {"code", r.code},   {"quantity", r.quantity},
          {"damaged", r.damaged},   {"by", r.by}};
}

json::object transfer_of(const TransferRow& row, std::int64_t now_ms) {
  const auto& t = row.transfer;
  return {{"transfer", t.id},
          {"sku", t.sku},
          {"from_site", t.from_site},
          {"to_site", t.to_site},
          {"quantity", t.wanted},
          {"sent", t.sent},
          {"received", t.received},
          {"damaged", t.damaged},
          {"in_transit", stock::in_transit(t)},
          {"settled", t.settled},
          {"state", stock::name(stock::state(t, now_ms))},
          {"expected_ms", date(t.expected_ms)},
          {"ordered_ms", row.ordered_ms},
          {"changed_ms", row.changed_ms},
          {"why", row.why},
          {"by", row.by}};
}

}  // namespace

std::string deliveries_json(const Page<DeliveryRow>& page, std::int64_t now_ms) {
  return json::serialize(
      page_of(page, [&](const DeliveryRow& row) { return delivery_of(row, now_ms); }));
}

std::string delivery_json(const DeliveryRow& row, std::int64_t now_ms) {
  auto out = delivery_of(row, now_ms);
  out["receipts"] = list(row.receipts, receipt_of);
  return json::serialize(out);
}

std::string transfers_json(const Page<TransferRow>& page, std::int64_t now_ms) {
  return json::serialize(
      page_of(page, [&](const TransferRow& row) { return transfer_of(row, now_ms); }));
}
std::string transfer_json(const TransferRow& row, std::int64_t now_ms) {
  return json::serialize(transfer_of(row, now_ms));
}

std::string counts_json(const Page<CountRow>& page) {
  return json::serialize(page_of(page, [](const CountRow& c) {
    return json::object{{"position", c.position},
                        {"at_ms", c.at_ms},
                        {"sku", c.sku},
                        {"site", c.site},
                        {"counted", c.counted},
                        {"difference", c.difference},
                        {"counts", c.counts},
                        {"source", c.source},
                        {"task", c.task},
                        {"bin", c.bin},
                        {"by", c.by}};
  }));
}

std::string count_tasks_json(const Page<CountTaskRow>& page) {
  return json::serialize(page_of(page, [](const CountTaskRow& t) {
    return json::object{{"task", t.task},         {"sku", t.sku},
                        {"title", t.title},       {"site", t.site},
                        {"station", t.station},   {"bin", t.bin},
                        {"why", t.why},           {"state", t.state},
                        {"asked_ms", t.asked_ms}, {"ended_ms", date(t.ended_ms)}};
  }));
}

// With the reason why pieces are not sold; empty: they are, in this order.
std::string lots_json(const std::vector<HeldLot>& lots, std::int64_t now_ms) {
  return json::serialize(whole(list(lots, [&](const HeldLot& l) {
    stock::Lot lot{.kind = stock::kind_of(l.place).value_or(stock::PlaceKind::quarantine),
                   .expires_ms = {},
                   .ownership = stock::ownership_of(l.ownership),
                   .owner = l.owner};
    if (l.expires_ms != 0) lot.expires_ms = l.expires_ms;
    return json::object{{"place", l.place},
                        {"lot", l.lot},
                        {"serial", l.serial},
                        {"expires_ms", date(l.expires_ms)},
                        {"ownership", l.ownership},
                        {"owner", l.owner},
                        {"quantity", l.quantity},
                        {"received_ms", l.received_ms},
                        {"withheld", stock::withheld(lot, now_ms)}};
  })));
}

std::string places_json(const std::string& sku, std::int64_t at_ms,
                        const std::vector<PlaceRow>& places) {
  return json::serialize(
      json::object{{"sku", sku}, {"at_ms", at_ms}, {"places", list(places, [](const PlaceRow& p) {
                                                      return json::object{{"place", p.place},
                                                                          {"quantity", p.quantity}};
                                                    })}});
}

}  // namespace dockline::server::api
