// The label of the order: printed, asked about, scanned.
#include <algorithm>

#include "agent/station/barcode.hpp"
#include "agent/station/station_scan.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::agent::station {

using firmware::DeviceKind;
using firmware::DeviceState;

std::optional<Verdict> Station::on_label_code(Scan& scan) {
  const auto fits = [&](const domain::ShippingLabel& label) {
    return is_label({label.tracking, label.sscc}, scan.in.code, scan.in.symbology);
  };
  JournalOut out;
  if (s_.phase == Phase::label) {
    if (fits(order_->label)) {
      journal_.scanned(scan.now, order_->work.lease, out);
      take(scan.now, std::move(out), scan.fx);
      close(scan.now, scan.fx);
      return verdict::kClosed;
    }
    if (looks_like_label(scan.in.code, scan.in.symbology)) {
      return refuse(scan.now, "wrong-label",
                    {{"code", base::printable(scan.in.code, 40)}, {"number", order_->number}},
                    scan.fx);
    }
    return std::nullopt;
  }
  const Job* last = journal_.newest(s_.last_label);  // a copy printed after closing
  if (last == nullptr || !fits(last->label)) return std::nullopt;
  if (is_final(last->state)) {
    sound("tock", scan.fx);
    return verdict::kLabel;
  }
  const std::string number = last->number;
  journal_.scanned(scan.now, s_.last_label, out);
  take(scan.now, std::move(out), scan.fx);
  act(scan.now, "label_scanned", {{"number", number}});
  sound("tick", scan.fx);
  return verdict::kLabel;
}

// Orders that go in one parcel have one label: it is on the box when the second is packed, and is
// scanned there instead of printed once more.
base::Status Station::look_for_box(Books& books) {
  auto found = books.box_under(order_->label.tracking, order_->work.lease);
  if (!found) return base::pass(found.error());
  box_of_ = std::move(*found);
  return {};
}

// Taken away and given again an order has another label: a sheet of the old one is none of its, and
// its number is refused at the scan.
void Station::want_label(base::Instant now, Effects& fx) {
  const Job* have = job();
  const bool ours = have != nullptr && have->label.tracking == order_->label.tracking;
  if (ours && have->state != JobState::voided) return;
  if (box_of_ && !ours) {
    JournalOut out;
    if (have != nullptr) {
      journal_.cancel(now, order_->work.lease, "the order has another label", out);
    }
    return take(now, std::move(out), fx);
  }
  JournalOut out;
  if (have != nullptr && !ours) {
    journal_.cancel(now, order_->work.lease, "the order has another label", out);
  }
  journal_.want(
      now, {order_->work.lease, order_->order, order_->number, order_->label, pick_printer("")},
      out);
  take(now, std::move(out), fx);
}

// The preferred printer that is ready; else the preferred one: the job waits for it.
std::string Station::pick_printer(std::string_view except) const {
  std::string fallback;
  for (const auto& name : bench_.printers) {
    if (name == except) continue;
    if (fallback.empty()) fallback = name;
    for (const auto& d : devices_) {
      if (d.name == name && d.kind == DeviceKind::printer && d.state == DeviceState::ready) {
        return name;
      }
    }
  }
  return fallback;
}

void Station::answer_no(base::Instant now, Effects& fx) {
  const Job* have = job();
  const bool asked = have != nullptr && (have->state == JobState::unknown ||
                                         have->state == JobState::confirmed || have->late);
  if (!asked) {
    static_cast<void>(refuse(now, "not-now", {{"command", "NO"}}, fx));
    return;
  }
  JournalOut out;
  journal_.none_came(now, order_->work.lease, out);
  take(now, std::move(out), fx);
  sound("tick", fx);
}

void Station::other_printer(base::Instant now, Effects& fx) {
  const Job* have = job();
  const std::string other = have == nullptr ? "" : pick_printer(have->printer);
  if (have == nullptr || is_final(have->state) || have->state == JobState::confirmed ||
      other.empty()) {
    static_cast<void>(refuse(now, "not-now", {{"command", "OTHER"}}, fx));
    return;
  }
  JournalOut out;
  journal_.use_other(now, order_->work.lease, other, out);
  take(now, std::move(out), fx);
  sound("tick", fx);
}

void Station::reprint(base::Instant now, Effects& fx) {
  const bool of_order = s_.phase == Phase::label;
  const std::string which = of_order ? order_->work.lease : s_.last_label;
  const Job* have = journal_.newest(which);
  const bool lost =
      of_order && box_of_ && (have == nullptr || have->label.tracking != order_->label.tracking);
  if (lost) {  // the box's label is not to be found: a sheet of its own, under the same number
    box_of_.reset();
    act(now, "reprinted", {{"number", order_->number}});
    want_label(now, fx);
    sound("tick", fx);
    return;
  }
  const bool possible = have != nullptr && s_.phase != Phase::packing &&
                        s_.phase != Phase::taking_out &&
                        (is_final(have->state) || have->state == JobState::confirmed ||
                         have->state == JobState::unknown || have->late);
  if (!possible) {
    static_cast<void>(refuse(now, "not-now", {{"command", "REPRINT"}}, fx));
    return;
  }
  act(now, "reprinted", {{"number", have->number}});
  JournalOut out;
  journal_.reprint(now, which, out);
  take(now, std::move(out), fx);
  sound("tick", fx);
}

void Station::print(base::Instant now, const firmware::PrintReport& report, Effects& fx) {
  const auto face = [&]() -> std::pair<JobState, bool> {
    const Job* j = s_.phase == Phase::label ? job() : nullptr;
    if (j == nullptr) return {JobState::voided, false};
    return {j->state, j->trouble != DeviceState::ready};
  };
  const auto before = face();
  JournalOut out;
  journal_.report(now, report, out);
  take(now, std::move(out), fx);
  const auto after = face();
  if (after == before || s_.phase != Phase::label) return;
  if (after.second && !before.second)
    sound("hm", fx);
  else if (after.first == JobState::confirmed && before.first != after.first)
    sound("tick", fx);
}

// Journal rows become facts and device effects; a question that arises is heard.
void Station::take(base::Instant, JournalOut&& out, Effects& fx) {
  for (const auto& j : out.changed) {
    wire::LabelChanged changed{
        j.order,          j.job,        j.attempt,   std::string(name(j.state)),
        j.label.tracking, std::nullopt, std::nullopt};
    if (!j.printer.empty()) changed.printer = j.printer;
    if (!j.evidence.empty()) changed.evidence = j.evidence;
    fx.emplace_back(RecordFact{std::move(changed), j.order});
    const bool in_work = s_.phase == Phase::label && order_ && order_->order == j.order;
    if (in_work && tone_of(s_.moment.id) < Tone::wait) s_.moment = {};
    if (in_work && j.state == JobState::unknown) sound("hm", fx);
  }
  for (auto& effect : out.effects) {
    std::visit([&](auto& e) { fx.emplace_back(std::move(e)); }, effect);
  }
}

}  // namespace dockline::agent::station
