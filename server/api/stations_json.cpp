// Stations and devices as JSON.
#include "server/api/stations.hpp"
#include "server/api/values.hpp"

namespace dockline::server::api {
namespace {

using namespace store;  // the rows

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

}  // namespace

std::string stations_json(const std::vector<StationRow>& stations) {
  return json::serialize(whole(list(stations, station_row)));
}

std::string devices_json(const std::vector<DeviceRow>& devices) {
  return json::serialize(whole(list(devices, device_row)));
}

}  // namespace dockline::server::api
