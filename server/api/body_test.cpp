#include <gtest/gtest.h>

#include "server/api/channels.hpp"
#include "server/api/exceptions.hpp"
#include "server/api/orders.hpp"
#include "server/api/stations.hpp"
#include "server/api/stock.hpp"
#include "server/api/system.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::api {
namespace {

constexpr const char* kGood =
    R"({"number":"A-1","ship_to":{"name":"Ada"},"lines":[{"sku":"MUG","quantity":2}]})";

TEST(Body, ReadsAnOrderWithDefaults) {
  const auto order = order_body(kGood);
  ASSERT_TRUE(order.has_value());
  EXPECT_EQ(order->channel, "api");
  EXPECT_EQ(order->number, "A-1");
  EXPECT_EQ(order->currency, "EUR");
  EXPECT_EQ(order->lines.at(0).quantity, 2);
  EXPECT_FALSE(order->placed_ms.has_value());
}

struct BadBody {
  const char* body;
  int status;
  const char* message;
};
class BodyRefused : public testing::TestWithParam<BadBody> {};
TEST_P(BodyRefused, NamesThePlace) {
  const auto order = order_body(GetParam().body);
  ASSERT_FALSE(order.has_value());
  EXPECT_EQ(order.error().status, GetParam().status);
  EXPECT_NE(order.error().message.find(GetParam().message), std::string::npos)
      << order.error().message;
  EXPECT_FALSE(order.error().remedy.empty());
}
INSTANTIATE_TEST_SUITE_P(
    All, BodyRefused,
    testing::Values(
        BadBody{"", 400, "line 1, column 1"},
        BadBody{"{\n  \"number\": ,\n}", 400, "line 2, column 13"},
        BadBody{"{} x", 400, "line 1, column 4"}, BadBody{"[1]", 400, "not a JSON object"},
        BadBody{"{\"number\":\"\xff\"}", 400, "not UTF-8: wrong byte at line 1, column 12"},
        BadBody{R"({"number":"1"})", 422, "ship_to is missing"},
        BadBody{R"({"number":7,"ship_to":{"name":"A"},"lines":[{"sku":"M","quantity":1}]})", 422,
                "number must be a text"},
        BadBody{R"({"number":"1","ship_to":{"name":"A"},"lines":[]})", 422, "lines has 0 entries"},
        BadBody{R"({"number":"1","ship_to":{"name":"A"},"lines":[{"sku":"M","quantity":-1}]})", 422,
                "lines[0].quantity is -1"},
        BadBody{R"({"number":"1","ship_to":{"name":"A"},"lines":[{"sku":"M","quantity":1.5}]})",
                422, "lines[0].quantity must be a whole number"},
        BadBody{R"({"number":"1","ship_to":{"name":"A"},"lines":[{"sku":"","quantity":1}]})", 422,
                "lines[0].sku has 0 bytes"},
        BadBody{R"({"number":"1","ship_to":{"nme":"A"},"lines":[{"sku":"M","quantity":1}]})", 422,
                "ship_to.name is missing"},
        BadBody{R"({"number":"1\n2","ship_to":{"name":"A"},"lines":[{"sku":"M","quantity":1}]})",
                422, "number holds a control character"},
        BadBody{R"({"number":"1","ship_to":{"name":"A"},"lines":[{"sku":"M","quantity":1}],"x":1})",
                422, "x is not known here"}));

TEST(Body, BoundsTheNumberOfLines) {
  std::string body = R"({"number":"1","ship_to":{"name":"A"},"lines":[)";
  for (std::size_t i = 0; i <= base::limits::kOrderLinesMax; ++i) {
    body += std::string(i == 0 ? "" : ",") + R"({"sku":"M","quantity":1})";
  }
  const auto order = order_body(body + "]}");
  ASSERT_FALSE(order.has_value());
  EXPECT_NE(order.error().message.find("lines has 1501 entries"), std::string::npos);
}

TEST(Body, RefusesDeepNesting) { EXPECT_FALSE(order_body(std::string(10'000, '[')).has_value()); }

TEST(Body, RefusesAnAdjustmentOfNothing) {
  const auto adjust = adjust_body(R"({"sku":"M","site":"leipzig","quantity":0,"reason":"x"})");
  ASSERT_FALSE(adjust.has_value());
  EXPECT_EQ(adjust.error().message, "quantity is 0");
}

TEST(Body, ReadsBinsOfAnItemBySite) {
  const auto item = item_body(
      R"({"sku":"M","title":"Mug","barcodes":[{"code":"400"}],"bins":{"leipzig":"A-1"}})");
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(item->item.barcodes.at(0).pieces, 1);
  EXPECT_EQ(item->bins.at(0).second, "A-1");
}

TEST(Body, TakesTheTokenOfALiveListener) {
  EXPECT_EQ(live_token(R"({"token":"abc"})"), "abc");
  EXPECT_EQ(live_token("abc"), "");
  EXPECT_EQ(live_token(R"({"token":7})"), "");
}

}  // namespace
}  // namespace dockline::server::api
