// What the server knows beside the log: counters, what was last heard of stations, work that waits,
// import jobs. Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/query.hpp"

namespace dockline::server::store {

struct StationNote {
  std::string site, station;
  std::string status = "never";  // up, down, never
  std::int64_t heard_ms = 0;
  std::string program, computer;
  std::int64_t last = 0, acked = 0, oldest_ms = 0, down_through = 0, clock_offset_ms = 0;
  bool configured = false;
};

struct ImportJob {
  std::string id, kind, file, fingerprint, channel, site, currency;
  std::string state = "running", problem;
  std::int64_t started_ms = 0, ended_ms = 0, lines = 0, done = 0, unit = 0, changes = 0;
};

inline constexpr std::int64_t kRerouteMax = 1'000;
inline constexpr std::int64_t kPackTimes = 64;

class OwnState {
 public:
  OwnState(sqlite::Db& db, Trouble& trouble);

  // Raises a counter and returns it: boot, epoch, tracking, sscc.
  [[nodiscard]] std::int64_t next(std::string_view counter);
  [[nodiscard]] std::int64_t value(std::string_view counter);
  void set(std::string_view counter, std::int64_t value);
  [[nodiscard]] std::string text(std::string_view name);  // empty: never set
  void set_text(std::string_view name, std::string_view value);

  [[nodiscard]] std::vector<StationNote> stations();
  void put(const StationNote& note);

  // Orders that wait for this SKU and are not held are to be routed again, the first kRerouteMax of
  // them by rank (server/orders/priority.hpp).
  void add_reroute(std::string_view sku);
  [[nodiscard]] std::optional<std::int64_t> take_reroute();  // removes and returns the first
  [[nodiscard]] bool has_reroute();

  // How long a box took at a site, opened to closed; the last kPackTimes of each are kept.
  void add_pack_time(std::string_view site, std::int64_t took_ms);
  [[nodiscard]] std::vector<std::int64_t> pack_times(std::string_view site);

  void add_job(const ImportJob& job, std::string_view bytes);
  void put(const ImportJob& job);                        // a job that ended drops its bytes
  [[nodiscard]] std::optional<ImportJob> running_job();  // the oldest
  [[nodiscard]] std::string job_bytes(std::string_view id);
  // A finished run of the same bytes as the same kind and channel.
  [[nodiscard]] std::optional<ImportJob> done_job(std::string_view kind, std::string_view channel,
                                                  std::string_view fingerprint);

 private:
  Query next_, value_, set_, text_, set_text_, stations_, put_station_, add_reroute_,
      first_reroute_, drop_reroute_, add_job_, put_job_, running_, bytes_, done_, pack_time_,
      pack_times_;
  bool no_reroute_ = false;  // the table is known to be empty: asked several times each turn
};

}  // namespace dockline::server::store
