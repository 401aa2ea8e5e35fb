#include "agent/station/journal.hpp"

#include <algorithm>
#include <array>

#include "shared/base/limits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::agent::station {
namespace {

using firmware::DeviceState;
using firmware::PrintStep;
namespace limits = base::limits;

constexpr std::array<std::string_view, 7> kNames{"wanted",  "sending", "sent", "confirmed",
                                                 "applied", "unknown", "void"};

bool under_way(JobState s) { return s == JobState::sending || s == JobState::sent; }

}  // namespace

std::string_view name(JobState state) { return kNames[static_cast<std::size_t>(state)]; }

std::optional<JobState> job_state(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<JobState>(i);
  }
  return std::nullopt;
}

void Journal::load(std::vector<Job> jobs) { jobs_ = std::move(jobs); }

void Journal::adopt(std::vector<Job> jobs) {
  for (auto& job : jobs) {
    const bool known =
        std::any_of(jobs_.begin(), jobs_.end(), [&](const Job& j) { return j.id() == job.id(); });
    if (!known) jobs_.push_back(std::move(job));
  }
}

void Journal::restart(base::Instant now, JournalOut& out) {
  for (auto& job : jobs_) {
    job.moved_mono_ms = now.mono_ms;
    job.wanted_mono_ms = now.mono_ms;
    if (job.state == JobState::wanted) {
      // On this disk no byte has left. But the disk may be an older image of itself, and the sheet
      // may have come out since: the packer looks first.
      job.recovered = job.recovered || !job.late;
      job.late = true;
      job.dirty = true;
      hand_over(now, job, out);
    } else if (under_way(job.state) && PLANT("retry-prints-again")) {
      change(now, job, JobState::wanted, "again after a restart", out);
      hand_over(now, job, out);
    } else if (under_way(job.state)) {
      job.handed = true;
      job.recovered = true;
      out.effects.emplace_back(RecoverSheet{job.printer, job.id(), job.mark});
    }
  }
}

void Journal::resume(base::Instant now) {
  for (auto& job : jobs_) {
    job.moved_mono_ms = now.mono_ms;
    job.wanted_mono_ms = now.mono_ms;
    job.handed = under_way(job.state);
  }
}

void Journal::want(base::Instant now, const Want& want, JournalOut& out) {
  if (const Job* before = newest(want.job)) {
    Job next = *before;
    next.label = want.label;  // an order that was given again may have got another
    copy(now, next, want.printer, out);
    return;
  }
  auto& job = jobs_.emplace_back();
  job.job = want.job;
  job.order = want.order;
  job.number = want.number;
  job.label = want.label;
  job.printer = want.printer;
  job.wanted_ms = now.wall_ms;
  job.wanted_mono_ms = now.mono_ms;
  change(now, job, JobState::wanted, "", out);
  hand_over(now, job, out);
}

void Journal::copy(base::Instant now, const Job& of, std::string_view printer, JournalOut& out) {
  Job job;
  job.job = of.job;
  job.attempt = of.attempt + 1;
  job.order = of.order;
  job.number = of.number;
  job.label = of.label;
  job.printer = printer;
  job.wanted_ms = now.wall_ms;
  job.wanted_mono_ms = now.mono_ms;
  jobs_.push_back(std::move(job));
  change(now, jobs_.back(), JobState::wanted, "marked copy", out);
  hand_over(now, jobs_.back(), out);
}

void Journal::change(base::Instant now, Job& job, JobState state, std::string evidence,
                     JournalOut& out) {
  job.state = state;
  job.evidence = std::move(evidence);
  job.moved_mono_ms = now.mono_ms;
  job.dirty = true;
  out.changed.push_back(job);
}

void Journal::hand_over(base::Instant now, Job& job, JournalOut& out) {
  job.moved_mono_ms = now.mono_ms;
  if (job.printer.empty() || job.late) {
    job.trouble = job.printer.empty() ? DeviceState::gone : job.trouble;
    return;
  }
  job.handed = true;
  out.effects.emplace_back(PrintSheet{job.printer, job.id()});
}

void Journal::report(base::Instant now, const firmware::PrintReport& report, JournalOut& out) {
  const auto found =
      std::find_if(jobs_.begin(), jobs_.end(), [&](const Job& j) { return j.id() == report.job; });
  if (found == jobs_.end() || is_final(found->state)) {
    if (!firmware::is_final(report.step)) {
      out.effects.emplace_back(ForgetSheet{report.device, report.job});
    }
    return;
  }
  Job& job = *found;
  job.moved_mono_ms = now.mono_ms;
  job.trouble = DeviceState::ready;
  switch (report.step) {
    case PrintStep::refused:
      job.handed = false;
      job.trouble = report.state == DeviceState::ready ? DeviceState::not_ready : report.state;
      // No byte has left: a sheet that was prepared is wanted as before.
      if (under_way(job.state)) change(now, job, JobState::wanted, report.evidence, out);
      break;
    case PrintStep::prepared:
      if (job.state != JobState::wanted) break;
      job.mark = report.mark;
      if (!PLANT("label-intent-after-bytes"))
        change(now, job, JobState::sending, report.evidence, out);
      out.effects.emplace_back(SendSheet{job.printer, job.id()});
      break;
    case PrintStep::sent:
      if (job.state != JobState::sending && !PLANT("label-intent-after-bytes")) break;
      job.sent_ms = now.wall_ms;
      change(now, job, JobState::sent, report.evidence, out);
      break;
    case PrintStep::waiting:
      job.trouble = report.state;
      break;
    case PrintStep::confirmed:
      job.handed = false;
      if (!under_way(job.state) && job.state != JobState::unknown) break;
      job.confirmed_ms = now.wall_ms;
      change(now, job, JobState::confirmed, report.evidence, out);
      break;
    case PrintStep::not_printed:
      job.handed = false;
      if (!under_way(job.state)) break;
      if (++job.resends > limits::kPrintResendsMax) {
        change(now, job, JobState::unknown, "not printed " + std::to_string(job.resends) + " times",
               out);
        break;
      }
      change(now, job, JobState::wanted, report.evidence, out);
      hand_over(now, job, out);
      break;
    case PrintStep::uncertain:
      job.handed = false;
      if (under_way(job.state)) change(now, job, JobState::unknown, report.evidence, out);
      break;
  }
}

void Journal::printer_ready(base::Instant now, std::string_view printer, JournalOut& out) {
  for (auto& job : jobs_) {
    if (job.printer != printer) continue;
    if (job.state == JobState::wanted && !job.handed) {
      hand_over(now, job, out);
    } else if (under_way(job.state)) {
      job.trouble = DeviceState::ready;
      job.moved_mono_ms = now.mono_ms;
    }
  }
}

void Journal::scanned(base::Instant now, std::string_view id, JournalOut& out) {
  Job* job = find_newest(id);
  if (job == nullptr || is_final(job->state)) return;
  if (job->handed) out.effects.emplace_back(ForgetSheet{job->printer, job->id()});
  job->handed = false;
  job->trouble = DeviceState::ready;
  job->applied_ms = now.wall_ms;
  change(now, *job, JobState::applied, "scanned", out);
}

void Journal::none_came(base::Instant now, std::string_view id, JournalOut& out) {
  Job* job = find_newest(id);
  if (job == nullptr || is_final(job->state)) return;
  if (job->state == JobState::wanted && job->late) {  // nothing was sent: the same sheet prints
    job->late = false;
    job->wanted_ms = now.wall_ms;
    job->wanted_mono_ms = now.mono_ms;
    job->dirty = true;
    hand_over(now, *job, out);
    return;
  }
  const std::string printer = job->printer;
  if (job->handed) out.effects.emplace_back(ForgetSheet{job->printer, job->id()});
  job->handed = false;
  change(now, *job, JobState::voided, "NO scanned", out);
  copy(now, Job(*job), printer, out);
}

void Journal::use_other(base::Instant now, std::string_view id, std::string_view printer,
                        JournalOut& out) {
  Job* job = find_newest(id);
  if (job == nullptr || is_final(job->state)) return;
  if (job->handed) out.effects.emplace_back(ForgetSheet{job->printer, job->id()});
  job->handed = false;
  if (job->state == JobState::wanted) {
    job->printer = printer;
    job->trouble = DeviceState::ready;
    job->late = false;
    job->dirty = true;
    hand_over(now, *job, out);
    return;
  }
  change(now, *job, JobState::voided, "OTHER scanned", out);
  copy(now, Job(*job), printer, out);
}

void Journal::reprint(base::Instant now, std::string_view id, JournalOut& out) {
  Job* job = find_newest(id);
  if (job != nullptr && job->state == JobState::wanted && job->late) {
    return none_came(now, id, out);
  }
  if (job == nullptr || job->state == JobState::wanted || under_way(job->state)) return;
  const std::string printer = job->printer;
  if (!is_final(job->state)) {
    change(now, *job, JobState::voided, "REPRINT scanned", out);
  }
  copy(now, Job(*job), printer, out);
}

void Journal::cancel(base::Instant now, std::string_view id, std::string_view why,
                     JournalOut& out) {
  Job* job = find_newest(id);
  if (job == nullptr || is_final(job->state)) return;
  if (job->handed) out.effects.emplace_back(ForgetSheet{job->printer, job->id()});
  job->handed = false;
  change(now, *job, JobState::voided, std::string(why), out);
}

void Journal::tick(base::Instant now, JournalOut& out) {
  for (auto& job : jobs_) {
    const std::int64_t quiet_ms = now.mono_ms - job.moved_mono_ms;
    if (under_way(job.state) && job.trouble == DeviceState::ready &&
        quiet_ms >= limits::kLabelAnswerMs) {
      change(now, job, JobState::unknown, "no answer for 8 s", out);
    } else if (job.state == JobState::wanted && !job.late) {
      if (now.mono_ms - job.wanted_mono_ms >= limits::kLabelLateMs) {
        if (job.handed) out.effects.emplace_back(ForgetSheet{job.printer, job.id()});
        job.handed = false;
        job.late = true;
        job.dirty = true;
      } else if (!job.handed && !job.printer.empty() && quiet_ms >= limits::kPrintRetryMs) {
        hand_over(now, job, out);
      }
    }
  }
}

const Job* Journal::newest(std::string_view id) const {
  const Job* best = nullptr;
  for (const auto& job : jobs_) {
    if (job.job == id && (best == nullptr || job.attempt > best->attempt)) best = &job;
  }
  return best;
}

Job* Journal::find_newest(std::string_view id) { return const_cast<Job*>(newest(id)); }

std::optional<std::int64_t> Journal::wake_ms() const {
  std::optional<std::int64_t> at;
  const auto take = [&](std::int64_t ms) { at = at ? std::min(*at, ms) : ms; };
  for (const auto& job : jobs_) {
    if (under_way(job.state) && job.trouble == DeviceState::ready) {
      take(job.moved_mono_ms + limits::kLabelAnswerMs);
    } else if (job.state == JobState::wanted && !job.late) {
      take(job.wanted_mono_ms + limits::kLabelLateMs);
      if (!job.handed && !job.printer.empty()) take(job.moved_mono_ms + limits::kPrintRetryMs);
    }
  }
  return at;
}

std::vector<Job> Journal::take_dirty(const std::vector<std::string>& keep) {
  std::vector<Job> out;
  for (auto& job : jobs_) {
    if (job.dirty) out.push_back(job);
    job.dirty = false;
  }
  std::erase_if(jobs_, [&](const Job& j) {
    return is_final(j.state) && std::find(keep.begin(), keep.end(), j.job) == keep.end();
  });
  return out;
}

}  // namespace dockline::agent::station
