// What every channel promises, whichever it is (the contract suite), read off the table of kinds.
#include <gtest/gtest.h>

#include "server/channels/contract/channel.hpp"

namespace dockline::server::channels {
namespace {

constexpr base::Instant kNow{.mono_ms = 1'000'000, .wall_ms = 1'795'000'000'000};
constexpr const char* kSecret = "s3cret-s3cret-s3cret";

Config config_of(const Kind& kind) {
  return {.name = "shop",
          .kind = std::string(kind.name),
          .url = "http://127.0.0.1:9/admin-api",
          .user = "",
          .secret = kSecret,
          .locations = {{"berlin", "1"}, {"lyon", "2"}}};
}

std::vector<Push> pushes() {
  return {
      StockPush{.sku = "MUG-RED", .location = "1", .quantity = 7, .known_held = 2, .caused_ms = 5},
      FulfilmentPush{.order = "shop:A1",
                     .number = "A1",
                     .external_id = "1",
                     .carrier = "House",
                     .tracking = "DL0000000001",
                     .lines = {{.line = 1, .sku = "MUG-RED", .external_id = "11", .quantity = 2}},
                     .caused_ms = 5},
      StatusPush{.order = "shop:A1", .number = "A1", .status = "packed", .caused_ms = 5}};
}

base::HttpResponse http(int status, base::HttpHeaders headers = {}, std::string body = "") {
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}

class EveryChannel : public testing::TestWithParam<std::size_t> {
 protected:
  EveryChannel() : channel_(std::move(*kind().make(config_of(kind())))) {}
  static const Kind& kind() { return kinds()[GetParam()]; }

  // Every conversation this channel can have, at its first request.
  std::vector<std::unique_ptr<Exchange>> conversations() {
    std::vector<std::unique_ptr<Exchange>> all;
    for (const auto& push : pushes()) {
      if (std::holds_alternative<StatusPush>(push) && !channel_->capabilities().wants_status) {
        continue;
      }
      all.push_back(channel_->push(push, "d-1", kNow));
    }
    for (const auto& poll : {Poll(PollSince{}), Poll(PollOrders{{"A1"}}), Poll(AuditStock{})}) {
      if (auto one = channel_->poll(poll, kNow)) all.push_back(std::move(one));
    }
    return all;
  }

  std::unique_ptr<Channel> channel_;
};

TEST_P(EveryChannel, AsksItsOwnAddressAndKeepsItsSecretOutOfUrls) {
  for (auto& one : conversations()) {
    const auto request = one->begin();
    EXPECT_TRUE(request.url.starts_with("http://127.0.0.1:9/"));
    EXPECT_FALSE(request.url.contains(kSecret));
    EXPECT_GT(request.timeout_ms, 0);
  }
}

TEST_P(EveryChannel, TriesAgainWhenNothingCameBack) {
  for (auto& one : conversations()) {
    static_cast<void>(one->begin());
    const auto verdict = one->on_answer(base::fail(base::Fault::retry_later, "timed out"));
    const auto* retry = std::get_if<RetryAfter>(&verdict);
    ASSERT_NE(retry, nullptr);
    EXPECT_FALSE(retry->reached);
    EXPECT_FALSE(retry->why.empty());
  }
}

TEST_P(EveryChannel, TriesAgainAfterServerTrouble) {
  for (const int status : {500, 502, 503, 504, 408}) {
    for (auto& one : conversations()) {
      static_cast<void>(one->begin());
      EXPECT_TRUE(std::holds_alternative<RetryAfter>(one->on_answer(http(status)))) << status;
    }
  }
}

TEST_P(EveryChannel, WaitsAsLongAsTheChannelSays) {
  for (auto& one : conversations()) {
    static_cast<void>(one->begin());
    const auto verdict = one->on_answer(http(429, {{"retry-after", "7"}}));
    const auto* slower = std::get_if<Throttled>(&verdict);
    ASSERT_NE(slower, nullptr);
    EXPECT_EQ(slower->delay_ms, 7'000);
    EXPECT_FALSE(slower->needs_person);
  }
}

TEST_P(EveryChannel, CallsAPersonWhenItIsNotLetIn) {
  for (auto& one : conversations()) {
    static_cast<void>(one->begin());
    const auto verdict = one->on_answer(http(401));
    const auto* slower = std::get_if<Throttled>(&verdict);
    ASSERT_NE(slower, nullptr);
    EXPECT_TRUE(slower->needs_person);
    EXPECT_FALSE(slower->why.contains(kSecret));
  }
}

TEST_P(EveryChannel, NeverTakesARedirectForSuccess) {
  for (auto& one : conversations()) {
    static_cast<void>(one->begin());
    EXPECT_TRUE(std::holds_alternative<Rejected>(
        one->on_answer(http(302, {{"location", "http://elsewhere/"}}))));
  }
}

TEST_P(EveryChannel, SurvivesAnyBody) {
  const std::string bodies[] = {"",
                                "null",
                                "[]",
                                "{}",
                                "<html>busy</html>",
                                "{\"data\":null}",
                                "{\"data\":{}}",
                                "{\"data\":[1]}",
                                "{\"errors\":[]}",
                                "{\"errors\":[7]}",
                                "{\"errors\":{}}",
                                std::string(3, '\xff'),
                                "{\"data\":{\"orders\":{\"items\":[{}],\"totalItems\":\"x\"}}}",
                                "{\"data\":{\"productVariants\":{\"items\":[{}]}}}",
                                std::string(200'000, '[')};
  for (const auto& body : bodies) {
    for (const int status : {200, 400, 404}) {
      for (auto& one : conversations()) {
        static_cast<void>(one->begin());
        for (int i = 0; i < 8; ++i) {
          if (!std::holds_alternative<Ask>(one->on_answer(http(status, {}, body)))) break;
        }
      }
    }
  }
}

TEST_P(EveryChannel, OffersThePollsThatItClaims) {
  const auto& can = channel_->capabilities();
  EXPECT_EQ(channel_->poll(PollSince{}, kNow) != nullptr, can.polls_orders);
  EXPECT_EQ(channel_->poll(AuditStock{}, kNow) != nullptr, can.audits_stock);
  EXPECT_EQ(can.kind, kind().name);
}

TEST_P(EveryChannel, RefusesAnUnsignedHook) {
  const auto answer = channel_->hook({.headers = {}, .body = "{}"}, kNow);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().fault, base::Fault::reject);
}

TEST_P(EveryChannel, NeedsASecretAndSaysSo) {
  auto config = config_of(kind());
  config.secret.clear();
  const auto made = kind().make(config);
  ASSERT_FALSE(made.has_value());
  EXPECT_TRUE(made.error().detail.contains("secret_file")) << made.error().detail;
}

TEST_P(EveryChannel, HasASampleConfigurationOfItsKind) {
  EXPECT_TRUE(kind().sample.contains("kind = \"" + std::string(kind().name) + "\""));
  EXPECT_FALSE(kind().help.empty());
}

INSTANTIATE_TEST_SUITE_P(All, EveryChannel, testing::Range<std::size_t>(0, kinds().size()),
                         [](const auto& param) { return std::string(kinds()[param.param].name); });

TEST(ChannelPush, ComesBackFromItsJsonUnchanged) {
  for (const auto& push : pushes()) {
    const auto text = encode_push(push);
    const auto again = decode_push(text);
    ASSERT_TRUE(again.has_value()) << again.error().detail;
    EXPECT_EQ(encode_push(*again), text);
  }
  EXPECT_EQ(decode_push("{}").error().fault, base::Fault::corrupt);
  EXPECT_EQ(decode_push("{\"stock\":{\"sku\":1}}").error().fault, base::Fault::corrupt);
}

TEST(ChannelRetryAfter, IsReadAsSecondsOrAsADate) {
  EXPECT_EQ(retry_after_ms({{"retry-after", "120"}}), 120'000);
  EXPECT_EQ(retry_after_ms({{"retry-after", "Sun, 06 Nov 1994 08:49:47 GMT"},
                            {"date", "Sun, 06 Nov 1994 08:49:37 GMT"}}),
            10'000);
  EXPECT_EQ(retry_after_ms({{"retry-after", "soon"}}), 0);
  EXPECT_EQ(retry_after_ms({{"retry-after", "999999999"}}), 3'600'000);
  EXPECT_EQ(retry_after_ms({}), 0);
}

TEST(ChannelTable, NamesTheKindsThereAreWhenOneIsWrong) {
  const auto made = make({.name = "x", .kind = "shopware"});
  ASSERT_FALSE(made.has_value());
  EXPECT_TRUE(made.error().detail.contains("vendure"));
}

TEST(ChannelTable, TellsAChannelWithoutLocationsAboutEverySite) {
  Config webhook{.name = "p", .kind = "webhook"};
  default_locations(webhook, {"berlin", "lyon"});
  EXPECT_EQ(webhook.locations.at("lyon"), "lyon");
  Config vendure{.name = "s", .kind = "vendure"};
  default_locations(vendure, {"berlin"});
  EXPECT_TRUE(vendure.locations.empty());
}

}  // namespace
}  // namespace dockline::server::channels
