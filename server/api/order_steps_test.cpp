// Deadlines of an order's steps through the whole hub and the API: the house's routing file, what
// people described of its sites, weekends and the change of the clock.
#include "server/api/order_steps.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "server/api/api.hpp"
#include "server/rulebook/rulebook.hpp"
#include "server/store/reader_life.hpp"
#include "server/store/reader_today.hpp"
#include "shared/base/time.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server::api {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr std::int64_t kMinute = 60'000, kHour = 3'600'000;

constexpr std::string_view kRules = R"([routing]
currency = "EUR"
chain = "cheap"
[routing.promise_hours]
other = 96
[[chain]]
name = "cheap"
rules = ["stock", "hazardous", "shipping"]
[[site]]
name = "leipzig"
time_zone = "Europe/Berlin"
hazardous = true
zones.other = "1"
[site.hours]
mon-fri = "08:00-16:30"
[[service]]
carrier = "House"
name = "standard"
transit_hours = 24
hazardous = false
[service.rates.1]
31500 = 300
[[service]]
carrier = "House"
name = "careful"
transit_hours = 72
hazardous = true
[service.rates.1]
31500 = 900
)";

struct OrderSteps : ::testing::Test {
  // From Friday, 2026-10-23, 16:00 at leipzig; summer time ends there on Sunday.
  void SetUp() override {
    w.now.wall_ms = at("2026-10-23T14:00:00Z");
    auto book = rulebook::read(kRules, "routing.toml", std::nullopt);
    ASSERT_TRUE(book.has_value()) << config::to_text(book.error());
    facts.rulebook = std::make_shared<const routing::Rulebook>(std::move(*book));
    const auto values = rulebook::sites_in(kRules);
    facts.sites = std::make_shared<const std::vector<SiteFacts>>(
        std::vector<SiteFacts>{{"leipzig", "Leipzig", 1, values.at("leipzig")}});
    facts.transit_ms = 5 * kHour;
    facts.margin_ms = 10 * kMinute;
    w.config.rulebook = facts.rulebook;
    w.config.orders.transit_ms = facts.transit_ms;
    w.config.orders.margin_ms = facts.margin_ms;
    w.start();
    item("MUG", false);
    item("GLUE", true);
  }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    EXPECT_TRUE(w.verify().equal);
  }
  static std::int64_t at(const char* text) { return base::parse_rfc3339(text).value(); }
  void item(const std::string& sku, bool hazardous) {
    domain::Item made{sku, sku, std::nullopt, {}, 400, hazardous, false, std::nullopt, 600};
    EXPECT_FALSE(w.ask(RegisterItem{made, {}}).error.has_value());
    EXPECT_FALSE(w.ask(AdjustStock{sku, "leipzig", 50, "receipt"}).error.has_value());
    w.settle();
  }
  std::string enter(const std::string& number, const std::string& sku,
                    std::optional<std::int64_t> promised_ms = {}) {
    ReceiveOrder order;
    order.number = number;
    order.ship_to.name = "Ada";
    order.ship_to.country = "DE";
    order.promised_ms = promised_ms;
    order.placed_ms = w.now.wall_ms;
    order.lines.push_back({.line = 0, .sku = sku, .title = sku, .quantity = 1});
    const auto reply = w.ask(std::move(order));
    EXPECT_FALSE(reply.error) << reply.error->detail;
    w.settle();
    return reply.id;
  }
  void go_to(const char* text) {
    const auto ms = at(text) - w.now.wall_ms;
    w.now.mono_ms += ms;
    w.now.wall_ms += ms;
    w.pass(11'000);  // a look at all orders with a promise
  }
  json::object asked(const std::string& id) {
    Request request{.method = "GET", .path = "/api/v1/orders/" + id};
    const auto outcome = handle(*w.reader, facts, request, w.now.wall_ms);
    const auto& answer = std::get<Answer>(outcome);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body).as_object();
  }
  json::object step(const std::string& id, std::string_view name) {
    const auto order = asked(id);
    for (const auto& one : order.at("steps").as_array()) {
      if (one.at("step").as_string() == name) return one.as_object();
    }
    ADD_FAILURE() << "no step " << name;
    return {};
  }
  std::int64_t deadline(const std::string& id, std::string_view name) {
    return step(id, name).at("deadline_ms").as_int64();
  }
  std::string word(const std::string& id, std::string_view name, const char* key = "state") {
    return std::string(step(id, name).at(key).as_string());
  }
  // Steps, the recorded forecast and the counts of the day say the same.
  void agree(const std::vector<std::string>& ids) {
    std::int64_t late = 0, at_risk = 0;
    for (const auto& id : ids) {
      const auto order = asked(id);
      const auto state = word(id, "delivered");
      late += state == "late" ? 1 : 0;
      at_risk += state == "at_risk" ? 1 : 0;
      const auto& forecast = order.at("forecast");
      EXPECT_EQ(forecast.is_null() ? "on_time" : forecast.at("outlook").as_string(), state) << id;
    }
    const auto today = store::today(*w.reader, w.now.wall_ms).value();
    EXPECT_EQ(today.late, late);
    EXPECT_EQ(today.at_risk, at_risk);
  }

  testing::World w;
  Facts facts;
};

TEST_F(OrderSteps, ADeadlineIsTheLastCutOffBeforeThePromiseAcrossAWeekendAndTheChangeOfTheClock) {
  auto& bench = w.bench("leipzig", "bench-1");
  // A day on the way: Monday's carrier is the last in time, at 16:30 in winter time.
  const auto id = enter("1", "MUG", at("2026-10-27T16:00:00Z"));
  const auto monday = at("2026-10-26T15:30:00Z");
  EXPECT_EQ(deadline(id, "handed_over"), monday);
  EXPECT_EQ(deadline(id, "packed"), monday);
  EXPECT_EQ(deadline(id, "routed"), monday - 3 * kMinute);
  EXPECT_EQ(deadline(id, "delivered"), at("2026-10-27T16:00:00Z"));
  EXPECT_EQ(word(id, "received"), "done");
  EXPECT_EQ(word(id, "routed"), "done");
  EXPECT_GT(step(id, "routed").at("done_ms").as_int64(), 0);
  EXPECT_THAT(word(id, "handed_over", "why"),
              HasSubstr("last carrier in time leaves leipzig Mon 2026-10-26 16:30; it goes with "
                        "that of Fri 2026-10-23 16:30"));
  EXPECT_THAT(word(id, "delivered", "why"), HasSubstr("24 h on the way by House standard"));
  ASSERT_EQ(bench.leases.size(), 1U);
  EXPECT_EQ(bench.leases[0].due_ms, monday) << "the bench is told the same";
  agree({id});
  // Not packed on Friday: Monday's carrier it is, and half an hour to spare.
  go_to("2026-10-23T15:00:00Z");
  EXPECT_EQ(step(id, "handed_over").at("predicted_ms").as_int64(), monday);
  EXPECT_EQ(word(id, "delivered"), "on_time");
  agree({id});
  // Too late for Monday's: said before the promise is over.
  go_to("2026-10-26T15:29:00Z");
  EXPECT_EQ(word(id, "delivered"), "late");
  EXPECT_EQ(word(id, "packed"), "late");
  agree({id});
}

TEST_F(OrderSteps, TheServiceThatRoutingChoseSaysHowLongItIsOnItsWay) {
  const auto promised = at("2026-10-29T16:00:00Z");
  const auto mug = enter("1", "MUG", promised), glue = enter("2", "GLUE", promised);
  EXPECT_EQ(deadline(mug, "handed_over"), at("2026-10-28T15:30:00Z"));
  EXPECT_EQ(deadline(glue, "handed_over"), at("2026-10-26T15:30:00Z")) << "three days";
  EXPECT_THAT(word(glue, "delivered", "why"), HasSubstr("3 days on the way by House careful"));
  // Nothing there to route: the house's own assumption, and nobody knows when.
  const auto cup = enter("3", "CUP", promised);
  EXPECT_EQ(word(cup, "routed"), "at_risk");
  EXPECT_EQ(word(cup, "routed", "why"), "1 pieces wait for stock");
  EXPECT_TRUE(step(cup, "delivered").at("predicted_ms").is_null());
  EXPECT_EQ(deadline(cup, "handed_over"), promised - 5 * kHour);
  agree({mug, glue, cup});
}

TEST_F(OrderSteps, WhatPeopleDescribedOfASiteCountsAtOnceInBoth) {
  const auto id = enter("1", "MUG", at("2026-10-27T16:00:00Z"));
  const auto reply = w.ask(DescribeSite{.site = "leipzig",
                                        .values = {{"time_zone", "Europe/Berlin"},
                                                   {"hours.mon-fri", "08:00-12:00"},
                                                   {"hazardous", "true"},
                                                   {"zones.other", "1"}},
                                        .why = "the carrier comes at noon",
                                        .by = "kim"});
  ASSERT_FALSE(reply.error) << reply.error->detail;
  w.settle();
  EXPECT_EQ(deadline(id, "packed"), at("2026-10-26T11:00:00Z"));
  go_to("2026-10-26T11:01:00Z");
  EXPECT_EQ(word(id, "delivered"), "late");
  agree({id});
}

TEST_F(OrderSteps, AnOrderWithoutAPromiseHasItsChannelsAndWhatIsDoneItsMoment) {
  auto& bench = w.bench("leipzig", "bench-1");
  const auto id = enter("1", "MUG");
  EXPECT_EQ(deadline(id, "delivered"), asked(id).at("placed_ms").as_int64() + 96 * kHour)
      << "promise_hours of the routing file";
  w.pack(bench, bench.leases.at(0));
  EXPECT_EQ(word(id, "packed"), "done");
  EXPECT_EQ(word(id, "handed_over"), "on_time");
  EXPECT_FALSE(w.ask(HandOver{.trackings = {bench.leases[0].label.tracking}, .by = "kim"}).error);
  w.settle();
  EXPECT_EQ(word(id, "handed_over"), "done");
  EXPECT_THAT(word(id, "delivered", "why"), StartsWith("24 h on the way by House standard"));
  EXPECT_FALSE(w.ask(DeliverParcel{.tracking = bench.leases[0].label.tracking, .by = "kim"}).error);
  w.settle();
  const auto order = asked(id);
  for (const auto& one : order.at("steps").as_array()) {
    EXPECT_EQ(one.at("state").as_string(), "done") << one.at("step");
    EXPECT_TRUE(one.at("done_ms").is_int64()) << one.at("step");
  }
}

TEST_F(OrderSteps, ACancelledOrderHasNoWayAnyMore) {
  const auto id = enter("1", "MUG");
  EXPECT_FALSE(w.ask(CancelOrder{.order = id, .reason = "the buyer asked"}).error);
  w.settle();
  EXPECT_TRUE(asked(id).at("steps").as_array().empty());
}

}  // namespace
}  // namespace dockline::server::api
