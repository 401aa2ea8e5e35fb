// The packing workflow, driven by scans alone (UI.md section 5). Pure: inputs and the time come in,
// effects go out; what it must look up it asks of Books.
//
// The order document is not part of the state (it lies in the store): state names the order, Books
// gives it back after a restart.
//
// Thread rule: one lane. A failed call (Books) fails the turn: throw the object away.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agent/rules/doubled_scan.hpp"
#include "agent/station/command.hpp"
#include "agent/station/journal.hpp"
#include "agent/station/state.hpp"
#include "firmware-interfaces/contract/device.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/wire/events.hpp"

namespace dockline::agent::station {

using Order = wire::LeaseGranted;
using CountTask = wire::CountAsked;

enum class WorkState { open, held, done, revoked };
struct Work {
  Order order;
  WorkState state = WorkState::open;
  std::vector<Count> counts;  // of a held order
};
struct ItemHit {
  std::string sku, title;
  std::optional<std::string> bin;
  domain::Quantity pieces = 1;
};

// What a station was given: orders and item master.
class Books {
 public:
  virtual ~Books() = default;
  // By number, order id or tote; case ignored.
  [[nodiscard]] virtual base::Result<std::optional<Work>> find_work(std::string_view code) = 0;
  [[nodiscard]] virtual base::Result<std::optional<Work>> work(std::string_view lease) = 0;
  // `key` is item_key() of the scan.
  [[nodiscard]] virtual base::Result<std::optional<ItemHit>> find_item(std::string_view key) = 0;
  // By SKU, as a line of no order: title, bin and barcodes as the item master has them.
  [[nodiscard]] virtual base::Result<std::optional<domain::WorkLine>> item(
      std::string_view sku) = 0;
  // All sheets ever made of a label.
  [[nodiscard]] virtual base::Result<std::vector<Job>> sheets(std::string_view job) = 0;
  // Number of another order whose box bears this label already: orders that go in one parcel.
  [[nodiscard]] virtual base::Result<std::optional<std::string>> box_under(
      std::string_view tracking, std::string_view but_job) = 0;
  // Number of the order in whose box this bench put that piece; the order under `but_lease` aside.
  [[nodiscard]] virtual base::Result<std::optional<std::string>> box_with(
      std::string_view sku, std::string_view serial, std::string_view but_lease) = 0;
  // Counts that this bench was asked for and has not answered: one of them, and the first.
  [[nodiscard]] virtual base::Result<std::optional<CountTask>> count_task(
      std::string_view task) = 0;
  [[nodiscard]] virtual base::Result<std::optional<CountTask>> next_count() = 0;
};

// ---- effects
struct RecordFact {
  wire::EventData data;
  std::string order;  // subject and correlation; may be empty
};
struct PlaySound {
  std::string name;
};
// Keep this with the order: its state and, while it is held, its counts.
struct SaveWork {
  std::string lease;
  WorkState state = WorkState::open;
  std::vector<Count> counts;
};
struct DropWork {
  std::string lease;
};
// It is offered no more; the server says when it may be forgotten.
struct CountAnswered {
  std::string task;
};
using StationEffect = std::variant<RecordFact, PlaySound, SaveWork, DropWork, CountAnswered,
                                   PrintSheet, SendSheet, RecoverSheet, ForgetSheet>;
using Effects = std::vector<StationEffect>;

struct Device {
  std::string name;
  firmware::DeviceKind kind = firmware::DeviceKind::scanner;
  firmware::DeviceState state = firmware::DeviceState::unknown;
  std::string detail;
  std::int64_t since_mono_ms = 0;
  std::optional<std::int64_t> heard_mono_ms;
  bool missed = false;  // its loss is on the banner until another scanner is used
};

struct Bench {
  std::vector<std::string> printers;  // configured, preferred first
  std::vector<std::string> scanners;
  std::int64_t utc_offset_ms = 0;  // for the local day
  std::string site{}, name{};      // who counted, and where
};

// Room for facts that the server has not taken over (PROTOCOL.md section 7).
enum class Outbox {
  open,
  no_new_orders,  // what is under way is finished from the reserve
  closed,         // the reserve is used up: nothing can be recorded
};

struct ScanInput {
  std::string device;  // empty: typed at the page
  std::string code;
  std::string symbology;
};

// What became of a scan; goes into the raw scan journal.
using Verdict = std::string_view;

class Station {
 public:
  Station(Bench bench, State state, std::vector<Job> jobs);

  // Loads the order in work. `fresh`: the process has just started (power loss, restart).
  [[nodiscard]] base::Status restart(base::Instant now, Books& books, bool fresh, Effects& fx);
  // What was refused for a failing disk had reached it: "compare box and list", as after a restart.
  void counted_unheard(base::Instant now);

  // What the server's clock is ahead of this machine's: expiry is judged by it.
  void set_clock_ahead(std::int64_t ms) { clock_ahead_ms_ = ms; }
  void set_outbox(Outbox outbox) { outbox_ = outbox; }
  [[nodiscard]] Outbox outbox() const { return outbox_; }

  // Devices as known before, without facts and sounds.
  void know_devices(base::Instant now, const std::vector<firmware::DeviceReport>& reports);

  [[nodiscard]] base::Result<Verdict> scan(base::Instant now, const ScanInput& in, Books& books,
                                           Effects& fx);
  [[nodiscard]] base::Status command(base::Instant now, Command command, Books& books, Effects& fx);
  // Bytes of a scanner that were no scan.
  void scan_refused(base::Instant now, std::string_view device, Effects& fx);
  // UNDO by the button of the last action; ignored when it is not the newest any more.
  [[nodiscard]] base::Status undo_action(base::Instant now, std::int64_t action, Books& books,
                                         Effects& fx);
  void unknown_keys(base::Instant now, Effects& fx);
  void device(base::Instant now, const firmware::DeviceReport& report, Effects& fx);
  void print(base::Instant now, const firmware::PrintReport& report, Effects& fx);
  // Down facts. The caller has stored a granted order already.
  [[nodiscard]] base::Status granted(base::Instant now, const Order& order, Books& books,
                                     Effects& fx);
  [[nodiscard]] base::Status revoked(base::Instant now, const wire::LeaseRevoked& fact,
                                     Books& books, Effects& fx);
  // The caller has forgotten the task already.
  void count_dropped(base::Instant now, const wire::CountDropped& fact, Effects& fx);
  // The right to all leases is gone (the store was restored): what is untouched is dropped by the
  // caller, what is open may be finished.
  void tick(base::Instant now, Effects& fx);
  [[nodiscard]] std::optional<std::int64_t> wake_ms() const;

  [[nodiscard]] const State& state() const { return s_; }
  // Sheets that changed since the last call: rows to write.
  [[nodiscard]] std::vector<Job> take_changed_sheets();
  [[nodiscard]] const Journal& journal() const { return journal_; }
  // The order in work. Lines that it lost while their pieces are in the box are at its end, of
  // quantity 0.
  [[nodiscard]] const std::optional<Order>& order() const { return order_; }
  // The count under way.
  [[nodiscard]] const std::optional<CountTask>& task() const { return task_; }
  [[nodiscard]] const std::vector<Device>& devices() const { return devices_; }
  [[nodiscard]] const Job* job() const;  // newest sheet of the order in work
  // Number of the order in whose box, labelled already, the order in work goes.
  [[nodiscard]] const std::optional<std::string>& box_of() const { return box_of_; }
  [[nodiscard]] const Device* missed_scanner() const;
  [[nodiscard]] bool stop_sounding() const;  // the stop sound repeats until a scan

  struct Totals {
    domain::Quantity packed = 0, missing = 0, total = 0;
    [[nodiscard]] domain::Quantity to_go() const { return total - packed - missing; }
  };
  [[nodiscard]] Totals totals() const;
  [[nodiscard]] Count count_of(std::int64_t line) const;

 private:
  struct Scan;  // one scan on its way through the machine
  using Outcome = base::Result<Verdict>;

  // dispatch (station.cpp)
  [[nodiscard]] Outcome dispatch(Scan& scan);
  [[nodiscard]] Outcome on_sheet_code(Scan& scan, const SheetCode& code);
  [[nodiscard]] base::Status on_command(base::Instant now, Command command, Books& books,
                                        Effects& fx);
  [[nodiscard]] Outcome on_digit(Scan& scan, int digit);
  [[nodiscard]] Outcome on_order_code(Scan& scan, const Work& work);
  // Nothing of this input could be recorded: refused, and said why.
  [[nodiscard]] bool refuse_for_room(base::Instant now, Effects& fx);
  [[nodiscard]] bool may_begin(const Work& work) const;
  void begin_input(base::Instant now, std::string_view device);

  // packing.cpp
  [[nodiscard]] Outcome on_item_of_order(Scan& scan, domain::Quantity pieces,
                                         const std::vector<std::size_t>& lines);
  [[nodiscard]] Outcome on_foreign_item(Scan& scan, const ItemHit& item);
  [[nodiscard]] Outcome take_out(Scan& scan, domain::Quantity pieces,
                                 const std::vector<std::size_t>& lines);
  [[nodiscard]] std::vector<std::size_t> matching_lines(const Scan& scan,
                                                        domain::Quantity& pieces) const;
  void note_short(base::Instant now, int digit, Effects& fx);

  // lots.cpp: nothing when these pieces may be packed.
  [[nodiscard]] base::Result<std::optional<Verdict>> judge_lot(Scan& scan, domain::Quantity pieces,
                                                               const domain::WorkLine& line);
  [[nodiscard]] base::Result<bool> in_a_box(Scan& scan, const domain::WorkLine& line);
  void after_change(base::Instant now, Effects& fx);  // complete? then the label
  Count& count_ref(std::int64_t line);

  // given_again.cpp
  [[nodiscard]] base::Status keep_removed(const std::vector<domain::WorkLine>& before,
                                          Books& books);
  void fit_shorts(Effects& fx);
  [[nodiscard]] bool too_much_in_box() const;

  // lifecycle.cpp
  [[nodiscard]] base::Status open(base::Instant now, const Work& work, Books& books, Effects& fx);
  void hold(base::Instant now, Effects& fx, bool loud);
  void problem(base::Instant now, Effects& fx);
  void close(base::Instant now, Effects& fx);
  void undo(base::Instant now, Effects& fx);
  void start_taking_out(base::Instant now, std::string_view reason, Effects& fx);
  void give_back(base::Instant now, std::string_view reason, Effects& fx);
  void leave(Effects& fx, WorkState state);  // bench free, order kept in that state
  [[nodiscard]] base::Status other_order_answer(base::Instant now, bool switch_over, Books& books,
                                                Effects& fx);

  // counting.cpp
  [[nodiscard]] base::Status begin_count(base::Instant now, Books& books, Effects& fx);
  [[nodiscard]] base::Status resume_count(Books& books);
  [[nodiscard]] Outcome on_shelf_piece(Scan& scan);
  void end_count(base::Instant now, bool sure, Effects& fx);
  void leave_count(base::Instant now, std::string_view kind);
  void forget_count();
  void untally(const UndoStep& step);
  [[nodiscard]] domain::Quantity pieces_of_task(const Scan& scan) const;

  // label.cpp
  [[nodiscard]] std::optional<Verdict> on_label_code(Scan& scan);
  [[nodiscard]] base::Status look_for_box(Books& books);
  void want_label(base::Instant now, Effects& fx);
  void answer_no(base::Instant now, Effects& fx);
  void other_printer(base::Instant now, Effects& fx);
  void reprint(base::Instant now, Effects& fx);
  void take(base::Instant now, JournalOut&& out, Effects& fx);
  [[nodiscard]] std::string pick_printer(std::string_view except) const;

  // small
  void sound(std::string_view name, Effects& fx);
  void moment(std::string id, Params p = {});
  std::int64_t act(base::Instant now, std::string kind, Params p, bool refused = false);
  [[nodiscard]] Verdict refuse(base::Instant now, std::string id, Params p, Effects& fx);
  void push_undo(UndoStep step);
  void fact(wire::EventData data, Effects& fx) const;
  [[nodiscard]] const domain::WorkLine& line(std::int64_t number) const;

  Bench bench_;
  State s_;
  Journal journal_;
  std::optional<Order> order_;
  std::optional<CountTask> task_;
  std::optional<std::string> box_of_;
  std::vector<Device> devices_;
  std::optional<rules::SeenScan> last_scan_;
  Banner before_;  // what the screen said when this input came
  std::int64_t stop_due_mono_ms_ = 0;
  Outbox outbox_ = Outbox::open;
  std::int64_t clock_ahead_ms_ = 0;
};

// The question that a scan answers next: which tone a banner id has.
[[nodiscard]] Tone tone_of(std::string_view banner_id);

}  // namespace dockline::agent::station
