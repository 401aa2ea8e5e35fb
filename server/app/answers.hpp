// What a request of the API is promised beside its effect: the same answer for the same
// Idempotency-Key for 24 hours, kept in the turn of the effect (law 1: a retry after a crash finds
// either both or neither), and nothing done when the order is not as the asker saw it (If-Match).
#pragma once

#include <cstdint>
#include <optional>

#include "server/app/core.hpp"

namespace dockline::server {

inline constexpr std::int64_t kAnswerKeptMs = 24 * 3'600'000LL;
inline constexpr std::int64_t kAnswersMax = 100'000;   // about 30 MB
inline constexpr std::int64_t kAnswersSweptMax = 200;  // in one tick

class Answers {
 public:
  explicit Answers(HubCore& core) : core_(core) {}

  // The answer without running the command: it was given before, or it must not run.
  [[nodiscard]] std::optional<Reply> before(const ApiCommand& input);
  // Keeps the answer, if the request asked for that.
  void after(const ApiCommand& input, const Reply& reply);
  void tick();  // drops what is older than a day, a bounded piece of it

 private:
  [[nodiscard]] std::int64_t since() const { return core_.now.wall_ms - kAnswerKeptMs; }
  HubCore& core_;
  std::optional<std::int64_t> count_;
  std::int64_t sweep_at_ms_ = 0;  // monotonic clock
};

}  // namespace dockline::server
