// server.toml as one immutable value. Problems are all reported at once, with line and remedy.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/routing/rulebook.hpp"
#include "shared/config/schema.hpp"

namespace dockline::server {

struct ChannelSettings {
  std::string name, kind, url, user, secret_file;
  std::vector<std::pair<std::string, std::string>> locations;  // site -> the channel's location
  std::int64_t poll_ms = 2'000, sweep_ms = 10'000, audit_ms = 60'000, buffer = 0;
  bool tell_at_handover = false;  // of parcels: when the carrier has them, not when they are packed
};

// A supplier whose address takes orders: the key that they are signed with.
struct SupplierSettings {
  std::string name, secret_file;
};

struct Settings {
  std::string file;
  std::vector<std::string> hosts;
  bool offers_open = false;
  std::string data_dir, http_listen, token_file, log_file, log_level;
  bool broker_managed = true;
  std::string broker_listen, broker_url, broker_user, broker_password_file, broker_ca_file;
  std::string company_prefix, carrier, service;
  std::string routing_file;                           // empty: nothing is configured
  std::shared_ptr<const routing::Rulebook> rulebook;  // what read_rulebook() found there
  // By site: its [[site]] there, as keys and values (rulebook::SiteValues).
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> site_values;
  std::string backup_folder;  // empty: no backups
  std::int64_t backup_every_minutes = 60, backup_keep = 3;
  std::int64_t retention_keep_days = 0, retention_keep_events = 0;  // 0: no limit
  bool stock_ask_counts = true, stock_propose_purchases = true;
  std::int64_t stock_counts_per_station = 20, stock_suspect_from = 200, stock_demand_days = 28,
               stock_stale_task_days = 7;
  struct Site {
    std::string name, title;
    std::int64_t priority = 100;
  };
  struct Station {
    std::string site, name, title;
  };
  std::vector<Site> sites;
  std::vector<Station> stations;
  std::vector<ChannelSettings> channels;
  std::vector<SupplierSettings> suppliers;
  struct Orders {
    std::vector<std::string> unchecked, address_needed;  // channels
    bool house_number_needed = false;
    bool merge = true;  // orders of one buyer may go in one parcel
    std::int64_t line_quantity_most = 0;
    std::vector<std::pair<std::string, std::int64_t>> value_most;  // currency, minor units
    std::int64_t transit_hours = 24, margin_minutes = 120;
  } orders;
};

[[nodiscard]] const config::Schema& settings_schema();
[[nodiscard]] std::expected<Settings, std::vector<config::Problem>> to_settings(
    const config::Config& config);

// Reads the routing file that the settings name, if any.
[[nodiscard]] std::vector<config::Problem> read_rulebook(Settings& settings);

}  // namespace dockline::server
