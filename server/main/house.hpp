// What server.toml says about sites and orders, as the hub takes it. Apart from the composition
// root, for programs that only look at the house's files (`dockline rehearse`).
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "server/app/hub_app.hpp"
#include "server/main/settings.hpp"

namespace dockline::server {

[[nodiscard]] std::vector<SiteConfig> sites_of(const Settings& settings);
[[nodiscard]] orders::Rules order_rules_of(const Settings& settings);

// server.toml and the routing file it names, with the problems of both.
[[nodiscard]] std::expected<Settings, std::vector<config::Problem>> read_settings(
    const config::Config& config);
[[nodiscard]] std::expected<Settings, std::vector<config::Problem>> read_settings(
    const std::string& file);

}  // namespace dockline::server
