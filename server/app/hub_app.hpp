// The server's heart as one App: ingest of what stations say, orders, routing, leases, outbox. It
// is what `Turn` runs in the server and what the simulator instantiates.
//
// Every fact is appended to the event log and folded by the projector in the same transaction;
// reactions (routing, release, outbox rows) write further facts. Replay folds, it never reacts.
//
// Thread rule: the core lane. Failures: Status of a step or commit; the Turn then abandons the App
// and opens a new one from the store.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "server/app/doubts.hpp"
#include "server/app/inputs.hpp"
#include "server/orders/rules.hpp"
#include "server/routing/rulebook.hpp"
#include "server/stock/ghost.hpp"
#include "shared/base/prng.hpp"
#include "shared/base/time.hpp"
#include "shared/sync/stream.hpp"

namespace dockline::server {

struct SiteConfig {
  std::string name, title;
  std::int64_t priority = 100;  // the lowest number is tried first
};
struct StationConfig {
  std::string site, name, title;
};
// How stock is watched (daily_look.hpp).
struct StockRules {
  bool ask_counts = true;         // by itself, once a day
  bool propose_purchases = true;  // the same
  stock::CountRules counts;
  std::int64_t demand_days = 28;     // what left in so many days is the demand
  std::int64_t stale_task_days = 7;  // a count that nobody makes is asked no more
};
struct HubConfig {
  std::string db_path;
  std::string company_prefix = "0340123";  // GS1 company prefix of the SSCC
  std::string carrier = "House", service = "standard";
  std::vector<SiteConfig> sites;
  std::vector<StationConfig> stations;
  orders::Rules orders;
  std::shared_ptr<const routing::Rulebook> rulebook;  // null: nothing is configured
  StockRules stock;
  // Builds the configured channels: at start and after a failed turn.
  std::function<std::vector<std::unique_ptr<channels::Channel>>()> make_channels;
  std::set<std::string> tell_at_handover;  // channels that hear of a parcel when it has left
  // Suppliers whose addresses take orders: the keys that these are signed with.
  std::map<std::string, std::string> supplier_keys;
  std::string program = "dockline-server";
  std::string version;   // another one than at the last start: parked facts are tried again
  bool backups = false;  // stations keep what no verified backup holds yet
  std::string vfs;       // the simulator's disk; empty: the system's
  std::shared_ptr<Doubts> doubts = std::make_shared<Doubts>();  // of the process, not of one App
};

// What lives as long as the process: outlasts an App that was thrown away after a failed turn.
struct HubProcess {
  bool opened = false;  // its server.db was found sound: it is not read through again
  sync::Process sync;   // as the stations know this server, from the newest App that opened
};

class HubApp {
 public:
  using Input = server::Input;
  using Effect = server::Effect;

  // Opens server.db below, migrating it. The seed comes from the system's random device in the
  // shell, from the World in the simulator.
  [[nodiscard]] static base::Result<std::unique_ptr<HubApp>> open(const HubConfig& config,
                                                                  HubProcess& process,
                                                                  base::Instant now,
                                                                  std::uint64_t seed);
  // Whose input it is and how large (shared/turn/mailbox.hpp): stations take turns, so that one's
  // backlog does not hold up what the others say now.
  [[nodiscard]] static std::string_view queue_of(const Input& input);
  [[nodiscard]] static std::size_t weight(const Input& input);
  // How large a message is unpacked, as far as it says so itself.
  [[nodiscard]] static std::size_t plain_bytes(const MqttIn& message);

  ~HubApp();
  HubApp(const HubApp&) = delete;
  HubApp& operator=(const HubApp&) = delete;

  [[nodiscard]] base::Status begin();
  [[nodiscard]] base::Status step(base::Instant now, const Input& input,
                                  std::vector<Effect>& effects);
  // Last of the turn: acknowledgements, batches, requests. Turn calls it before commit().
  [[nodiscard]] base::Status finish(base::Instant now, std::vector<Effect>& effects);
  [[nodiscard]] base::Status commit();
  void abandon();
  [[nodiscard]] std::uint64_t tried() const;
  [[nodiscard]] base::Result<bool> kept(std::uint64_t turn);
  [[nodiscard]] static bool only_tells(const Effect& effect);
  // How many inputs wait beside those of this turn: stations are asked to send less.
  void crowded(std::size_t waiting);
  // What to publish when an input was refused because the store takes no commits: `busy` for the
  // station that sent it, which then waits instead of sending all again.
  [[nodiscard]] static std::optional<Publish> busy(const HubProcess& process, base::Instant now,
                                                   const Input& input, const base::Error& why);

  // Channels as they stand now (copied for the net lane after each turn).
  [[nodiscard]] std::vector<publish::ChannelView> channels(base::Instant now) const;
  // Milliseconds until a Tick is useful; 0: at once.
  [[nodiscard]] std::int64_t tick_in_ms(base::Instant now) const;
  // What the shell subscribes to, and the will and birth it sends with (server/state).
  [[nodiscard]] static std::vector<std::string> subscriptions();
  [[nodiscard]] std::string state_payload(bool up) const;

 private:
  struct Impl;
  explicit HubApp(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dockline::server
