// An order's life at the bench: opened, held, closed, opened again, cancelled, given back.
#include <algorithm>

#include "agent/station/station_scan.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::agent::station {
namespace {

std::int64_t local_day(base::Instant now, std::int64_t utc_offset_ms) {
  return (now.wall_ms + utc_offset_ms) / 86'400'000;
}

}  // namespace

base::Status Station::open(base::Instant now, const Work& work, Books& books, Effects& fx) {
  auto sheets = books.sheets(work.order.work.lease);
  if (!sheets) return base::pass(sheets.error());
  journal_.adopt(std::move(*sheets));
  order_ = work.order;
  s_.order = work.order.order;
  s_.lease = work.order.work.lease;
  s_.counts = work.counts;
  s_.undo.clear();
  s_.phase = Phase::packing;
  if (auto ok = keep_removed({}, books); !ok) return ok;
  if (auto ok = look_for_box(books); !ok) return ok;
  if (work.state == WorkState::revoked) {
    start_taking_out(now, "cancelled", fx);
    return {};
  }
  fact(wire::PackOpened{order_->order, order_->work}, fx);
  fit_shorts(fx);
  if (too_much_in_box()) {  // given again while its box stood aside
    start_taking_out(now, "changed", fx);
    return {};
  }
  const auto action = act(now, "opened", {{"number", order_->number}});
  push_undo({UndoStep::Kind::opened, action, {}});
  moment("order-open", {{"number", order_->number},
                        {"pieces", totals().to_go()},
                        {"carrier", order_->label.carrier},
                        {"due_ms", order_->due_ms.value_or(0)}});
  sound("tick", fx);
  if (totals().to_go() == 0) after_change(now, fx);
  return {};
}

void Station::leave(Effects& fx, WorkState state) {
  if (PLANT("hold-loses-counts")) s_.counts.clear();
  fx.emplace_back(SaveWork{s_.lease, state, s_.counts});
  order_.reset();
  s_.order.clear();
  s_.lease.clear();
  s_.counts.clear();
  s_.undo.clear();
  s_.phase = Phase::idle;
}

void Station::hold(base::Instant now, Effects& fx, bool loud) {
  fact(wire::PackHeld{order_->order, order_->work}, fx);
  const std::string number = order_->number;
  const bool touched = totals().packed + totals().missing > 0;
  leave(fx, touched ? WorkState::held : WorkState::open);
  if (!loud) return;
  act(now, "held", {{"number", number}});
  moment("held", {{"number", number}});
  sound("tick", fx);
}

base::Status Station::other_order_answer(base::Instant now, bool switch_over, Books& books,
                                         Effects& fx) {
  const std::string other = s_.other_lease;
  s_.other_lease.clear();
  if (!switch_over) {
    sound("tick", fx);
    return {};
  }
  auto work = books.work(other);
  if (!work) return base::pass(work.error());
  if (*work && !may_begin(**work)) {
    static_cast<void>(refuse(now, "outbox-full", {}, fx));
    return {};
  }
  hold(now, fx, true);
  if (!*work || (*work)->state == WorkState::done) return {};
  return open(now, **work, books, fx);
}

void Station::problem(base::Instant now, Effects& fx) {
  wire::ProblemNoted noted;
  noted.about = s_.phase == Phase::taking_out ? "cancelled"
                : s_.phase == Phase::label    ? "label"
                : s_.phase == Phase::packing  ? "packing"
                : s_.phase == Phase::counting ? "counting"
                                              : "idle";
  if (!before_.id.empty()) noted.about = before_.id;
  for (const auto& [key, value] : before_.p) {
    if (key == "code") noted.barcode = std::get<std::string>(value);
  }
  if (!order_) {
    fact(std::move(noted), fx);
    if (s_.phase == Phase::counting) leave_count(now, "left");
    act(now, "problem", {});
    moment("problem");
    sound("tick", fx);
    return;
  }
  noted.order = order_->order;
  noted.work = order_->work;
  const std::string number = order_->number;
  fact(std::move(noted), fx);
  if (s_.phase == Phase::taking_out) {
    give_back(now, "revoked", fx);
  } else if (s_.phase != Phase::closed) {
    hold(now, fx, false);
  }
  act(now, "problem", {{"number", number}});
  moment("problem", {{"number", number}});
  sound("tick", fx);
}

// The label on the box was scanned.
void Station::close(base::Instant now, Effects& fx) {
  wire::PackClosed closed{order_->order, order_->work, {}, order_->label};
  for (const auto& l : order_->lines) {
    const auto c = count_of(l.line);
    auto& packed = closed.lines.emplace_back(wire::PackedLine{l.line, l.sku, c.packed, c.missing});
    if (!c.lots.empty()) packed.lots = c.lots;
  }
  fact(std::move(closed), fx);
  act(now, "label_scanned", {{"number", order_->number}});
  const auto action = act(now, "closed", {{"number", order_->number}});
  push_undo({UndoStep::Kind::closed, action, {}});
  s_.phase = Phase::closed;
  fx.emplace_back(SaveWork{s_.lease, WorkState::done, s_.counts});
  s_.last_label = order_->work.lease;
  const auto day = local_day(now, bench_.utc_offset_ms);
  if (day != s_.closed_day) s_.closed_today = 0;
  s_.closed_day = day;
  ++s_.closed_today;
  moment("order-closed", {{"number", order_->number}, {"carrier", order_->label.carrier}});
  sound("done", fx);
}

void Station::undo(base::Instant now, Effects& fx) {
  if (s_.undo.empty() || s_.phase == Phase::idle || s_.phase == Phase::taking_out) {
    static_cast<void>(refuse(now, "nothing-to-undo", {}, fx));
    return;
  }
  const UndoStep step = s_.undo.back();
  s_.undo.pop_back();
  std::erase_if(s_.actions, [&](const Action& a) { return a.id == step.action; });
  switch (step.kind) {
    case UndoStep::Kind::opened:
      hold(now, fx, false);
      break;
    case UndoStep::Kind::counted:
    case UndoStep::Kind::shorted:
      for (const auto& part : step.parts) {
        const auto& l = line(part.line);
        auto& c = count_ref(part.line);
        s_.hot_line = part.line;
        if (step.kind == UndoStep::Kind::counted) {
          if (!PLANT("undo-not-undone")) c.packed -= part.quantity;
          if (part.lot) take_lot(c, *part.lot, part.quantity);
          fact(wire::ItemUncounted{order_->order, order_->work, l.line, l.sku, part.quantity,
                                   part.lot},
               fx);
        } else {
          c.missing -= part.quantity;
          fact(wire::ShortNoted{order_->order, order_->work, l.line, l.sku, -part.quantity}, fx);
        }
        moment(
            "taken-back",
            {{"title", l.title}, {"n", c.packed}, {"of", l.quantity}, {"to_go", totals().to_go()}});
      }
      s_.phase = Phase::packing;
      break;
    case UndoStep::Kind::tallied:
      untally(step);
      break;
    case UndoStep::Kind::closed:
      fact(wire::PackReopened{order_->order, order_->work}, fx);
      fx.emplace_back(SaveWork{s_.lease, WorkState::held, s_.counts});
      if (s_.closed_today > 0) --s_.closed_today;
      s_.phase = Phase::label;
      break;
  }
  sound("tick", fx);
}

base::Status Station::undo_action(base::Instant now, std::int64_t action, Books&, Effects& fx) {
  begin_input(now, "");
  if (refuse_for_room(now, fx)) return {};
  if (s_.undo.empty() || s_.undo.back().action != action) return {};
  s_.asking = Asking::nothing;
  s_.quantity_open = false;
  undo(now, fx);
  return {};
}

void Station::start_taking_out(base::Instant now, std::string_view reason, Effects& fx) {
  JournalOut out;
  journal_.cancel(now, order_->work.lease, "order cancelled", out);
  take(now, std::move(out), fx);
  s_.phase = Phase::taking_out;
  s_.asking = Asking::nothing;
  s_.quantity_open = false;
  s_.moment = {};
  s_.hand = {};
  s_.restarted = false;
  s_.cancel_reason = reason;
  s_.cancelled_ms = now.wall_ms;
  s_.undo.clear();
  act(now, "cancelled", {{"number", order_->number}}, true);
  stop_due_mono_ms_ = now.mono_ms + base::limits::kStopRepeatMs;
  sound("stop", fx);
}

void Station::give_back(base::Instant now, std::string_view reason, Effects& fx) {
  JournalOut out;
  journal_.cancel(now, order_->work.lease, "order given back", out);
  take(now, std::move(out), fx);
  fact(wire::LeaseReturned{order_->order, order_->work, std::string(reason)}, fx);
  const std::string lease = s_.lease;
  leave(fx, WorkState::revoked);
  fx.emplace_back(DropWork{lease});
}

base::Status Station::revoked(base::Instant now, const wire::LeaseRevoked& fact_in, Books& books,
                              Effects& fx) {
  if (order_ && s_.lease == fact_in.work.lease && s_.phase != Phase::closed) {
    if (fact_in.work.epoch < order_->work.epoch || s_.phase == Phase::taking_out) return {};
    if (totals().packed > 0) {
      start_taking_out(now, fact_in.reason, fx);
      return {};
    }
    const std::string number = order_->number;
    give_back(now, "revoked", fx);
    act(now, "cancelled", {{"number", number}}, true);
    moment("given-back", {{"number", number}});
    sound("hm", fx);
    return {};
  }
  if (order_ && s_.lease == fact_in.work.lease) return {};  // closed already: the server decides
  auto work = books.work(fact_in.work.lease);
  if (!work) return base::pass(work.error());
  if (!*work || (*work)->state == WorkState::done || (*work)->state == WorkState::revoked ||
      fact_in.work.epoch < (*work)->order.work.epoch) {
    return {};
  }
  if (s_.other_lease == fact_in.work.lease) {
    s_.other_lease.clear();
    s_.asking = Asking::nothing;
  }
  const bool packed = std::any_of((*work)->counts.begin(), (*work)->counts.end(),
                                  [](const Count& c) { return c.packed > 0; });
  if (packed) {  // its box stands somewhere: emptied when the order is scanned again
    fx.emplace_back(SaveWork{fact_in.work.lease, WorkState::revoked, (*work)->counts});
    act(now, "cancelled", {{"number", (*work)->order.number}}, true);
    sound("hm", fx);
    return {};
  }
  fx.emplace_back(RecordFact{wire::LeaseReturned{fact_in.order, (*work)->order.work, "revoked"},
                             fact_in.order});
  fx.emplace_back(DropWork{fact_in.work.lease});
  return {};
}

}  // namespace dockline::agent::station
