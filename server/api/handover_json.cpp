// Closed boxes as JSON.
#include "server/api/handover.hpp"
#include "server/api/values.hpp"

namespace dockline::server::api {

json::object parcel_row(const store::HandoverRow& r) {
  return {{"box", r.box.box},
          {"tracking", r.box.tracking},
          {"carrier", r.box.carrier},
          {"site", r.box.site},
          {"state", r.box.state},
          {"order", r.order},
          {"number", r.number},
          {"channel", r.channel},
          {"customer", r.customer},
          {"pieces", r.pieces},
          {"closed_ms", moment(r.box.closed_ms)},
          {"manifest", r.box.manifest},
          {"handed_ms", moment(r.box.handed_ms)},
          {"delivered_ms", moment(r.box.delivered_ms)},
          {"stopped", r.box.state == "waiting" ? r.stopped : std::string{}}};
}

std::string handovers_json(const store::Page<store::HandoverRow>& page) {
  return json::serialize(page_of(page, parcel_row));
}

std::string waiting_json(const std::vector<store::WaitingGroup>& groups) {
  return json::serialize(whole(list(groups, [](const store::WaitingGroup& g) {
    return json::object{{"site", g.site},
                        {"carrier", g.carrier},
                        {"parcels", g.parcels},
                        {"oldest_ms", g.oldest_ms},
                        {"to_keep_back", moment(g.stopped)}};
  })));
}

std::string handed_json(const HandedOver& handed) {
  const auto row = [](const HandedOver::Parcel& p) {
    return json::object{{"tracking", p.tracking}, {"order", p.order}, {"why", p.why}};
  };
  return json::serialize(json::object{{"parcels", list(handed.parcels, row)},
                                      {"left_out", list(handed.left_out, row)},
                                      {"more", handed.more}});
}

}  // namespace dockline::server::api
