// Counting a shelf: the office doubts how many pieces of an article lie there. Between two orders
// the packer scans COUNT, then each piece of it, and CONFIRM when none is left. Other work comes
// first: a count that is left is asked for again, and begun anew.
#include <algorithm>

#include "agent/station/barcode.hpp"
#include "agent/station/station_scan.hpp"
#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::agent::station {

base::Status Station::begin_count(base::Instant now, Books& books, Effects& fx) {
  if (s_.phase == Phase::counting) {
    sound("tock", fx);
    return {};
  }
  if (s_.phase != Phase::idle && s_.phase != Phase::closed) {
    static_cast<void>(refuse(now, "not-now", {{"command", "COUNT"}}, fx));
    return {};
  }
  if (outbox_ != Outbox::open) {
    static_cast<void>(refuse(now, "outbox-full", {}, fx));
    return {};
  }
  auto task = books.next_count();
  if (!task) return base::pass(task.error());
  if (!*task) {
    static_cast<void>(refuse(now, "no-count", {}, fx));
    return {};
  }
  order_.reset();  // one that was just closed
  s_.order.clear();
  s_.lease.clear();
  s_.counts.clear();
  s_.undo.clear();
  task_ = std::move(**task);
  s_.task = task_->task;
  s_.tally = 0;
  s_.phase = Phase::counting;
  act(now, "count_opened", {{"title", task_->title}});
  sound("tick", fx);
  return {};
}

// After a restart, or a new state from the server, in which the task may be gone.
base::Status Station::resume_count(Books& books) {
  auto task = books.count_task(s_.task);
  if (!task) return base::pass(task.error());
  task_ = std::move(*task);
  if (task_) return {};
  forget_count();
  moment("count-gone", {{"title", ""}});
  return {};
}

// 0: this code is not of the article that is counted.
domain::Quantity Station::pieces_of_task(const Scan& scan) const {
  const std::string key = item_key(scan.in.code, scan.in.symbology);
  for (const auto& barcode : task_->barcodes) {
    if (item_key(barcode.code) == key) return std::max<domain::Quantity>(barcode.pieces, 1);
  }
  return equal_ignoring_case(scan.in.code, task_->sku) ? 1 : 0;
}

Station::Outcome Station::on_shelf_piece(Scan& scan) {
  const auto pieces = pieces_of_task(scan) * scan.times;
  constexpr auto kMost = base::limits::kLineQuantityMax;
  if (pieces > kMost - s_.tally) return refuse(scan.now, "qty-limit", {{"max", kMost}}, scan.fx);
  s_.tally += pieces;
  moment("count-piece", {{"title", task_->title}, {"n", s_.tally}, {"back", std::int64_t{0}}});
  const auto action = act(scan.now, "tallied", {{"title", task_->title}, {"n", s_.tally}});
  push_undo({UndoStep::Kind::tallied, action, {{0, pieces}}});
  sound("tick", scan.fx);
  return verdict::kCounted;
}

void Station::untally(const UndoStep& step) {
  for (const auto& part : step.parts) s_.tally -= part.quantity;
  moment("count-piece", {{"title", task_->title}, {"n", s_.tally}, {"back", std::int64_t{1}}});
}

// An empty shelf is said twice: CONFIRM before any piece was scanned may be a slip.
void Station::end_count(base::Instant now, bool sure, Effects& fx) {
  if (s_.tally == 0 && !sure) {
    s_.asking = Asking::none_there;
    moment("count-zero", {{"title", task_->title}, {"bin", task_->bin.value_or("")}});
    sound("hm", fx);
    return;
  }
  wire::StockCounted counted;
  counted.site = bench_.site;
  counted.sku = task_->sku;
  counted.counted = s_.tally;
  if (!PLANT("count-without-its-task")) counted.task = task_->task;
  counted.bin = task_->bin;
  counted.by = bench_.name;
  fx.emplace_back(RecordFact{std::move(counted), task_->sku});
  if (!PLANT("counted-task-stays")) fx.emplace_back(CountAnswered{task_->task});
  const Params what{{"title", task_->title}, {"n", s_.tally}};
  leave_count(now, "");
  act(now, "count_closed", what);
  moment("count-done", what);
  sound("done", fx);
}

void Station::forget_count() {
  task_.reset();
  s_.task.clear();
  s_.tally = 0;
  s_.undo.clear();
  s_.asking = Asking::nothing;
  s_.quantity_open = false;
  s_.quantity_digits.clear();
  s_.phase = Phase::idle;
}

// `kind`: why it was left, for the screen; empty: it is done.
void Station::leave_count(base::Instant now, std::string_view kind) {
  const Params what{{"title", task_->title}};
  forget_count();
  if (kind.empty()) return;
  act(now, "count_" + std::string(kind), what, kind == "gone");
  moment("count-" + std::string(kind), what);
}

// Counted at the desk meanwhile, or nobody wants to know any more.
void Station::count_dropped(base::Instant now, const wire::CountDropped& fact, Effects& fx) {
  if (s_.phase != Phase::counting || s_.task != fact.task) return;
  leave_count(now, "gone");
  sound("hm", fx);
}

}  // namespace dockline::agent::station
