// What the house promises where an order says nothing, and when its parcels leave: from the routing
// file, through the whole hub.
#include <gmock/gmock.h>

#include "server/routing/chain.hpp"
#include "server/store/reader_life.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::int64_t kHourMs = 3'600'000;

struct Promises : ::testing::Test {
  // The carriers leave leipzig so many minutes from now, and each day at that time.
  void use(std::int64_t cut_off_in) {
    routing::Rulebook book;
    book.chains = routing::unconfigured();
    book.promise_hours = {{"api", 24}, {"other", 72}};
    routing::DeclaredSite site{.site = "leipzig"};
    site.hours.emplace();
    const auto at = w.now.wall_ms / 60'000 % 1'440 + cut_off_in;
    ASSERT_LT(at, 1'440);
    for (auto& day : site.hours->week) day = {.opens = 0, .cut_off = at};
    book.sites.push_back(std::move(site));
    w.config.rulebook = std::make_shared<const routing::Rulebook>(std::move(book));
    w.config.orders.transit_ms = kHourMs;
    w.config.orders.margin_ms = 600'000;
    w.start();
  }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    EXPECT_TRUE(w.verify().equal);
  }
  std::string enter(const std::string& number, std::optional<std::int64_t> promised_ms = {}) {
    ReceiveOrder order;
    order.number = number;
    order.ship_to.name = "Ada";
    order.promised_ms = promised_ms;
    order.placed_ms = w.now.wall_ms;
    order.lines.push_back({.line = 0, .sku = "MUG", .title = "A mug", .quantity = 1});
    const auto reply = w.ask(std::move(order));
    EXPECT_FALSE(reply.error) << reply.error->detail;
    w.settle();
    return reply.id;
  }
  store::OrderLife life(const std::string& id) {
    return store::life_of(*w.reader, id).value().value();
  }
  testing::World w;
};

TEST_F(Promises, AnOrderThatBringsNoneHasTheHousesOwn) {
  use(120);
  const auto now = w.now.wall_ms;
  EXPECT_EQ(life(enter("1")).promised_ms, now + 24 * kHourMs);
  EXPECT_EQ(life(enter("2", now + 50 * kHourMs)).promised_ms, now + 50 * kHourMs);
}

TEST_F(Promises, WhatIsNotOutYetIsPromisedFromItsRelease) {
  use(120);
  w.stock("MUG", "leipzig", 1);
  const auto out = w.now.wall_ms + 240 * kHourMs;
  const auto reply = w.ask(SetBackorder{.sku = "MUG",
                                        .most = 0,
                                        .preorder = true,
                                        .released_ms = out,
                                        .preorder_most = 9,
                                        .why = "new",
                                        .by = "kim"});
  ASSERT_FALSE(reply.error) << reply.error->detail;
  w.settle();
  const auto id = enter("1");
  EXPECT_EQ(life(id).promised_ms, out + 24 * kHourMs);
  EXPECT_THAT(w.open_exceptions(), Not(Contains("delay_predicted")));
  EXPECT_FALSE(life(id).forecast.has_value()) << "it waits for its release, which is known";
}

// Packed in three minutes and an hour on the way: in time, but for the carrier that leaves in two
// hours only.
TEST_F(Promises, AParcelLeavesWithTheCarrierNotWhenItIsPacked) {
  use(120);
  w.stock("MUG", "leipzig", 2);
  const auto early = enter("1", w.now.wall_ms + 4 * kHourMs);
  EXPECT_THAT(w.open_exceptions(), Not(Contains("delay_predicted")));
  EXPECT_FALSE(life(early).forecast.has_value()) << "in time, so nothing is said";
  const auto late = enter("2", w.now.wall_ms + 2 * kHourMs);
  ASSERT_TRUE(life(late).forecast.has_value());
  EXPECT_EQ(life(late).forecast->outlook, "late");
  EXPECT_EQ(life(late).forecast->worst, "collection");
  EXPECT_THAT(life(late).forecast->why, HasSubstr("collected in 1"));
  EXPECT_THAT(w.open_exceptions(), Contains("delay_predicted"));
}

}  // namespace
}  // namespace dockline::server
