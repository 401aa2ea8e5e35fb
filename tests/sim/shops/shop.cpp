#include "tests/sim/shops/shop.hpp"

#include <algorithm>
#include <utility>

namespace dockline::sim {
namespace {

constexpr std::int64_t kDoneLateMs = 1'500;  // how long after the asker gave up
constexpr std::int64_t kSlowMs = 9'000;
constexpr std::size_t kTraceBytesMost = 400;
constexpr std::int64_t kRetryAfterMostS = 5;

}  // namespace

Shop::Shop(World& world, server::channels::Config config, std::int64_t wall_offset_ms,
           Report report)
    : world_(world),
      config_(std::move(config)),
      wall_offset_ms_(wall_offset_ms),
      report_(std::move(report)) {}

void Shop::refuse(Answer answer, std::int64_t after_ms, const char* why) {
  world_.after(after_ms, [answer = std::move(answer), why] {
    answer(base::fail(base::Fault::retry_later, why));
  });
}

base::HttpResponse Shop::do_it(const base::HttpRequest& request) {
  auto answer = serve(request);
  world_.mix(request.url);
  world_.mix(request.body);
  world_.mix(static_cast<std::uint64_t>(answer.status));
  if (world_.tracing()) {
    world_.trace(config_.name, request.method + " " + request.url + " " + request.body + " -> " +
                                   std::to_string(answer.status) + " " +
                                   answer.body.substr(0, kTraceBytesMost));
  }
  return answer;
}

void Shop::ask(base::HttpRequest request, Answer answer) {
  ++counters_.asked;
  auto& draw = random();
  auto there = draw.between(faults_.delay_min_ms, faults_.delay_max_ms);
  if (away_) return refuse(std::move(answer), 1, "connection refused");
  if (draw.chance(faults_.lost)) {
    ++counters_.lost;
    return refuse(std::move(answer), request.timeout_ms, "timed out");
  }
  if (draw.chance(faults_.slow)) {
    ++counters_.slow;
    there += draw.between(0, kSlowMs);
  }
  const bool late = draw.chance(faults_.done_late);
  const bool lost = late || draw.chance(faults_.answer_lost);
  if (lost) {
    ++(late ? counters_.done_late : counters_.answer_lost);
    if (late) there = request.timeout_ms + draw.between(0, kDoneLateMs);
    const auto timeout_ms = request.timeout_ms;
    world_.after(there, [this, request = std::move(request)] {
      if (!away_) static_cast<void>(do_it(request));
    });
    return refuse(std::move(answer), timeout_ms, "timed out");
  }
  if (draw.chance(faults_.throttled)) {
    ++counters_.throttled;
    base::HttpResponse busy{.status = 429, .headers = {}, .body = "slow down"};
    if (draw.chance(700)) {
      busy.headers.emplace_back("retry-after", std::to_string(draw.between(1, kRetryAfterMostS)));
    }
    world_.after(there, [answer = std::move(answer), busy] { answer(busy); });
    return;
  }
  const bool failed = draw.chance(faults_.failed);
  const bool done = !failed || draw.chance(faults_.failed_done);
  if (failed) ++counters_.failed;
  const int status = failed ? static_cast<int>(draw.between(0, 1)) * 2 + 500 : 200;
  const auto back = draw.between(faults_.delay_min_ms, faults_.delay_max_ms);
  world_.after(
      std::min(there, request.timeout_ms - 1),
      [this, request = std::move(request), answer = std::move(answer), failed, done, status, back] {
        base::HttpResponse out{.status = status, .headers = {}, .body = "oops"};
        if (done) {
          auto real = do_it(request);
          if (!failed) out = std::move(real);
        }
        world_.after(back, [answer, out] { answer(out); });
      });
}

}  // namespace dockline::sim
