// Backups, parked facts, archive segments and the head of the log for the API.
#include "server/store/reader_impl.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

ParkedRow parked_row(const Statement& s) {
  ParkedRow row;
  row.id = s.integer(0);
  row.site = s.str(1);
  row.station = s.str(2);
  row.inc = s.str(3);
  row.seq = s.integer(4);
  row.heard_ms = s.integer(5);
  row.why = s.str(6);
  row.state = s.str(7);
  row.tries = s.integer(8);
  row.tried_ms = s.integer(9);
  row.position = s.integer(10);
  row.size = s.integer(11);
  return row;
}

}  // namespace

base::Result<std::vector<BackupRow>> Reader::backups() {
  return impl_->look([&] {
    std::vector<BackupRow> out;
    impl_->backups.each([&](const Statement& s) {
      out.push_back({.made_ms = s.integer(0),
                     .position = s.integer(1),
                     .bytes = s.integer(2),
                     .took_ms = s.integer(3),
                     .file = s.str(4),
                     .state = s.str(5),
                     .problem = s.str(6)});
    });
    return out;
  });
}

base::Result<Page<ParkedRow>> Reader::parked(const std::string& state, const std::string& station,
                                             std::int64_t after, std::int64_t limit) {
  limit = bounded(limit);
  return impl_->look([&] {
    Page<ParkedRow> page;
    impl_->parked_page.each([&](const Statement& s) { page.items.push_back(parked_row(s)); }, state,
                            station, after, limit);
    if (static_cast<std::int64_t>(page.items.size()) == limit) {
      page.next = std::to_string(page.items.back().id);
    }
    page.total = impl_->parked_total.integer(state, station).value_or(0);
    return page;
  });
}

base::Result<std::optional<ParkedRow>> Reader::parked_fact(std::int64_t id) {
  return impl_->look([&] {
    return impl_->parked_one.one(
        [](const Statement& s) {
          auto row = parked_row(s);
          row.bytes = std::string(s.blob(12));
          return row;
        },
        id);
  });
}

base::Result<std::vector<SegmentRow>> Reader::segments() {
  return impl_->look([&] {
    std::vector<SegmentRow> out;
    impl_->segments.each([&](const Statement& s) {
      out.push_back({.number = s.integer(0),
                     .first = s.integer(1),
                     .last = s.integer(2),
                     .cut = s.integer(3),
                     .bytes = s.integer(4),
                     .made_ms = s.integer(5),
                     .file = s.str(6),
                     .sha256 = s.str(7)});
    });
    return out;
  });
}

base::Result<HeadRow> Reader::log_head() {
  return impl_->look([&] {
    return impl_->head
        .one([](const Statement& s) {
          return HeadRow{s.integer(0), s.integer(1), base::to_hex(s.blob(2))};
        })
        .value_or(HeadRow{});
  });
}

}  // namespace dockline::server::store
