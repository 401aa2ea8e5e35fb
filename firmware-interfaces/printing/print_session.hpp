// One printer: looks at it regularly, and runs one print job at a time. Pure: bytes, time and the
// state of the connection come in, bytes and reports go out. Steps and their meaning:
// contract/printing.hpp; what a look proves: verdict.hpp.
//
// The owner keeps the connection (Supervisor), writes `write` to it, does `reconnect` (close, open
// again, then opened(); no closed() call for it), and calls tick() at deadline_ms().
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "firmware-interfaces/contract/printer.hpp"
#include "firmware-interfaces/contract/printing.hpp"
#include "firmware-interfaces/printing/verdict.hpp"
#include "shared/base/time.hpp"

namespace dockline::firmware {

struct SessionEffects {
  std::string write;
  std::optional<std::string> reconnect;  // why
  std::vector<std::variant<DeviceReport, PrintReport>> reports;
};

class PrintSession {
 public:
  // `codec` must outlive the session.
  PrintSession(std::string device, PrinterCodec& codec);

  void opened(base::Instant now, SessionEffects& out);
  void closed(base::Instant now, std::string_view why, SessionEffects& out);
  void bytes(base::Instant now, std::string_view data, SessionEffects& out);
  // `unsent`: bytes that have not left this machine.
  void tick(base::Instant now, std::size_t unsent, SessionEffects& out);
  [[nodiscard]] std::optional<std::int64_t> deadline_ms() const;

  void print(base::Instant now, std::string job, std::string format, SessionEffects& out);
  void send(base::Instant now, std::string_view job, SessionEffects& out);
  void recover(base::Instant now, std::string job, PrinterMark mark, SessionEffects& out);
  void forget(std::string_view job);

 private:
  enum class Phase { preparing, prepared, sending, confirming, recovering };
  struct Job {
    std::string id;
    std::string format;
    Phase phase = Phase::preparing;
    std::int64_t since_ms = 0;  // start of the phase
    JobFacts facts;
    std::optional<std::int64_t> empty_since_ms, still_since_ms;
    std::optional<DeviceState> told;  // last state reported as `waiting`
  };

  void begin_look(base::Instant now, SessionEffects& out);
  void go_on(base::Instant now, SessionEffects& out);
  void end_look(base::Instant now, SessionEffects& out);
  void take(base::Instant now, const PrinterEvent& event, SessionEffects& out);
  void check_job(base::Instant now, SessionEffects& out);
  void check_preparing(base::Instant now, SessionEffects& out);
  void check_sent(base::Instant now, SessionEffects& out);
  void expire(base::Instant now, SessionEffects& out);
  void expire_sent(base::Instant now, SessionEffects& out);
  void lose(base::Instant now, std::string_view why, SessionEffects& out);
  void reconnect(base::Instant now, std::string_view why, SessionEffects& out);
  void show(DeviceState state, std::string_view detail, SessionEffects& out);
  void report(PrintStep step, DeviceState state, const PrinterMark& mark, std::string evidence,
              SessionEffects& out);
  void next_recovery(base::Instant now, SessionEffects& out);
  [[nodiscard]] bool has_sent() const;
  [[nodiscard]] std::int64_t job_deadline_ms() const;

  std::string device_;
  PrinterCodec& codec_;
  bool connected_ = false;
  std::optional<DeviceReport> shown_;
  std::int64_t heard_ms_ = 0;
  std::size_t unsent_ = 0;
  std::int64_t ticked_ms_ = 0;

  bool looking_ = false;
  bool with_values_ = false;  // this look asks for them
  Look look_;
  std::int64_t look_began_ms_ = 0, next_look_ms_ = 0;
  std::deque<PrinterValueKind> to_ask_;
  std::optional<PrinterValueKind> asked_;
  std::int64_t asked_ms_ = 0;
  int looks_without_errors_ = 0;  // a clone that does not know the error question
  bool no_values_ = false;        // this printer does not answer value questions

  std::optional<Job> job_;
  std::deque<Job> recoveries_;  // asked after a restart, one after the other
  std::string refused_job_;     // the last one: a send() for it may be under way
};

}  // namespace dockline::firmware
