#include "agent/app/snapshot_swap.hpp"

#include <algorithm>

#include "agent/app/impl.hpp"
#include "shared/base/plant.hpp"

namespace dockline::agent {
namespace {

using base::Result;
using base::Status;
using station::JobState;
using station::Phase;
using station::WorkState;

// How far a sheet is known to have come: what is known of more stands.
int rank(JobState state) {
  switch (state) {
    case JobState::wanted:
      return 0;
    case JobState::sending:
      return 1;
    case JobState::sent:
      return 2;
    case JobState::unknown:
      return 3;
    case JobState::confirmed:
      return 4;
    case JobState::applied:
    case JobState::voided:
      return 5;
  }
  return 0;
}

std::vector<station::Count> without_empty(std::vector<station::Count> counts) {
  std::erase_if(counts, [](const auto& c) { return c.packed == 0 && c.missing == 0; });
  std::ranges::sort(counts, {}, &station::Count::line);
  return counts;
}

bool packed(const std::vector<station::Count>& counts) {
  return std::ranges::any_of(counts, [](const auto& c) { return c.packed > 0; });
}

}  // namespace

Result<sync::Stage> StationApp::Impl::Swap::load() { return impl->store->snapshot().load(); }
Status StationApp::Impl::Swap::stage(const sync::Stage& stage, std::string_view piece) {
  impl->view_changed = true;
  return impl->store->snapshot().stage(stage, piece);
}
Status StationApp::Impl::Swap::clear() { return impl->store->snapshot().clear(); }

Result<bool> StationApp::Impl::Swap::swap(base::Instant at) {
  if (PLANT("snapshot-in-two-transactions")) return true;  // at the next rest
  auto done = impl->take_snapshot(at);
  if (!done) return done;
  if (auto ok = clear(); !ok) return base::pass(ok.error());
  return done;
}

// False: it cannot be used. Facts that were acknowledged and deleted here after its cut are in
// neither: a newer one is needed.
Result<bool> StationApp::Impl::take_snapshot(base::Instant at) {
  const auto first = store->snapshot().first_line();
  if (!first) return base::pass(first.error());
  const auto header = snapshot_header(*first);
  if (!header) {
    trouble("poison", "a snapshot of the server has no header this program knows");
    return false;
  }
  sync::Seq through = 0;
  for (const auto& [inc, seq] : header->up) {
    if (inc == sender->inc()) through = seq;
  }
  if (through < sender->base().through) return false;
  Told told;
  if (auto ok = store->snapshot().clear_items(); !ok) return base::pass(ok.error());
  bool is_header = true;
  const auto take = [&](std::string_view line) {
    return std::exchange(is_header, false) ? Status{} : take_line(at, line, told);
  };
  if (auto ok = store->snapshot().each_line(take); !ok) return base::pass(ok.error());
  if (auto ok = add_own_rows(through, told.own); !ok) return base::pass(ok.error());
  for (const auto& sheet : station->take_changed_sheets()) {
    if (auto ok = store->put_sheet(sheet); !ok) return base::pass(ok.error());
  }
  for (const auto& lease : told.leases) {
    if (auto ok = settle_sheets(lease, told.own.sheets(lease)); !ok) return base::pass(ok.error());
  }
  if (auto ok = settle_counts(told); !ok) return base::pass(ok.error());
  station::State machine = station->state();
  if (auto ok = settle_work(at, told, machine); !ok) return base::pass(ok.error());
  if (auto ok = rebuild_station(at, std::move(machine)); !ok) return base::pass(ok.error());
  for (const auto& fact : told.revoked) {
    if (auto ok = station->revoked(at, fact, *store, pending); !ok) return base::pass(ok.error());
    if (auto ok = carry_out(); !ok) return base::pass(ok.error());
  }
  view_changed = true;
  return true;
}

Status StationApp::Impl::take_line(base::Instant at, std::string_view line, Told& told) {
  auto event = wire::decode(line);
  if (!event) {
    trouble("poison", "a line of a snapshot of the server: " + event.error().detail);
    return store->park(line, event.error().detail, at.wall_ms);
  }
  if (event->source == "/" + settings.site + "/" + settings.station) {
    told.own.fold(*event);
  } else if (auto* revoked = std::get_if<wire::LeaseRevoked>(&event->data)) {
    told.revoked.push_back(std::move(*revoked));  // when the state is whole
  } else {
    if (const auto* census = std::get_if<wire::LeaseCensus>(&event->data)) {
      told.known_epoch = census->epoch;
    }
    const auto* granted = std::get_if<wire::LeaseGranted>(&event->data);
    if (granted != nullptr) {
      if (granted->holder.value_or(sender->inc()) != sender->inc()) return {};  // see settle_work()
      told.leases.insert(granted->work.lease);
    }
    if (const auto* asked = std::get_if<wire::CountAsked>(&event->data)) {
      told.counts.insert(asked->task);
    }
    auto done = apply(at, {line, "", 0});
    if (!done) return base::pass(done.error());
  }
  return {};
}

// What the server did not have when it made the snapshot.
Status StationApp::Impl::add_own_rows(sync::Seq through, OwnFacts& own) {
  return store->up().read(through + 1, sender->last(), [&](const sync::OutRow& row) {
    if (const auto event = wire::decode(row.bytes)) own.fold(*event);
    return true;
  });
}

// Sheets that this disk knows less of than the server: an old image. Where the end is not known a
// person is asked, and never another label printed.
Status StationApp::Impl::settle_sheets(const std::string& lease, const Sheets& sheets) {
  if (sheets.empty()) return {};
  const auto work = store->work(lease);
  if (!work) return base::pass(work.error());
  const auto known = store->sheets(lease);
  if (!known) return base::pass(known.error());
  for (const auto& [attempt, sheet] : sheets) {
    auto state = station::job_state(sheet.state);
    if (!state || !*work) continue;
    const auto own = std::ranges::find(*known, attempt, &station::Job::attempt);
    if (own != known->end() && rank(own->state) >= rank(*state)) continue;
    station::Job job = own != known->end() ? *own : station::Job{};
    job.job = lease;
    job.attempt = attempt;
    job.order = (*work)->order.order;
    job.number = (*work)->order.number;
    job.label = (*work)->order.label;
    // Printed before the order was given again under another label.
    if (job.label.tracking != sheet.tracking) job.label = {sheet.tracking, {}, {}, {}};
    job.state = rank(*state) < rank(JobState::unknown) ? JobState::unknown : *state;
    job.printer = sheet.printer;
    job.evidence = sheet.evidence;
    if (job.wanted_ms == 0) job.wanted_ms = sheet.at_ms;
    if (job.state == JobState::confirmed) job.confirmed_ms = sheet.at_ms;
    if (job.state == JobState::applied) job.applied_ms = sheet.at_ms;
    if (auto ok = store->put_sheet(job); !ok) return ok;
  }
  return {};
}

// What the server does not ask is asked no more: an old image may still have it. What was answered
// after the snapshot's cut is not asked again.
Status StationApp::Impl::settle_counts(const Told& told) {
  auto keep = told.counts;
  keep.insert(told.own.answered().begin(), told.own.answered().end());
  if (auto ok = store->counts().keep_only(keep); !ok) return ok;
  for (const auto& task : told.own.answered()) {
    if (auto ok = store->counts().answered(task); !ok) return ok;
  }
  return {};
}

// Every order at this bench: as the server and own facts have it.
Status StationApp::Impl::settle_work(base::Instant at, const Told& told, station::State& machine) {
  const auto all = store->snapshot().leases();
  if (!all) return base::pass(all.error());
  for (const auto& lease : *all) {
    const auto work = store->work(lease);
    if (!work) return base::pass(work.error());
    if (!*work) continue;
    const bool in_hand = machine.lease == lease && machine.phase != Phase::idle;
    const bool in_force = told.leases.contains(lease);
    if (!in_force && told.known_epoch && (*work)->order.work.epoch > *told.known_epoch) continue;
    const Progress& progress = told.own.of(lease, (*work)->order.work.epoch);
    const auto counts = progress.list();
    if (in_hand && (machine.phase == Phase::closed || machine.phase == Phase::taking_out ||
                    (in_force && progress.state == WorkState::open &&
                     counts == without_empty(machine.counts)))) {
      continue;  // the screen says what is so
    }
    const auto before = in_hand ? machine.counts : (*work)->counts;
    if (in_hand) leave_order(machine);
    Status ok;
    if (in_force) {
      const bool held = progress.state == WorkState::open && !counts.empty();
      ok = store->save_work({lease, held ? WorkState::held : progress.state, counts}, at.wall_ms);
    } else if ((*work)->state == WorkState::done || (*work)->state == WorkState::revoked) {
      continue;
    } else if (packed(before)) {  // its box stands somewhere: emptied when it is scanned again
      ok = store->save_work({lease, WorkState::revoked, before}, at.wall_ms);
    } else {
      ok = store->drop_work(lease);
    }
    if (!ok) return ok;
  }
  return {};
}

void StationApp::Impl::leave_order(station::State& machine) {
  machine.phase = Phase::idle;
  machine.order.clear();
  machine.lease.clear();
  machine.counts.clear();
  machine.undo.clear();
  machine.asking = station::Asking::nothing;
  machine.other_lease.clear();
  machine.quantity_open = false;
  machine.quantity_digits.clear();
  machine.hand = {};
  machine.moment = {};
  machine.near_line = machine.hot_line = 0;
}

Status StationApp::Impl::rebuild_station(base::Instant at, station::State machine) {
  auto sheets = store->live_sheets(machine.last_label, "");
  if (!sheets) return base::pass(sheets.error());
  station.emplace(bench(), std::move(machine), std::move(*sheets));
  if (auto ok = station->restart(at, *store, false, pending); !ok) return ok;
  station->know_devices(at, process.devices);
  return {};
}

}  // namespace dockline::agent
