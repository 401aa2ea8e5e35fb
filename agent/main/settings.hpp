// agent.toml: its schema table and what it becomes.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "agent/app/station_app.hpp"
#include "agent/panel/speaker.hpp"
#include "firmware-interfaces/hub/device_hub.hpp"
#include "shared/config/schema.hpp"

namespace dockline::agent {

struct Settings {
  StationSettings station;
  std::string data_dir;
  config::HostPort panel_listen;
  std::string log_file, log_level;
  std::string broker_url, broker_user, broker_password_file, broker_ca_file;
  std::vector<firmware::ScannerConfig> scanners;
  std::vector<firmware::PrinterConfig> printers;
  panel::SpeakerSettings sound;
};

[[nodiscard]] const config::Schema& settings_schema();
// Checks rules over several keys; all problems at once.
[[nodiscard]] std::expected<Settings, std::vector<config::Problem>> to_settings(
    const config::Config& config);

}  // namespace dockline::agent
