#include "server/api/epcis.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "server/api/values.hpp"
#include "server/app/core.hpp"
#include "server/fleet/fleet.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/time.hpp"

namespace dockline::server::api {
namespace {

constexpr const char* kContext = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

// The part of a URN behind its last colon: what RFC 8141 does not take is percent-encoded.
std::string urn(std::string_view kind, std::string_view name) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out = "urn:dockline:" + std::string(kind) + ":";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '/';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out;
}

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
    if ((!in && !from_site) || m.from == m.to) return;  // bins are no places of this export
    json::object e = event("ObjectEvent", fact_->event.id);
    e["quantityList"] = json::array{amount(m.sku, m.quantity, m.lot)};
    if (m.from == "supplier") {
      say(e, "OBSERVE", "receiving", "in_progress", m.to);
    } else if (m.to == "customer") {
      say(e, "OBSERVE", "shipping", "in_transit", m.from);
    } else if (m.from == "customer") {
      say(e, "OBSERVE", "receiving", "returned", m.to);
    } else if (in && from_site) {
      const bool damaged = m.to.ends_with("/damaged");
      say(e, "OBSERVE", damaged ? "inspecting" : "storing",
          damaged ? "damaged" : "sellable_not_accessible", m.to);
    } else {
      say(e, in ? "ADD" : "DELETE", "cycle_counting", in ? "sellable_accessible" : "unknown",
          in ? m.to : m.from);
    }
    out_.push_back(std::move(e));
  }

  void on(const wire::StockCounted& c) {
    json::object e = event("ObjectEvent", fact_->event.id);
    e["quantityList"] = json::array{amount(c.sku, c.counted, std::nullopt)};
    say(e, "OBSERVE", "cycle_counting", "sellable_accessible", c.site + "/shelf");
    if (c.task) refer(e, "task", *c.task);
    out_.push_back(std::move(e));
  }

  void on(const wire::DeliveryReceived& d) {
    if (d.sku.empty()) return;  // nobody knows what it is
    const auto part = [&](std::int64_t pieces, bool damaged) {
      if (pieces <= 0) return;
      json::object e = received(damaged, d.site);
      e["quantityList"] = json::array{amount(d.sku, pieces, d.lot)};
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
      json::object e = received(damaged, found->second.to_site);
      moved(e, t.transfer, found->second, pieces, t.lot);
    };
    part(t.quantity, false);
    part(t.damaged, true);
  }

  void on(const wire::PackClosed& p) {
    json::array children;
    for (const auto& line : p.lines) {
      if (line.packed > 0) children.push_back(amount(line.sku, line.packed, std::nullopt));
    }
    if (children.empty()) return;  // a box of nothing: all of it was missing
    json::object e = event("AggregationEvent", fact_->event.id);
    e["parentID"] = parcel(p.label.sscc, p.label.tracking);
    e["childQuantityList"] = std::move(children);
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

  // There is no fact of the hand-over itself: a parcel has left when its channel knows of it.
  void on(const wire::ChannelFulfilmentConfirmed& f) {
    const auto sscc = page_.sscc.find(f.tracking);
    json::object e = event("ObjectEvent", fact_->event.id);
    e["epcList"] =
        json::array{json::value(parcel(sscc == page_.sscc.end() ? "" : sscc->second, f.tracking))};
    say(e, "OBSERVE", "shipping", "in_transit", "");
    refer(e, "po", "order", f.order);
    out_.push_back(std::move(e));
  }

  // The damaged ones are an event of their own; its id stands for the same fact.
  [[nodiscard]] json::object received(bool damaged, const std::string& site) const {
    json::object e =
        event("ObjectEvent", damaged ? id_of(fact_->event.id + " damaged") : fact_->event.id);
    say(e, "OBSERVE", "receiving", damaged ? "damaged" : "in_progress", site + "/shelf");
    return e;
  }
  void moved(json::object& e, const std::string& transfer, const store::PhysicalTransfer& t,
             std::int64_t pieces, const std::optional<domain::Lot>& lot) {
    e["quantityList"] = json::array{amount(t.sku, pieces, lot)};
    e["sourceList"] =
        json::array{json::object{{"type", "location"}, {"source", urn("site", t.from_site)}}};
    e["destinationList"] =
        json::array{json::object{{"type", "location"}, {"destination", urn("site", t.to_site)}}};
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
                  std::string_view place) {
    e["action"] = action;
    e["bizStep"] = step;
    e["disposition"] = disposition;
    if (place.empty()) return;
    e["readPoint"] = json::object{{"id", urn("place", place)}};
    e["bizLocation"] = json::object{{"id", urn("site", site_of(place))}};
  }
  static void refer(json::object& e, const char* type, const char* kind, const std::string& id) {
    e["bizTransactionList"] =
        json::array{json::object{{"type", type}, {"bizTransaction", urn(kind, id)}}};
  }
  // One that GS1 has no word for.
  static void refer(json::object& e, const char* kind, const std::string& id) {
    e["bizTransactionList"] = json::array{json::object{{"bizTransaction", urn(kind, id)}}};
  }
  static std::string parcel(const std::string& sscc, const std::string& other) {
    return sscc.empty() ? urn("parcel", other) : "https://id.gs1.org/00/" + sscc;
  }
  [[nodiscard]] json::object amount(const std::string& sku, std::int64_t quantity,
                                    const std::optional<domain::Lot>& lot) const {
    std::string item = urn("sku", sku);
    if (const auto codes = page_.codes.find(sku); codes != page_.codes.end()) {
      for (const auto& code : codes->second) {
        const std::string gtin = gtin14(code);
        if (gtin.empty()) continue;
        item = "https://id.gs1.org/01/" + gtin;
        if (lot && lot->lot && is_plain(*lot->lot)) item += "/10/" + *lot->lot;
        break;
      }
    }
    return {{"epcClass", item}, {"quantity", quantity}};
  }
  static bool is_plain(const std::string& lot) {
    return !lot.empty() && lot.size() <= 20 && std::all_of(lot.begin(), lot.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '-' || c == '.' || c == '_';
    });
  }

  const store::PhysicalPage& page_;
  const store::PhysicalFact* fact_ = nullptr;
  json::array out_;
};

}  // namespace

std::string gtin14(const std::string& code) {
  const auto n = code.size();
  const bool digits =
      std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || (n != 8 && n != 12 && n != 13 && n != 14)) return {};
  if (fleet::gs1_check_digit(std::string_view(code).substr(0, n - 1)) != code.back()) return {};
  return std::string(14 - n, '0') + code;
}

std::string epcis_json(const store::PhysicalPage& page) {
  // As old as its newest fact, so that the same page is the same document.
  const std::int64_t made = page.facts.empty() ? 0 : page.facts.back().heard_ms;
  return json::serialize(json::object{{"@context", json::array{json::value(kContext)}},
                                      {"type", "EPCISDocument"},
                                      {"schemaVersion", "2.0"},
                                      {"creationDate", base::to_rfc3339(made)},
                                      {"epcisBody", {{"eventList", Export(page).events()}}}});
}

}  // namespace dockline::server::api
