#include "server/app/answers.hpp"

#include <algorithm>

#include "server/app/seen.hpp"

namespace dockline::server {
namespace {

constexpr std::int64_t kSweepEveryMs = 60'000;

Reply refusal(base::Fault fault, std::string what, std::string code) {
  Reply reply;
  reply.error = base::Error{fault, std::move(what)};
  reply.code = std::move(code);
  return reply;
}

}  // namespace

std::optional<Reply> Answers::before(const ApiCommand& input) {
  auto& table = core_.store->answers;
  if (!input.once.key.empty()) {
    if (const auto kept = table.find(input.once.key, since())) {
      if (kept->request != input.once.request) {
        return refusal(base::Fault::reject, "Idempotency-Key was used for another request",
                       "key_reused");
      }
      Reply reply;
      reply.told = kept->told;
      return reply;
    }
    if (!count_) count_ = table.count();
    if (*count_ >= kAnswersMax) {
      return refusal(base::Fault::full, "too many requests with an Idempotency-Key today", "");
    }
  }
  if (input.if_order.empty()) return std::nullopt;
  const auto thing = seen_thing(input.if_order);
  const auto mark = mark_of(*core_.store, thing);
  if (!mark) return refusal(mark.error().fault, mark.error().detail, "");
  const auto& wanted = input.if_positions;
  if (std::find(wanted.begin(), wanted.end(), *mark) != wanted.end()) return std::nullopt;
  return refusal(base::Fault::conflict, thing.what + " " + thing.id + " has changed since",
                 "changed");
}

void Answers::after(const ApiCommand& input, const Reply& reply) {
  if (input.once.key.empty() || !input.once.write) return;
  core_.store->answers.put(input.once.key, input.once.request, input.once.write(reply),
                           core_.now.wall_ms);
  if (count_) ++*count_;
}

void Answers::tick() {
  if (core_.now.mono_ms < sweep_at_ms_) return;
  const auto dropped = core_.store->answers.sweep(since(), kAnswersSweptMax);
  if (dropped > 0) count_.reset();
  sweep_at_ms_ = core_.now.mono_ms + (dropped == kAnswersSweptMax ? 0 : kSweepEveryMs);
}

}  // namespace dockline::server
