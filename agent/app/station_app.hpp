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
#include <string>
#include <vector>

#include "agent/app/inputs.hpp"
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
  std::int64_t utc_offset_ms = 0;  // local day for "closed today"
  bool has_broker = true;          // false: works alone, never connects
};

// What lives as long as the process: outlasts an App that was thrown away after a failed commit.
struct StationProcess {
  std::uint64_t boot = 0;   // durable counter, committed at process start
  std::uint64_t nonce = 0;  // 64 random bits of the system
  std::uint64_t seed = 0;   // of the Prng: ids and jitter
  bool fresh_start = true;  // the first App of this process: "restarted" may be shown
};

class StationApp {
 public:
  using Input = StationInput;
  using Effect = StationEffect;

  // Opens the store and loads the machines. Every error names the file and the remedy.
  [[nodiscard]] static base::Result<std::unique_ptr<StationApp>> open(
      const StationSettings& settings, StationProcess& process, base::Instant now);
  ~StationApp();
  StationApp(const StationApp&) = delete;
  StationApp& operator=(const StationApp&) = delete;

  // ---- shared/turn
  [[nodiscard]] base::Status begin();
  [[nodiscard]] base::Status step(base::Instant now, const Input& input,
                                  std::vector<Effect>& effects);
  [[nodiscard]] base::Status commit();
  void abandon();

  // When the next Tick is due (Instant::mono_ms).
  [[nodiscard]] std::int64_t wake_ms() const;
  // The station page's whole state (agent/panel/VIEW.md), under 8 kB. Reads the store.
  [[nodiscard]] std::string view_json(base::Instant now) const;

 private:
  struct Impl;
  explicit StationApp(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dockline::agent
