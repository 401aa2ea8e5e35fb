// Backups made, parked facts by the row, and short notes of the server about itself. Errors are
// sticky (query.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/query.hpp"

namespace dockline::server::store {

struct BackupNote {
  std::int64_t made_ms = 0, position = 0, bytes = 0, took_ms = 0;
  std::string file, state, problem;
};

struct Parked {
  std::int64_t id = 0;
  std::string site, station, bytes;
};

inline constexpr std::int64_t kBackupNotesMax = 200;

class KeepingTable {
 public:
  KeepingTable(sqlite::Db& db, Trouble& trouble);

  void add(const BackupNote& backup);  // the oldest beyond kBackupNotesMax go
  // Ids of waiting facts, oldest first: of one station, or (both empty) of all.
  [[nodiscard]] std::vector<std::int64_t> waiting(std::string_view site, std::string_view station);
  [[nodiscard]] std::optional<Parked> parked(std::int64_t id);  // while it waits
  void applied(std::int64_t id, std::int64_t at_ms, std::int64_t position);
  void tried(std::int64_t id, std::int64_t at_ms, std::string_view why);

  [[nodiscard]] std::string note(std::string_view name);  // empty: none
  void set_note(std::string_view name, std::string_view value);
  [[nodiscard]] std::int64_t position_of(std::string_view event_id);
  // The hash at a position of the log; empty: no such position.
  [[nodiscard]] std::string chain_at(std::int64_t position);
  [[nodiscard]] std::string open_case(std::string_view kind, std::string_view subject);

 private:
  Query add_, trim_, waiting_, parked_, applied_, tried_, note_, set_note_, position_, chain_,
      case_;
};

}  // namespace dockline::server::store
