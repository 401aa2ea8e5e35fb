// Where a station's facts go: digested facts into the log, all others into `parked` with an
// exception, so that the stream goes on (law 2).
#pragma once

#include <optional>
#include <string>

#include "server/app/core.hpp"
#include "server/app/read_ahead.hpp"
#include "shared/sync/receiver_store.hpp"

namespace dockline::server {

class Sink final : public sync::FactSink {
 public:
  Sink(HubCore& core, std::string site, std::string station);
  [[nodiscard]] base::Result<sync::Applied> apply(base::Instant now,
                                                  const sync::FactView& fact) override;
  // Whose facts apply() gets from now on; null: they are decoded there.
  void take_from(ReadAhead* ahead) { ahead_ = ahead; }

 private:
  [[nodiscard]] base::Result<wire::Event> decoded(const sync::FactView& fact);
  [[nodiscard]] std::optional<base::Result<sync::Applied>> look_up(const sync::FactView& fact,
                                                                   const std::string& id);
  [[nodiscard]] base::Result<sync::Applied> park(const sync::FactView& fact, std::string_view kind,
                                                 const std::string& why);
  HubCore& core_;
  std::string site_, station_, source_;
  ReadAhead* ahead_ = nullptr;
};

// Why a decoded fact of this source is not digestible; empty when it is.
[[nodiscard]] std::string indigestible(const wire::Event& event, std::string_view source);

}  // namespace dockline::server
