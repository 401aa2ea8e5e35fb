// Channels out of configurations, by the generated table of kinds.
#include "server/channels/contract/channel.hpp"

namespace dockline::server::channels {

void default_locations(Config& config, const std::vector<std::string>& sites) {
  if (!config.locations.empty()) return;
  for (const auto& kind : kinds()) {
    if (kind.name != config.kind || kind.needs_locations) continue;
    for (const auto& site : sites) config.locations.emplace(site, site);
  }
}

base::Result<std::unique_ptr<Channel>> make(const Config& config) {
  for (const auto& kind : kinds()) {
    if (kind.name == config.kind) return kind.make(config);
  }
  std::string known;
  for (const auto& kind : kinds()) known += " " + std::string(kind.name);
  return base::fail(base::Fault::reject,
                    "channel " + config.name + ": no kind " + config.kind + "; there are" + known);
}

}  // namespace dockline::server::channels
