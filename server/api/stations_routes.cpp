// Stations and their devices.
#include "server/api/route.hpp"
#include "server/api/stations.hpp"

namespace dockline::server::api {
namespace {

Outcome get_stations(Context& c) { return read(c.reader.stations(c.now_ms), stations_json); }

Outcome post_write_off(Context& c) {
  const auto slash = c.id.find('/');
  if (slash == std::string::npos) {
    return missing("station", c.id, "Write it as SITE%2FSTATION; GET /api/v1/stations lists them");
  }
  return ask(done_answer,
             write_off_body(c.id.substr(0, slash), c.id.substr(slash + 1), c.request.body));
}

Outcome get_devices(Context& c) { return read(c.reader.devices(), devices_json); }

}  // namespace

std::span<const Route> stations_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "stations", get_stations},
      {"POST", "stations/*/write-off", post_write_off},
      {"GET", "devices", get_devices},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
