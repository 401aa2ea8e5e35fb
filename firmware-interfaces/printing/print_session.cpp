#include "firmware-interfaces/printing/print_session.hpp"

#include <algorithm>
#include <utility>

#include "shared/base/limits.hpp"

namespace dockline::firmware {
namespace {

namespace limits = base::limits;
constexpr int kLooksWithoutErrorsMax = 3;
constexpr std::int64_t kUnsentPollMs = 10;

}  // namespace

PrintSession::PrintSession(std::string device, PrinterCodec& codec)
    : device_(std::move(device)), codec_(codec) {}

void PrintSession::opened(base::Instant now, SessionEffects& out) {
  connected_ = true;
  codec_.reset();
  heard_ms_ = now.mono_ms;
  unsent_ = 0;
  if (job_ && job_->phase == Phase::recovering) {
    out.write += codec_.cancel_partial();
  }
  begin_look(now, out);
}

void PrintSession::closed(base::Instant now, std::string_view why, SessionEffects& out) {
  no_values_ = false;  // perhaps another printer comes back
  if (job_ && job_->phase == Phase::preparing) {
    report(PrintStep::refused, DeviceState::gone, {}, std::string(why), out);
  }
  lose(now, why, out);
}

// The connection is gone; what does it mean for the job?
void PrintSession::lose(base::Instant now, std::string_view why, SessionEffects& out) {
  connected_ = false;
  looking_ = false;
  asked_.reset();
  show(DeviceState::gone, why, out);
  if (!job_) {
    return;
  }
  switch (job_->phase) {
    case Phase::preparing:
    case Phase::recovering:
      return;
    case Phase::prepared:
      report(PrintStep::refused, DeviceState::gone, {}, "connection lost before the label was sent",
             out);
      return;
    case Phase::sending:
    case Phase::confirming:
      job_->phase = Phase::recovering;
      job_->since_ms = now.mono_ms;
      job_->facts.same_connection = false;
      job_->facts.settle_ms = limits::kPrintStillMs;
      job_->empty_since_ms.reset();
      job_->still_since_ms.reset();
      job_->told = DeviceState::gone;
      report(PrintStep::waiting, DeviceState::gone, job_->facts.before,
             "connection lost while the label was being printed: asking when it is back", out);
      return;
  }
}

void PrintSession::reconnect(base::Instant now, std::string_view why, SessionEffects& out) {
  out.reconnect = why;
  lose(now, why, out);
}

void PrintSession::begin_look(base::Instant now, SessionEffects& out) {
  const bool job_asks =
      job_ && (job_->phase == Phase::preparing || job_->phase == Phase::recovering);
  looking_ = true;
  look_ = {};
  look_began_ms_ = now.mono_ms;
  asked_.reset();
  to_ask_.clear();
  with_values_ = job_asks && !no_values_;
  if (with_values_) {
    to_ask_ = {PrinterValueKind::serial, PrinterValueKind::uptime, PrinterValueKind::odometer};
  } else if (job_ && job_->phase == Phase::confirming && !no_values_) {
    to_ask_ = {PrinterValueKind::odometer};
  }
  out.write += codec_.ask_status() + codec_.ask_errors();
}

void PrintSession::bytes(base::Instant now, std::string_view data, SessionEffects& out) {
  heard_ms_ = now.mono_ms;
  std::vector<PrinterEvent> events;
  codec_.feed(data, events);
  for (const auto& event : events) {
    take(now, event, out);
  }
  go_on(now, out);
}

void PrintSession::take(base::Instant now, const PrinterEvent& event, SessionEffects& out) {
  if (const auto* status = std::get_if<PrinterStatus>(&event)) {
    look_.status = *status;
  } else if (const auto* errors = std::get_if<PrinterErrors>(&event)) {
    look_.errors = *errors;
    looks_without_errors_ = 0;
  } else if (const auto* value = std::get_if<PrinterValue>(&event)) {
    if (asked_ != value->kind) {
      return;  // too late: the look that asked is over
    }
    asked_.reset();
    switch (value->kind) {
      case PrinterValueKind::serial:
        look_.mark.serial = value->text;
        return;
      case PrinterValueKind::odometer:
        look_.mark.odometer = value->number;
        return;
      case PrinterValueKind::uptime:
        look_.mark.uptime_s = value->number;
        look_.mark.asked_wall_ms = now.wall_ms;
        return;
    }
  } else if (const auto* alert = std::get_if<PrinterAlert>(&event)) {
    if (alert->kind == PrinterAlert::Kind::restarted && has_sent()) {
      job_->facts.restarted = true;
    }
    if (!looking_ && connected_ && !(job_ && job_->phase == Phase::sending)) {
      begin_look(now, out);  // something changed: look now, not at the next poll
    }
  }
}

// Asks what the look still needs; ends it when everything is there.
void PrintSession::go_on(base::Instant now, SessionEffects& out) {
  if (!looking_ || asked_) {
    return;
  }
  const bool waited = now.mono_ms >= look_began_ms_ + limits::kPrinterAnswerMs;
  const bool errors_come = looks_without_errors_ < kLooksWithoutErrorsMax;
  if ((!look_.status || (!look_.errors && errors_come)) && !waited) {
    return;
  }
  if (look_.status && !to_ask_.empty()) {
    if (!look_.errors && errors_come) {
      ++looks_without_errors_;
    }
    asked_ = to_ask_.front();
    asked_ms_ = now.mono_ms;
    to_ask_.pop_front();
    out.write += codec_.ask_value(*asked_);
    return;
  }
  if (look_.status && !look_.errors && errors_come && !with_values_) {
    ++looks_without_errors_;
  }
  end_look(now, out);
}

void PrintSession::end_look(base::Instant now, SessionEffects& out) {
  looking_ = false;
  look_.at_ms = now.mono_ms;
  const auto [state, detail] = state_of(look_, unsent_);
  show(state, detail, out);
  next_look_ms_ = now.mono_ms + (job_ && state == DeviceState::ready ? limits::kPrintPollMs
                                                                     : limits::kPrinterPollMs);
  if (job_) {
    check_job(now, out);
  }
  next_recovery(now, out);
}

void PrintSession::check_job(base::Instant now, SessionEffects& out) {
  switch (job_->phase) {
    case Phase::preparing:
      check_preparing(now, out);
      return;
    case Phase::prepared:
    case Phase::sending:
      return;
    case Phase::confirming:
    case Phase::recovering:
      check_sent(now, out);
      return;
  }
}

void PrintSession::check_preparing(base::Instant now, SessionEffects& out) {
  const auto [state, detail] = state_of(look_, unsent_);
  if (state != DeviceState::ready) {
    report(PrintStep::refused, state, {}, detail, out);
    return;
  }
  const bool holds = look_.status->formats_waiting > 0 || look_.status->labels_remaining > 0;
  if (holds || (!with_values_ && !no_values_)) {
    next_look_ms_ = now.mono_ms + (holds ? limits::kPrintPollMs : 0);
    return;  // still busy with an earlier label, or this look began before the job did
  }
  job_->phase = Phase::prepared;
  job_->since_ms = now.mono_ms;
  job_->facts.before = look_.mark;
  job_->facts.settle_ms = limits::kPrintSettleMs;
  report(PrintStep::prepared, DeviceState::ready, look_.mark, "", out);
}

void PrintSession::check_sent(base::Instant now, SessionEffects& out) {
  const auto [state, detail] = state_of(look_, unsent_);
  if (job_->phase == Phase::recovering && !with_values_ && !no_values_) {
    next_look_ms_ = now.mono_ms;
    return;  // this look began before the question
  }
  const bool good = state == DeviceState::ready && look_.status && look_.status->empty();
  const bool still = good && look_.mark.odometer == job_->facts.before.odometer;
  const auto keep = [&now](std::optional<std::int64_t>& since, bool holds) {
    since = holds ? std::optional(since.value_or(now.mono_ms)) : std::nullopt;
    return since ? now.mono_ms - *since : 0;
  };
  job_->facts.empty_ms = keep(job_->empty_since_ms, good);
  job_->facts.still_ms = keep(job_->still_since_ms, still);
  if (const auto verdict = judge(job_->facts, look_)) {
    report(verdict->step, state, look_.mark, verdict->evidence, out);
    return;
  }
  if (state != DeviceState::ready && job_->told != state) {
    job_->told = state;
    report(PrintStep::waiting, state, job_->facts.before, detail, out);
  }
}

void PrintSession::tick(base::Instant now, std::size_t unsent, SessionEffects& out) {
  unsent_ = unsent;
  ticked_ms_ = now.mono_ms;
  if (connected_ && asked_ && now.mono_ms >= asked_ms_ + limits::kPrinterValueMs) {
    asked_.reset();
    if (with_values_) {
      // Answers do not name what they answer: a late one must not be taken for the next.
      no_values_ = true;
      reconnect(now, "gives no counters: connecting anew", out);
    }
  }
  if (connected_ && looking_) {
    go_on(now, out);
  }
  if (connected_ && now.mono_ms >= heard_ms_ + limits::kPrinterSilentMs) {
    reconnect(now, shown_ && !shown_->detail.empty() ? shown_->detail : "does not answer", out);
  }
  if (job_ && job_->phase == Phase::sending && unsent == 0 && connected_) {
    job_->phase = Phase::confirming;
    job_->since_ms = now.mono_ms;
    report(PrintStep::sent, DeviceState::ready, job_->facts.before, "every byte left this computer",
           out);
    begin_look(now, out);
  }
  if (job_) {
    expire(now, out);
  }
  next_recovery(now, out);
  const bool sending = job_ && job_->phase == Phase::sending;
  if (connected_ && !looking_ && !sending && now.mono_ms >= next_look_ms_) {
    begin_look(now, out);
  }
}

std::int64_t PrintSession::job_deadline_ms() const {
  switch (job_->phase) {
    case Phase::preparing:
      return job_->since_ms + limits::kPrintPrepareMs;
    case Phase::prepared:
      return job_->since_ms + limits::kPrintReleaseMs;
    case Phase::sending:
      return job_->since_ms + limits::kPrintWriteMs;
    case Phase::confirming:
    case Phase::recovering: {
      // A printer that says why it holds the label may hold it longer than a silent one.
      const bool reason =
          job_->told && *job_->told != DeviceState::gone && *job_->told != DeviceState::not_ready;
      return job_->since_ms + (reason ? limits::kPrintWaitMs : limits::kPrintSilentMs);
    }
  }
  return job_->since_ms;
}

void PrintSession::expire(base::Instant now, SessionEffects& out) {
  if (now.mono_ms < job_deadline_ms()) {
    return;
  }
  const auto state = shown_ ? shown_->state : DeviceState::unknown;
  switch (job_->phase) {
    case Phase::preparing:
      report(PrintStep::refused, state == DeviceState::ready ? DeviceState::not_ready : state, {},
             "the printer did not become free in time", out);
      return;
    case Phase::prepared:
      report(PrintStep::refused, state, {}, "the label was not released in time", out);
      return;
    case Phase::sending:
      reconnect(now, "takes no bytes: check cable and power", out);
      return;
    case Phase::confirming:
    case Phase::recovering:
      expire_sent(now, out);
      return;
  }
}

void PrintSession::expire_sent(base::Instant /*now*/, SessionEffects& out) {
  if (connected_) {
    out.write += codec_.cancel_all();
  }
  const auto why = shown_ && !shown_->detail.empty() ? ": " + shown_->detail : std::string();
  report(PrintStep::uncertain, shown_ ? shown_->state : DeviceState::unknown, look_.mark,
         "the printer did not say in time what became of the label" + why, out);
}

std::optional<std::int64_t> PrintSession::deadline_ms() const {
  std::optional<std::int64_t> due;
  const auto at = [&due](std::int64_t ms) { due = std::min(due.value_or(ms), ms); };
  if (job_) {
    at(job_deadline_ms());
  } else if (!recoveries_.empty()) {
    at(ticked_ms_);  // the next question can be asked at once
  }
  if (!connected_) {
    return due;
  }
  at(heard_ms_ + limits::kPrinterSilentMs);
  if (job_ && job_->phase == Phase::sending) {
    at(ticked_ms_ + kUnsentPollMs);
  } else if (asked_) {
    at(asked_ms_ + limits::kPrinterValueMs);
  } else if (looking_) {
    at(look_began_ms_ + limits::kPrinterAnswerMs);
  } else {
    at(next_look_ms_);
  }
  return due;
}

}  // namespace dockline::firmware
