#include "server/app/divergence.hpp"

#include <algorithm>
#include <utility>

#include "server/app/projector.hpp"
#include "shared/ledger/ledger.hpp"

namespace dockline::server {
namespace {

constexpr std::size_t kAsksPerDigest = 4;
constexpr std::int64_t kAskAgainMs = 600'000;  // an answer that never came
constexpr std::size_t kListingsMax = 64;       // under way in memory
constexpr std::size_t kListingLinesMax = 1'000;

}  // namespace

store::MirrorState Divergence::state_of(const store::At& at) {
  return mirror_.state(at).value_or(store::MirrorState{});
}

void Divergence::on_kept(const wire::Event& event, std::int64_t position, std::int64_t now_ms) {
  now_ms_ = now_ms;
  if (const auto* fixed = std::get_if<wire::SyncCorrected>(&event.data)) {
    if (fixed->side == "server") {
      mirror_.add({fixed->site, fixed->station}, fixed->sku, fixed->place, fixed->change);
    }
    return;
  }
  if (const auto* adopted = std::get_if<wire::LeaseAdopted>(&event.data)) {
    const store::At at{adopted->site, adopted->station};
    std::vector<store::MirrorLine> lines;
    for (const auto& line : adopted->lines) lines.push_back({line.sku, line.quantity, 0});
    const auto row = mirror_.lease(at, adopted->work.lease);
    if (state_of(at).inc == adopted->holder && !(row && row->epoch >= adopted->work.epoch)) {
      put_lease(at, adopted->work, {adopted->work.epoch, adopted->holder, 0, false}, lines);
      count(at, adopted->work.lease, true);
    }
    return;
  }
  const auto from = parse_source(event.source);
  if (from.site.empty()) return;
  const store::At at{from.site, from.station};
  if (const auto* held = std::get_if<wire::LeaseHeld>(&event.data)) {
    if ((held->reason != "start" && held->reason != "fork") || held->part > 1) return;
    auto state = state_of(at);
    mirror_.reset(at, event.dlinc);
    state.inc = event.dlinc;
    state.begun = position;
    mirror_.put(at, state);
    // What was granted to it already is on its way: it comes after this fact.
    for (const auto& lease : mirror_.leases(at)) {
      const auto row = mirror_.lease(at, lease);
      for (const auto& line : mirror_.lines(at, lease)) {
        mirror_.touch(at, line.sku, ledger::kLeased, row->seq);
      }
      count(at, lease, true);
    }
    return;
  }
  std::visit(
      [&](const auto& data) {
        if constexpr (requires { on(at, data); }) {
          // Another computer under the same name has a mirror of its own: it is not this one.
          if (state_of(at).inc == event.dlinc) on(at, data);
        }
      },
      event.data);
}

// ---------------------------------------------------------------- the mirror
void Divergence::count(const store::At& at, const std::string& lease, bool counted) {
  auto row = mirror_.lease(at, lease);
  if (!row || row->counted == counted) return;
  for (const auto& line : mirror_.lines(at, lease)) {
    mirror_.add(at, line.sku, ledger::kLeased, counted ? line.leased : -line.leased);
  }
  row->counted = counted;
  mirror_.put(at, lease, *row);
}

void Divergence::on(const store::At& at, const wire::PackClosed& data) {
  const std::string& lease = data.work.lease;
  for (const auto& old : mirror_.ended(at, lease)) mirror_.drop(at, old);
  mirror_.clear_packed(at, lease);
  for (const auto& line : data.lines) {
    if (line.packed < 1) continue;
    mirror_.add(at, line.sku, ledger::shelf(at.site), -line.packed);
    mirror_.add(at, line.sku, ledger::packed(at.site), line.packed);
    mirror_.add_line(at, lease, {line.sku, 0, line.packed});
  }
  const auto row = mirror_.lease(at, lease);
  if (!row) {
    mirror_.put(at, lease,
                {data.work.epoch, state_of(at).inc, 0, false});  // its box may be opened again
  } else if (row->epoch == data.work.epoch) {
    count(at, lease, false);
  }
}

void Divergence::on(const store::At& at, const wire::PackReopened& data) {
  const std::string& lease = data.work.lease;
  for (const auto& line : mirror_.lines(at, lease)) {
    mirror_.add(at, line.sku, ledger::shelf(at.site), line.packed);
    mirror_.add(at, line.sku, ledger::packed(at.site), -line.packed);
  }
  mirror_.clear_packed(at, lease);
  const auto row = mirror_.lease(at, lease);
  if (row && row->epoch == data.work.epoch) count(at, lease, true);
}

void Divergence::on(const store::At& at, const wire::LeaseReturned& data) {
  forget_lease(at, data.work.lease, data.work.epoch);
}

void Divergence::forget_lease(const store::At& at, const std::string& lease, std::int64_t epoch) {
  const auto row = mirror_.lease(at, lease);
  if (!row || row->epoch != epoch) return;
  count(at, lease, false);
  mirror_.drop(at, lease);
}

void Divergence::on_told(const store::At& at, const wire::EventData& data,
                         const std::string& down_inc, std::int64_t seq) {
  const auto* grant = std::get_if<wire::LeaseGranted>(&data);
  if (grant == nullptr) return;
  auto state = state_of(at);
  if (state.down_inc != down_inc) {
    state.down_inc = down_inc;
    mirror_.put(at, state);
    mirror_.touch_all(at, seq);
  }
  const std::string& lease = grant->work.lease;
  for (const auto& line : mirror_.lines(at, lease)) {
    if (line.leased != 0) mirror_.touch(at, line.sku, ledger::kLeased, seq);
  }
  std::vector<store::MirrorLine> lines;
  for (const auto& line : grant->lines) {
    lines.push_back({line.sku, line.quantity, 0});
    mirror_.touch(at, line.sku, ledger::kLeased, seq);
  }
  const std::string holder = grant->holder.value_or(state.inc);
  put_lease(at, grant->work, {grant->work.epoch, holder, seq, false}, lines);
  // Another computer's is not taken by the one whose mirror this is.
  if (holder == state.inc) count(at, lease, true);
}

// Replaces the row of a lease. What its last box held stays: that box may be opened again.
void Divergence::put_lease(const store::At& at, const domain::LeaseRef& work,
                           const store::MirrorLease& row,
                           const std::vector<store::MirrorLine>& lines) {
  count(at, work.lease, false);
  const auto before = mirror_.lines(at, work.lease);
  mirror_.drop(at, work.lease);
  for (const auto& line : lines) mirror_.add_line(at, work.lease, line);
  for (const auto& line : before) {
    if (line.packed != 0) mirror_.add_line(at, work.lease, {line.sku, 0, line.packed});
  }
  mirror_.put(at, work.lease, row);
}

void Divergence::on_down_forked(const store::At& at, const std::string& down_inc,
                                std::int64_t last) {
  auto state = state_of(at);
  if (state.down_inc == down_inc) return;
  state.down_inc = down_inc;
  mirror_.put(at, state);
  mirror_.touch_all(at, last);
}

// ---------------------------------------------------------------- the comparison
void Divergence::on(const store::At& at, const wire::SyncDigest& data) {
  auto state = state_of(at);
  const auto there = ledger::mirror_sums(data.sums);
  if (!there || (!state.down_inc.empty() && data.down_inc != state.down_inc)) return;
  ledger::MirrorSums left = *there;
  std::vector<std::int64_t> differ;
  for (const auto& bucket : mirror_.buckets(at)) {
    const auto n = static_cast<std::size_t>(bucket.bucket);
    const std::uint64_t said = std::exchange(left[n], 0);
    if (bucket.touched > data.down) {
      // It does not know yet what it was told: nothing can be said. After many times in a row this
      // waits for a digest of a quiet moment like the first time, and the count shows it.
      if (said != bucket.sum) mirror_.set_skips(at, bucket.bucket, bucket.skips + 1);
      continue;
    }
    if (bucket.skips != 0) mirror_.set_skips(at, bucket.bucket, 0);
    if (said != bucket.sum) differ.push_back(bucket.bucket);
  }
  for (std::size_t n = 0; n < left.size(); ++n) {
    if (left[n] != 0) differ.push_back(static_cast<std::int64_t>(n));
  }
  state.compared_ms = now_ms_;
  if (!differ.empty()) state.differed_ms = now_ms_;
  mirror_.put(at, state);
  std::size_t asked = 0;
  for (const auto bucket : differ) {
    if (asked == kAsksPerDigest) break;
    if (mirror_.is_asked(at, bucket, now_ms_ - kAskAgainMs)) continue;
    asks_.push_back({std::string(at.site), std::string(at.station), bucket});
    ++asked;
  }
}

void Divergence::on(const store::At& at, const wire::SyncListing& data) {
  if (parts_.size() >= kListingsMax && !parts_.contains(data.query)) parts_.clear();
  auto& lines = parts_[data.query];
  if (data.part <= 1) lines.clear();
  if (lines.size() + data.lines.size() > kListingLinesMax) return;
  lines.insert(lines.end(), data.lines.begin(), data.lines.end());
  if (data.part < data.parts) return;
  const auto all = std::move(lines);
  parts_.erase(data.query);
  const auto state = state_of(at);
  if (!mirror_.answered(data.query) || data.cut) return;
  if (!state.down_inc.empty() && data.down_inc != state.down_inc) return;
  for (const auto& bucket : mirror_.buckets(at)) {
    if (bucket.bucket == data.bucket && bucket.touched > data.down) return;  // the next digest
  }
  std::map<std::pair<std::string, std::string>, std::pair<domain::Quantity, domain::Quantity>> both;
  for (const auto& row : mirror_.rows(at, data.bucket)) {
    both[{row.sku, row.place}].first = row.quantity;
  }
  for (const auto& line : all) both[{line.sku, line.place}].second = line.quantity;
  const bool equal = std::all_of(both.begin(), both.end(), [](const auto& one) {
    return one.second.first == one.second.second;
  });
  // The same lines and different sums: one of the sums is not that of its lines.
  if (equal && !mirror_.recount(at, data.bucket)) {
    differences_.push_back(
        {data.query, std::string(at.site), std::string(at.station), "", "", 0, 0, state.begun});
  }
  for (const auto& [key, value] : both) {
    if (value.first == value.second) continue;
    differences_.push_back({data.query, std::string(at.site), std::string(at.station), key.first,
                            key.second, value.first, value.second, state.begun});
  }
}

std::vector<Divergence::Ask> Divergence::take_asks() { return std::exchange(asks_, {}); }
std::vector<Divergence::Difference> Divergence::take_differences() {
  return std::exchange(differences_, {});
}

}  // namespace dockline::server
