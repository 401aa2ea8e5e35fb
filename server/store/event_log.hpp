// The append-only log of all facts, and what could not be digested. Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "server/store/archive_book.hpp"
#include "server/store/query.hpp"

namespace dockline::server::store {

struct LoggedEvent {
  std::int64_t position = 0;
  std::string_view id, type, source, subject, correlation;
  std::int64_t time_ms = 0, heard_ms = 0;
  std::string_view body;
};

struct ParkedFact {
  std::string_view site, station, inc;
  std::uint64_t seq = 0;
  std::int64_t heard_ms = 0;
  std::string_view why, bytes;
};

class EventLog {
 public:
  EventLog(sqlite::Db& db, Trouble& trouble);
  // Older files have no chain yet: fills it in, in transactions of bounded size; goes on where it
  // stopped when it was killed. Before the first EventLog of a file.
  [[nodiscard]] static base::Status fill_chain(sqlite::Db& db);

  // Appends under the next position, which is returned; event.position is ignored. Nothing when
  // the id is there already (nothing is written then).
  std::optional<std::int64_t> append(const LoggedEvent& event);
  // The body kept under an id; nothing when the id is new.
  [[nodiscard]] std::optional<std::string> body_of(std::string_view id);
  [[nodiscard]] bool has(std::string_view id);
  [[nodiscard]] std::int64_t last_position() const { return last_; }
  // The hash chain at last_position().
  [[nodiscard]] const archive::LogChain& chain() const { return chain_; }
  // All events after `after`, in order, archived ones too; views live during the call.
  void each(std::int64_t after, const std::function<void(const LoggedEvent&)>& take);

  [[nodiscard]] ArchiveBook& archive() { return archive_; }

  void park(const ParkedFact& fact);
  [[nodiscard]] std::int64_t parked_of(std::string_view site, std::string_view station);

 private:
  ArchiveBook archive_;
  Query append_, body_, has_, each_, park_, parked_, head_;
  sqlite::Db* db_;
  std::int64_t last_ = 0;
  archive::LogChain chain_ = archive::log_chain_start();
};

}  // namespace dockline::server::store
