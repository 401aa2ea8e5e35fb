// Stations, devices, exceptions, outbox, imports and the summary for the API.
#include <algorithm>
#include <limits>

#include "server/exceptions/kinds.hpp"
#include "server/fleet/fleet.hpp"
#include "server/store/reader_impl.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

constexpr std::int64_t kNoBound = std::numeric_limits<std::int64_t>::max();

DeviceRow device_row(const Statement& s) {
  return {s.str(0), s.str(1), s.str(2), s.str(3), s.str(4), s.str(5), s.integer(6)};
}

ImportRow import_row(const Statement& s, std::string& fingerprint) {
  ImportRow row;
  row.id = s.str(0);
  row.kind = s.str(1);
  row.file = s.str(2);
  row.state = s.str(3);
  row.problem = s.str(4);
  row.started_ms = s.integer(5);
  row.ended_ms = s.integer(6);
  row.lines = s.integer(7);
  row.done = s.integer(8);
  row.changes = s.integer(9);
  fingerprint = s.str(10);
  return row;
}

}  // namespace

base::Result<std::vector<DeviceRow>> Reader::devices() {
  return impl_->look([&] {
    std::vector<DeviceRow> out;
    impl_->devices.each([&](const Statement& s) { out.push_back(device_row(s)); });
    return out;
  });
}

base::Result<std::vector<StationRow>> Reader::stations(std::int64_t now_ms) {
  return impl_->look([&] {
    std::vector<StationRow> out;
    impl_->stations.each([&](const Statement& s) {
      StationRow row;
      row.site = s.str(0);
      row.station = s.str(1);
      row.status = s.str(2);
      row.heard_ms = s.integer(3);
      row.silent = row.status != "up" || fleet::silent(row.heard_ms, now_ms);
      row.computer = s.text(5).empty() ? s.str(4) : s.str(4) + " " + s.str(5);
      row.last = s.integer(6);
      row.oldest_ms = s.integer(7);
      row.acked = s.integer(8);
      row.clock_offset_ms = s.integer(9);
      out.push_back(std::move(row));
    });
    for (auto& row : out) {
      row.through = impl_->last_through.integer(row.site, row.station).value_or(0);
      row.last = std::max(row.last, row.through);
      row.waiting = row.last - row.through;
      if (row.waiting == 0) row.oldest_ms = 0;
      const auto sent = impl_->down_last.integer(row.site, row.station).value_or(0);
      row.down_waiting = std::max<std::int64_t>(0, sent - row.acked);
      row.parked = impl_->parked.integer(row.site, row.station).value_or(0);
      row.leases = impl_->leases.integer(row.site, row.station).value_or(0);
    }
    impl_->devices.each([&](const Statement& s) {
      for (auto& row : out) {
        if (row.site == s.text(0) && row.station == s.text(1)) row.devices.push_back(device_row(s));
      }
    });
    return out;
  });
}

base::Result<Page<ExceptionRow>> Reader::exceptions(const std::string& state,
                                                    const std::string& after, std::int64_t limit,
                                                    std::int64_t skip, const std::string& kind) {
  const auto from = after_number(after);
  if (!from) return base::pass(bad_after(after));
  const std::int64_t below = *from == 0 ? kNoBound : *from;
  limit = bounded(limit);
  return impl_->look([&] {
    Page<ExceptionRow> page;
    std::int64_t last = 0;
    impl_->exception_page.each(
        [&](const Statement& s) {
          last = s.integer(0);
          ExceptionRow row;
          row.id = s.str(1);
          row.kind = s.str(2);
          row.subject = s.str(3);
          row.what = s.str(4);
          row.context = s.str(5);
          row.proposed = s.str(6);
          row.raised_ms = s.integer(7);
          row.resolved_ms = s.maybe_integer(8);
          row.action = s.str(9);
          row.by = s.str(10);
          for (const auto action : exceptions::kind(row.kind).actions) {
            row.actions.emplace_back(action);
          }
          page.items.push_back(std::move(row));
        },
        state, below, limit, skip, kind);
    if (static_cast<std::int64_t>(page.items.size()) == limit) page.next = std::to_string(last);
    page.total = impl_->exception_total.integer(state, kind).value_or(0);
    return page;
  });
}

base::Result<Page<OutboxRow>> Reader::outbox(const std::string& after, std::int64_t limit) {
  const auto from = after_number(after);
  if (!from) return base::pass(bad_after(after));
  limit = bounded(limit);
  return impl_->look([&] {
    Page<OutboxRow> page;
    impl_->outbox_page.each(
        [&](const Statement& s) {
          OutboxRow row;
          row.id = s.integer(0);
          row.channel = s.str(1);
          row.kind = s.str(2);
          row.subject = s.str(3);
          row.state = s.str(4);
          row.attempts = s.integer(5);
          row.created_ms = s.integer(6);
          row.next_ms = s.integer(7);
          row.caused_ms = s.integer(8);
          row.express = s.integer(9) != 0;
          row.payload_json = s.str(10);
          row.last_error = s.str(11);
          page.items.push_back(std::move(row));
        },
        *from, limit);
    if (static_cast<std::int64_t>(page.items.size()) == limit) {
      page.next = std::to_string(page.items.back().id);
    }
    page.total = impl_->outbox_total.integer().value_or(0);
    return page;
  });
}

base::Result<std::vector<ChannelRow>> Reader::channels() {
  return impl_->look([&] {
    std::vector<ChannelRow> out;
    impl_->channels.each([&](const Statement& s) {
      out.push_back({s.str(0), s.integer(1), s.integer(2), s.integer(3), s.integer(4)});
    });
    return out;
  });
}

ImportRow Reader::Impl::with_counts(ImportRow row, const std::string& fingerprint) {
  import_counts.each(
      [&](const Statement& s) {
        const auto outcome = s.text(0);
        const auto n = s.integer(1);
        if (outcome == "order") row.orders = n;
        if (outcome == "cancellation") row.cancellations = n;
        if (outcome == "adjustment") row.adjustments = n;
        if (outcome == "item") row.items = n;
        if (outcome == "exception") row.exceptions = n;
      },
      fingerprint);
  row.order_count = import_orders.integer(fingerprint).value_or(0);
  return row;
}

base::Result<std::optional<ImportRow>> Reader::import(const std::string& id) {
  return impl_->look([&] {
    std::string fingerprint;
    auto row =
        impl_->import_one.one([&](const Statement& s) { return import_row(s, fingerprint); }, id);
    if (row) row = impl_->with_counts(std::move(*row), fingerprint);
    return row;
  });
}

base::Result<std::vector<ImportRow>> Reader::imports() {
  return impl_->look([&] {
    std::vector<std::pair<ImportRow, std::string>> found;
    impl_->import_all.each([&](const Statement& s) {
      std::string fingerprint;
      auto row = import_row(s, fingerprint);
      found.emplace_back(std::move(row), std::move(fingerprint));
    });
    std::vector<ImportRow> out;
    for (auto& [row, fingerprint] : found) {
      out.push_back(impl_->with_counts(std::move(row), fingerprint));
    }
    return out;
  });
}

base::Result<Page<ImportLineRow>> Reader::import_rows(const std::string& id,
                                                      const std::string& outcome,
                                                      std::int64_t after, std::int64_t limit) {
  limit = bounded(limit);
  return impl_->look([&] {
    Page<ImportLineRow> page;
    impl_->import_rows.each(
        [&](const Statement& s) {
          page.items.push_back({s.integer(0), s.str(1), s.str(2), s.str(3)});
        },
        id, outcome, after, limit);
    if (static_cast<std::int64_t>(page.items.size()) == limit) {
      page.next = std::to_string(page.items.back().row);
    }
    page.total = impl_->import_rows_total.integer(id, outcome).value_or(0);
    return page;
  });
}

base::Result<Summary> Reader::summary(std::int64_t now_ms) {
  auto all = stations(now_ms);
  if (!all) return base::pass(all.error());
  return impl_->look([&] {
    Summary sum;
    impl_->states.each([&](const Statement& s) {
      const auto state = s.text(0);
      const auto n = s.integer(1);
      sum.total += n;
      if (state == "open") sum.open = n;
      if (state == "backordered") sum.backordered = n;
      if (state == "allocated") sum.allocated = n;
      if (state == "released") sum.released = n;
      if (state == "packed") sum.packed = n;
      if (state == "shipped") sum.shipped = n;
      if (state == "delivered") sum.delivered = n;
      if (state == "returned") sum.returned = n;
      if (state == "cancelled") sum.cancelled = n;
    });
    impl_->sums.each([&](const Statement& s) {
      sum.exceptions_open = s.integer(0);
      sum.outbox_waiting = s.integer(1);
      sum.outbox_oldest_ms = s.integer(2);
      sum.outbox_dead = s.integer(3);
      sum.items = s.integer(4);
      sum.events = s.integer(5);
      sum.last_change_ms = s.integer(6);
    });
    for (const auto& station : *all) {
      ++sum.stations_total;
      if (!station.silent) ++sum.stations_heard;
      sum.waiting += station.waiting;
    }
    return sum;
  });
}

}  // namespace dockline::server::store
