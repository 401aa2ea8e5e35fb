#include "server/keeping/retention.hpp"

#include <algorithm>

#include "server/archive/segment.hpp"
#include "server/store/archive_book.hpp"
#include "shared/runtime/system.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::server::keeping {
namespace {

using base::Fault;
using sqlite::Statement;

constexpr std::int64_t kDayMs = 86'400'000;

base::Result<std::int64_t> number(Statement& s) {
  auto row = s.step();
  if (!row) return base::pass(row.error());
  const std::int64_t value = *row ? s.integer(0) : 0;
  s.reset();
  return value;
}

// The last position heard before `before_ms`. By halving: positions are in order of hearing, but
// for a clock that was set back, where a few facts go to the archive earlier or later.
base::Result<std::int64_t> heard_before(sqlite::Db& db, std::int64_t last, std::int64_t before_ms) {
  auto heard = db.try_prepare("SELECT heard_ms FROM events WHERE position = ?1");
  if (!heard) return base::pass(heard.error());
  std::int64_t low = 0, high = last;  // low: heard before; high + 1: not, or beyond the end
  while (low < high) {
    const auto middle = low + (high - low + 1) / 2;
    auto at = number(heard->bind(middle));
    if (!at) return at;
    if (*at < before_ms)
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

struct Begin {
  std::int64_t segment = 1, after = 0;  // number of the new one, last position archived
  archive::LogChain chain = archive::log_chain_start();
};

base::Result<Begin> begin_of(sqlite::Db& db) {
  Begin begin;
  auto last =
      db.try_prepare("SELECT number, last, chain FROM archive ORDER BY number DESC LIMIT 1");
  if (!last) return base::pass(last.error());
  auto row = last->step();
  if (!row) return base::pass(row.error());
  if (!*row) return begin;
  begin.segment = last->integer(0) + 1;
  begin.after = last->integer(1);
  if (archive::read_chain(last->blob(2), begin.chain)) return begin;
  return base::fail(Fault::corrupt, "archive: segment " + std::to_string(last->integer(0)) +
                                        " has no chain. Restore the newest backup");
}

base::Result<std::int64_t> boundary(sqlite::Db& db, const RetentionWish& wish) {
  auto newest = db.try_prepare("SELECT coalesce(max(position), 0) FROM events");
  if (!newest) return base::pass(newest.error());
  const auto last = number(*newest);
  if (!last) return last;
  std::int64_t to = 0;
  if (wish.keep_days > 0) {
    const auto old = heard_before(db, *last, wish.now_ms - wish.keep_days * kDayMs);
    if (!old) return old;
    to = *old;
  }
  if (wish.keep_events > 0) to = std::max(to, *last - wish.keep_events);
  return std::min(to, wish.backed_up);
}

}  // namespace

base::Result<std::optional<SegmentMade>> make_segment(const RetentionWish& wish) {
  using None = std::optional<SegmentMade>;
  auto db = sqlite::Db::open(wish.db_path, {.read_only = true});
  if (!db) return base::pass(db.error());
  if (auto ok = db->begin(); !ok) return base::pass(ok.error());
  const auto begin = begin_of(*db);
  if (!begin) return base::pass(begin.error());
  const auto to = boundary(*db, wish);
  if (!to) return base::pass(to.error());
  if (*to - begin->after < wish.events_least) return None{};
  archive::Writer writer(begin->segment, begin->chain);
  auto rows = db->try_prepare(
      "SELECT position, time_ms, heard_ms, body FROM events WHERE position > ?1 AND position <= ?2 "
      "ORDER BY position");
  if (!rows) return base::pass(rows.error());
  rows->bind(begin->after, *to);
  while (!writer.full()) {
    auto row = rows->step();
    if (!row) return base::pass(row.error());
    if (!*row) break;
    writer.add({rows->integer(0), rows->integer(1), rows->integer(2), rows->blob(3)});
  }
  rows->reset();
  db->rollback();
  if (writer.rows() == 0) return None{};
  auto made = writer.finish(wish.now_ms);
  if (!made) return base::pass(made.error());
  const std::string folder = store::archive_folder(wish.db_path);
  if (auto ok = runtime::make_folder(folder); !ok) return base::pass(ok.error());
  SegmentMade out{.number = made->header.number,
                  .first = made->header.first,
                  .last = made->header.last,
                  .bytes = static_cast<std::int64_t>(made->file.size()),
                  .made_ms = wish.now_ms,
                  .file = archive::file_name(made->header),
                  .chain = base::to_hex(made->header.chain),
                  .sha256 = made->header.sha256};
  const std::string path = folder + "/" + out.file;
  if (auto ok = runtime::write_file(path, made->file); !ok) return base::pass(ok.error());
  if (auto ok = runtime::sync_folder(folder); !ok) return base::pass(ok.error());
  // Read back from the file before anybody lets go of the rows.
  auto segment = archive::Segment::open(path);
  if (!segment) return base::pass(segment.error());
  if (auto ok = segment->verify(); !ok) return base::pass(ok.error());
  return None{std::move(out)};
}

}  // namespace dockline::server::keeping
