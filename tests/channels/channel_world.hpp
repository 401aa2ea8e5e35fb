// Virtual clock, a model of a Vendure shop and a network that loses, delays and refuses, around the
// ChannelBench.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tests/channels/channel_bench.hpp"
#include "tests/channels/shop_model.hpp"

namespace dockline::server::publish {

class ChannelWorld final : public ChannelBench {
 public:
  using ChannelBench::ChannelBench;

  // Per mille: the request is lost, its answer is lost, or it is refused (429, 500).
  struct Faults {
    std::uint32_t lost = 0, answer_lost = 0, refused = 0;
    std::uint32_t late = 0;  // takes effect at any time until well after we gave it up
  } faults;
  std::function<void()> on_step;  // before each few ms
  channels::vendure::ShopModel shop;
  std::int64_t sent = 0;                  // requests
  std::vector<base::HttpRequest> posted;  // what a webhook receiver got

  // Answers under way are lost with it; requests under way are not.
  void crash() {
    for (auto& wire : wire_) wire.heard = false;
    open();
  }

  void run(std::int64_t ms) {
    const auto until = now.mono_ms + ms;
    while (now.mono_ms < until) {
      if (on_step) on_step();
      EngineOut out;
      deliver();
      check(engine->on_tick(now, books, store, out));
      turn(out);
      const auto step = std::min<std::int64_t>(5, until - now.mono_ms);
      now.mono_ms += step;
      now.wall_ms += step;
    }
  }

 private:
  struct Wire {
    std::int64_t arrives_ms = 0, due_ms = 0;
    std::uint64_t request = 0;
    base::HttpRequest http;
    bool arrived = false, heard = true;  // its answer is wanted, or was given up
    base::Result<base::HttpResponse> answer;
  };

  void send(ChannelRequest request) override {
    ++sent;
    const auto half = prng.between(1, 20);
    Wire wire{.arrives_ms = now.mono_ms + half,
              .due_ms = now.mono_ms + half + prng.between(0, 20),
              .request = request.request,
              .http = std::move(request.http),
              .answer = base::fail(base::Fault::retry_later, "cut")};
    if (prng.chance(faults.lost)) {
      wire.arrived = true;
      wire.due_ms = now.mono_ms + kTimeoutMs;
    } else if (prng.chance(faults.refused)) {
      wire.arrived = true;
      wire.answer = prng.chance(500)
                        ? base::HttpResponse{.status = 500}
                        : base::HttpResponse{.status = 429, .headers = {{"retry-after", "1"}}};
    } else if (prng.chance(faults.late)) {
      wire.arrives_ms = now.mono_ms + prng.between(0, kTimeoutMs + kLateMs);
      wire.due_ms = now.mono_ms + kTimeoutMs;
    }
    wire_.push_back(std::move(wire));
  }

  void arrive(Wire& wire) {
    if (wire.arrived || wire.arrives_ms > now.mono_ms) return;
    wire.arrived = true;
    base::HttpResponse answer{.status = 200};
    if (wire.http.url.contains("admin-api"))
      answer = shop.answer(wire.http);
    else
      posted.push_back(wire.http);
    if (prng.chance(faults.answer_lost))
      wire.due_ms += kTimeoutMs;
    else if (wire.due_ms >= wire.arrives_ms)
      wire.answer = std::move(answer);
  }

  void deliver() {
    for (auto& wire : std::exchange(wire_, {})) {
      arrive(wire);
      const bool answered = !wire.heard || wire.due_ms <= now.mono_ms;
      if (wire.heard && answered) {
        wire.heard = false;
        EngineOut one;
        check(engine->on_result(now, books, store, {wire.request, wire.answer}, one));
        turn(one);
      }
      if (!answered || !wire.arrived) wire_.push_back(std::move(wire));
    }
  }

  static constexpr std::int64_t kTimeoutMs = 500, kLateMs = 1'500;
  std::vector<Wire> wire_;
};

}  // namespace dockline::server::publish
