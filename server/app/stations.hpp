// The stations of the fleet: one Receiver and one Sender each, what was last heard of them, and the
// facts that go down to them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/app/core.hpp"
#include "server/app/snapshot.hpp"
#include "server/store/own_state.hpp"
#include "shared/sync/receiver.hpp"
#include "shared/sync/sender.hpp"

namespace dockline::server {

class Stations final {
 public:
  explicit Stations(HubCore& core);
  ~Stations();
  Stations(const Stations&) = delete;
  Stations& operator=(const Stations&) = delete;

  // Opens the streams of every station that is configured or was heard before.
  [[nodiscard]] base::Status open(const sync::Process& process);
  [[nodiscard]] base::Status link_up();
  void link_down();
  [[nodiscard]] base::Status on_message(const MqttIn& message);
  [[nodiscard]] base::Status tick();
  // Acknowledgements and batches, as effects.
  [[nodiscard]] base::Status finish(std::vector<Effect>& effects);

  // Queues a fact for one station. Fault::reject: too large for one fact.
  [[nodiscard]] base::Status tell(const std::string& site, const std::string& station,
                                  wire::EventData data, const std::string& subject);
  void tell_site(const std::string& site, const wire::EventData& data, const std::string& subject);
  // The station that gets the next order of a site.
  [[nodiscard]] std::optional<std::string> choose(const std::string& site);

  // A verified backup holds the facts of this incarnation up to `through`.
  [[nodiscard]] base::Status mark_safe(const std::string& site, const std::string& name,
                                       const std::string& inc, sync::Seq through);

  [[nodiscard]] std::optional<std::int64_t> deadline() const;
  [[nodiscard]] const sync::Process& process() const { return process_; }
  // Sites where a station came up since the last call: orders may wait there.
  [[nodiscard]] std::vector<std::string> take_risen();

 private:
  struct Station;
  [[nodiscard]] base::Result<Station*> station(const std::string& site, const std::string& name);
  [[nodiscard]] base::Status on_state(Station& station, const std::string& payload);
  void heard(Station& station);
  [[nodiscard]] base::Status act_on(Station& station, const std::vector<sync::SenderNotice>& all);
  [[nodiscard]] base::Status act_on(Station& station, const std::vector<sync::ReceiverNotice>& all);
  void call_waiting();
  void watch_parked(Station& station);
  static void publish(Station& station, std::vector<Effect>& effects);

  HubCore& core_;
  sync::Process process_;
  bool link_ = false;
  SnapshotSlots snapshots_;
  using Key = std::pair<std::string, std::string>;
  std::map<Key, std::unique_ptr<Station>> stations_;
  std::vector<std::string> risen_;
};

}  // namespace dockline::server
