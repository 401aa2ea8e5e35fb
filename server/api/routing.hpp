// Routing: one decision in full, and a person's word about who ships.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "server/api/http_types.hpp"
#include "server/app/inputs.hpp"
#include "server/store/rows.hpp"
#include "server/whatif/whatif.hpp"

namespace dockline::server::api {

[[nodiscard]] std::string decision_json(const store::DecisionRow& decision);
[[nodiscard]] std::expected<RouteOrder, Problem> route_body(const std::string& order,
                                                            std::string_view body);

struct WhatIfWish {
  std::string rules;  // the file's text
  std::int64_t since_hours = 30 * 24, moved = 50;
};
[[nodiscard]] std::expected<WhatIfWish, Problem> what_if_body(std::string_view body);
[[nodiscard]] std::string what_if_json(const whatif::Report& report);

}  // namespace dockline::server::api
