// Stations and devices: bodies into commands, rows into JSON.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/http_types.hpp"
#include "server/app/inputs.hpp"
#include "server/store/rows.hpp"

namespace dockline::server::api {

[[nodiscard]] std::expected<WriteOffStation, Problem> write_off_body(const std::string& site,
                                                                     const std::string& station,
                                                                     std::string_view body);
[[nodiscard]] std::string stations_json(const std::vector<store::StationRow>& stations);
[[nodiscard]] std::string devices_json(const std::vector<store::DeviceRow>& devices);

}  // namespace dockline::server::api
