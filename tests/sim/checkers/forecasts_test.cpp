// forecasts: each promise that it watches, broken once.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

// The server's clock, in seconds: the log's time of the facts that follow.
struct Clocked {
  void at(int seconds) { heard_ms = std::to_string(seconds) + "000"; }
  void say(const std::string& type, const std::string& data) {
    world.fact(type, data);
    world.server.run("UPDATE events SET heard_ms = " + heard_ms +
                     " WHERE position = " + std::to_string(world.position));
  }
  // Something happens, and the server looks at its orders.
  void goes_on(int from, int until) {
    for (int s = from; s <= until; s += 10) {
      at(s);
      say("stock.counted", R"("sku":"MUG")");
    }
  }
  void received(int pieces = 2, const std::string& promised = "2000000") {
    say("order.received", R"("order":"c:1","promised_ms":)" + promised +
                              R"(,"lines":[{"line":1,"sku":"MUG","quantity":)" +
                              std::to_string(pieces) + "}]");
    world.server.run("INSERT INTO p_order(ord, id, state) VALUES(1,'c:1','released')");
    world.server.run(
        "INSERT INTO p_line(ord, line, sku, quantity, released) VALUES(1,1,'MUG',2,2)");
  }
  void told(const std::string& outlook, const std::string& predicted,
            const std::string& promised = "2000000", const std::string& why = "many go first") {
    say("order.forecast", R"("order":"c:1","outlook":")" + outlook + R"(","promised_ms":)" +
                              promised + R"(,"predicted_ms":)" + predicted +
                              R"(,"worst":"pack","why":")" + why + "\"");
  }
  void late() { told("late", "2000001"); }
  void raised() {
    say("exception.raised", R"("exception":"e1","kind":"delay_predicted","subject":"c:1")");
  }
  void resolved() { say("exception.resolved", R"("exception":"e1","action":"x","by":"server")"); }
  void packed(int pieces) {
    say("pack.closed", R"("order":"c:1","lines":[{"line":1,"sku":"MUG","packed":)" +
                           std::to_string(pieces) + "}]");
  }
  void jumps() {
    world.see(HubCommitted{world.position});
    world.see(HubMishap{Mishap::clock_jump, ""});
  }
  std::size_t look() { return world.look(); }
  std::string said() const { return world.said(); }

  std::string heard_ms = "1000000";
  World world{make_forecasts};
};

// ---------------------------------------------------------------- what it says
TEST(ForecastsChecker, TakesWhatAgreesWithItself) {
  Clocked w;
  w.received();
  w.told("at_risk", "2000000");
  w.late();
  w.raised();
  w.told("on_time", "1500000");
  w.resolved();
  EXPECT_EQ(w.look(), 0U) << w.said();
}
TEST(ForecastsChecker, SeesALateOneThatIsInTime) {
  Clocked w;
  w.received();
  w.told("late", "2000000");
  w.raised();
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST(ForecastsChecker, SeesOneInTimeThatIsLate) {
  for (const char* outlook : {"on_time", "at_risk"}) {
    Clocked w;
    w.received();
    w.told(outlook, "2000001");
    EXPECT_EQ(w.look(), 1U) << w.said();
  }
}
TEST(ForecastsChecker, SeesAnotherPromise) {
  for (const char* amended : {"2000000", "3000000"}) {
    Clocked w;
    w.received();
    w.say("order.amended", std::string(R"("order":"c:1","promised_ms":)") + amended);
    w.late();
    w.raised();
    EXPECT_EQ(w.look(), std::string(amended) == "2000000" ? 0U : 2U) << w.said();
  }
}
TEST(ForecastsChecker, WantsAReason) {
  Clocked w;
  w.received();
  w.told("late", "2000001", "2000000", "");
  w.raised();
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST(ForecastsChecker, SeesTheSameToldTwice) {
  Clocked w;
  w.received();
  w.told("at_risk", "1990000");
  w.told("at_risk", "1990001");
  EXPECT_EQ(w.look(), 1U) << w.said();
}

// ---------------------------------------------------------------- before it happens
TEST(ForecastsChecker, SeesADelayThatNobodyTold) {
  for (const bool told : {false, true}) {
    Clocked w;
    w.received();
    if (told) w.late();
    if (told) w.raised();
    w.goes_on(1'900, 2'010);
    EXPECT_EQ(w.look(), told ? 0U : 1U) << w.said();
  }
}
TEST(ForecastsChecker, SeesADelayToldOnceItIsThere) {
  Clocked w;
  w.received();
  w.goes_on(1'900, 2'010);
  w.late();
  w.raised();
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST(ForecastsChecker, WantsWhatWasToldOfAFormerPromiseToldAnew) {
  Clocked w;
  w.received(2, "1500000");
  w.told("late", "1500001", "1500000");
  w.raised();
  w.say("order.amended", R"("order":"c:1","promised_ms":2000000)");
  w.goes_on(1'900, 2'010);
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST(ForecastsChecker, WantsNothingOfWhatIsPackedOrCancelled) {
  for (const bool cancelled : {false, true}) {
    Clocked w;
    w.received();
    w.packed(1);
    if (cancelled) {
      w.say("order.cancelled", R"("order":"c:1","lines":[{"line":1,"quantity":1}])");
    } else {
      w.packed(1);
    }
    w.goes_on(1'900, 2'010);
    EXPECT_EQ(w.look(), 0U) << w.said();
  }
}
TEST(ForecastsChecker, SeesThePieceThatIsLeft) {
  Clocked w;
  w.received();
  w.packed(1);
  w.goes_on(1'900, 2'010);
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST(ForecastsChecker, ForgivesAServerThatWasNotThere) {
  Clocked w;
  w.received();
  w.goes_on(1'010, 1'300);
  w.goes_on(2'010, 2'100);
  EXPECT_EQ(w.look(), 0U) << w.said();
}
TEST(ForecastsChecker, ForgivesAPromiseOfTheLastSeconds) {
  Clocked w;
  w.goes_on(1'900, 1'990);
  w.received();
  w.goes_on(2'001, 2'100);
  EXPECT_EQ(w.look(), 0U) << w.said();
}
TEST(ForecastsChecker, ForgivesAClockThatJumpedOverThePromise) {
  for (const bool shortly : {false, true}) {
    Clocked w;
    w.received();
    w.goes_on(1'010, 1'300);
    w.jumps();
    w.goes_on(1'991, 1'991);
    if (shortly) w.goes_on(1'996, 2'000);  // not long enough since
    w.goes_on(2'001, 2'100);
    EXPECT_EQ(w.look(), 0U) << w.said();
  }
}
TEST(ForecastsChecker, CountsAnewAfterAClockThatJumped) {
  Clocked w;
  w.received();
  w.jumps();
  w.goes_on(1'900, 2'010);
  EXPECT_EQ(w.look(), 1U) << w.said();
}

// ---------------------------------------------------------------- cases
TEST(ForecastsChecker, WantsACaseOfALateOne) {
  Clocked w;
  w.received();
  w.late();
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST(ForecastsChecker, SeesACaseOfNoDelay) {
  Clocked w;
  w.received();
  w.told("at_risk", "1990000");
  w.raised();
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST(ForecastsChecker, SeesACaseThatStays) {
  Clocked w;
  w.received();
  w.late();
  w.raised();
  w.told("at_risk", "1990000");
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST(ForecastsChecker, SeesACaseOfWhatIsPacked) {
  for (const bool settled : {false, true}) {
    Clocked w;
    w.received();
    w.late();
    w.raised();
    w.packed(2);
    w.world.server.run("UPDATE p_line SET released = 0, packed = 2");
    if (settled) w.resolved();
    EXPECT_EQ(w.world.end(), settled ? 0U : 1U) << w.said();
  }
}
TEST(ForecastsChecker, WantsACaseAgainOfWhatIsPackedNoMore) {
  enum { server, person, cancelled, again, closed, closed_later };
  for (const int what : {server, person, cancelled, again, closed, closed_later}) {
    Clocked w;
    w.received();
    w.late();
    w.raised();
    const std::string box =
        R"("order":"c:1","work":{"lease":"L1","epoch":1},"label":{"tracking":"T1"})";
    const auto full = box + R"(,"lines":[{"line":1,"sku":"MUG","packed":2}])";
    w.say("pack.closed", full);
    w.say("exception.resolved", std::string(R"("exception":"e1","action":"x","by":")") +
                                    (what == person ? "kim" : "server") + "\"");
    if (what == cancelled) w.say("order.cancelled", R"("order":"c:1","lines":[])");
    w.say("pack.reopened", box);
    if (what == again) w.raised();
    if (what == closed_later) w.at(1'001);
    if (what == closed || what == closed_later) w.say("pack.closed", full);
    EXPECT_EQ(w.look(), what == server || what == closed_later ? 1U : 0U) << w.said();
  }
}

}  // namespace
}  // namespace dockline::sim
