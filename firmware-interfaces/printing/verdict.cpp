#include "firmware-interfaces/printing/verdict.hpp"

#include "shared/base/limits.hpp"

namespace dockline::firmware {
namespace {

constexpr std::int64_t kBootToleranceMs = 5'000;  // uptime comes in whole seconds, answers late

Verdict uncertain(std::string evidence) { return {PrintStep::uncertain, std::move(evidence)}; }

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) {
    out += (out.empty() ? "" : ", ") + word;
  }
  return out;
}

}  // namespace

std::optional<bool> restarted_between(const PrinterMark& before, const PrinterMark& now) {
  if (!before.uptime_s || !now.uptime_s) {
    return std::nullopt;
  }
  const auto booted_before = before.asked_wall_ms - *before.uptime_s * 1000;
  const auto booted_now = now.asked_wall_ms - *now.uptime_s * 1000;
  const auto apart = booted_now - booted_before;
  return *now.uptime_s < *before.uptime_s || apart > kBootToleranceMs || apart < -kBootToleranceMs;
}

std::optional<Verdict> judge(const JobFacts& job, const Look& look) {
  if (job.restarted) {
    return uncertain("the printer was switched off and on while it held the label");
  }
  if (job.before.serial && look.mark.serial && *job.before.serial != *look.mark.serial) {
    return uncertain("another printer answers: serial number " + *job.before.serial + " before, " +
                     *look.mark.serial + " now");
  }
  if (restarted_between(job.before, look.mark).value_or(false)) {
    return uncertain("the printer was switched off and on since the label was sent");
  }
  if (!look.status || look.status->state != DeviceState::ready || !look.status->empty() ||
      (look.errors && look.errors->state != DeviceState::ready)) {
    return std::nullopt;  // it holds the label, or cannot say
  }
  if (job.before.odometer && !look.mark.odometer) {
    if (job.same_connection) {
      return std::nullopt;  // it did not answer this time
    }
    return uncertain("the printer does not tell its label count any more");
  }
  if (!job.before.odometer) {
    if (!job.same_connection) {
      return uncertain("the printer counts no labels, and the connection was lost while printing");
    }
    if (job.empty_ms < base::limits::kPrintStillMs) {
      return std::nullopt;
    }
    return Verdict{PrintStep::confirmed,
                   "the printer took the label and holds nothing (it counts no labels)"};
  }
  const auto before = *job.before.odometer, now = *look.mark.odometer;
  const auto counts = "odometer " + std::to_string(before) + " -> " + std::to_string(now);
  if (!job.same_connection && (!job.before.serial || !look.mark.serial)) {
    return uncertain(counts + ", but it cannot prove to be the same printer");
  }
  if (now == before + 1) {
    return Verdict{PrintStep::confirmed, counts + ", nothing waiting"};
  }
  if (now != before) {
    return uncertain(counts + ": not explained by one label");
  }
  if (job.still_ms < job.settle_ms) {
    return std::nullopt;
  }
  if (!restarted_between(job.before, look.mark)) {
    return uncertain(counts +
                     ", nothing waiting, but the printer cannot prove that it did not "
                     "restart");
  }
  return Verdict{PrintStep::not_printed, counts + ", nothing waiting, not restarted"};
}

std::pair<DeviceState, std::string> state_of(const Look& look, std::size_t unsent) {
  const auto by_errors = [&look]() -> std::pair<DeviceState, std::string> {
    return {look.errors->state, "printer reports: " + join(look.errors->errors)};
  };
  if (look.status) {
    if (look.status->state != DeviceState::ready || !look.errors ||
        look.errors->state == DeviceState::ready) {
      return {look.status->state, look.status->detail};
    }
    return by_errors();
  }
  if (look.errors) {
    if (look.errors->state != DeviceState::ready) {
      return by_errors();
    }
    return {DeviceState::not_ready, "gives no status: check its display"};
  }
  if (unsent > 0) {
    return {DeviceState::gone, "takes no bytes: check cable and power"};
  }
  return {DeviceState::not_ready, "does not answer: check its display, cable and power"};
}

}  // namespace dockline::firmware
