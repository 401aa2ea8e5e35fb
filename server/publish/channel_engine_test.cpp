#include "server/publish/channel_engine.hpp"

#include <deque>

#include <gtest/gtest.h>

#include "server/publish/engine_impl.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/check.hpp"
#include "shared/base/limits.hpp"
#include "tests/channels/channels_fixture.hpp"

namespace dockline::server::publish {
namespace {

const std::string kKey = "0123456789abcdef";

TEST_F(Channels, TellANewChannelEveryFigureOnce) {
  w.open();
  w.run(2'000);
  expect_equal();
  EXPECT_EQ(w.told_of<wire::ChannelStockConfirmed>().size(), 6U);
  w.run(20'000);
  EXPECT_EQ(w.told_of<wire::ChannelStockConfirmed>().size(), 6U);
}

TEST_F(Channels, LeaveListingsAloneThatAreNotOurs) {
  w.shop.stock["FOREIGN"] = {{"1", {.on_hand = 50}}, {"2", {}}};
  w.open();
  w.run(20'000);
  EXPECT_EQ(shows("FOREIGN", "1"), 50);
}

TEST_F(Channels, SendTheFirstRequestInTheSameTurn) {
  w.open();
  w.run(2'000);
  const auto before = w.sent;
  w.books.shelf["MUG"]["berlin"] = 5;
  w.touch("MUG");
  EXPECT_EQ(w.sent, before + 1);
}

TEST_F(Channels, BringAnOrderInOnceAndLowerWhatIsShown) {
  w.open();
  w.run(2'000);
  ASSERT_TRUE(w.shop.buy("MUG", 4, w.now.wall_ms));
  w.run(10'000);
  EXPECT_EQ(w.told_of<wire::OrderReceived>().size(), 1U);
  EXPECT_EQ(w.books.orders.at("shop:CODE1").lines.at(0).received, 4);
  expect_equal();
}

TEST_F(Channels, TellAShippedParcelAndEndWithTheRightFigures) {
  w.open();
  w.run(2'000);
  ASSERT_TRUE(w.shop.buy("MUG", 4, w.now.wall_ms));
  w.run(2'000);
  w.pack(w.books.orders.at("shop:CODE1"));
  w.run(2'000);
  EXPECT_EQ(w.told_of<wire::ChannelFulfilmentConfirmed>().size(), 1U);
  ASSERT_EQ(w.shop.orders[0].fulfilments.size(), 1U);
  EXPECT_EQ(w.shop.orders[0].fulfilments[0].tracking, "DLCODE1");
  expect_equal();
}

TEST_F(Channels, NoticeACancellationWhole_AndInPart) {
  w.open();
  w.run(2'000);
  ASSERT_TRUE(w.shop.buy("MUG", 4, w.now.wall_ms));
  ASSERT_TRUE(w.shop.buy("TEE", 2, w.now.wall_ms));
  w.run(2'000);
  w.shop.cancel(w.shop.orders[0], 1);
  w.shop.cancel(w.shop.orders[1], 2);
  w.run(5'000);
  const auto cancelled = w.told_of<wire::OrderCancelled>();
  ASSERT_EQ(cancelled.size(), 2U);
  EXPECT_EQ(w.books.orders.at("shop:CODE1").lines.at(0).cancelled, 1);
  EXPECT_EQ(w.books.orders.at("shop:CODE2").lines.at(0).cancelled, 2);
  expect_equal();
}

TEST_F(Channels, TakeWhatABuyerAddedOnce) {
  w.open();
  w.run(2'000);
  ASSERT_TRUE(w.shop.buy("MUG", 2, w.now.wall_ms));
  w.run(3'000);
  ASSERT_TRUE(w.shop.add(w.shop.orders[0], "MUG", 3));
  ASSERT_TRUE(w.shop.add(w.shop.orders[0], "TEE", 1));
  w.run(10'000);
  const auto amended = w.told_of<wire::OrderAmended>();
  ASSERT_EQ(amended.size(), 1U);
  ASSERT_EQ(amended[0].lines.size(), 2U);
  EXPECT_EQ(amended[0].lines[0].quantity, 5);
  EXPECT_EQ(amended[0].lines[1].sku, "TEE");
  EXPECT_EQ(amended[0].why, "changed at shop");
  EXPECT_TRUE(w.told_of<wire::ExceptionRaised>().empty());
  expect_equal();
  // And takes some of it off again.
  w.shop.cancel(w.shop.orders[0], w.shop.orders[0].lines[0], 4);
  w.run(10'000);
  EXPECT_EQ(ModelBooks::open(w.books.orders.at("shop:CODE1").lines[0]), 1);
  EXPECT_EQ(w.told_of<wire::OrderAmended>().size(), 1U);
  expect_equal();
}

TEST_F(Channels, AddNothingThatOnlyOneReadingShows) {
  w.open();
  w.run(2'000);
  ASSERT_TRUE(w.shop.buy("MUG", 2, w.now.wall_ms));
  w.run(3'000);
  ASSERT_TRUE(w.shop.add(w.shop.orders[0], "MUG", 3));
  // Until one reading of it was under way; then the buyer thinks better of it.
  const auto before = w.shop.requests;
  while (w.shop.requests == before) w.run(5);
  w.shop.cancel(w.shop.orders[0], 3);
  w.run(10'000);
  EXPECT_TRUE(w.told_of<wire::OrderAmended>().empty());
  EXPECT_EQ(ModelBooks::open(w.books.orders.at("shop:CODE1").lines[0]), 2);
  expect_equal();
}

// The buyer takes pieces off and some of them on again: also while the server restarts.
TEST_F(Channels, TakeWhatGrowsAgainAfterItWasTakenOffThere) {
  w.open();
  w.run(2'000);
  ASSERT_TRUE(w.shop.buy("MUG", 3, w.now.wall_ms));
  w.run(3'000);
  auto& order = w.shop.orders[0];
  const auto& line = w.books.orders.at("shop:CODE1").lines.at(0);
  w.shop.cancel(order, order.lines[0], 2);
  w.run(10'000);
  ASSERT_EQ(ModelBooks::open(line), 1);
  ASSERT_TRUE(w.shop.add(order, "MUG", 1));
  w.run(10'000);
  ASSERT_EQ(w.told_of<wire::OrderAmended>().size(), 1U);
  EXPECT_EQ(w.told_of<wire::OrderAmended>()[0].lines[0].quantity, 2);
  EXPECT_EQ(ModelBooks::open(line), 2);
  w.shop.cancel(order, order.lines[0], 1);
  w.run(10'000);
  ASSERT_EQ(ModelBooks::open(line), 1);
  ASSERT_TRUE(w.shop.add(order, "MUG", 5));  // more than ever
  w.crash();
  w.run(20'000);
  EXPECT_EQ(w.books.orders.at("shop:CODE1").lines.at(0).received, 9);
  EXPECT_EQ(ModelBooks::open(w.books.orders.at("shop:CODE1").lines.at(0)), 6);
  EXPECT_TRUE(w.told_of<wire::ExceptionRaised>().empty());
  expect_equal();
}

TEST_F(Channels, AskAPersonWhenALineGrowsThatWasCancelledHereAlone) {
  w.open();
  w.run(2'000);
  ASSERT_TRUE(w.shop.buy("MUG", 3, w.now.wall_ms));
  w.run(3'000);
  w.books.orders.at("shop:CODE1").lines.at(0).cancelled = 1;  // a person, here
  w.run(10'000);
  EXPECT_TRUE(w.told_of<wire::OrderAmended>().empty());  // it shows 3 all the time
  ASSERT_TRUE(w.shop.add(w.shop.orders[0], "MUG", 2));   // 5: more than ever
  w.run(10'000);
  ASSERT_EQ(w.told_of<wire::OrderAmended>().size(), 1U);
  EXPECT_EQ(w.told_of<wire::OrderAmended>()[0].lines[0].quantity, 4);
  const auto raised = w.told_of<wire::ExceptionRaised>();
  ASSERT_EQ(raised.size(), 1U);
  EXPECT_EQ(raised[0].kind, "order_differs");
  EXPECT_EQ(raised[0].subject, "shop:CODE1");
}

TEST_F(Channels, TakeAnOrderOfWhichALineWasTakenOffBeforeItWasHeardOf) {
  w.open();
  w.run(2'000);
  ASSERT_TRUE(w.shop.buy({{"MUG", 1}, {"TEE", 2}}, w.now.wall_ms));
  w.shop.cancel(w.shop.orders[0], w.shop.orders[0].lines[0], 1);
  w.run(5'000);
  ASSERT_EQ(w.told_of<wire::OrderReceived>().size(), 1U);
  const auto lines = w.told_of<wire::OrderReceived>()[0].lines;
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].sku, "TEE");
  EXPECT_EQ(lines[0].quantity, 2);
  w.shop.cancel(w.shop.orders[0], w.shop.orders[0].lines[1], 1);
  w.run(5'000);
  ASSERT_EQ(w.told_of<wire::OrderCancelled>().size(), 1U);
  EXPECT_EQ(w.told_of<wire::OrderCancelled>()[0].lines[0].quantity, 1);
  expect_equal();
}

TEST_F(Channels, WatchAnUnpaidOrderUntilItIsPaid) {
  w.open();
  w.run(2'000);
  ASSERT_TRUE(w.shop.buy("MUG", 4, w.now.wall_ms));
  w.shop.orders[0].state = "PaymentAuthorized";
  w.run(200'000);
  EXPECT_EQ(w.told_of<wire::OrderReceived>().size(), 0U);
  w.crash();  // a restart forgets nothing
  w.run(2'000);
  w.shop.orders[0].state = "PaymentSettled";
  w.run(3'000);
  EXPECT_EQ(w.told_of<wire::OrderReceived>().size(), 1U);
}

TEST_F(Channels, MendAFigureThatSomebodyElseChanged) {
  w.open();
  w.run(2'000);
  w.shop.stock["TEE"]["2"].on_hand = 999;
  w.run(8'000);
  expect_equal();
  EXPECT_EQ(w.engine->view(w.now)[0].drift, 1);
}

TEST_F(Channels, OfferAgainWhatTheShopHoldsForNobody) {
  w.open();
  w.run(2'000);
  w.shop.stock["TEE"]["2"].allocated += 3;  // an allocation that no order explains
  w.run(12'000);
  expect_equal();
}

TEST_F(Channels, RaiseARefusalOnceAndSendItAgainWhenAPersonSaysSo) {
  w.shop.locations = {"1"};
  w.open();
  w.run(30'000);
  const auto raised = w.told_of<wire::ExceptionRaised>();
  ASSERT_EQ(raised.size(), 3U);  // one a SKU
  EXPECT_EQ(raised[0].kind, "dead_letter");
  EXPECT_TRUE(raised[0].context.contains("no stock location with the id 2"));
  w.shop.locations = {"1", "2"};
  for (const auto& one : raised) ASSERT_TRUE(w.engine->decide(w.now, w.store, one.subject, true));
  w.run(2'000);
  expect_equal();
}

TEST_F(Channels, HearWhyAParcelIsRefusedThoughItsOrderIsPackedAndNotSwept) {
  w.open();
  w.run(2'000);
  ASSERT_TRUE(w.shop.buy("MUG", 4, w.now.wall_ms));
  w.run(120'000);
  ASSERT_TRUE(w.shop.buy("TEE", 1, w.now.wall_ms));  // the poll looks no further back than this
  w.run(2'000);
  w.shop.cancel(w.shop.orders[0], 1);
  w.pack(w.books.orders.at("shop:CODE1"));
  w.books.orders.at("shop:CODE1").told = true;  // not among the open ones any more
  w.run(30'000);
  ASSERT_EQ(w.told_of<wire::ExceptionRaised>().size(), 1U);
  EXPECT_EQ(w.told_of<wire::ExceptionRaised>()[0].kind, "dead_letter");
  ASSERT_EQ(w.told_of<wire::OrderCancelled>().size(), 1U);
  EXPECT_EQ(w.books.orders.at("shop:CODE1").lines.at(0).cancelled, 1);
}

// The pieces of a refused parcel that its customer took back are held for nobody's parcel. Counted
// off the held ones all the same, they hid those of another parcel under way.
TEST_F(Channels, KeepPiecesOfAParcelUnderWayThoughAnotherWasRefusedAndItsOrderCancelled) {
  w.configs[0].sweep_ms = 500;
  w.open();
  w.run(2'000);
  ASSERT_TRUE(w.shop.buy("MUG", 3, w.now.wall_ms));
  w.run(2'000);
  w.shop.cancel(w.shop.orders[0], 3);
  w.pack(w.books.orders.at("shop:CODE1"));
  w.run(20'000);
  ASSERT_EQ(w.told_of<wire::ExceptionRaised>().size(), 1U);  // refused
  ASSERT_EQ(w.books.orders.at("shop:CODE1").lines.at(0).cancelled, 3);
  ASSERT_TRUE(w.shop.buy("MUG", 2, w.now.wall_ms));
  w.run(20'000);
  expect_equal();

  w.faults = {.lost = 1'000};
  w.pack(w.books.orders.at("shop:CODE2"));
  w.run(600);  // the first attempt is lost
  w.faults = {};
  w.books.shelf["MUG"]["berlin"] -= 1;
  w.touch("MUG");
  int looked = 0;
  w.shop.on_stock_set = [&](const std::string& sku, const std::string& location, std::int64_t n) {
    if (sku != "MUG" || location != "1" || !w.shop.orders[1].fulfilments.empty()) return;
    ++looked;
    EXPECT_LE(n, w.books.available("MUG", "berlin") - 2);
  };
  w.run(20'000);
  EXPECT_GT(looked, 0);
  expect_equal();
}

// Neither a sweep that it refused nor one that it could not be asked for is left out.
TEST_F(Channels, SweepOpenOrdersAsSoonAsTheShopMayBeAskedAgain) {
  w.configs[0].sweep_ms = 30'000;
  w.configs[0].audit_ms = 300'000;
  w.open();
  w.run(2'000);
  ASSERT_TRUE(w.shop.buy("MUG", 4, w.now.wall_ms));
  w.run(2'000);
  w.shop.orders[0].placed_ms -= 600'000;  // no poll of new orders shows it again
  w.shop.cancel(w.shop.orders[0], 1);
  w.run(22'000);
  ASSERT_EQ(w.told_of<wire::OrderCancelled>().size(), 0U);
  w.faults = {.refused = 1'000};
  w.run(8'000);  // the sweep was due
  w.faults = {};
  w.run(4'000);
  EXPECT_EQ(w.told_of<wire::OrderCancelled>().size(), 1U);
}

TEST_F(Channels, CallAPersonOnceWhenThePasswordIsWrong) {
  w.shop.password = "changed";
  w.open();
  w.run(400'000);
  const auto raised = w.told_of<wire::ExceptionRaised>();
  ASSERT_EQ(raised.size(), 1U);
  EXPECT_EQ(raised[0].kind, "channel_credentials");
  EXPECT_LT(w.shop.requests, 100);
  w.shop.password = "a-password";
  w.run(70'000);
  expect_equal();
}

TEST_F(Channels, SayWhenAChannelIsAwayForLongAndCatchUpWhenItIsBack) {
  w.faults = {.lost = 1'000};
  w.open();
  w.run(600'000);
  const auto raised = w.told_of<wire::ExceptionRaised>();
  ASSERT_EQ(raised.size(), 1U);
  EXPECT_EQ(raised[0].kind, "channel_away");
  w.faults = {};
  w.run(40'000);
  expect_equal();
}

TEST_F(Channels, TakeHookedOrdersOnceAndRefuseForgedOnes) {
  w.configs.push_back({.name = "partner",
                       .kind = "webhook",
                       .url = "http://partner/in",
                       .secret = kKey,
                       .locations = {{"lyon", "LYO"}}});
  w.open();
  w.run(2'000);
  const std::string body = R"({"type":"order.placed","order":{"number":"A1",
      "ship_to":{"name":"Ada"},"lines":[{"sku":"mug","quantity":2}]}})";
  const std::string cancel = R"({"type":"order.cancelled","order":{"number":"A1"}})";
  const auto signed_hook = [](const std::string& text) {
    return channels::Hook{
        {{"x-dockline-signature", "sha256=" + base::to_hex(base::hmac_sha256(kKey, text))}}, text};
  };
  EXPECT_EQ(w.hook("partner", {{}, body}).status, 401);
  EXPECT_EQ(w.hook("nobody", signed_hook(body)).status, 404);
  EXPECT_EQ(w.hook("partner", signed_hook(cancel)).status, 404);  // before its order
  EXPECT_EQ(w.hook("partner", signed_hook(body)).orders_new, 1);
  EXPECT_EQ(w.hook("partner", signed_hook(body)).orders_known, 1);
  EXPECT_EQ(w.told_of<wire::OrderReceived>().size(), 1U);
  w.run(100);
  EXPECT_TRUE(w.posted.back().body.contains("\"available\":18")) << w.posted.back().body;
  EXPECT_EQ(w.hook("partner", signed_hook(cancel)).status, 200);
  EXPECT_EQ(w.hook("partner", signed_hook(cancel)).status, 200);
  EXPECT_EQ(w.told_of<wire::OrderCancelled>().size(), 1U);
}

TEST_F(Channels, TakeACancellationThatComesInTheTurnOfItsOrder) {
  w.configs.push_back({.name = "partner",
                       .kind = "webhook",
                       .url = "http://partner/in",
                       .secret = kKey,
                       .locations = {{"lyon", "LYO"}}});
  w.open();
  w.run(2'000);
  std::vector<channels::Hook> hooks;
  for (const std::string body :
       {R"({"type":"order.placed","order":{"number":"A1",
            "ship_to":{"name":"Ada"},"lines":[{"sku":"mug","quantity":2},{"sku":"tee","quantity":1}]}})",
        R"({"type":"order.changed","order":{"number":"A1","lines":[{"sku":"mug","quantity":1},
            {"sku":"tee","quantity":1}]}})",
        R"({"type":"order.cancelled","order":{"number":"A1"}})"}) {
    const auto mac = base::to_hex(base::hmac_sha256(kKey, body));
    hooks.push_back({{{"x-dockline-signature", "sha256=" + mac}}, body});
  }
  for (const auto& reply : w.hooks("partner", hooks)) EXPECT_EQ(reply.status, 200);
  for (const auto& line : w.books.orders.at("partner:A1").lines) {
    EXPECT_EQ(ModelBooks::open(line), 0) << line.line;
  }
}

// A partner passes over what comes under a key that it knows. A row's number is given again when
// the server starts, and a figure may have the time of the one whose place it took: they were once
// all that a key was made of, and "none left" was taken for a figure of another article (seed
// 4400162).
TEST(DeliveryKey, IsTheSameForEveryAttemptAndNeverOfOtherContents) {
  Row row{.id = 386, .channel = "partner", .key = "MUG|1", .payload = R"({"quantity":169})"};
  row.created_ms = 1'790'000'313'324;
  auto again = row;
  again.attempts = 3;
  again.last_error = "cut";
  EXPECT_EQ(delivery_of(again), delivery_of(row));
  auto other = row;
  other.key = "TEE|1";
  EXPECT_NE(delivery_of(other), delivery_of(row));
  other = row;
  other.payload = R"({"quantity":0})";
  EXPECT_NE(delivery_of(other), delivery_of(row));
}

// A partner cannot be asked again: what it adds is refused with what to do, not passed over.
TEST_F(Channels, RefuseMoreOfAnOrderThatAHookAdds) {
  w.configs.push_back({.name = "partner",
                       .kind = "webhook",
                       .url = "http://partner/in",
                       .secret = kKey,
                       .locations = {{"lyon", "LYO"}}});
  w.open();
  w.run(2'000);
  const auto post = [&](const std::string& body) {
    const auto mac = base::to_hex(base::hmac_sha256(kKey, body));
    return w.hook("partner", {{{"x-dockline-signature", "sha256=" + mac}}, body});
  };
  const auto changed = [](int pieces, const std::string& more) {
    return R"({"type":"order.changed","order":{"number":"A1","lines":[{"sku":"mug","quantity":)" +
           std::to_string(pieces) + "}" + more + "]}}";
  };
  EXPECT_EQ(post(R"({"type":"order.placed","order":{"number":"A1","ship_to":{"name":"Ada"},)"
                 R"("lines":[{"sku":"mug","quantity":2}]}})")
                .status,
            200);
  const auto refused = post(changed(3, ""));
  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(refused.detail.find("a number of its own"), std::string::npos) << refused.detail;
  EXPECT_EQ(post(changed(2, R"(,{"sku":"tee","quantity":1})")).status, 409);
  EXPECT_EQ(post(changed(1, "")).status, 200);
  EXPECT_EQ(post(changed(2, "")).status, 200);  // an older message, late
  EXPECT_EQ(ModelBooks::open(w.books.orders.at("partner:A1").lines[0]), 1);
}

// What is in a fulfilment under way is not taken for pieces that the shop holds for nobody.
TEST_F(Channels, LearnNothingFromPiecesThatAreAboutToLeave) {
  w.open();
  w.run(2'000);
  ASSERT_TRUE(w.shop.buy("MUG", 4, w.now.wall_ms));
  w.run(2'000);
  w.faults = {.lost = 1'000};
  w.pack(w.books.orders.at("shop:CODE1"));
  w.run(600);  // the first attempt is lost
  w.faults = {};
  w.books.shelf["MUG"]["berlin"] -= 1;
  w.touch("MUG");
  w.run(1'400);
  std::int64_t most = 0;
  w.shop.on_stock_set = [&](const std::string& sku, const std::string& location, std::int64_t n) {
    if (sku == "MUG" && location == "1") most = std::max(most, n);
  };
  w.run(20'000);
  expect_equal();
  EXPECT_LE(most, w.books.available("MUG", "berlin"));
}

}  // namespace
}  // namespace dockline::server::publish
