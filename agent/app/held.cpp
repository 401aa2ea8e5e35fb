// What this station holds, told to the server; what it believes it moved, compared with the server
// (PROTOCOL.md sections 8, 9, 11, 14).
#include <algorithm>

#include "agent/app/impl.hpp"
#include "shared/ledger/ledger.hpp"
#include "shared/wire/event.hpp"

namespace dockline::agent {
namespace {

using base::Status;

constexpr std::int64_t kDigestEveryMs = 300'000;
constexpr std::int64_t kDigestAtLeastMs = 3'600'000;
constexpr std::size_t kHeldMax = 10'000;       // leases named in one answer
constexpr std::size_t kPartBytes = 40 * 1024;  // of a fact's 64 KiB
constexpr std::size_t kListingLinesMax = 1'000, kListingPartLines = 250;

}  // namespace

std::pair<std::string, std::int64_t> StationApp::Impl::down_cursor() const {
  const auto* row = receiver->newest();
  if (row == nullptr) return {};
  return {row->inc, static_cast<std::int64_t>(row->cursor.through)};
}

// An incarnation of the up stream begins: the mirror begins with it, and its first fact says what
// is at the bench.
Status StationApp::Impl::begin_stream(std::string_view reason) {
  if (mirror_inc == sender->inc()) return {};
  mirror_inc = sender->inc();
  if (auto ok = store->mirror().begin(mirror_inc); !ok) return ok;
  return say_held(reason, nullptr, down_cursor());
}

Status StationApp::Impl::say_held(std::string_view reason, const wire::LeaseCensus* census,
                                  const std::pair<std::string, std::int64_t>& down) {
  const auto rows = store->held(kHeldMax);
  if (!rows) return base::pass(rows.error());
  wire::LeaseHeld fact;
  if (census != nullptr) fact.census = census->census;
  fact.reason = reason;
  fact.process = sync::to_text(sync::Process{process.boot, process.nonce});
  fact.down_inc = down.first;
  fact.down = down.second;
  std::vector<wire::LeaseHeld> parts{fact};
  std::size_t bytes = 0;
  for (const auto& row : *rows) {
    const bool lost = census != nullptr && row.epoch > census->epoch;  // by the server
    if (row.state == "done" && !lost) continue;
    wire::HeldLease held{row.order, {row.lease, row.epoch}, row.state, std::nullopt};
    std::size_t size = 200;
    if (lost) {
      auto order = store->order_of(row.lease);
      if (!order) return base::pass(order.error());
      if (*order) {
        size += wire::data_json(**order).size();
        if (size < kPartBytes) held.grant = std::move(**order);
      }
    }
    if (bytes + size > kPartBytes && bytes > 0) {
      parts.push_back(fact);
      bytes = 0;
    }
    bytes += size;
    parts.back().held.push_back(std::move(held));
  }
  std::int64_t part = 0;
  for (auto& one : parts) {
    one.part = ++part;
    one.parts = static_cast<std::int64_t>(parts.size());
    pending.emplace_back(station::RecordFact{std::move(one), ""});
  }
  return {};
}

// ---------------------------------------------------------------- the mirror
Status StationApp::Impl::mirror_fact(const wire::EventData& data) {
  const auto move = [&](std::string_view sku, domain::Quantity pieces) -> Status {
    auto& mirror = store->mirror();
    if (auto ok = mirror.add(sku, ledger::shelf(settings.site), -pieces); !ok) return ok;
    return mirror.add(sku, ledger::packed(settings.site), pieces);
  };
  if (const auto* closed = std::get_if<wire::PackClosed>(&data)) {
    for (const auto& line : closed->lines) {
      if (line.packed < 1) continue;
      if (auto ok = move(line.sku, line.packed); !ok) return ok;
    }
  } else if (std::holds_alternative<wire::PackReopened>(data) && station->order()) {
    for (const auto& line : station->order()->lines) {
      if (auto ok = move(line.sku, -station->count_of(line.line).packed); !ok) return ok;
    }
  }
  return {};
}

Status StationApp::Impl::say_digest() {
  if (now.mono_ms < digest_at_ms) return {};
  digest_at_ms = now.mono_ms + kDigestEveryMs;
  if (!process.link_up || sender->state() != sync::Sender::State::streaming) return {};
  auto& mirror = store->mirror();
  if (!mirror.changed() && now.mono_ms - digest_said_ms < kDigestAtLeastMs) return {};
  const auto sums = mirror.sums();
  if (!sums) return base::pass(sums.error());
  const auto entries = mirror.entries();
  if (!entries) return base::pass(entries.error());
  static_cast<void>(mirror.take_changed());
  digest_said_ms = now.mono_ms;
  const auto [inc, through] = down_cursor();
  pending.emplace_back(
      station::RecordFact{wire::SyncDigest{inc, through, *entries, ledger::to_text(*sums)}, ""});
  return {};
}

Status StationApp::Impl::say_listing(const wire::SyncQuery& query,
                                     const std::pair<std::string, std::int64_t>& down) {
  auto lines = store->mirror().lines(query.bucket, kListingLinesMax + 1);
  if (!lines) return base::pass(lines.error());
  wire::SyncListing fact;
  fact.query = query.query;
  fact.bucket = query.bucket;
  fact.down_inc = down.first;
  fact.down = down.second;
  fact.cut = lines->size() > kListingLinesMax;
  if (fact.cut) lines->resize(kListingLinesMax);
  const std::size_t parts =
      std::max<std::size_t>(1, (lines->size() + kListingPartLines - 1) / kListingPartLines);
  fact.parts = static_cast<std::int64_t>(parts);
  for (std::size_t part = 0; part < parts; ++part) {
    auto one = fact;
    one.part = static_cast<std::int64_t>(part) + 1;
    const auto end = std::min(lines->size(), (part + 1) * kListingPartLines);
    for (auto at = part * kListingPartLines; at < end; ++at) one.lines.push_back((*lines)[at]);
    pending.emplace_back(station::RecordFact{std::move(one), ""});
  }
  return {};
}

// Pieces are added, never a figure written over another. Where leases differ in truth, not only
// in the sum of them, the server is told which are held and puts it right lease by lease.
Status StationApp::Impl::correct(const wire::SyncCorrected& fact,
                                 const std::pair<std::string, std::int64_t>& down) {
  if (fact.side != "station" || fact.site != settings.site || fact.station != settings.station) {
    return {};
  }
  auto& mirror = store->mirror();
  if (fact.sku.empty()) return mirror.recount();
  if (fact.place != ledger::kLeased) return mirror.add(fact.sku, fact.place, fact.change);
  const auto own = store->leased(fact.sku);
  if (!own) return base::pass(own.error());
  const auto row = mirror.quantity(fact.sku, fact.place);
  if (!row) return base::pass(row.error());
  if (auto ok = mirror.add(fact.sku, fact.place, *own - *row); !ok) return ok;
  return *own == fact.believed ? Status{} : say_held("differs", nullptr, down);
}

// ---------------------------------------------------------------- facts of the server
base::Result<bool> StationApp::Impl::take_own(const wire::EventData& data,
                                              const sync::FactView& fact) {
  const std::pair<std::string, std::int64_t> down{std::string(fact.inc),
                                                  static_cast<std::int64_t>(fact.seq)};
  Status ok;
  if (const auto* census = std::get_if<wire::LeaseCensus>(&data)) {
    ok = say_held("census", census, down);
  } else if (const auto* query = std::get_if<wire::SyncQuery>(&data)) {
    ok = say_listing(*query, down);
  } else if (const auto* corrected = std::get_if<wire::SyncCorrected>(&data)) {
    ok = correct(*corrected, down);
  } else {
    return false;
  }
  if (!ok) return base::pass(ok.error());
  return true;
}

}  // namespace dockline::agent
