#include "server/store/archive_book.hpp"

#include <algorithm>

namespace dockline::server::store {
namespace {

using sqlite::Statement;

#define DOCKLINE_ARCHIVE_COLUMNS "number, file, first, last, cut, chain, sha256, bytes, made_ms"

ArchivedSegment segment_of(const Statement& s) {
  return {.number = s.integer(0),
          .first = s.integer(2),
          .last = s.integer(3),
          .cut = s.integer(4),
          .bytes = s.integer(7),
          .made_ms = s.integer(8),
          .file = s.str(1),
          .chain = std::string(s.blob(5)),
          .sha256 = s.str(6)};
}

}  // namespace

std::string archive_folder(const std::string& db_path) {
  const auto slash = db_path.rfind('/');
  return (slash == std::string::npos ? std::string(".") : db_path.substr(0, slash)) + "/archive";
}

ArchiveBook::ArchiveBook(sqlite::Db& db, Trouble& t)
    : folder_(archive_folder(db.path())),
      trouble_(&t),
      db_(&db),
      file_of_(db, t,
               "SELECT " DOCKLINE_ARCHIVE_COLUMNS
               " FROM archive WHERE first <= ?1 AND last >= ?1 ORDER BY number DESC LIMIT 1"),
      all_(db, t, "SELECT " DOCKLINE_ARCHIVE_COLUMNS " FROM archive ORDER BY number"),
      last_(db, t, "SELECT " DOCKLINE_ARCHIVE_COLUMNS " FROM archive ORDER BY number DESC LIMIT 1"),
      add_(db, t,
           "INSERT INTO archive(" DOCKLINE_ARCHIVE_COLUMNS
           ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT(number) DO NOTHING"),
      uncut_(db, t,
             "SELECT " DOCKLINE_ARCHIVE_COLUMNS
             " FROM archive WHERE cut < last ORDER BY number LIMIT 1"),
      cut_(db, t, "UPDATE events SET body = x'' WHERE position > ?1 AND position <= ?2"),
      mark_(db, t, "UPDATE archive SET cut = ?2 WHERE number = ?1") {}

std::string ArchiveBook::body(std::int64_t position) {
  if (!open_ || position < open_first_ || position > open_last_) {
    open_.reset();
    const auto segment = file_of_.one(segment_of, position);
    if (!segment) {
      trouble_->keep({base::Fault::corrupt,
                      db_->path() + ": event " + std::to_string(position) +
                          " has no bytes and no archive segment holds them. Restore the newest "
                          "backup"});
      return {};
    }
    auto opened = archive::Segment::open(folder_ + "/" + segment->file);
    if (!opened) {
      trouble_->keep(opened.error());
      return {};
    }
    open_.emplace(std::move(*opened));
    open_first_ = segment->first;
    open_last_ = segment->last;
  }
  auto body = open_->body(position);
  if (body) return std::move(*body);
  trouble_->keep(body.error());
  return {};
}

std::vector<ArchivedSegment> ArchiveBook::segments() {
  std::vector<ArchivedSegment> out;
  all_.each([&](const Statement& s) { out.push_back(segment_of(s)); });
  return out;
}

std::optional<ArchivedSegment> ArchiveBook::last() { return last_.one(segment_of); }

bool ArchiveBook::add(const ArchivedSegment& s) {
  add_.run(s.number, s.file, s.first, s.last, s.cut, Statement::blob_of(s.chain), s.sha256, s.bytes,
           s.made_ms);
  return db_->changes() > 0;
}

bool ArchiveBook::cut(std::int64_t rows) {
  const auto segment = uncut_.one(segment_of);
  if (!segment) return false;
  const std::int64_t to =
      std::min(segment->last, std::max(segment->cut, segment->first - 1) + rows);
  cut_.run(segment->cut, to);
  mark_.run(segment->number, to);
  return true;
}

}  // namespace dockline::server::store
