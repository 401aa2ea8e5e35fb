// A label printer driver is a codec: questions become bytes, answers become events. It keeps no
// job; that is firmware-interfaces/printing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "firmware-interfaces/contract/device.hpp"

namespace dockline::firmware {

// One complete answer to the status question.
struct PrinterStatus {
  DeviceState state = DeviceState::unknown;  // ready: a label may be sent now
  std::int64_t formats_waiting = 0;          // received, not printed
  std::int64_t labels_remaining = 0;         // of the format being printed
  bool partial_format = false;               // half a label lies in the printer
  bool label_waiting = false;                // peeled and not taken
  std::string detail;                        // for people when not ready

  [[nodiscard]] bool empty() const {
    return formats_waiting == 0 && labels_remaining == 0 && !partial_format;
  }
};

// Answer to the error question, which printers give also when they keep silent about status.
struct PrinterErrors {
  DeviceState state = DeviceState::ready;  // ready: no error
  std::vector<std::string> errors, warnings;
};

// Answer to one of the value questions, in the order they were asked. Absent: not known to it.
enum class PrinterValueKind { odometer, serial, uptime };
struct PrinterValue {
  PrinterValueKind kind;
  std::optional<std::string> text;
  std::optional<std::int64_t> number;
};

// Unasked: "PAPER OUT", "PQ JOB COMPLETED".
struct PrinterAlert {
  enum class Kind { error, cleared, job_done, label_ready, label_taken, restarted, other };
  Kind kind = Kind::other;
  std::string condition;
  std::string serial;
};

struct PrinterIdentity {
  std::string model, firmware;
  std::int64_t dots_per_mm = 0;
};

using PrinterEvent =
    std::variant<PrinterStatus, PrinterErrors, PrinterValue, PrinterAlert, PrinterIdentity>;

class PrinterCodec {
 public:
  virtual ~PrinterCodec() = default;
  virtual void feed(std::string_view bytes, std::vector<PrinterEvent>& out) = 0;
  [[nodiscard]] virtual std::string ask_status() = 0;
  [[nodiscard]] virtual std::string ask_errors() = 0;
  [[nodiscard]] virtual std::string ask_value(PrinterValueKind kind) = 0;
  // Bytes before a job: throws away half a format that an earlier connection left behind.
  [[nodiscard]] virtual std::string cancel_partial() const = 0;
  // Throws away every format received and not yet printed: a job nobody waits for any more must not
  // come out an hour later.
  [[nodiscard]] virtual std::string cancel_all() const = 0;
  // The connection is new: half an answer and open questions are forgotten.
  virtual void reset() = 0;
};

struct PrinterDriver {
  std::string_view name;
  std::unique_ptr<PrinterCodec> (*make)();
};

}  // namespace dockline::firmware
