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
  } faults;
  channels::vendure::ShopModel shop;
  std::vector<base::HttpRequest> posted;  // what a webhook receiver got

  void crash() {
    wire_.clear();
    open();
  }

  void run(std::int64_t ms) {
    const auto until = now.mono_ms + ms;
    while (now.mono_ms < until) {
      EngineOut out;
      deliver(out);
      check(engine->on_tick(now, books, store, out));
      turn(out);
      const auto step = std::min<std::int64_t>(5, until - now.mono_ms);
      now.mono_ms += step;
      now.wall_ms += step;
    }
  }

 private:
  struct Wire {
    std::int64_t due_ms = 0;
    std::uint64_t request = 0;
    base::Result<base::HttpResponse> answer;
  };

  void send(ChannelRequest request) override {
    Wire wire{.due_ms = now.mono_ms + prng.between(1, 40),
              .request = request.request,
              .answer = base::fail(base::Fault::retry_later, "cut")};
    if (prng.chance(faults.lost)) {
      wire.due_ms += 500;
    } else if (prng.chance(faults.refused)) {
      wire.answer = prng.chance(500)
                        ? base::HttpResponse{.status = 500}
                        : base::HttpResponse{.status = 429, .headers = {{"retry-after", "1"}}};
    } else {
      base::HttpResponse answer{.status = 200};
      if (request.http.url.contains("admin-api"))
        answer = shop.answer(request.http);
      else
        posted.push_back(request.http);
      if (prng.chance(faults.answer_lost))
        wire.due_ms += 500;
      else
        wire.answer = std::move(answer);
    }
    wire_.push_back(std::move(wire));
  }

  void deliver(EngineOut& out) {
    for (auto& wire : std::exchange(wire_, {})) {
      if (wire.due_ms > now.mono_ms) {
        wire_.push_back(std::move(wire));
        continue;
      }
      EngineOut one;
      check(engine->on_result(now, books, store, {wire.request, std::move(wire.answer)}, one));
      turn(one);
    }
    static_cast<void>(out);
  }

  std::vector<Wire> wire_;
};

}  // namespace dockline::server::publish
