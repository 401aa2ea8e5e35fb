#include "agent/station/station.hpp"

#include <algorithm>
#include <array>

#include "agent/rules/quantity_limit.hpp"
#include "agent/station/barcode.hpp"
#include "agent/station/station_scan.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/check.hpp"
#include "shared/base/limits.hpp"

namespace dockline::agent::station {
namespace {

using firmware::DeviceKind;
using firmware::DeviceState;
namespace limits = base::limits;

struct ToneRow {
  std::string_view id;
  Tone tone;
};
constexpr std::array<ToneRow, 46> kTones{
    {{"idle", Tone::next},         {"order-open", Tone::next},   {"item-accepted", Tone::ok},
     {"wrong-item", Tone::stop},   {"too-many", Tone::stop},     {"unknown-barcode", Tone::stop},
     {"scan-refused", Tone::stop}, {"order-done", Tone::stop},   {"wrong-label", Tone::stop},
     {"doubled-scan", Tone::wait}, {"not-now", Tone::wait},      {"nothing-to-undo", Tone::wait},
     {"short", Tone::ask},         {"short-noted", Tone::ok},    {"qty", Tone::ask},
     {"qty-limit", Tone::stop},    {"no-order", Tone::ask},      {"other-order", Tone::ask},
     {"taken-back", Tone::ok},     {"held", Tone::ok},           {"problem", Tone::ok},
     {"all-out", Tone::ok},        {"given-back", Tone::ask},    {"printing", Tone::wait},
     {"label-scan", Tone::next},   {"label-unknown", Tone::ask}, {"printer-paper", Tone::ask},
     {"scanner-lost", Tone::ask},  {"offline-3d", Tone::next},   {"cancelled", Tone::stop},
     {"order-closed", Tone::ok},   {"store-full", Tone::stop},   {"not-set-up", Tone::ask},
     {"outbox-full", Tone::stop},  {"count-open", Tone::next},   {"count-piece", Tone::ok},
     {"count-other", Tone::stop},  {"count-zero", Tone::ask},    {"count-done", Tone::ok},
     {"count-left", Tone::ok},     {"count-gone", Tone::ask},    {"no-count", Tone::wait},
     {"expired", Tone::stop},      {"serial-again", Tone::stop}, {"lot-needed", Tone::stop},
     {"serial-each", Tone::stop}}};

}  // namespace

Tone tone_of(std::string_view banner_id) {
  for (const auto& row : kTones) {
    if (row.id == banner_id) return row.tone;
  }
  return Tone::next;  // restarted, help and the calm ones
}

Station::Station(Bench bench, State state, std::vector<Job> jobs)
    : bench_(std::move(bench)), s_(std::move(state)) {
  journal_.load(std::move(jobs));
  for (const auto& name : bench_.scanners) devices_.push_back({name, DeviceKind::scanner});
  for (const auto& name : bench_.printers) devices_.push_back({name, DeviceKind::printer});
}

base::Status Station::restart(base::Instant now, Books& books, bool fresh, Effects& fx) {
  if (s_.phase == Phase::counting) {
    if (auto ok = resume_count(books); !ok) return ok;
  } else if (s_.phase != Phase::idle) {
    auto work = books.work(s_.lease);
    if (!work) return base::pass(work.error());
    if (!*work) {
      return base::fail(base::Fault::corrupt, "order " + s_.order +
                                                  " is open at this station but its document is "
                                                  "gone from the store");
    }
    order_ = std::move((*work)->order);
    if (auto ok = keep_removed({}, books); !ok) return ok;
    if (auto ok = look_for_box(books); !ok) return ok;
    // Also those that are final: without them the label of an order that was opened again would be
    // printed as if none had ever come out.
    auto sheets = books.sheets(s_.lease);
    if (!sheets) return base::pass(sheets.error());
    journal_.adopt(std::move(*sheets));
  }
  stop_due_mono_ms_ = now.mono_ms;
  if (!fresh) {
    journal_.resume(now);
    return {};
  }
  s_.asking = Asking::nothing;
  s_.quantity_open = false;
  s_.help = false;
  s_.moment = {};
  s_.hand = {};
  if (s_.phase == Phase::packing || s_.phase == Phase::label || s_.phase == Phase::taking_out ||
      s_.phase == Phase::counting) {
    s_.restarted = s_.phase == Phase::packing;
    act(now, "restarted", {});
  }
  JournalOut out;
  journal_.restart(now, out);
  take(now, std::move(out), fx);
  return {};
}

void Station::counted_unheard(base::Instant now) {
  s_.moment = {};
  s_.restarted = s_.phase == Phase::packing;
  act(now, "restarted", {});
}

void Station::begin_input(base::Instant now, std::string_view device) {
  before_ = std::move(s_.moment);
  s_.moment = {};
  s_.hand = {};
  s_.near_line = 0;
  s_.hot_line = 0;
  s_.help = false;
  s_.restarted = false;
  stop_due_mono_ms_ = now.mono_ms + limits::kStopRepeatMs;
  for (auto& d : devices_) {
    if (d.name != device)
      d.missed = false;
    else
      d.heard_mono_ms = now.mono_ms;
  }
}

Station::Outcome Station::scan(base::Instant now, const ScanInput& in, Books& books, Effects& fx) {
  if (!in.device.empty()) {
    const auto gap_ms = rules::doubled_scan(last_scan_, in.code, in.device, now.mono_ms);
    if (gap_ms) {
      if (s_.phase == Phase::packing || s_.phase == Phase::counting)
        moment("doubled-scan", {{"gap_ms", *gap_ms}});
      act(now, "ignored", {});
      sound("tock", fx);
      return verdict::kDoubled;
    }
    last_scan_ = rules::SeenScan{in.code, in.device, now.mono_ms};
  }
  begin_input(now, in.device);
  if (refuse_for_room(now, fx)) return verdict::kRefused;
  Scan scan{now, in, books, fx};
  if (looks_like_command(in.code)) {
    const auto code = parse_sheet_code(in.code);
    if (!code) return refuse(now, "unknown-barcode", {{"code", base::printable(in.code)}}, fx);
    return on_sheet_code(scan, *code);
  }
  const bool digits =
      !in.code.empty() && in.code.size() <= 4 &&
      std::all_of(in.code.begin(), in.code.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (scan.typed() && digits && s_.quantity_open) {
    s_.quantity_digits = in.code;
    moment("qty", {{"digits", s_.quantity_digits}});
    sound("tick", fx);
    return verdict::kCommand;
  }
  if (scan.typed() && in.code.size() == 1 && digits && s_.asking == Asking::short_line) {
    return on_digit(scan, in.code[0] - '0');
  }
  if (s_.quantity_open) {
    scan.times = rules::quantity_limit(s_.quantity_digits);
    s_.quantity_open = false;
    s_.quantity_digits.clear();
    if (scan.times == 0) {
      return refuse(now, "qty-limit", {{"max", limits::kTypedQuantityMax}}, fx);
    }
  }
  s_.asking = Asking::nothing;
  return dispatch(scan);
}

// Which of the things a plain code can be: a label, a piece of the open order, an order, an item.
Station::Outcome Station::dispatch(Scan& scan) {
  if (s_.phase == Phase::counting && pieces_of_task(scan) > 0) return on_shelf_piece(scan);
  if (s_.phase != Phase::packing && s_.phase != Phase::taking_out) {
    if (const auto done = on_label_code(scan)) return *done;
  }
  const bool in_work = order_ && s_.phase != Phase::closed;
  if (in_work) {
    domain::Quantity pieces = 1;
    const auto lines = matching_lines(scan, pieces);
    if (!lines.empty()) {
      return s_.phase == Phase::taking_out ? take_out(scan, pieces * scan.times, lines)
                                           : on_item_of_order(scan, pieces * scan.times, lines);
    }
  }
  if (s_.phase != Phase::taking_out) {
    auto work = scan.books.find_work(scan.in.code);
    if (!work) return base::pass(work.error());
    if (*work) return on_order_code(scan, **work);
  }
  auto item = scan.books.find_item(item_key(scan.in.code, scan.in.symbology));
  if (!item) return base::pass(item.error());
  if (*item && in_work) return on_foreign_item(scan, **item);
  if (*item && s_.phase == Phase::counting) {
    return refuse(scan.now, "count-other",
                  {{"title", (*item)->title},
                   {"bin", (*item)->bin.value_or("")},
                   {"need_title", task_->title},
                   {"need_bin", task_->bin.value_or("")}},
                  scan.fx);
  }
  if (*item) {
    moment("no-order", {{"title", (*item)->title}});
    act(scan.now, "refused", {{"what", (*item)->title}}, true);
    sound("hm", scan.fx);
    return verdict::kNotNow;
  }
  if (s_.phase == Phase::taking_out) {
    act(scan.now, "refused", {{"what", base::printable(scan.in.code, 40)}}, true);
    sound("nope", scan.fx);
    return verdict::kUnknown;
  }
  return refuse(scan.now, "unknown-barcode", {{"code", base::printable(scan.in.code, 40)}},
                scan.fx);
}

Station::Outcome Station::on_sheet_code(Scan& scan, const SheetCode& code) {
  if (const auto* digit = std::get_if<Digit>(&code)) return on_digit(scan, digit->value);
  if (const auto* workflow = std::get_if<Workflow>(&code)) {
    if (workflow->name == "PACK") return verdict::kCommand;
    return refuse(scan.now, "not-now", {{"command", std::string(workflow->name)}}, scan.fx);
  }
  if (auto ok = on_command(scan.now, std::get<Command>(code), scan.books, scan.fx); !ok) {
    return base::pass(ok.error());
  }
  return verdict::kCommand;
}

// What cannot be recorded did not happen; nobody is told that it did.
bool Station::refuse_for_room(base::Instant now, Effects& fx) {
  if (outbox_ != Outbox::closed) return false;
  static_cast<void>(refuse(now, "outbox-full", {}, fx));
  return true;
}

// A box that was begun is finished, emptied or set aside; an untouched order stays untouched.
bool Station::may_begin(const Work& work) const {
  return outbox_ == Outbox::open || work.state != WorkState::open;
}

base::Status Station::command(base::Instant now, Command command, Books& books, Effects& fx) {
  begin_input(now, "");
  if (command != Command::help && refuse_for_room(now, fx)) return {};
  return on_command(now, command, books, fx);
}

base::Status Station::on_command(base::Instant now, Command command, Books& books, Effects& fx) {
  const bool open = s_.phase == Phase::packing || s_.phase == Phase::label;
  const auto not_now = [&] {
    static_cast<void>(refuse(now, "not-now", {{"command", std::string(name(command))}}, fx));
  };
  const Asking asked = s_.asking;
  s_.asking = Asking::nothing;
  const bool was_quantity = s_.quantity_open;
  s_.quantity_open = false;
  switch (command) {
    case Command::confirm:
      if (asked == Asking::other_order) return other_order_answer(now, true, books, fx);
      if (s_.phase == Phase::counting)
        return end_count(now, asked == Asking::none_there, fx), base::Status{};
      not_now();
      break;
    case Command::no:
      if (asked == Asking::other_order) return other_order_answer(now, false, books, fx);
      if (asked == Asking::none_there) return sound("tick", fx), base::Status{};
      if (s_.phase == Phase::label)
        answer_no(now, fx);
      else
        not_now();
      break;
    case Command::other:
      if (s_.phase == Phase::label)
        other_printer(now, fx);
      else
        not_now();
      break;
    case Command::undo:
      if (was_quantity || asked != Asking::nothing)
        sound("tick", fx);  // takes back the question
      else
        undo(now, fx);
      break;
    case Command::qty:
      if (s_.phase != Phase::packing && s_.phase != Phase::taking_out &&
          s_.phase != Phase::counting)
        return not_now(), base::Status{};
      s_.quantity_open = true;
      s_.quantity_digits.clear();
      moment("qty", {{"digits", ""}});
      sound("tick", fx);
      break;
    case Command::reprint:
      reprint(now, fx);
      break;
    case Command::short_piece:
      if (s_.phase != Phase::packing) return not_now(), base::Status{};
      s_.asking = Asking::short_line;
      sound("hm", fx);
      break;
    case Command::hold:
      if (asked == Asking::other_order) return other_order_answer(now, true, books, fx);
      if (open) {
        hold(now, fx, true);
      } else if (s_.phase == Phase::counting) {
        leave_count(now, "left");
        sound("tick", fx);
      } else
        not_now();
      break;
    case Command::problem:
      problem(now, fx);
      break;
    case Command::help:
      s_.help = true;
      break;
    case Command::count:
      if (auto ok = begin_count(now, books, fx); !ok) return ok;
      break;
  }
  if (!was_quantity || command != Command::short_piece) {
    if (!s_.quantity_open) s_.quantity_digits.clear();
  }
  return {};
}

Station::Outcome Station::on_digit(Scan& scan, int digit) {
  if (s_.quantity_open) {
    if (s_.quantity_digits.size() < 4) s_.quantity_digits.push_back(static_cast<char>('0' + digit));
    moment("qty", {{"digits", s_.quantity_digits}});
    sound("tick", scan.fx);
    return verdict::kCommand;
  }
  if (s_.asking == Asking::short_line) {
    note_short(scan.now, digit, scan.fx);
    return verdict::kCommand;
  }
  return refuse(scan.now, "not-now", {{"command", std::to_string(digit)}}, scan.fx);
}

Station::Outcome Station::on_order_code(Scan& scan, const Work& work) {
  const bool busy = s_.phase == Phase::packing || s_.phase == Phase::label;
  if (busy && order_->work.lease == work.order.work.lease) {
    sound("tock", scan.fx);
    return verdict::kOpened;
  }
  if (work.state == WorkState::done) {
    return refuse(scan.now, "order-done", {{"number", work.order.number}}, scan.fx);
  }
  if (!may_begin(work)) return refuse(scan.now, "outbox-full", {}, scan.fx);
  if (busy && totals().packed + totals().missing > 0) {
    s_.asking = Asking::other_order;
    s_.other_lease = work.order.work.lease;
    moment("other-order", {{"number", order_->number}, {"other", work.order.number}});
    sound("hm", scan.fx);
    return verdict::kAsked;
  }
  if (busy) hold(scan.now, scan.fx, false);
  if (s_.phase == Phase::counting) leave_count(scan.now, "left");
  if (auto ok = open(scan.now, work, scan.books, scan.fx); !ok) return base::pass(ok.error());
  return verdict::kOpened;
}

void Station::scan_refused(base::Instant now, std::string_view device, Effects& fx) {
  begin_input(now, device);
  static_cast<void>(refuse(now, "scan-refused", {{"device", std::string(device)}}, fx));
}

void Station::unknown_keys(base::Instant now, Effects& fx) {
  begin_input(now, "");
  moment("not-set-up");
  sound("hm", fx);
}

void Station::device(base::Instant now, const firmware::DeviceReport& report, Effects& fx) {
  auto found = std::find_if(devices_.begin(), devices_.end(),
                            [&](const Device& d) { return d.name == report.device; });
  if (found == devices_.end()) {
    found = devices_.insert(devices_.end(), {report.device, report.kind});
  }
  const DeviceState before = found->state;
  found->state = report.state;
  found->detail = report.detail;
  if (report.state != DeviceState::gone) found->heard_mono_ms = now.mono_ms;
  if (before == report.state) return;
  found->since_mono_ms = now.mono_ms;
  wire::DeviceChanged changed{report.device, std::string(firmware::name(report.kind)),
                              std::string(firmware::name(report.state)), std::nullopt};
  if (!report.detail.empty()) changed.detail = report.detail;
  fx.emplace_back(RecordFact{std::move(changed), ""});
  if (report.kind == DeviceKind::scanner) {
    found->missed = report.state == DeviceState::gone;
    if (found->missed)
      sound("gone", fx);
    else if (before == DeviceState::gone && report.state == DeviceState::ready)
      sound("back", fx);
  }
  if (report.kind == DeviceKind::printer && report.state == DeviceState::ready) {
    JournalOut out;
    journal_.printer_ready(now, report.device, out);
    take(now, std::move(out), fx);
  }
}

void Station::know_devices(base::Instant now, const std::vector<firmware::DeviceReport>& reports) {
  for (const auto& report : reports) {
    for (auto& d : devices_) {
      if (d.name != report.device) continue;
      d.state = report.state;
      d.detail = report.detail;
      d.since_mono_ms = now.mono_ms;
      if (report.state != DeviceState::gone) d.heard_mono_ms = now.mono_ms;
    }
  }
}

void Station::tick(base::Instant now, Effects& fx) {
  JournalOut out;
  journal_.tick(now, out);
  take(now, std::move(out), fx);
  if (stop_sounding() && now.mono_ms >= stop_due_mono_ms_) {
    stop_due_mono_ms_ = now.mono_ms + limits::kStopRepeatMs;
    fx.emplace_back(PlaySound{"stop"});
  }
}

std::optional<std::int64_t> Station::wake_ms() const {
  auto at = journal_.wake_ms();
  if (stop_sounding()) at = at ? std::min(*at, stop_due_mono_ms_) : stop_due_mono_ms_;
  return at;
}

bool Station::stop_sounding() const { return s_.phase == Phase::taking_out; }

std::vector<Job> Station::take_changed_sheets() {
  std::vector<std::string> keep{s_.last_label};
  if (order_) keep.push_back(order_->work.lease);
  return journal_.take_dirty(keep);
}

const Job* Station::job() const { return order_ ? journal_.newest(order_->work.lease) : nullptr; }

const Device* Station::missed_scanner() const {
  for (const auto& d : devices_) {
    if (d.missed) return &d;
  }
  return nullptr;
}

Station::Totals Station::totals() const {
  Totals out;
  if (!order_) return out;
  for (const auto& l : order_->lines) out.total += l.quantity;
  for (const auto& c : s_.counts) {
    out.packed += c.packed;
    out.missing += c.missing;
  }
  return out;
}

Count Station::count_of(std::int64_t number) const {
  for (const auto& c : s_.counts) {
    if (c.line == number) return c;
  }
  return {number, 0, 0};
}

void Station::sound(std::string_view name, Effects& fx) {
  s_.sound = name;
  ++s_.sound_seq;
  fx.emplace_back(PlaySound{std::string(name)});
}

void Station::moment(std::string id, Params p) { s_.moment = {std::move(id), std::move(p)}; }

std::int64_t Station::act(base::Instant now, std::string kind, Params p, bool refused) {
  const std::int64_t id = s_.next_action++;
  s_.actions.insert(s_.actions.begin(),
                    Action{id, std::move(kind), std::move(p), now.wall_ms, refused});
  if (s_.actions.size() > limits::kLastActionsMax) s_.actions.resize(limits::kLastActionsMax);
  return id;
}

Verdict Station::refuse(base::Instant now, std::string id, Params p, Effects& fx) {
  Params what;
  for (const auto& [key, value] : p) {
    if (key == "code" || key == "title" || key == "command" || key == "number") {
      what = {{"what", value}};
    }
  }
  act(now, "refused", std::move(what), true);
  sound(tone_of(id) == Tone::wait ? "tock" : "nope", fx);
  const Verdict out = id == "unknown-barcode" ? verdict::kUnknown
                      : id == "wrong-item"    ? verdict::kWrongItem
                      : id == "too-many"      ? verdict::kTooMany
                      : id == "wrong-label"   ? verdict::kWrongLabel
                      : id == "not-now"       ? verdict::kNotNow
                      : id == "expired"       ? verdict::kExpired
                      : id == "serial-again"  ? verdict::kSerialAgain
                      : id == "lot-needed"    ? verdict::kLotNeeded
                      : id == "serial-each"   ? verdict::kLotNeeded
                                              : verdict::kRefused;
  moment(std::move(id), std::move(p));
  return out;
}

void Station::push_undo(UndoStep step) {
  if (s_.undo.size() >= limits::kUndoStepsMax) s_.undo.erase(s_.undo.begin());
  s_.undo.push_back(std::move(step));
}

void Station::fact(wire::EventData data, Effects& fx) const {
  fx.emplace_back(RecordFact{std::move(data), order_ ? order_->order : std::string()});
}

const domain::WorkLine& Station::line(std::int64_t number) const {
  for (const auto& l : order_->lines) {
    if (l.line == number) return l;
  }
  CHECK(false);
  return order_->lines.front();
}

}  // namespace dockline::agent::station
