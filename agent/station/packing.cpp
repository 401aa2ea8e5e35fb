// Pieces: counted in, refused, noted short, taken out of a cancelled box.
#include <algorithm>

#include "agent/rules/near_match.hpp"
#include "agent/rules/quantity_limit.hpp"
#include "agent/station/barcode.hpp"
#include "agent/station/lines.hpp"
#include "agent/station/station_scan.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/check.hpp"
#include "shared/base/plant.hpp"

namespace dockline::agent::station {

// Lines of the order that this code names: by one of their barcodes, or by the SKU itself. All
// hits of one code count the same number of pieces; the first line's barcode says how many.
std::vector<std::size_t> Station::matching_lines(const Scan& scan, domain::Quantity& pieces) const {
  const std::string key = item_key(scan.in.code, scan.in.symbology);
  std::vector<std::size_t> out;
  const auto& lines = order_->lines;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    domain::Quantity hit = equal_ignoring_case(scan.in.code, lines[i].sku) ? 1 : 0;
    for (const auto& barcode : lines[i].barcodes) {
      if (item_key(barcode.code) != key) continue;
      hit = PLANT("case-counts-as-one") ? 1 : barcode.pieces;
    }
    if (hit <= 0) continue;
    if (out.empty()) pieces = hit;
    if (hit == pieces) out.push_back(i);
  }
  return out;
}

Station::Outcome Station::on_item_of_order(Scan& scan, domain::Quantity pieces,
                                           const std::vector<std::size_t>& lines) {
  domain::Quantity room = 0;
  for (const auto i : lines) {
    const auto& l = order_->lines[i];
    const auto c = count_of(l.line);
    room += l.quantity - c.packed - c.missing;
  }
  const auto& first = order_->lines[lines.front()];
  const auto refused = judge_lot(scan, pieces, first);
  if (!refused) return base::pass(refused.error());
  if (*refused) return **refused;
  if (pieces > room) {
    return refuse(scan.now, "too-many",
                  {{"title", first.title},
                   {"sku", first.sku},
                   {"bin", first.bin.value_or("")},
                   {"pieces", pieces},
                   {"room", room}},
                  scan.fx);
  }
  UndoStep step{UndoStep::Kind::counted, 0, {}};
  domain::Quantity left = pieces;
  for (const auto i : lines) {
    const auto& l = order_->lines[i];
    auto& c = count_ref(l.line);
    const auto take = std::min(left, l.quantity - c.packed - c.missing);
    if (take <= 0) continue;
    c.packed += take;
    left -= take;
    if (scan.lot) put_lot(c, *scan.lot, take);
    step.parts.push_back({l.line, take, scan.lot});
    fact(wire::ItemCounted{order_->order, order_->work, l.line, l.sku, take,
                           scan.typed() ? std::string() : base::printable(scan.in.code), scan.lot},
         scan.fx);
  }
  CHECK(left == 0);
  const auto& touched = line(step.parts.back().line);
  const auto n = count_of(touched.line).packed;
  s_.hot_line = touched.line;
  moment("item-accepted", {{"title", touched.title},
                           {"sku", touched.sku},
                           {"n", n},
                           {"of", touched.quantity},
                           {"pieces", pieces},
                           {"to_go", totals().to_go()}});
  step.action =
      act(scan.now, "counted", {{"title", touched.title}, {"n", n}, {"of", touched.quantity}});
  push_undo(std::move(step));
  sound("tick", scan.fx);
  after_change(scan.now, scan.fx);
  return verdict::kCounted;
}

Station::Outcome Station::on_foreign_item(Scan& scan, const ItemHit& item) {
  if (s_.phase == Phase::taking_out) {
    act(scan.now, "refused", {{"what", item.title}}, true);
    sound("nope", scan.fx);
    return verdict::kWrongItem;
  }
  std::vector<rules::Candidate> wanted;
  std::vector<std::int64_t> numbers;
  for (const auto* l : open_lines(*this)) {
    wanted.push_back({l->sku, l->title});
    numbers.push_back(l->line);
  }
  Params p{{"title", item.title}, {"sku", item.sku}, {"bin", item.bin.value_or("")}};
  const auto near = rules::near_match({item.sku, item.title}, wanted);
  const auto out = refuse(scan.now, "wrong-item", p, scan.fx);
  std::string need_title, need_bin;
  if (near) {
    const auto& need = line(numbers[*near]);
    s_.near_line = need.line;
    s_.hand = {"pair", std::move(p)};
    need_title = need.title;
    need_bin = need.bin.value_or("");
  }
  s_.moment.p.emplace_back("need_title", std::move(need_title));
  s_.moment.p.emplace_back("need_bin", std::move(need_bin));
  return out;
}

Station::Outcome Station::take_out(Scan& scan, domain::Quantity pieces,
                                   const std::vector<std::size_t>& lines) {
  scan.lot = lot_in(scan.in.code, scan.in.symbology, scan.now.wall_ms + clock_ahead_ms_);
  for (const auto i : lines) {
    const auto& l = order_->lines[i];
    auto& c = count_ref(l.line);
    if (c.packed < pieces) continue;
    const auto lot = lot_out(c, scan.lot, pieces);
    if (!lot) continue;
    c.packed -= pieces;
    if (*lot) take_lot(c, **lot, pieces);
    fact(wire::ItemUncounted{order_->order, order_->work, l.line, l.sku, pieces, *lot}, scan.fx);
    s_.hot_line = l.line;
    if (totals().packed > 0) {
      sound("tick", scan.fx);
      return verdict::kTakenOut;
    }
    const std::string number = order_->number;
    give_back(scan.now, "revoked", scan.fx);
    moment("all-out", {{"number", number}});
    sound("done", scan.fx);
    return verdict::kTakenOut;
  }
  act(scan.now, "refused", {{"what", order_->lines[lines.front()].title}}, true);
  sound("nope", scan.fx);
  return verdict::kTooMany;
}

void Station::note_short(base::Instant now, int digit, Effects& fx) {
  const auto open = open_lines(*this);
  if (digit < 1 || static_cast<std::size_t>(digit) > std::min<std::size_t>(open.size(), 9)) {
    s_.asking = Asking::short_line;
    act(now, "refused", {{"what", std::to_string(digit)}}, true);
    sound("nope", fx);
    return;
  }
  const auto& l = *open[static_cast<std::size_t>(digit - 1)];
  s_.asking = Asking::nothing;
  auto& c = count_ref(l.line);
  const auto room = l.quantity - c.packed - c.missing;
  const auto typed = rules::quantity_limit(s_.quantity_digits);
  const auto pieces = std::clamp<domain::Quantity>(typed, 1, room);
  s_.quantity_digits.clear();
  c.missing += pieces;
  fact(wire::ShortNoted{order_->order, order_->work, l.line, l.sku, pieces}, fx);
  s_.hot_line = l.line;
  const auto action =
      act(now, "shorted", {{"title", l.title}, {"n", c.missing}, {"of", l.quantity}});
  push_undo({UndoStep::Kind::shorted, action, {{l.line, pieces}}});
  moment("short-noted",
         {{"title", l.title}, {"sku", l.sku}, {"pieces", pieces}, {"to_go", totals().to_go()}});
  sound("tick", fx);
  after_change(now, fx);
}

// All pieces in or missing: the label is next. Nothing in the box at all: the order goes back.
void Station::after_change(base::Instant now, Effects& fx) {
  const auto sum = totals();
  if (sum.to_go() > 0) {
    s_.phase = Phase::packing;
    return;
  }
  if (sum.packed == 0) {
    const std::string number = order_->number;
    give_back(now, "short", fx);
    moment("given-back", {{"number", number}});
    return;
  }
  s_.phase = Phase::label;
  if (tone_of(s_.moment.id) < Tone::wait) s_.moment = {};  // the ladder says more
  want_label(now, fx);
}

Count& Station::count_ref(std::int64_t number) {
  for (auto& c : s_.counts) {
    if (c.line == number) return c;
  }
  return s_.counts.emplace_back(Count{number, 0, 0, line(number).sku});
}

}  // namespace dockline::agent::station
