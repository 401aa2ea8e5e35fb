// The table of routes of each topic (<topic>_routes.cpp). A new topic: its line here and in
// kTopics of api.cpp. Private to server/api.
#pragma once

#include <span>

#include "server/api/route.hpp"

namespace dockline::server::api {

[[nodiscard]] std::span<const Route> orders_routes();
[[nodiscard]] std::span<const Route> life_routes();
[[nodiscard]] std::span<const Route> mergeable_routes();
[[nodiscard]] std::span<const Route> handover_routes();
[[nodiscard]] std::span<const Route> imports_routes();
[[nodiscard]] std::span<const Route> stock_routes();
[[nodiscard]] std::span<const Route> policies_routes();
[[nodiscard]] std::span<const Route> receiving_routes();
[[nodiscard]] std::span<const Route> buying_routes();
[[nodiscard]] std::span<const Route> sites_routes();
[[nodiscard]] std::span<const Route> stations_routes();
[[nodiscard]] std::span<const Route> exceptions_routes();
[[nodiscard]] std::span<const Route> channels_routes();
[[nodiscard]] std::span<const Route> log_routes();
[[nodiscard]] std::span<const Route> routing_routes();
[[nodiscard]] std::span<const Route> keeping_routes();
[[nodiscard]] std::span<const Route> exports_routes();
[[nodiscard]] std::span<const Route> overview_routes();
[[nodiscard]] std::span<const Route> system_routes();

}  // namespace dockline::server::api
