// Any answers from a sales channel, and any webhook from a partner: every conversation ends,
// nothing is taken for an order that does not hold together.
#include <memory>
#include <vector>

#include "server/channels/contract/channel.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/check.hpp"
#include "shared/base/limits.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace dockline::server::channels;
constexpr dockline::base::Instant kNow{.mono_ms = 1'000'000, .wall_ms = 1'795'000'000'000};
const std::string kKey = "0123456789abcdef";

std::unique_ptr<Channel> channel(const char* kind) {
  auto made = make({.name = "shop",
                    .kind = kind,
                    .url = "http://127.0.0.1:9/admin-api",
                    .user = "dockline",
                    .secret = kKey,
                    .locations = {{"berlin", "1"}}});
  CHECK(made.has_value());
  return std::move(*made);
}

std::unique_ptr<Exchange> conversation(Channel& channel, std::uint8_t which) {
  switch (which % 5) {
    case 0:
      return channel.push(StockPush{.sku = "A", .location = "1", .quantity = 5}, "d", kNow);
    case 1: {
      FulfilmentPush push{.order = "shop:1", .number = "1", .tracking = "DL1"};
      push.lines.push_back({.line = 1, .sku = "A", .external_id = "7", .quantity = 1});
      return channel.push(push, "d", kNow);
    }
    case 2:
      return channel.poll(PollSince{}, kNow);
    case 3:
      return channel.poll(PollOrders{{"1"}}, kNow);
    default:
      return channel.poll(AuditStock{}, kNow);
  }
}

void hold_together(const Seen& seen) {
  for (const auto& one : seen.orders) {
    CHECK(one.order.order == "shop:" + one.order.number);
    for (const auto& line : one.order.lines) CHECK(line.external_id.has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dockline::fuzz::Input input(data, size);
  const auto which = static_cast<std::uint8_t>(input.choice());
  const auto made = channel("vendure");
  auto exchange = conversation(*made, which);
  static_cast<void>(exchange->begin());
  Verdict verdict = Ask{};
  for (int i = 0; i < 40 && std::holds_alternative<Ask>(verdict); ++i) {
    dockline::base::HttpResponse answer{.status = 200};
    if (i == 0) answer.headers.emplace_back("vendure-auth-token", "t");
    answer.body = i == 0 ? R"({"data":{"login":{}}})" : std::string(input.take(input.choice() * 8));
    verdict = exchange->on_answer(answer);
  }
  CHECK(!std::holds_alternative<Ask>(verdict));
  if (const auto* seen = std::get_if<Seen>(&verdict)) hold_together(*seen);

  const std::string body(input.rest());
  const auto hook = channel("webhook")->hook(
      {.headers = {{"x-dockline-signature",
                    "sha256=" + dockline::base::to_hex(dockline::base::hmac_sha256(kKey, body))}},
       .body = body},
      kNow);
  if (!hook) return 0;
  for (const auto& one : hook->orders) {
    CHECK(!one.order.number.empty());
    for (const auto& line : one.order.lines) {
      CHECK(line.quantity >= 0 && line.quantity <= dockline::base::limits::kLineQuantityMax);
    }
  }
  return 0;
}
