// Table `archive` and the segments it names: where the bytes of older facts are. A row of the log
// whose body is empty has them there (server/archive). Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/archive/segment.hpp"
#include "server/store/query.hpp"

namespace dockline::server::store {

struct ArchivedSegment {
  std::int64_t number = 0, first = 0, last = 0, cut = 0, bytes = 0, made_ms = 0;
  std::string file, chain, sha256;  // chain: 32 bytes
};

// "/var/lib/dockline-server/server.db" -> "/var/lib/dockline-server/archive"
[[nodiscard]] std::string archive_folder(const std::string& db_path);

class ArchiveBook {
 public:
  ArchiveBook(sqlite::Db& db, Trouble& trouble);

  // The bytes of the fact at an archived position.
  [[nodiscard]] std::string body(std::int64_t position);

  [[nodiscard]] std::vector<ArchivedSegment> segments();
  [[nodiscard]] std::optional<ArchivedSegment> last();
  [[nodiscard]] bool add(const ArchivedSegment& segment);  // false: the number is there already
  // Empties up to `rows` bodies that a segment holds; false: none is left.
  bool cut(std::int64_t rows);

 private:
  std::string folder_;
  Trouble* trouble_;
  sqlite::Db* db_;
  Query file_of_, all_, last_, add_, uncut_, cut_, mark_;
  std::int64_t open_first_ = 0, open_last_ = 0;
  std::optional<archive::Segment> open_;
};

}  // namespace dockline::server::store
