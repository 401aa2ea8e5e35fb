// Private to agent/app: what StationApp is made of.
#pragma once

#include "agent/app/outbox_room.hpp"
#include "agent/app/snapshot_swap.hpp"
#include "agent/app/station_app.hpp"
#include "agent/station/station.hpp"
#include "agent/store/store.hpp"
#include "shared/base/prng.hpp"
#include "shared/sync/clock.hpp"
#include "shared/sync/receiver.hpp"
#include "shared/sync/sender.hpp"

namespace dockline::agent {

struct StationApp::Impl final : sync::FactSink {
  Impl(const StationSettings& s, StationProcess& p) : settings(s), process(p), prng(p.seed) {}

  StationSettings settings;
  StationProcess& process;
  base::Prng prng;
  std::unique_ptr<store::Store> store;
  std::optional<station::Station> station;
  // Snapshots of the server's state (snapshot_swap.cpp).
  struct Swap final : sync::SnapshotSink {
    explicit Swap(Impl& of) : impl(&of) {}
    [[nodiscard]] base::Result<sync::Stage> load() override;
    [[nodiscard]] base::Status stage(const sync::Stage& stage, std::string_view piece) override;
    [[nodiscard]] base::Result<bool> swap(base::Instant at) override;
    [[nodiscard]] base::Status clear() override;
    Impl* impl;
  };
  Swap swap{*this};
  std::optional<sync::Sender> sender;
  std::optional<sync::Receiver> receiver;
  std::uint64_t hlc = 0;

  // The turn under way.
  std::vector<Effect>* effects = nullptr;
  station::Effects pending;  // of the station machine, not yet carried out
  sync::SenderOut up_out;
  sync::ReceiverOut down_out;
  base::Instant now;
  bool view_changed = false;

  // What is held and moved, told to the server (held.cpp).
  std::string mirror_inc;  // up incarnation that the mirror is of
  std::int64_t digest_at_ms = 0, digest_said_ms = 0;

  station::State saved;     // most turns leave it as it is
  std::string saved_state;  // its text
  std::uint64_t saved_hlc = 0;

  // Link (volatile).
  bool link_known = false;        // what this App has seen of process.link_up
  bool asked_to_connect = false;  // in this turn; process.connecting once it is released
  std::int64_t connect_at_ms = 0, beat_at_ms = 0, trim_at_ms = 0, up_trim_at_ms = 0;
  unsigned reconnect_level = 0;
  std::int64_t told_offset_ms = 0;
  bool clock_doubted = false;  // the server's was heard too far ahead, and that was told
  std::uint64_t server_nonce = 0;
  std::uint64_t foreign_nonce = 0;
  std::int64_t foreign_answer_ms = 0;
  bool server_up = false;
  std::int64_t started_wall_ms = 0;

  [[nodiscard]] base::Status load(base::Instant at);
  [[nodiscard]] station::Bench bench() const {
    return {settings.printers, settings.scanners, settings.utc_offset_ms, settings.site,
            settings.station};
  }
  [[nodiscard]] base::Status dispatch(const Input& input);
  [[nodiscard]] base::Status on_scan(const ScanIn& in, bool typed);
  [[nodiscard]] base::Status on_mqtt(const MqttIn& in);
  [[nodiscard]] base::Status on_tick();
  [[nodiscard]] base::Status on_command(const PageCommand& in);
  [[nodiscard]] base::Status save_state();
  [[nodiscard]] base::Status carry_out();  // pending station effects: facts, rows, outgoing
  [[nodiscard]] base::Status print(const station::PrintSheet& sheet);
  [[nodiscard]] base::Status record(const station::RecordFact& fact);
  [[nodiscard]] std::pair<std::string, std::int64_t> down_cursor() const;
  [[nodiscard]] base::Status begin_stream(std::string_view reason);
  [[nodiscard]] base::Status say_held(std::string_view reason, const wire::LeaseCensus* census,
                                      const std::pair<std::string, std::int64_t>& down);
  [[nodiscard]] base::Status mirror_fact(const wire::EventData& data);
  [[nodiscard]] base::Status say_digest();
  [[nodiscard]] base::Status say_listing(const wire::SyncQuery& query,
                                         const std::pair<std::string, std::int64_t>& down);
  [[nodiscard]] base::Status correct(const wire::SyncCorrected& fact,
                                     const std::pair<std::string, std::int64_t>& down);
  // Facts that are about leases and the comparison alone. False: not one of them.
  [[nodiscard]] base::Result<bool> take_own(const wire::EventData& data,
                                            const sync::FactView& fact);
  [[nodiscard]] base::Status finish();  // end of turn, before COMMIT

  void hear_clock(const wire::Event& event);
  // sync::FactSink: facts of the server.
  [[nodiscard]] base::Result<sync::Applied> apply(base::Instant at,
                                                  const sync::FactView& fact) override;
  base::Result<sync::Applied> granted_elsewhere(base::Instant at, const wire::LeaseGranted& fact);
  [[nodiscard]] base::Status act_on(const sync::SenderNotice& notice);
  [[nodiscard]] base::Status act_on(const sync::ReceiverNotice& notice);
  void trouble(std::string kind, std::string detail);

  // What a snapshot says: orders given, orders taken back, and own facts as the server has them.
  struct Told {
    std::set<std::string> leases;
    std::set<std::string> counts;  // open tasks
    std::vector<wire::LeaseRevoked> revoked;
    // The server was restored: orders of a higher epoch are not known to it, and stay.
    std::optional<std::int64_t> known_epoch;
    OwnFacts own;
  };
  [[nodiscard]] base::Result<bool> take_snapshot(base::Instant at);
  [[nodiscard]] base::Status take_line(base::Instant at, std::string_view line, Told& told);
  [[nodiscard]] base::Status add_own_rows(sync::Seq through, OwnFacts& own);
  [[nodiscard]] base::Status settle_sheets(const std::string& lease, const Sheets& sheets);
  [[nodiscard]] base::Status settle_counts(const Told& told);
  [[nodiscard]] base::Status settle_work(base::Instant at, const Told& told,
                                         station::State& machine);
  [[nodiscard]] base::Status rebuild_station(base::Instant at, station::State machine);
  static void leave_order(station::State& machine);

  // How full the outbox is, for the bench, and told to the server once on the way up.
  void look_at_room();
  [[nodiscard]] std::uint64_t kept() const { return sender->last() - sender->base().through; }
  OutboxRoom room;
  OutboxRoom::Level told_level = OutboxRoom::Level::plenty;

  void follow_link();
  void link_is_up();
  void plan_reconnect();
  void publish(std::string topic, std::string payload, bool retained = false);
  [[nodiscard]] std::string state_payload(bool up) const;
  [[nodiscard]] std::string topic(sync::Leaf leaf) const;
  [[nodiscard]] std::optional<std::int64_t> server_heard_mono_ms() const;
};

}  // namespace dockline::agent
