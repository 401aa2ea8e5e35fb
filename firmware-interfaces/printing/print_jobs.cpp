// The owner's side of PrintSession: starting, releasing, recovering and ending jobs.
#include <utility>

#include "firmware-interfaces/printing/print_session.hpp"
#include "shared/base/limits.hpp"

namespace dockline::firmware {
namespace {

namespace limits = base::limits;
constexpr std::size_t kRecoveriesMax = 64;

}  // namespace

void PrintSession::print(base::Instant now, std::string job, std::string format,
                         SessionEffects& out) {
  const auto refuse = [&](DeviceState state, std::string why) {
    refused_job_ = job;
    out.reports.emplace_back(PrintReport{device_, job, PrintStep::refused, state, {}, why});
  };
  if (job_ || !recoveries_.empty()) {
    refuse(DeviceState::not_ready, "the printer is busy with another label");
  } else if (format.size() > limits::kLabelBytesMax) {
    refuse(DeviceState::not_ready, "the label is larger than 64 KiB: mend its template");
  } else if (!connected_) {
    refuse(shown_ ? shown_->state : DeviceState::unknown,
           shown_ ? shown_->detail : "the printer was not reached yet");
  } else {
    job_ = Job{std::move(job), std::move(format), Phase::preparing, now.mono_ms, {}, {}, {}, {}};
    if (!looking_) {
      begin_look(now, out);
    }
  }
}

void PrintSession::send(base::Instant now, std::string_view job, SessionEffects& out) {
  if (job_ && job_->id == job && job_->phase == Phase::prepared && connected_) {
    job_->phase = Phase::sending;
    job_->since_ms = now.mono_ms;
    ticked_ms_ = now.mono_ms;
    out.write += codec_.cancel_partial() + std::exchange(job_->format, {});
    return;
  }
  if (job_ && job_->id == job) {
    return;  // released twice
  }
  if (job == refused_job_) {
    out.reports.emplace_back(PrintReport{device_,
                                         std::string(job),
                                         PrintStep::not_printed,
                                         shown_ ? shown_->state : DeviceState::unknown,
                                         {},
                                         "no byte of the label was sent"});
    return;
  }
  out.reports.emplace_back(PrintReport{device_,
                                       std::string(job),
                                       PrintStep::uncertain,
                                       DeviceState::unknown,
                                       {},
                                       "the printer connection does not know this job"});
}

void PrintSession::recover(base::Instant now, std::string job, PrinterMark mark,
                           SessionEffects& out) {
  if (recoveries_.size() >= kRecoveriesMax) {
    out.reports.emplace_back(PrintReport{device_, std::move(job), PrintStep::uncertain,
                                         DeviceState::unknown, std::move(mark),
                                         "too many labels to ask for at once"});
    return;
  }
  Job asked{std::move(job), {}, Phase::recovering, now.mono_ms, {}, {}, {}, {}};
  asked.facts.before = std::move(mark);
  asked.facts.same_connection = false;
  asked.facts.settle_ms = limits::kPrintStillMs;
  recoveries_.push_back(std::move(asked));
  next_recovery(now, out);
}

void PrintSession::next_recovery(base::Instant now, SessionEffects& out) {
  if (job_ || recoveries_.empty()) {
    return;
  }
  job_ = std::move(recoveries_.front());
  recoveries_.pop_front();
  job_->since_ms = now.mono_ms;
  if (connected_) {
    out.write += codec_.cancel_partial();
    if (!looking_) {
      begin_look(now, out);
    }
  }
}

void PrintSession::forget(std::string_view job) {
  if (job_ && job_->id == job) {
    job_.reset();
  }
  std::erase_if(recoveries_, [job](const Job& j) { return j.id == job; });
}

bool PrintSession::has_sent() const {
  return job_ && job_->phase != Phase::preparing && job_->phase != Phase::prepared;
}

void PrintSession::show(DeviceState state, std::string_view detail, SessionEffects& out) {
  DeviceReport now{device_, DeviceKind::printer, state, std::string(detail)};
  if (shown_ != now) {
    shown_ = now;
    out.reports.emplace_back(std::move(now));
  }
}

void PrintSession::report(PrintStep step, DeviceState state, const PrinterMark& mark,
                          std::string evidence, SessionEffects& out) {
  out.reports.emplace_back(PrintReport{device_, job_->id, step, state, mark, std::move(evidence)});
  if (step == PrintStep::refused) {
    refused_job_ = job_->id;
  }
  if (is_final(step)) {
    job_.reset();
  }
}

}  // namespace dockline::firmware
