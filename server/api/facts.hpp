// What the API says about the running process, beside what is in the database. The shells fill it
// in; it crosses to the net lane by value.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/publish/channel_engine.hpp"

namespace dockline::server::routing {
struct Rulebook;
}

namespace dockline::server::api {

// A site of server.toml, and what the routing file says of it.
struct SiteFacts {
  std::string name, title;
  std::int64_t priority = 0;
  std::vector<std::pair<std::string, std::string>> values = {};  // rulebook::SiteValues
};

struct Facts {
  std::string program = "dockline-server";
  std::string version;
  std::int64_t started_wall_ms = 0;
  bool broker_up = false;
  std::string broker_url;
  std::string broker_detail;         // why it is down; empty when up
  std::int64_t broker_since_ms = 0;  // wall clock of the last change up or down
  std::vector<publish::ChannelView> channels;
  std::string backup_folder;  // empty: no backups are made
  std::int64_t backup_every_minutes = 0;
  bool merge_orders = false;                            // [orders] merge
  std::shared_ptr<const std::vector<SiteFacts>> sites;  // by name; null: none
  std::shared_ptr<const routing::Rulebook> rulebook;    // of the routing file; null: there is none
  // [orders] of server.toml: on the way where no service says it; less slack than that is a risk.
  std::int64_t transit_ms = 86'400'000, margin_ms = 7'200'000;
};

}  // namespace dockline::server::api
