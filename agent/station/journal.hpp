// The print journal: one row per sheet of paper that we know of (DEVICES: printing a label exactly
// once). A sheet is sent again without a word from a person in one case only: the printer proved
// that it was not printed.
//
//   wanted -> sending -> sent -> confirmed -> applied        (the label itself was scanned)
//     ^          |         |         |
//     +-- proven not printed         +--> applied
//   sending, sent -> unknown -> applied | confirmed | void (NO) and a marked copy is wanted
//   wanted, unknown -> void                                     (order cancelled)
//
// Pure. Effects are released after the commit that holds the new state, so "sending" is durable
// before the first byte leaves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "firmware-interfaces/contract/printing.hpp"
#include "shared/base/time.hpp"
#include "shared/domain/types.hpp"

namespace dockline::agent::station {

enum class JobState { wanted, sending, sent, confirmed, applied, unknown, voided };
[[nodiscard]] std::string_view name(JobState state);  // "void" for voided, as on the wire
[[nodiscard]] std::optional<JobState> job_state(std::string_view name);
[[nodiscard]] inline bool is_final(JobState s) {
  return s == JobState::applied || s == JobState::voided;
}

struct Job {
  std::string job;           // the label: the lease's id
  std::int64_t attempt = 1;  // the sheet; 2.. are marked copies
  std::string order;
  std::string number;
  domain::ShippingLabel label;
  JobState state = JobState::wanted;
  std::string printer;
  firmware::PrinterMark mark;  // before the first byte
  std::string evidence;
  std::int64_t wanted_ms = 0, sent_ms = 0, confirmed_ms = 0, applied_ms = 0;  // wall; 0: not yet
  std::int64_t resends = 0;
  bool late = false;  // waited too long, or through a restart: asks before it prints

  // Volatile.
  firmware::DeviceState trouble = firmware::DeviceState::ready;  // why it does not go on
  std::int64_t moved_mono_ms = 0;                                // last sign of life
  std::int64_t wanted_mono_ms = 0;
  bool handed = false;     // the device side has it
  bool recovered = false;  // was under way when the power failed
  bool dirty = false;      // differs from its row

  [[nodiscard]] std::string id() const { return job + "#" + std::to_string(attempt); }
};

// What the owner has to do about the device side.
struct PrintSheet {
  std::string device, id;
};
struct SendSheet {
  std::string device, id;
};
struct RecoverSheet {
  std::string device, id;
  firmware::PrinterMark mark;
};
struct ForgetSheet {
  std::string device, id;
};
using SheetEffect = std::variant<PrintSheet, SendSheet, RecoverSheet, ForgetSheet>;

struct JournalOut {
  std::vector<SheetEffect> effects;
  std::vector<Job> changed;  // each change of state, in order, as it was then: facts for the server
};

class Journal {
 public:
  // Rows that are not final, and the newest of the order in work, as the store has them.
  void load(std::vector<Job> jobs);
  // Sheets of an order that is opened: what was printed once is never printed anew.
  void adopt(std::vector<Job> jobs);
  // After a start: sheets that were under way are asked about, those that waited ask first.
  void restart(base::Instant now, JournalOut& out);

  // After a failed commit: the device side goes on, only memory was lost.
  void resume(base::Instant now);

  struct Want {
    std::string job, order, number;
    domain::ShippingLabel label;
    std::string printer;  // empty: none is configured
  };
  // First sheet, or one more when there was one before.
  void want(base::Instant now, const Want& want, JournalOut& out);
  void report(base::Instant now, const firmware::PrintReport& report, JournalOut& out);
  // A printer became ready: what waits for it goes on.
  void printer_ready(base::Instant now, std::string_view printer, JournalOut& out);
  // The packer scanned this label.
  void scanned(base::Instant now, std::string_view job, JournalOut& out);
  // "No label came": voids the sheet and wants a marked copy.
  void none_came(base::Instant now, std::string_view job, JournalOut& out);
  // Prints on another printer; a sheet that may lie in the first one is voided and copied.
  void use_other(base::Instant now, std::string_view job, std::string_view printer,
                 JournalOut& out);
  // One more marked copy of a label that is there; a sheet that asks before it prints is printed.
  void reprint(base::Instant now, std::string_view job, JournalOut& out);
  void cancel(base::Instant now, std::string_view job, std::string_view why, JournalOut& out);
  void tick(base::Instant now, JournalOut& out);

  // Newest sheet of a label.
  [[nodiscard]] const Job* newest(std::string_view job) const;
  [[nodiscard]] const std::vector<Job>& jobs() const { return jobs_; }
  [[nodiscard]] std::optional<std::int64_t> wake_ms() const;
  // Changed rows since the last call; final ones of labels not in `keep` leave memory.
  [[nodiscard]] std::vector<Job> take_dirty(const std::vector<std::string>& keep);

 private:
  [[nodiscard]] Job* find_newest(std::string_view job);
  void change(base::Instant now, Job& job, JobState state, std::string evidence, JournalOut& out);
  void hand_over(base::Instant now, Job& job, JournalOut& out);
  void copy(base::Instant now, const Job& of, std::string_view printer, JournalOut& out);

  std::vector<Job> jobs_;
};

}  // namespace dockline::agent::station
