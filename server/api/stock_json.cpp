// Stock as JSON.
#include "server/api/stock.hpp"
#include "server/api/values.hpp"
#include "server/stock/units_of_measure.hpp"

namespace dockline::server::api {
namespace {

using namespace store;  // the rows

json::object site_row(const SiteFigure& f) {
  json::object out{
      {"site", f.site},       {"on_hand", f.on_hand},          {"reserved", f.reserved},
      {"packed", f.packed},   {"staging", f.staging},          {"quarantine", f.quarantine},
      {"damaged", f.damaged}, {"in_transit", f.in_transit},    {"atp", f.atp},
      {"bin", f.bin},         {"as_of_ms", moment(f.as_of_ms)}};
  if (f.bins.empty()) return out;
  out["bins"] = list(f.bins, [](const BinFigure& b) {
    return json::object{{"bin", b.bin}, {"quantity", b.quantity}, {"home", b.home}};
  });
  return out;
}

json::object stock_row(const StockRow& s) {
  return {{"sku", s.sku},
          {"title", s.title},
          {"sites", list(s.sites, site_row)},
          {"told", list(s.told, [](const ToldFigure& t) {
             return json::object{{"channel", t.channel},
                                 {"location", t.location},
                                 {"quantity", t.quantity},
                                 {"state", t.state},
                                 {"as_of_ms", moment(t.as_of_ms)}};
           })}};
}

}  // namespace

std::string stock_json(const Page<StockRow>& page) {
  return json::serialize(page_of(page, stock_row));
}

std::string stock_item_json(const StockDetail& s, const ItemSaid& said) {
  json::object out = stock_row(s.stock);
  const stock::Measures measures(s.stock.sku, said.barcodes);
  out["units"] = list(measures.units(), [](const stock::Measure& m) {
    return json::object{{"unit", m.unit}, {"pieces", m.pieces}};
  });
  // What lies on each shelf in these units, as people would count it.
  for (std::size_t i = 0; i < s.stock.sites.size(); ++i) {
    const auto words = measures.units().empty() ? std::vector<stock::Measures::Counted>{}
                                                : measures.in_words(s.stock.sites[i].on_hand);
    out["sites"].as_array()[i].as_object()["on_hand_in"] =
        list(words, [](const stock::Measures::Counted& c) {
          return json::object{{"unit", c.unit}, {"count", c.count}};
        });
  }
  out["detail"] = s.detail;
  out["origin"] = s.origin;
  out["weight_g"] = moment(s.weight_g);
  const auto yes = [](const std::optional<bool>& value) {
    return value ? json::value(*value) : json::value(nullptr);
  };
  out["hazardous"] = yes(s.hazardous);
  out["cold_chain"] = yes(s.cold_chain);
  out["tracked"] = s.tracked ? json::value(*s.tracked) : json::value(nullptr);
  out["cost_minor"] = moment(s.cost_minor);
  out["barcodes"] = list(said.barcodes, [](const domain::Barcode& b) {
    return json::object{{"code", b.code},
                        {"pieces", b.pieces},
                        {"unit", b.unit ? json::value(*b.unit) : json::value(nullptr)}};
  });
  out["moves"] = list(s.moves, [](const MoveRow& m) {
    return json::object{{"position", m.position},
                        {"at_ms", m.at_ms},
                        {"quantity", m.quantity},
                        {"from", m.from},
                        {"to", m.to},
                        {"reason", m.reason},
                        {"source", m.source},
                        {"from_bin", m.from_bin},
                        {"to_bin", m.to_bin}};
  });
  out["reservations"] = list(s.reservations, [](const ReservationRow& r) {
    return json::object{
        {"order", r.order}, {"site", r.site}, {"line", r.line}, {"quantity", r.quantity}};
  });
  return json::serialize(out);
}

std::string history_json(const HistoryQuery& asked, const ShelfHistory& history) {
  return json::serialize(
      json::object{{"sku", asked.sku},
                   {"site", asked.site.empty() ? json::value(nullptr) : json::value(asked.site)},
                   {"since_ms", asked.since_ms},
                   {"until_ms", asked.until_ms},
                   {"cut", history.cut},
                   {"points", list(history.points, [](const HistoryPoint& p) {
                      return json::object{{"at_ms", p.at_ms}, {"quantity", p.quantity}};
                    })}});
}

}  // namespace dockline::server::api
