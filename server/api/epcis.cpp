#include "server/api/epcis.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "server/api/epcis_things.hpp"
#include "server/api/values.hpp"
#include "server/app/core.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/time.hpp"

namespace dockline::server::api {
namespace {

constexpr const char* kContext = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";
// Of what we say beside the standard: dockline:from, dockline:lots.
constexpr const char* kNamespace = "urn:dockline:epcis:";

std::string site_of(std::string_view place) {
  return std::string(place.substr(0, place.find('/')));
}
bool is_site(std::string_view place) { return place.find('/') != std::string_view::npos; }

class Export {
 public:
  explicit Export(const store::PhysicalPage& page) : page_(page) {}

  json::array events() {
    for (const auto& fact : page_.facts) {
      fact_ = &fact;
      std::visit([this](const auto& data) { on(data); }, fact.event.data);
    }
    return std::move(out_);
  }

 private:
  template <class Other>
  void on(const Other&) {}

  // From outside or out of the books into a site, back, or within it to another state.
  void on(const wire::StockMoved& m) {
    const bool in = is_site(m.to), from_site = is_site(m.from);
    const std::string from_bin = m.from_bin.value_or(""), to_bin = m.to_bin.value_or("");
    if ((!in && !from_site) || (m.from == m.to && from_bin == to_bin)) return;
    json::object e = event("ObjectEvent", fact_->event.id);
    put(e, m.sku, m.quantity, m.lot);
    if (m.from == "supplier") {
      say(e, "OBSERVE", "receiving", "in_progress", m.to, to_bin);
    } else if (m.to == "customer") {
      say(e, "OBSERVE", "shipping", "in_transit", m.from, from_bin);
    } else if (m.from == "customer") {
      say(e, "OBSERVE", "receiving", "returned", m.to, to_bin);
    } else if (in && from_site) {
      const bool damaged = m.to.ends_with("/damaged");
      say(e, "OBSERVE", damaged ? "inspecting" : "storing",
          damaged ? "damaged" : "sellable_not_accessible", m.to, to_bin);
      e["dockline:from"] = json::object{{"id", epcis_place(m.from, from_bin)}};
    } else if (in) {
      say(e, "ADD", "cycle_counting", "sellable_accessible", m.to, to_bin);
      first_seen(e, m.lot);
    } else {
      say(e, "DELETE", "cycle_counting", "unknown", m.from, from_bin);
    }
    out_.push_back(std::move(e));
  }

  void on(const wire::StockCounted& c) {
    json::object e = event("ObjectEvent", fact_->event.id);
    put(e, c.sku, c.counted, std::nullopt);
    say(e, "OBSERVE", "cycle_counting", "sellable_accessible", c.site + "/shelf",
        c.bin.value_or(""));
    if (c.task) refer(e, "task", *c.task);
    out_.push_back(std::move(e));
  }

  void on(const wire::DeliveryReceived& d) {
    if (d.sku.empty()) return;  // nobody knows what it is
    const auto part = [&](std::int64_t pieces, bool damaged) {
      if (pieces <= 0) return;
      json::object e = received(damaged, d.site, d.bin);
      put(e, d.sku, pieces, d.lot);
      if (d.delivery) refer(e, "desadv", "delivery", *d.delivery);
      out_.push_back(std::move(e));
    };
    part(d.quantity - d.damaged, false);
    part(d.damaged, true);
  }

  // From one site to another: what left, and what arrived. CBV: where to and where from are the
  // destination and the source of both.
  void on(const wire::TransferSent& t) {
    const auto found = page_.transfers.find(t.transfer);
    if (found == page_.transfers.end() || t.quantity <= 0) return;
    json::object e = event("ObjectEvent", fact_->event.id);
    say(e, "OBSERVE", "shipping", "in_transit", found->second.from_site + "/shelf");
    moved(e, t.transfer, found->second, t.quantity, t.lot);
  }
  void on(const wire::TransferReceived& t) {
    const auto found = page_.transfers.find(t.transfer);
    if (found == page_.transfers.end()) return;
    const auto part = [&](std::int64_t pieces, bool damaged) {
      if (pieces <= 0) return;
      json::object e = received(damaged, found->second.to_site, t.bin);
      moved(e, t.transfer, found->second, pieces, t.lot);
    };
    part(t.quantity, false);
    part(t.damaged, true);
  }

  void on(const wire::PackClosed& p) {
    EpcisThings children(page_.codes);
    for (const auto& line : p.lines) pack(children, line);
    if (children.empty()) return;  // a box of nothing: all of it was missing
    json::object e = event("AggregationEvent", fact_->event.id);
    e["parentID"] = parcel(p.label.sscc, p.label.tracking);
    put(e, children, "childEPCs", "childQuantityList");
    say(e, "ADD", "packing", "in_progress", fact_->event.source.substr(1));
    refer(e, "po", "order", p.order);
    out_.push_back(std::move(e));
  }

  // Without children: all of them leave the box.
  void on(const wire::PackReopened& p) {
    const auto sscc = page_.sscc.find(p.work.lease);
    json::object e = event("AggregationEvent", fact_->event.id);
    e["parentID"] = parcel(sscc == page_.sscc.end() ? "" : sscc->second, p.work.lease);
    e["childEPCs"] = json::array{};
    say(e, "DELETE", "unpacking", "in_progress", fact_->event.source.substr(1));
    refer(e, "po", "order", p.order);
    out_.push_back(std::move(e));
  }

  // The whole parcel leaves with the carrier, or stands at its site again.
  void on(const wire::ParcelHandedOver& p) {
    json::object e = of_parcel(p.tracking, p.order);
    e["eventTime"] = base::to_rfc3339(p.handed_ms);
    say(e, "OBSERVE", "shipping", "in_transit", p.site + "/packed");
    out_.push_back(std::move(e));
  }
  void on(const wire::ParcelTakenBack& p) {
    json::object e = of_parcel(p.tracking, p.order);
    const auto site = page_.sites.find(p.box);
    say(e, "OBSERVE", "arriving", "in_progress",
        site == page_.sites.end() ? "" : site->second + "/packed");
    out_.push_back(std::move(e));
  }
  void on(const wire::OrderReturned& r) {
    for (std::size_t i = 0; i < r.lines.size(); ++i) {
      const auto& line = r.lines[i];
      const auto id =
          i == 0 ? fact_->event.id : id_of(fact_->event.id + " line " + std::to_string(i));
      json::object e = event("ObjectEvent", id);
      put(e, line.sku, line.quantity, line.lot);
      say(e, "OBSERVE", "receiving", line.to == "damaged" ? "damaged" : "returned",
          r.site + "/" + line.to);
      refer(e, "po", "order", r.order);
      out_.push_back(std::move(e));
    }
  }

  [[nodiscard]] json::object of_parcel(const std::string& tracking,
                                       const std::string& order) const {
    const auto sscc = page_.sscc.find(tracking);
    json::object e = event("ObjectEvent", fact_->event.id);
    e["epcList"] =
        json::array{json::value(parcel(sscc == page_.sscc.end() ? "" : sscc->second, tracking))};
    refer(e, "po", "order", order);
    return e;
  }

  // What no code named goes in without a lot: which one it was nobody saw. As many pieces as the
  // box holds, whatever its lots sum to.
  static void pack(EpcisThings& children, const wire::PackedLine& line) {
    wire::Quantity rest = line.packed;
    if (line.lots) {
      for (const auto& some : *line.lots) {
        const auto pieces = std::min(some.quantity, rest);
        if (pieces < 1) continue;
        rest -= pieces;
        children.add(line.sku, pieces, some.lot);
      }
    }
    if (rest > 0) children.add(line.sku, rest, std::nullopt);
  }

  // The damaged ones are an event of their own; its id stands for the same fact. A bin is of those
  // that are fit for the shelf.
  [[nodiscard]] json::object received(bool damaged, const std::string& site,
                                      const std::optional<std::string>& bin) const {
    json::object e =
        event("ObjectEvent", damaged ? id_of(fact_->event.id + " damaged") : fact_->event.id);
    say(e, "OBSERVE", "receiving", damaged ? "damaged" : "in_progress", site + "/shelf",
        damaged ? "" : bin.value_or(""));
    return e;
  }
  void moved(json::object& e, const std::string& transfer, const store::PhysicalTransfer& t,
             std::int64_t pieces, const std::optional<domain::Lot>& lot) {
    put(e, t.sku, pieces, lot);
    e["sourceList"] =
        json::array{json::object{{"type", "location"}, {"source", epcis_urn("site", t.from_site)}}};
    e["destinationList"] = json::array{
        json::object{{"type", "location"}, {"destination", epcis_urn("site", t.to_site)}}};
    refer(e, "transfer", transfer);
    out_.push_back(std::move(e));
  }
  [[nodiscard]] json::object event(const char* type, const std::string& id) const {
    return {{"type", type},
            {"eventID", "urn:uuid:" + id},
            {"eventTime", base::to_rfc3339(fact_->time_ms)},
            {"eventTimeZoneOffset", "+00:00"},
            {"recordTime", base::to_rfc3339(fact_->heard_ms)}};
  }
  // `place`: "<site>/<shelf, bench...>", or empty.
  static void say(json::object& e, const char* action, const char* step, const char* disposition,
                  std::string_view place, std::string_view bin = {}) {
    e["action"] = action;
    e["bizStep"] = step;
    e["disposition"] = disposition;
    if (place.empty()) return;
    e["readPoint"] = json::object{{"id", epcis_place(place, bin)}};
    e["bizLocation"] = json::object{{"id", epcis_urn("site", site_of(place))}};
  }
  static void refer(json::object& e, const char* type, const char* kind, const std::string& id) {
    e["bizTransactionList"] =
        json::array{json::object{{"type", type}, {"bizTransaction", epcis_urn(kind, id)}}};
  }
  // One that GS1 has no word for.
  static void refer(json::object& e, const char* kind, const std::string& id) {
    e["bizTransactionList"] = json::array{json::object{{"bizTransaction", epcis_urn(kind, id)}}};
  }
  static std::string parcel(const std::string& sscc, const std::string& other) {
    return sscc.empty() ? epcis_urn("parcel", other) : "https://id.gs1.org/00/" + sscc;
  }
  void put(json::object& e, const std::string& sku, std::int64_t pieces,
           const std::optional<domain::Lot>& lot) const {
    EpcisThings things(page_.codes);
    things.add(sku, pieces, lot);
    put(e, things, "epcList", "quantityList");
  }
  static void put(json::object& e, const EpcisThings& things, const char* epcs,
                  const char* amounts) {
    if (!things.epcs().empty()) e[epcs] = texts(things.epcs());
    if (!things.amounts().empty()) {
      e[amounts] = list(things.amounts(), [](const EpcisThings::Amount& a) {
        return json::object{{"epcClass", a.epc_class}, {"quantity", a.quantity}};
      });
    }
    if (!things.lots().empty()) {
      e["dockline:lots"] = list(things.lots(), [](const EpcisThings::OfLot& of) {
        return json::object{{"id", of.epc}, {"dockline:lot", json::object{{"id", of.lot}}}};
      });
    }
  }
  // Master data of a lot or a piece: EPCIS has it where they begin (action ADD) and nowhere else.
  // What a supplier sends began with him.
  static void first_seen(json::object& e, const std::optional<domain::Lot>& lot) {
    if (!lot || (!lot->lot && !lot->serial)) return;
    json::object ilmd;
    if (lot->lot) ilmd["cbvmda:lotNumber"] = *lot->lot;
    if (const auto until = lot->expires_ms.value_or(0); until > 0) {
      ilmd["cbvmda:itemExpirationDate"] =
          base::to_rfc3339(until - 1).substr(0, 10);  // its last day
    }
    if (!ilmd.empty()) e["ilmd"] = std::move(ilmd);
  }

  const store::PhysicalPage& page_;
  const store::PhysicalFact* fact_ = nullptr;
  json::array out_;
};

}  // namespace

std::string epcis_json(const store::PhysicalPage& page) {
  // As old as its newest fact, so that the same page is the same document.
  const std::int64_t made = page.facts.empty() ? 0 : page.facts.back().heard_ms;
  return json::serialize(json::object{
      {"@context", json::array{json::value(kContext), json::object{{"dockline", kNamespace}}}},
      {"type", "EPCISDocument"},
      {"schemaVersion", "2.0"},
      {"creationDate", base::to_rfc3339(made)},
      {"epcisBody", {{"eventList", Export(page).events()}}}});
}

}  // namespace dockline::server::api
