// StationApp: one packing station. Machines (agent/station, agent/rules), store (agent/store) and
// stream protocol (shared/sync) glued together; shared/turn runs it, production and simulator
// alike.
//
// Law 1: sounds and screens are effects, and effects leave only after the commit. After a failed
// commit the object is thrown away and made again from its store; inputs of that turn are refused.
//
// Thread rule: one lane, not shared.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/app/inputs.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

namespace dockline::agent {

struct StationSettings {
  std::string site, station;          // [a-z0-9-]{1,32}
  std::string title, site_title;      // for people: "Bench 4", "Leipzig"
  std::string database;               // path of agent.db
  std::string program;                // "dockline-agent 0.1.0", goes into the state message
  std::vector<std::string> printers;  // configured names, first is preferred
  std::vector<std::string> scanners;
  std::string language = "en", theme = "light";
  std::int64_t scale_percent = 100;
  bool sound_off = false;
  std::int64_t utc_offset_ms = 0;                              // local day for "closed today"
  std::uint64_t outbox_rows = base::limits::kUpOutboxRowsMax;  // facts kept for the server
  bool has_broker = true;                                      // false: works alone, never connects
  std::string vfs;  // the simulator's disk; empty: the system's
};

// The disk takes no commits: since when, and what was refused.
struct StoreTrouble {
  std::int64_t since_ms = 0;       // wall
  std::int64_t last_saved_ms = 0;  // 0: nothing since the start
  std::int64_t refused = 0;        // scans
  std::int64_t records = 0;        // turns committed before
  std::int64_t free_bytes = -1;    // -1: not known
  std::string code;                // DL-E-FULL, DL-E-DISK
};

// What lives as long as the process: outlasts an App that was thrown away after a failed commit.
struct StationProcess {
  std::uint64_t boot = 0;   // durable counter, committed at process start
  std::uint64_t nonce = 0;  // 64 random bits of the system
  std::uint64_t seed = 0;   // of the Prng: ids and jitter
  bool opened = false;      // agent.db was found sound: it is not read through again
  bool fresh_start = true;  // the first App of this process: "restarted" may be shown
  bool link_up = false;     // as the shell's Link is, whatever was committed
  bool connecting = false;
  std::uint64_t received = 0;                   // facts the server is known to have
  bool silent = false;                          // no sound device: the page says so
  std::vector<firmware::DeviceReport> devices;  // newest report of each
  std::optional<StoreTrouble> trouble;          // set by the shell, see store_watch.hpp
};

class StationApp {
 public:
  using Input = StationInput;
  using Effect = StationEffect;

  // Counts this process start in the store, durably; before the first open().
  [[nodiscard]] static base::Status begin_process(const StationSettings& settings,
                                                  StationProcess& process);
  // Opens the store and loads the machines. Every error names the file and the remedy.
  [[nodiscard]] static base::Result<std::unique_ptr<StationApp>> open(
      const StationSettings& settings, StationProcess& process, base::Instant now);
  ~StationApp();
  StationApp(const StationApp&) = delete;
  StationApp& operator=(const StationApp&) = delete;

  // ---- shared/turn
  // `effects` of step() must live until commit(): the turn's messages are added there.
  [[nodiscard]] base::Status begin();
  [[nodiscard]] base::Status step(base::Instant now, const Input& input,
                                  std::vector<Effect>& effects);
  [[nodiscard]] base::Status commit();
  void abandon();
  [[nodiscard]] std::uint64_t tried() const;
  [[nodiscard]] base::Result<bool> kept(std::uint64_t turn);
  [[nodiscard]] static bool only_tells(const Effect& effect);
  // An input that was refused counts after all: the packer is asked to compare box and list.
  void counted_unheard(base::Instant now);
  // Inputs that wait beside those of this turn: the server is asked to send less.
  void crowded(std::size_t waiting);
  // What to publish when an input was refused because the store takes no commits: `busy` for the
  // server, which then waits instead of sending all again.
  [[nodiscard]] static std::optional<Publish> busy(const StationSettings& settings,
                                                   const StationProcess& process, base::Instant now,
                                                   const Input& input, const base::Error& why);

  // When the next Tick is due (Instant::mono_ms).
  [[nodiscard]] std::int64_t wake_ms() const;
  // The station page's whole state (agent/panel/VIEW.md), under 8 kB. Reads the store.
  [[nodiscard]] std::string view_json(base::Instant now) const;
  // The same while the store cannot be opened.
  [[nodiscard]] static std::string view_without_store(const StationSettings& settings,
                                                      const StationProcess& process,
                                                      base::Instant now);

  // To publish before a wanted end: the broker sends no last will then.
  [[nodiscard]] Publish farewell(base::Instant now) const;

  struct Figures {
    std::int64_t orders = 0, items = 0, scans = 0, closed_today = 0;
    std::uint64_t waiting = 0, received = 0;
    std::size_t under_way = 0;  // sent, not confirmed: never more than the receiver's window
    bool link_up = false, streaming = false;
    std::string up_inc;  // facts 1..up_last of this incarnation are durably recorded
    std::uint64_t up_last = 0;
  };
  // Cheap: of memory alone, orders, items and scans are 0.
  [[nodiscard]] Figures stream_figures() const;
  [[nodiscard]] Figures figures() const;

 private:
  struct Impl;
  explicit StationApp(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dockline::agent
