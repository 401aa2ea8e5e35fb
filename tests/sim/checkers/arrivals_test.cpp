#include <string>

#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim::testing {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kNow = 1'790'000'000'000 / kDayMs * kDayMs + kDayMs / 2;

// A carrier that says it takes two days; half of the parcels are handed over three days ago.
struct ArrivalsWorld : ::testing::Test {
  ArrivalsWorld() : w(make_arrivals) {
    w.rules.on = true;
    w.rules.never_minor = 1'000;
    w.rules.transit_ms = 2 * kDayMs;
    w.rules.sites["near"] = {};
  }
  // The server goes on recording meanwhile.
  void wait(int minutes) {
    for (; minutes > 0; --minutes) {
      now_ms += 60'000;
      fact("item.registered", "");
    }
  }
  void fact(const std::string& type, const std::string& data) {
    w.fact(type, data);
    w.server.run("UPDATE events SET time_ms = " + std::to_string(now_ms) +
                 " WHERE position = " + std::to_string(w.position));
  }
  void parcel(int n, std::int64_t handed_ms, std::int64_t delivered_ms) {
    const auto tracking = "T" + std::to_string(n);
    fact("order.released", R"("order":"shop:1","label":{"tracking":")" + tracking +
                               R"(","carrier":"Drawn","service":"parcel"})");
    fact("parcel.handed.over", R"("tracking":")" + tracking + R"(","site":"near","handed_ms":)" +
                                   std::to_string(handed_ms));
    fact("parcel.delivered",
         R"("tracking":")" + tracking + R"(","delivered_ms":)" + std::to_string(delivered_ms));
  }
  void twenty() {
    for (int i = 0; i < 20; ++i) parcel(i, kNow - (i < 5 ? 3 : 2) * kDayMs, kNow);
  }
  void decide(const std::string& used) {
    fact("decision.made",
         R"("kind":"routing","subject":"shop:2","rule":"drawn","facts":"{\"services\":[{)"
         R"(\"carrier\":\"Drawn\",\"service\":\"parcel\")" +
             (used.empty() ? used : R"(,\"reliability_per_mille\":)" + used) + R"(}]}")");
  }
  World w;
  std::int64_t now_ms = kNow;
};

TEST_F(ArrivalsWorld, FifteenOfTwentyCameAsSaid) {
  twenty();
  wait(12);
  decide("750");
  EXPECT_EQ(w.end(), 0U) << w.said();
  decide("1000");
  EXPECT_EQ(w.end(), 1U);
  EXPECT_NE(
      w.said().find("as if 1000 of 1000 by Drawn parcel came as said; its parcels showed 750"),
      std::string::npos)
      << w.said();
}

// What was right some minutes ago may still be used; later it may not.
TEST_F(ArrivalsWorld, AFigureMayBeSomeMinutesOld) {
  wait(12);  // from here on its clock is known
  twenty();
  wait(1);
  decide("");
  EXPECT_EQ(w.end(), 0U) << w.said();
  wait(12);
  decide("");
  EXPECT_EQ(w.end(), 1U) << w.said();
}

TEST_F(ArrivalsWorld, AParcelOfTwoOrdersArrivesOnce) {
  for (int i = 0; i < 19; ++i) parcel(i, kNow, kNow);
  fact("parcel.delivered", R"("tracking":"T1","delivered_ms":)" + std::to_string(kNow));
  wait(12);
  decide("");
  EXPECT_EQ(w.end(), 0U) << w.said();
  decide("1000");
  EXPECT_EQ(w.end(), 1U) << w.said();
}

}  // namespace
}  // namespace dockline::sim::testing
