// What is special about Vendure, against the model of a shop.
#include <set>

#include <gtest/gtest.h>

#include "server/channels/contract/listings.hpp"
#include "server/channels/vendure/kind.hpp"
#include "tests/channels/shop_model.hpp"

namespace dockline::server::channels::vendure {
namespace {

constexpr base::Instant kNow{.mono_ms = 1'000'000, .wall_ms = 1'795'000'000'000};

class VendureChannel : public testing::Test {
 protected:
  VendureChannel() {
    shop.user = "dockline";
    shop.password = "a-password";
    shop.stock["MUG-RED"] = {{"1", {.on_hand = 100}}, {"2", {.on_hand = 100}}};
    auto made = kind().make({.name = "shop",
                             .kind = "vendure",
                             .url = "http://shop/admin-api",
                             .user = "dockline",
                             .secret = "a-password",
                             .locations = {{"berlin", "1"}, {"lyon", "2"}}});
    EXPECT_TRUE(made.has_value());
    channel = std::move(*made);
  }

  Verdict run(Exchange& exchange) {
    auto request = exchange.begin();
    for (int i = 0; i < 20; ++i) {
      auto verdict = exchange.on_answer(shop.answer(request));
      auto* ask = std::get_if<Ask>(&verdict);
      if (ask == nullptr) return verdict;
      request = std::move(ask->request);
    }
    ADD_FAILURE() << "no end of asking";
    return NotListed{};
  }
  Verdict push(const Push& push) { return run(*channel->push(push, "d", kNow)); }
  Verdict poll(const Poll& poll) { return run(*channel->poll(poll, kNow)); }

  static StockPush figure(std::int64_t quantity, std::int64_t held = 0) {
    return {.sku = "MUG-RED", .location = "1", .quantity = quantity, .known_held = held};
  }
  FulfilmentPush parcel(std::int64_t quantity) const {
    return {.order = "shop:CODE1",
            .number = "CODE1",
            .carrier = "House",
            .tracking = "DL1",
            .lines = {{.line = 1, .sku = "MUG-RED", .external_id = "L1", .quantity = quantity}}};
  }

  ShopModel shop;
  std::unique_ptr<Channel> channel;
};

TEST_F(VendureChannel, ShowsExactlyWhatMayBeSoldThere) {
  ASSERT_TRUE(shop.buy("MUG-RED", 3, kNow.wall_ms));
  const auto verdict = push(figure(40, 3));
  ASSERT_TRUE(std::holds_alternative<Delivered>(verdict));
  EXPECT_EQ(std::get<Delivered>(verdict).shown, 40);
  const auto& level = shop.stock["MUG-RED"]["1"];
  EXPECT_EQ(level.on_hand, 43);  // what may be sold, and what it holds for its order
  EXPECT_EQ(level.on_hand - level.allocated, 40);
}

TEST_F(VendureChannel, WritesNothingWhenTheFigureIsRight) {
  EXPECT_TRUE(std::holds_alternative<Delivered>(push(figure(100))));
  EXPECT_EQ(shop.writes, 0);
}

TEST_F(VendureChannel, DoesNotOfferPiecesOfAnUnseenSaleAgain) {
  ASSERT_TRUE(shop.buy("MUG-RED", 4, kNow.wall_ms));
  const auto verdict = push(figure(10, 0));
  ASSERT_TRUE(std::holds_alternative<Delivered>(verdict));
  EXPECT_EQ(std::get<Delivered>(verdict).unseen, 4);
  EXPECT_EQ(std::get<Delivered>(verdict).shown, 6);
}

TEST_F(VendureChannel, TakesASaleBetweenWriteAndReadBackForWhatItIs) {
  auto exchange = channel->push(figure(10), "d", kNow);
  auto request = exchange->begin();
  for (;;) {
    auto verdict = exchange->on_answer(shop.answer(request));
    auto* ask = std::get_if<Ask>(&verdict);
    if (ask == nullptr) {
      ASSERT_TRUE(std::holds_alternative<Delivered>(verdict));
      EXPECT_EQ(std::get<Delivered>(verdict).shown, 8);
      EXPECT_EQ(std::get<Delivered>(verdict).unseen, 2);
      break;
    }
    const bool wrote = request.body.contains("StockSet");
    request = std::move(ask->request);
    if (wrote) {
      ASSERT_TRUE(shop.buy("MUG-RED", 2, kNow.wall_ms));
    }
  }
  EXPECT_EQ(shop.writes, 1);
}

TEST_F(VendureChannel, GivesUpForNowWhenSomebodyElseWritesTheLevel) {
  auto exchange = channel->push(figure(10), "d", kNow);
  auto request = exchange->begin();
  for (int i = 0; i < 30; ++i) {
    auto verdict = exchange->on_answer(shop.answer(request));
    if (request.body.contains("StockSet")) shop.stock["MUG-RED"]["1"].on_hand = -480;
    auto* ask = std::get_if<Ask>(&verdict);
    if (ask == nullptr) {
      EXPECT_TRUE(std::holds_alternative<RetryAfter>(verdict));
      return;
    }
    request = std::move(ask->request);
  }
  FAIL() << "no end of writing";
}

TEST_F(VendureChannel, SignsInOnceAndAgainWhenTheSessionEnded) {
  EXPECT_TRUE(std::holds_alternative<Delivered>(push(figure(90))));
  const auto before = shop.requests;
  EXPECT_TRUE(std::holds_alternative<Delivered>(push(figure(80))));
  EXPECT_EQ(shop.requests, before + 3);  // read, write, read back
  shop.token = "t1";
  EXPECT_TRUE(std::holds_alternative<Delivered>(push(figure(70))));
}

TEST_F(VendureChannel, CallsAPersonWhenThePasswordIsWrong) {
  shop.password = "another";
  const auto verdict = push(figure(90));
  ASSERT_TRUE(std::holds_alternative<Throttled>(verdict));
  EXPECT_TRUE(std::get<Throttled>(verdict).needs_person);
  EXPECT_FALSE(std::get<Throttled>(verdict).why.contains("a-password"));
}

TEST_F(VendureChannel, FindsAListingWrittenInAnotherCase) {
  shop.stock["Tee-l"] = {{"1", {}}, {"2", {}}};
  StockPush push_{.sku = "TEE-L", .location = "2", .quantity = 5};
  EXPECT_TRUE(std::holds_alternative<Delivered>(push(push_)));
  EXPECT_EQ(shop.stock["Tee-l"]["2"].on_hand, 5);
}

TEST_F(VendureChannel, SaysWhatIsWrongWithListingsAndLocations) {
  EXPECT_TRUE(std::holds_alternative<NotListed>(
      push(StockPush{.sku = "NOPE", .location = "1", .quantity = 1})));
  const auto nowhere = push(StockPush{.sku = "MUG-RED", .location = "9", .quantity = 1});
  ASSERT_TRUE(std::holds_alternative<Rejected>(nowhere));
  EXPECT_TRUE(std::get<Rejected>(nowhere).proposed.contains("channel.locations"));
}

TEST_F(VendureChannel, ShipsAParcelOnceHoweverOftenItIsTold) {
  ASSERT_TRUE(shop.buy("MUG-RED", 2, kNow.wall_ms));
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(std::holds_alternative<Delivered>(push(parcel(2))));
  }
  ASSERT_EQ(shop.orders[0].fulfilments.size(), 1U);
  EXPECT_EQ(shop.orders[0].fulfilments[0].state, "Shipped");
  EXPECT_EQ(shop.stock["MUG-RED"]["1"].on_hand, 98);
}

TEST_F(VendureChannel, FinishesAParcelWhoseFirstAnswerWasLost) {
  ASSERT_TRUE(shop.buy("MUG-RED", 2, kNow.wall_ms));
  // Stop after each request in turn, as a cut connection does, then begin again.
  for (int stop = 1; stop <= 4; ++stop) {
    auto exchange = channel->push(parcel(2), "d", kNow);
    auto request = exchange->begin();
    for (int i = 1; i <= stop; ++i) {
      auto verdict = exchange->on_answer(shop.answer(request));
      auto* ask = std::get_if<Ask>(&verdict);
      if (ask == nullptr) break;
      request = std::move(ask->request);
    }
  }
  EXPECT_TRUE(std::holds_alternative<Delivered>(push(parcel(2))));
  EXPECT_EQ(shop.orders[0].fulfilments.size(), 1U);
}

TEST_F(VendureChannel, LeavesAParcelOfACancelledOrderToAPerson) {
  ASSERT_TRUE(shop.buy("MUG-RED", 2, kNow.wall_ms));
  shop.cancel(shop.orders[0], 2);
  EXPECT_TRUE(std::holds_alternative<Rejected>(push(parcel(2))));
}

TEST_F(VendureChannel, ReadsAllPagesOfNewOrders) {
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(shop.buy("MUG-RED", 1, kNow.wall_ms + i));
  auto first = poll(PollSince{});
  ASSERT_TRUE(std::holds_alternative<Seen>(first));
  EXPECT_EQ(std::get<Seen>(first).orders.size(), 50U);
  EXPECT_TRUE(std::get<Seen>(first).more);
  auto second = poll(PollSince{std::get<Seen>(first).next_cursor});
  EXPECT_EQ(std::get<Seen>(second).orders.size(), 11U);  // the last of the first page again
  EXPECT_FALSE(std::get<Seen>(second).more);
  const auto& order = std::get<Seen>(second).orders.back();
  EXPECT_EQ(order.order.order, "shop:CODE60");
  EXPECT_EQ(order.order.lines.at(0).external_id, "L60");
  EXPECT_EQ(order.order.charges.at(0).unit_price_minor, 500);
  EXPECT_TRUE(order.wanted);
}

TEST_F(VendureChannel, MissesNoOrderWhenOthersAreShippedBetweenTwoPages) {
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(shop.buy("MUG-RED", 1, kNow.wall_ms + i));
  const auto first = std::get<Seen>(poll(PollSince{}));
  for (int i = 0; i < 3; ++i) shop.orders[static_cast<std::size_t>(i)].state = "Shipped";
  const auto second = std::get<Seen>(poll(PollSince{first.next_cursor}));
  std::set<std::string> seen;
  for (const auto* page : {&first, &second}) {
    for (const auto& order : page->orders) seen.insert(order.order.number);
  }
  EXPECT_EQ(seen.size(), 60U);
}

TEST_F(VendureChannel, ReadsOnOverManyOrdersOfOneMillisecond) {
  for (int i = 0; i < 120; ++i) ASSERT_TRUE(shop.buy("MUG-RED", 1, kNow.wall_ms));
  std::set<std::string> seen;
  std::string cursor;
  for (int page = 0; page < 4; ++page) {
    const auto got = std::get<Seen>(poll(PollSince{cursor}));
    for (const auto& order : got.orders) seen.insert(order.order.number);
    cursor = got.next_cursor;
    if (!got.more) break;
  }
  EXPECT_EQ(seen.size(), 120U);
  EXPECT_EQ(cursor, std::to_string(kNow.wall_ms));
}

TEST_F(VendureChannel, SeesAnOrderAgainWithinTheOverlap) {
  ASSERT_TRUE(shop.buy("MUG-RED", 1, kNow.wall_ms));
  const auto first = std::get<Seen>(poll(PollSince{}));
  ASSERT_TRUE(shop.buy("MUG-RED", 1, kNow.wall_ms - 30'000));  // committed late
  EXPECT_EQ(std::get<Seen>(poll(PollSince{first.next_cursor})).orders.size(), 2U);
}

TEST_F(VendureChannel, WaitsForAnOrderUntilItIsPaid) {
  ASSERT_TRUE(shop.buy("MUG-RED", 1, kNow.wall_ms));
  shop.orders[0].state = "PaymentAuthorized";
  const auto seen = std::get<Seen>(poll(PollSince{}));
  ASSERT_EQ(seen.orders.size(), 1U);
  EXPECT_FALSE(seen.orders[0].wanted);
  EXPECT_TRUE(seen.orders[0].pending);
}

TEST_F(VendureChannel, AuditsWhatIsShownPerLocation) {
  ASSERT_TRUE(shop.buy("MUG-RED", 3, kNow.wall_ms));
  const auto shown = std::get<ShownStock>(poll(AuditStock{}));
  ASSERT_EQ(shown.rows.size(), 2U);
  EXPECT_EQ(shown.rows[0].shown, 97);
  EXPECT_EQ(shown.rows[0].held, 3);
}

TEST_F(VendureChannel, AnAuditNamesEveryListingOnceAlsoThoseWithoutASku) {
  shop.oddities = {{"77", {"", "Nameless"}}, {"78", {"GIFT", "Voucher", false}}};
  auto exchange = channel->poll(AuditStock{}, kNow);
  ASSERT_TRUE(std::holds_alternative<ShownStock>(run(*exchange)));
  const auto* shows = dynamic_cast<const ShowsListings*>(exchange.get());
  ASSERT_NE(shows, nullptr);
  ASSERT_EQ(shows->listings().size(), 2U) << "what is not counted there is left alone";
  EXPECT_EQ(shows->listings()[0].listing, "v-MUG-RED");
  EXPECT_EQ(shows->listings()[0].sku, "MUG-RED");
  EXPECT_EQ(shows->listings()[0].title, "The MUG-RED");
  EXPECT_EQ(shows->listings()[1].listing, "77");
  EXPECT_EQ(shows->listings()[1].sku, "");
  EXPECT_EQ(shows->listings()[1].title, "Nameless");
}

TEST(VendureConfig, AsksForLocationsAndTheAdminApi) {
  Config config{.name = "shop",
                .kind = "vendure",
                .url = "http://shop/",
                .secret = "x",
                .locations = {{"a", "1"}}};
  EXPECT_TRUE(kind().make(config).error().detail.contains("Admin API"));
  config.url = "http://shop/admin-api";
  config.locations.clear();
  EXPECT_TRUE(kind().make(config).error().detail.contains("channel.locations"));
}

}  // namespace
}  // namespace dockline::server::channels::vendure
