// facts, queues, flow: what travels between benches and server.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

void recorded(World& w, std::uint64_t last, const std::string& inc = "A",
              std::uint64_t waiting = 99) {
  w.see(StationRecorded{"x/one", inc, last, waiting});
}
void kept(World& w, int seq, const std::string& inc = "A") {
  w.fact("pack.opened", R"("order":"o")", "/x/one", World::born(inc, seq));
}

TEST(FactsChecker, IsContentWhenEveryRecordedFactIsKeptOnce) {
  World w(make_facts);
  recorded(w, 2);
  kept(w, 1);
  kept(w, 2);
  EXPECT_EQ(w.end(), 0U) << w.said();
}
TEST(FactsChecker, SeesALostFact) {
  World w(make_facts);
  recorded(w, 3);
  kept(w, 1);
  kept(w, 3);
  EXPECT_EQ(w.end(), 1U) << w.said();
}
TEST(FactsChecker, SeesAFactTwice) {
  World w(make_facts);
  recorded(w, 2);
  kept(w, 1);
  kept(w, 2);
  kept(w, 2);
  EXPECT_NE(w.end(), 0U);
  EXPECT_NE(w.said().find("2 times in the log"), std::string::npos) << w.said();
}
TEST(FactsChecker, SeesFactsOutOfOrder) {
  World w(make_facts);
  recorded(w, 2);
  kept(w, 2);
  kept(w, 1);
  EXPECT_EQ(w.end(), 1U) << w.said();
}
TEST(FactsChecker, SeesAFactThatWasNeverCommitted) {
  World w(make_facts);
  recorded(w, 1);
  kept(w, 1);
  kept(w, 2);
  EXPECT_EQ(w.look(), 1U) << w.said();
}
// The image counts on under numbers that the lost disk had used: both facts are real.
TEST(FactsChecker, SeesAFactOfAnOldImageThatIsNotThereBesideTheOneOfItsNumber) {
  for (const bool there : {true, false}) {
    World w(make_facts);
    recorded(w, 3, "A", 0);
    for (int seq = 1; seq <= 3; ++seq) kept(w, seq);
    w.see(StationMishap{"x/one", Mishap::restored_image, "A 2"});
    w.fact("exception.raised", R"("kind":"store_restored","subject":"x/one")");
    recorded(w, 3);
    if (there) kept(w, 3);
    recorded(w, 1, "B");
    kept(w, 1, "B");
    EXPECT_EQ(w.end(), there ? 0U : 1U) << w.said();
  }
}
// Two images of one life, put in one after the other: the second knows nothing of what the life
// after the first had recorded, though it goes as far.
TEST(FactsChecker, KnowsOfWhichLifeAnImageIs) {
  for (const bool of_second : {false, true}) {
    World w(make_facts);
    recorded(w, 4, "A", 0);
    for (int seq = 1; seq <= 4; ++seq) kept(w, seq);
    w.time_ms += 1'000;
    w.see(StationMishap{"x/one", Mishap::restored_image, "A 2 500"});
    w.fact("exception.raised", R"("kind":"store_restored","subject":"x/one")");
    recorded(w, 3, "A", 1);
    const auto made_ms = of_second ? w.time_ms : 500;
    w.time_ms += 1'000;
    w.see(StationMishap{"x/one", Mishap::restored_image, "A 3 " + std::to_string(made_ms)});
    recorded(w, 1, "B");
    kept(w, 1, "B");
    EXPECT_EQ(w.end(), of_second ? 1U : 0U) << w.said();
  }
}
// The first facts of a fork were born in another incarnation; those of an empty disk were not. An
// image that takes the place of a disk on which nothing ran yet forks.
TEST(FactsChecker, DoesNotTakeAnImagesForkForAnEmptyDisk) {
  for (const bool image : {true, false}) {
    World w(make_facts);
    recorded(w, 2, "A", 0);
    kept(w, 1);
    kept(w, 2);
    w.see(StationMishap{"x/one", Mishap::replaced_disk, ""});
    if (image) w.see(StationMishap{"x/one", Mishap::restored_image, "A 2"});
    recorded(w, 3, "B");
    kept(w, 2, "B");
    kept(w, 3, "B");
    EXPECT_EQ(w.end(), image ? 0U : 1U) << w.said();
  }
}
TEST(FactsChecker, ExcusesWhatADestroyedDiskTook) {
  World w(make_facts);
  recorded(w, 3, "A", 2);
  kept(w, 1);
  w.see(StationMishap{"x/one", Mishap::replaced_disk, ""});
  recorded(w, 1, "B");
  kept(w, 1, "B");
  EXPECT_EQ(w.end(), 0U) << w.said();
}
TEST(FactsChecker, DoesNotExcuseWhatWasConfirmedBeforeTheDiskWent) {
  World w(make_facts);
  recorded(w, 3, "A", 0);
  kept(w, 1);
  kept(w, 2);
  w.see(StationMishap{"x/one", Mishap::replaced_disk, ""});
  EXPECT_EQ(w.end(), 1U) << w.said();
}
TEST(FactsChecker, DemandsAnExceptionWhenAnOldDiskUsedNumbersAgain) {
  for (const bool told : {false, true}) {
    World w(make_facts);
    recorded(w, 2);
    kept(w, 1);
    kept(w, 2);
    w.see(StationMishap{"x/one", Mishap::restored_image, "A 1"});
    recorded(w, 2);
    kept(w, 2);
    if (told) {
      w.fact("exception.raised", R"("exception":"e","kind":"store_restored","subject":"x/one")");
    }
    EXPECT_EQ(w.end(), told ? 0U : 1U) << w.said();
  }
}
TEST(FactsChecker, SeesAFalseAlarm) {
  World w(make_facts);
  recorded(w, 1);
  kept(w, 1);
  w.fact("exception.raised", R"("exception":"e","kind":"two_computers","subject":"x/one")");
  EXPECT_EQ(w.end(), 1U) << w.said();
}

void both_ends(World& w, int server_up, int agent_down) {
  recorded(w, 4);
  w.agent.run("INSERT INTO live VALUES('A', 4, x'04')");
  w.agent.run("INSERT INTO down_cursor VALUES('D', " + std::to_string(agent_down) +
              ", x'07', 0, 1)");
  w.server.run("INSERT INTO stream_in VALUES('x','one','A'," + std::to_string(server_up) +
               ",x'04',0,1)");
  w.server.run("INSERT INTO stream_out VALUES('x','one','D',7,x'07')");
}
TEST(QueuesChecker, IsContentWhenBothEndsStandAlike) {
  World w(make_queues);
  both_ends(w, 4, 7);
  EXPECT_EQ(w.end(), 0U) << w.said();
}
TEST(QueuesChecker, SeesAStreamThatDidNotArrive) {
  World up(make_queues);
  both_ends(up, 3, 7);
  EXPECT_EQ(up.end(), 1U) << up.said();
  World down(make_queues);
  both_ends(down, 4, 6);
  EXPECT_EQ(down.end(), 1U) << down.said();
}
TEST(QueuesChecker, SeesAnUnknownIncarnationAndAnotherHistory) {
  World w(make_queues);
  both_ends(w, 4, 7);
  w.server.run("UPDATE stream_in SET chain = x'05'");
  EXPECT_EQ(w.end(), 1U) << w.said();
  World other(make_queues);
  both_ends(other, 4, 7);
  other.server.run("UPDATE stream_in SET inc = 'B'");
  EXPECT_EQ(other.end(), 1U) << other.said();
}
TEST(QueuesChecker, SeesADiskThatForgotWhatItHadCommitted) {
  World w(make_queues);
  both_ends(w, 4, 7);
  recorded(w, 5);
  EXPECT_EQ(w.end(), 1U) << w.said();
}
TEST(QueuesChecker, SeesWhatStillWaitsForAChannel) {
  World w(make_queues);
  both_ends(w, 4, 7);
  w.server.run("INSERT INTO outbox VALUES(1,'c','stock','k','s','waiting','')");
  w.server.run("INSERT INTO outbox VALUES(2,'c','stock','k','s','dead','no')");
  w.server.run("INSERT INTO reroute VALUES(3)");
  EXPECT_EQ(w.end(), 3U) << w.said();
}

TEST(QueuesChecker, WantsFlawedListingsKeptThatAShopShows) {
  for (const bool kept : {false, true}) {
    World w(make_queues);
    both_ends(w, 4, 7);
    for (int i = 0; i < 6; ++i) w.see(ChannelAsked{"c", "POST", "u", "query StockAudit"});
    w.server.run("INSERT INTO listing_flaw VALUES('c','odd-1','','no_sku')");
    if (kept) w.server.run("INSERT INTO listing_flaw VALUES('c','odd-2','X','unknown_sku')");
    EXPECT_EQ(w.end(), kept ? 0U : 1U) << w.said();
  }
}

TEST(FlowChecker, WantsAPersonToldOfWhatWasPutAside) {
  for (const bool told : {false, true}) {
    World w(make_flow);
    w.server.run("INSERT INTO stream_in VALUES('x','one','A',9,x'04',0,1)");
    w.server.run("INSERT INTO parked VALUES(1,'x','one','A',5,'odd','{')");
    if (told) w.fact("exception.raised", R"("exception":"e","kind":"poison","subject":"x/one")");
    EXPECT_EQ(w.look(), told ? 0U : 1U) << w.said();
  }
}
TEST(FlowChecker, SeesAStreamThatStandsAtABadFact) {
  World w(make_flow);
  w.fact("exception.raised", R"("exception":"e","kind":"poison","subject":"x/one")");
  w.server.run("INSERT INTO stream_in VALUES('x','one','A',4,x'04',0,1)");
  w.server.run("INSERT INTO parked VALUES(1,'x','one','A',5,'odd','{')");
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST(FlowChecker, SeesFactsOfTheServerPutAsideInSilence) {
  World w(make_flow);
  w.agent.run("INSERT INTO down_parked VALUES(1,'odd')");
  EXPECT_EQ(w.end(), 1U) << w.said();
}

TEST(LimitsChecker, SeesAGaugeBeyondItsLimit) {
  World w(make_limits);
  w.all_gauges = {{"mailbox", 4096, 4096}};
  EXPECT_EQ(w.look(), 0U);
  w.all_gauges = {{"mailbox", 4097, 4096}};
  EXPECT_EQ(w.look(), 1U) << w.said();
}

// ---------------------------------------------------------------- window
void on_wire(World& w, bool sent, const std::string& leaf, const std::string& header) {
  w.see(WireSeen{sent, "pc", "dockline/v1/x/one/" + leaf, header});
}
TEST(WindowChecker, SeesAFactBeyondWhatTheAcksOfItsSessionAllow) {
  for (const int first : {9, 10}) {
    World w(make_window);
    on_wire(w, false, "up-ack", R"({"k":"ack","ses":"1.a.1","through":2,"window":8,"code":"ok"})");
    on_wire(w, false, "up-ack", R"({"k":"ack","ses":"1.a.2","through":90,"window":9,"code":"ok"})");
    on_wire(w, true, "up",
            R"({"k":"data","ses":"1.a.1","first":)" + std::to_string(first) + R"(,"count":2})");
    EXPECT_EQ(w.end(), first == 9 ? 0U : 1U) << w.said();
  }
}

}  // namespace
}  // namespace dockline::sim
