#include "server/cli/progress.hpp"

#include <algorithm>

#include "server/cli/text.hpp"

namespace dockline::server::cli {
namespace {

constexpr std::int64_t kBarEveryMs = 100, kLineEveryMs = 5'000;
constexpr std::int64_t kBarColumns = 30;

}  // namespace

void Progress::update(const std::string& doing, std::int64_t done, std::int64_t total) {
  if (quiet_) return;
  const std::int64_t now_ms = io_.now_ms();
  const bool other = doing != last_doing_;
  const std::int64_t every = io_.err_is_terminal ? kBarEveryMs : kLineEveryMs;
  const bool last = total > 0 && done >= total && done != last_done_;
  if (!other && now_ms - last_ms_ < every && !last) return;
  if (!other && total > 0 && done == last_done_ && !io_.err_is_terminal) return;
  last_ms_ = now_ms;
  last_done_ = done;
  last_doing_ = doing;
  if (io_.err_is_terminal) return bar(doing, done, total, now_ms);
  io_.err << doing;
  if (total > 0) io_.err << ": " << grouped(done) << " of " << grouped(total);
  io_.err << "\n" << std::flush;
}

void Progress::bar(const std::string& doing, std::int64_t done, std::int64_t total,
                   std::int64_t now_ms) {
  std::string line = doing;
  if (total > 0) {
    const std::int64_t filled =
        std::clamp<std::int64_t>(done * kBarColumns / total, 0, kBarColumns);
    line += " [";
    for (std::int64_t i = 0; i < kBarColumns; ++i) line += i < filled ? "█" : "░";
    line += "] " + std::to_string(std::min<std::int64_t>(100, done * 100 / total)) + " %  " +
            grouped(done) + " of " + grouped(total);
    const std::int64_t spent = now_ms - started_ms_;
    if (done > 0 && done < total && spent > 2'000) {
      line += ", " + duration(spent * (total - done) / done) + " left";
    }
  } else {
    static constexpr const char* kTurns[] = {"⠋", "⠙", "⠸", "⠴", "⠦", "⠇"};
    line = std::string(kTurns[now_ms / kBarEveryMs % 6]) + " " + line + ", " +
           duration(now_ms - started_ms_);
  }
  io_.err << "\r\x1b[K" << clipped(line, io_.columns == 0 ? 200 : io_.columns - 1) << std::flush;
  shown_ = true;
}

void Progress::finish() {
  if (shown_) io_.err << "\r\x1b[K" << std::flush;
  shown_ = false;
}

}  // namespace dockline::server::cli
