// An order in work that is given again, perhaps with other lines: customers change orders while
// they are packed, and after a fork or a take-back by force the server grants anew.
#include <algorithm>

#include "agent/station/station_scan.hpp"

namespace dockline::agent::station {
namespace {

domain::Quantity wanted(const Order& order, std::int64_t number) {
  for (const auto& l : order.lines) {
    if (l.line == number) return l.quantity;
  }
  return 0;
}

}  // namespace

// Pieces in the box whose line is gone can be scanned out like all others: their line stays, and
// wants nothing.
base::Status Station::keep_removed(const std::vector<domain::WorkLine>& before, Books& books) {
  for (auto& c : s_.counts) {
    const auto is_it = [&](const domain::WorkLine& l) { return l.line == c.line; };
    const auto have = std::find_if(order_->lines.begin(), order_->lines.end(), is_it);
    if (have != order_->lines.end()) {
      c.sku = have->sku;
      continue;
    }
    if (c.packed == 0) continue;
    domain::WorkLine gone;
    if (const auto known = std::find_if(before.begin(), before.end(), is_it);
        known != before.end()) {
      gone = *known;
    } else {
      auto item = books.item(c.sku);
      if (!item) return base::pass(item.error());
      if (*item)
        gone = std::move(**item);
      else
        gone.title = c.sku;
    }
    gone.line = c.line;
    gone.sku = c.sku;
    gone.quantity = 0;
    order_->lines.push_back(std::move(gone));
  }
  return {};
}

// What is not wanted any more is not missing either.
void Station::fit_shorts(Effects& fx) {
  for (auto& c : s_.counts) {
    const auto room = std::max<domain::Quantity>(wanted(*order_, c.line) - c.packed, 0);
    if (c.missing <= room) continue;
    fact(wire::ShortNoted{order_->order, order_->work, c.line, c.sku, room - c.missing}, fx);
    c.missing = room;
    std::erase_if(s_.undo, [&](const UndoStep& step) {
      return step.kind == UndoStep::Kind::shorted && step.parts.front().line == c.line;
    });
  }
}

bool Station::too_much_in_box() const {
  return std::any_of(s_.counts.begin(), s_.counts.end(),
                     [&](const Count& c) { return c.packed > wanted(*order_, c.line); });
}

base::Status Station::granted(base::Instant now, const Order& order, Books& books, Effects& fx) {
  if (!order_ || s_.lease != order.work.lease || s_.phase == Phase::closed) return {};
  const std::vector<domain::WorkLine> before = std::move(order_->lines);
  order_ = order;
  if (auto ok = keep_removed(before, books); !ok) return ok;
  if (auto ok = look_for_box(books); !ok) return ok;
  if (s_.phase == Phase::taking_out) return {};
  fit_shorts(fx);
  if (too_much_in_box()) {  // as after a cancellation: out with it, and the order begins anew
    start_taking_out(now, "changed", fx);
    return {};
  }
  s_.hand = {};  // it named lines that may be others now
  s_.near_line = 0;
  if (s_.asking == Asking::short_line) s_.asking = Asking::nothing;
  if (s_.phase == Phase::label || totals().packed + totals().missing > 0) after_change(now, fx);
  return {};
}

}  // namespace dockline::agent::station
