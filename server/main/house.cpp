#include "server/main/house.hpp"

#include <fstream>
#include <sstream>
#include <utility>

namespace dockline::server {

std::vector<SiteConfig> sites_of(const Settings& settings) {
  std::vector<SiteConfig> out;
  for (const auto& s : settings.sites) out.push_back({s.name, s.title, s.priority});
  return out;
}

orders::Rules order_rules_of(const Settings& settings) {
  orders::Rules out;
  const auto& orders = settings.orders;
  out.unchecked = orders.unchecked;
  out.address_needed = orders.address_needed;
  out.checks.house_number_needed = orders.house_number_needed;
  out.merge = orders.merge;
  out.checks.line_quantity_most = orders.line_quantity_most;
  out.value_most = {orders.value_most.begin(), orders.value_most.end()};
  out.transit_ms = orders.transit_hours * 3'600'000;
  out.margin_ms = orders.margin_minutes * 60'000;
  return out;
}

std::expected<Settings, std::vector<config::Problem>> read_settings(const config::Config& config) {
  auto settings = to_settings(config);
  if (!settings) return settings;
  if (auto problems = read_rulebook(*settings); !problems.empty()) {
    return std::unexpected(std::move(problems));
  }
  return settings;
}

std::expected<Settings, std::vector<config::Problem>> read_settings(const std::string& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) {
    return std::unexpected(std::vector<config::Problem>{
        {file, 0, "", "the file cannot be read", "Mend the path, or its rights"}});
  }
  const auto config = config::Config::load(settings_schema(), text.str(), file);
  if (!config) return std::unexpected(config.error());
  return read_settings(*config);
}

}  // namespace dockline::server
