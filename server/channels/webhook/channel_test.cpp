// What is special about the webhook channel: signatures, messages out, orders in.
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "server/channels/webhook/intake.hpp"
#include "server/channels/webhook/kind.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::server::channels::webhook {
namespace {

constexpr base::Instant kNow{.mono_ms = 1'000'000, .wall_ms = 1'795'000'000'000};
const std::string kKey = "0123456789abcdef";

class WebhookChannel : public testing::Test {
 protected:
  WebhookChannel()
      : channel(std::move(*kind().make({.name = "partner",
                                        .kind = "webhook",
                                        .url = "http://partner/in",
                                        .secret = kKey,
                                        .locations = {{"berlin", "BER"}}}))) {}
  base::Result<HookAnswer> hook(const std::string& body, const std::string& key = kKey) {
    return channel->hook(
        {.headers = {{"x-dockline-signature", signature(key, body)}}, .body = body}, kNow);
  }
  std::unique_ptr<Channel> channel;
};

const std::string kPlaced = R"({"type":"order.placed","delivery":"d-7","order":{"number":"A-1",
 "placed_at":"2026-11-20T10:00:00Z","currency":"EUR","ship_to":{"name":"Ada","city":"Berlin"},
 "lines":[{"id":"x1","sku":"MUG-RED","quantity":2,"unit_price_minor":1990},
          {"sku":"TEE-L","quantity":1}]}})";

// HMAC-SHA256 of RFC 4231, test case 2.
TEST(WebhookSignature, IsTheHmacOfTheBody) {
  EXPECT_EQ(signature("Jefe", "what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_F(WebhookChannel, SignsWhatItSends) {
  auto exchange = channel->push(
      StockPush{.sku = "MUG-RED", .location = "BER", .quantity = 7, .caused_ms = 5}, "d-1", kNow);
  const auto request = exchange->begin();
  EXPECT_EQ(header(request.headers, "x-dockline-signature"), signature(kKey, request.body));
  EXPECT_EQ(header(request.headers, "x-dockline-delivery"), "d-1");
  EXPECT_EQ(header(request.headers, "x-dockline-timestamp"), "1795000000000");
  const auto body = boost::json::parse(request.body);
  EXPECT_EQ(body.at("type").as_string(), "stock.figure");
  EXPECT_EQ(body.at("delivery").as_string(), "d-1");
  EXPECT_EQ(body.at("stock").at("available").as_int64(), 7);
}

TEST_F(WebhookChannel, TakesADuplicateForDelivered) {
  for (const int status : {200, 201, 204, 409}) {
    auto exchange = channel->push(FulfilmentPush{.number = "A-1", .tracking = "DL1"}, "d", kNow);
    static_cast<void>(exchange->begin());
    EXPECT_TRUE(std::holds_alternative<Delivered>(
        exchange->on_answer(base::HttpResponse{.status = status})));
  }
}

TEST_F(WebhookChannel, LeavesARefusalToAPerson) {
  auto exchange = channel->push(FulfilmentPush{.number = "A-1", .tracking = "DL1"}, "d", kNow);
  static_cast<void>(exchange->begin());
  EXPECT_TRUE(std::holds_alternative<Rejected>(
      exchange->on_answer(base::HttpResponse{.status = 422, .headers = {}, .body = "no"})));
}

TEST_F(WebhookChannel, ReadsAnOrder) {
  const auto answer = hook(kPlaced);
  ASSERT_TRUE(answer.has_value()) << answer.error().detail;
  EXPECT_EQ(answer->delivery, "d-7");
  ASSERT_EQ(answer->orders.size(), 1U);
  const auto& order = answer->orders[0].order;
  EXPECT_EQ(order.order, "partner:A-1");
  EXPECT_EQ(order.lines.at(0).external_id, "x1");
  EXPECT_EQ(order.lines.at(1).external_id, "2");
  EXPECT_EQ(order.lines.at(1).title, "TEE-L");
  EXPECT_TRUE(answer->orders[0].wanted);
}

TEST_F(WebhookChannel, ReadsACancellation) {
  const auto answer =
      hook(R"({"type":"order.cancelled","order":{"number":"A-1","reason":"changed mind"}})");
  ASSERT_TRUE(answer.has_value()) << answer.error().detail;
  EXPECT_TRUE(answer->orders[0].cancelled);
  EXPECT_EQ(answer->orders[0].reason, "changed mind");
}

TEST_F(WebhookChannel, RefusesAForgedOrAlteredBody) {
  EXPECT_FALSE(hook(kPlaced, "fedcba9876543210").has_value());
  const auto altered = channel->hook(
      {.headers = {{"x-dockline-signature", signature(kKey, kPlaced)}}, .body = kPlaced + " "},
      kNow);
  ASSERT_FALSE(altered.has_value());
  EXPECT_FALSE(altered.error().detail.contains(kKey));
}

TEST_F(WebhookChannel, NamesTheFieldThatIsWrong) {
  const std::pair<std::string, std::string> cases[] = {
      {"x", "no JSON object"},
      {"[]", "no JSON object"},
      {"{}", "type: missing"},
      {R"({"type":"order.placed"})", "order: missing"},
      {R"({"type":"order.lost","order":{}})", "type:"},
      {R"({"type":"order.placed","order":{"number":""}})", "order.lines"},
      {R"({"type":"order.placed","order":{"number":"A","lines":[]}})", "order.lines"},
      {R"({"type":"order.placed","order":{"number":"A","lines":[{"sku":"S","quantity":-1}]}})",
       "order.lines[0].quantity"},
      {R"({"type":"order.placed","order":{"number":"A","lines":[{"sku":"","quantity":1}]}})",
       "order.lines[0].sku"},
      {R"({"type":"order.placed","order":{"number":"A","lines":[{"sku":"S","quantity":1}]}})",
       "order.ship_to.name"},
      {R"({"type":"order.placed","order":{"number":7,"lines":[]}})", "order.number"},
      {R"({"type":"order.placed","order":{"number":"A","placed_at":"soon","ship_to":{"name":"A"},
          "lines":[{"sku":"S","quantity":1}]}})",
       "order.placed_at"},
  };
  for (const auto& [body, place] : cases) {
    const auto answer = hook(body);
    ASSERT_FALSE(answer.has_value()) << body;
    EXPECT_TRUE(answer.error().detail.contains(place)) << body << ": " << answer.error().detail;
  }
  EXPECT_FALSE(hook("{\"type\":\"\xff\"}").has_value());
}

TEST(WebhookConfig, WantsAKeyThatCannotBeGuessed) {
  const auto made =
      kind().make({.name = "p", .kind = "webhook", .url = "http://p/", .secret = "short"});
  ASSERT_FALSE(made.has_value());
  EXPECT_TRUE(made.error().detail.contains("16 characters"));
}

}  // namespace
}  // namespace dockline::server::channels::webhook
