// The stations of the fleet: one Receiver and one Sender each, what was last heard of them, and the
// facts that go down to them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/app/core.hpp"
#include "server/app/snapshot.hpp"
#include "server/routing/facts.hpp"
#include "server/store/own_state.hpp"
#include "shared/sync/pressure.hpp"
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
  // First of all whenever core.now has changed: the wall clock may have been set.
  void follow_clock();
  [[nodiscard]] base::Status on_message(const MqttIn& message);
  [[nodiscard]] base::Status tick();
  // Acknowledgements and batches, as effects.
  [[nodiscard]] base::Status finish(std::vector<Effect>& effects);
  // After finish(): what was told since then is whole on disk, and goes out with the next turn. A
  // row that is committed without its stream's head would stand in the way of the next one.
  [[nodiscard]] base::Status save();
  // So many inputs wait: what is answered in this turn allows that much less.
  void crowded(std::size_t waiting) { allowance_ = sync::allowance(waiting); }

  // Queues a fact for one station. Fault::reject: too large for one fact.
  [[nodiscard]] base::Status tell(const std::string& site, const std::string& station,
                                  wire::EventData data, const std::string& subject);
  void tell_site(const std::string& site, const wire::EventData& data, const std::string& subject);
  // count_tasks.cpp: to the station that is asked, if its program can count.
  [[nodiscard]] base::Status ask_count(const wire::CountAsked& asked);
  // No answer is wanted any more.
  [[nodiscard]] base::Status drop_count(const store::CountTask& task, const std::string& why);
  // What is heard of a site's benches; nothing: never anything.
  [[nodiscard]] std::optional<routing::Alive> alive(const std::string& site);
  // None of the site's stations was heard since then, though they could be; nothing: some are.
  [[nodiscard]] std::optional<std::int64_t> silent_since(const std::string& site) const;
  // The station that gets the next order of a site, none of these unless there is no other.
  [[nodiscard]] std::optional<std::string> choose(const std::string& site,
                                                  const std::set<std::string>& rather_not = {});
  // How many of a site's stations are up.
  [[nodiscard]] std::int64_t benches(const std::string& site) const;

  // A verified backup holds the facts of this incarnation up to `through`.
  [[nodiscard]] base::Status mark_safe(const std::string& site, const std::string& name,
                                       const std::string& inc, sync::Seq through);

  // It speaks without its memory, or with an old one: what it knew and what it printed goes to it
  // again with the next exchange, or it would pack and print twice.
  [[nodiscard]] base::Status refresh(const std::string& site, const std::string& station);
  // Whether it is up, heard of lately, and one computer works there.
  [[nodiscard]] bool can_take(const std::string& site, const std::string& station);
  // Which of a station's up incarnations works: leases are granted to it (PROTOCOL.md section 11).
  // Empty before its stream was opened. Written off: no more until it is heard again.
  [[nodiscard]] std::string works(const std::string& site, const std::string& station);
  void set_works(const std::string& site, const std::string& station, const std::string& inc);
  void write_off(const std::string& site, const std::string& station);
  // The process that opened an incarnation last, "boot.nonce"; empty: not known.
  [[nodiscard]] std::string process_of(const std::string& site, const std::string& station,
                                       std::string_view inc);
  // The stations of a site that were heard at least once and not written off, by name, and whether
  // they are silent now.
  struct Life {
    std::string station;
    std::int64_t heard_ms = 0;
    bool silent = false;
  };
  [[nodiscard]] std::vector<Life> life_of(const std::string& site) const;
  // A station of the site is heard and has not opened its stream so far: it will take orders soon.
  [[nodiscard]] bool opening(const std::string& site);
  // That process was heard to end and has not come back.
  [[nodiscard]] bool ended(const std::string& site, const std::string& station,
                           const std::string& process) const;
  [[nodiscard]] bool knows(const std::string& site, const std::string& station) const;
  // It is up, and was heard lately.
  [[nodiscard]] bool up(const std::string& site, const std::string& station) const;
  [[nodiscard]] std::vector<wire::StationRef> all() const;
  // Another incarnation than the one that works was heard just now: no grants until it is clear.
  void note_other(const std::string& site, const std::string& station, const std::string& inc);
  // Another incarnation speaks for a station, and the one that works was heard to end or has been
  // silent for long.
  struct Successor {
    std::string site, station, inc;
  };
  [[nodiscard]] std::vector<Successor> take_successors();
  // Stations that knew more of their down stream than this server, since the last call.
  [[nodiscard]] std::vector<wire::StationRef> take_forked();

  [[nodiscard]] std::optional<std::int64_t> deadline() const;
  [[nodiscard]] const sync::Process& process() const { return process_; }
  // Sites where a station came up since the last call: orders may wait there.
  [[nodiscard]] std::vector<std::string> take_risen();

 private:
  struct Station;
  [[nodiscard]] base::Result<Station*> station(const std::string& site, const std::string& name);
  [[nodiscard]] base::Status on_state(Station& station, const std::string& payload, bool live);
  [[nodiscard]] base::Status see_counts(Station& station, bool counts);
  void touch(Station& station);     // finish() looks at it
  void note_due(Station& station);  // its sender's deadline may have changed
  [[nodiscard]] base::Status finish(Station& station, std::vector<Effect>& effects);
  [[nodiscard]] base::Status note_clock(const Station& station, const sync::State& state);
  [[nodiscard]] base::Status ask_again(const Station& station);
  void note_computer(Station& station, const std::string& inc);
  [[nodiscard]] base::Status on_up(Station& station, const MqttIn& message);
  [[nodiscard]] std::optional<std::string> in_doubt(
      const Station& station, const base::Result<sync::Message>& message) const;
  void note_end(Station& station, const std::string& computer, bool up);
  [[nodiscard]] static std::string process_of(const Station& station, std::string_view inc);
  void heard(Station& station);
  [[nodiscard]] base::Status act_on(Station& station, const std::vector<sync::SenderNotice>& all);
  [[nodiscard]] base::Status act_on(Station& station, const std::vector<sync::ReceiverNotice>& all);
  void call_waiting();
  void watch_parked(Station& station);
  void set_window(Station& station) const;
  static void publish(Station& station, std::vector<Effect>& effects);

  HubCore& core_;
  sync::Process process_;
  bool link_ = false;
  std::int64_t link_since_ms_ = 0;
  std::optional<std::int64_t> wall_ahead_ms_;  // of the monotonic clock, when it was set last
  sync::Allowance allowance_ = sync::allowance(0);
  SnapshotSlots snapshots_;
  using Key = std::pair<std::string, std::string>;
  std::map<Key, std::unique_ptr<Station>> stations_;
  std::map<Key, Station*> touched_;             // in this turn
  std::set<std::pair<std::int64_t, Key>> due_;  // deadlines of the senders, soonest first
  std::vector<std::string> risen_;
  std::vector<wire::StationRef> forked_;
  std::vector<Successor> successors_;
};

}  // namespace dockline::server
