// answers, units, leases, labels: orders and their boxes.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

std::string work(const std::string& lease, int epoch) {
  return R"("order":"c:1","work":{"lease":")" + lease + R"(","epoch":)" + std::to_string(epoch) +
         "}";
}
void closed(World& w, int pieces, int epoch = 1, const std::string& station = "/x/one") {
  w.fact("pack.closed",
         work("c:1/1", epoch) + R"(,"lines":[{"line":1,"sku":"MUG","packed":)" +
             std::to_string(pieces) + R"(,"missing":0}],"label":{"tracking":"T1"})",
         station);
}
void released(World& w, int epoch, const std::string& station = "one") {
  w.fact("order.released", work("c:1/1", epoch) + R"(,"site":"x","station":")" + station +
                               R"(","label":{"tracking":"T1"})");
}

TEST(AnswersChecker, IsContentWhenHeardAndKeptAreTheSame) {
  World w(make_answers);
  w.see(BoxClosed{"x/one", "1", "", "T1", {{"MUG", 2}}});
  w.see(ScanAnswered{"x/one", "p", "4006381333931", "tick"});
  w.fact("pack.item.counted",
         work("c:1/1", 1) + R"(,"sku":"MUG","quantity":1,"barcode":"4006381333931")", "/x/one");
  closed(w, 2);
  EXPECT_EQ(w.end(), 0U) << w.said();
}
TEST(AnswersChecker, SeesACountOfAShelfThatWasAnsweredAndIsNotKept) {
  for (const bool kept : {true, false}) {
    World w(make_answers);
    w.see(ScanAnswered{"x/one", "p", "4006381333931", "tick", true});
    w.see(ScanAnswered{"x/one", "p", "DLKCOV", "done", true});
    if (kept) w.fact("stock.counted", R"("site":"x","sku":"MUG","counted":1)", "/x/one");
    EXPECT_EQ(w.end(), kept ? 0U : 1U) << w.said();
  }
}
TEST(AnswersChecker, SeesABoxThatWasAnsweredAndIsNotKept) {
  World w(make_answers);
  w.see(BoxClosed{"x/one", "1", "", "T1", {{"MUG", 2}}});
  EXPECT_EQ(w.end(), 1U) << w.said();
}
TEST(AnswersChecker, TakesALabelReadInAnotherCaseForTheSameAndNoOther) {
  for (const char* read : {"t1", "t2"}) {
    World w(make_answers);
    w.see(ScanAnswered{"x/one", "p", read, "done"});
    closed(w, 2);
    w.see(StationMishap{"x/one", Mishap::killed, ""});  // the packer was not there to hear it
    EXPECT_EQ(w.end(), std::string(read) == "t1" ? 0U : 1U) << w.said();
  }
}
TEST(AnswersChecker, SeesOtherPiecesThanThePackerCounted) {
  World w(make_answers);
  w.see(BoxClosed{"x/one", "1", "", "T1", {{"MUG", 2}}});
  closed(w, 3);
  EXPECT_EQ(w.end(), 1U) << w.said();
}
TEST(AnswersChecker, SeesACloseThatNobodyHeardUnlessACrashHidIt) {
  for (const bool crash : {false, true}) {
    World w(make_answers);
    w.see(BoxClosed{"x/one", "1", "", "T1", {{"MUG", 2}}});
    closed(w, 2);
    closed(w, 2);
    if (crash) w.see(StationMishap{"x/one", Mishap::killed, ""});
    EXPECT_EQ(w.end(), crash ? 0U : 1U) << w.said();
  }
}
TEST(AnswersChecker, SeesAPieceThatWasAnsweredAndIsNotKept) {
  World w(make_answers);
  for (int i = 0; i < 2; ++i) w.see(ScanAnswered{"x/one", "p", "4006381333931", "tick"});
  w.fact("pack.item.counted",
         work("c:1/1", 1) + R"(,"sku":"MUG","quantity":1,"barcode":"4006381333931")", "/x/one");
  EXPECT_EQ(w.end(), 1U) << w.said();
}

void order(World& w, const std::string& states) {
  w.server.run("INSERT INTO p_order VALUES(1,'c:1','c','1','open')");
  w.server.run("INSERT INTO p_line(ord,line,sku,quantity," + states);
}
TEST(UnitsChecker, IsContentWhenEachUnitIsInOneState) {
  World w(make_units);
  order(w, "released,packed) VALUES(1,1,'MUG',3,2,1)");
  w.server.run("INSERT INTO p_reservation VALUES(1,1,'x','c:1/2','MUG',2)");
  w.server.run("INSERT INTO p_lease VALUES('c:1/1',1,1,'x','one','done','T1')");
  w.server.run("INSERT INTO p_parcel VALUES('c:1/1',1,'MUG',1,1)");
  w.see(ShopSold{"c", "1", {{"MUG", 3}}});
  closed(w, 1);
  EXPECT_EQ(w.end(), 0U) << w.said();
}
TEST(UnitsChecker, SeesAUnitInTwoStatesOrNone) {
  World w(make_units);
  order(w, "open,cancelled) VALUES(1,1,'MUG',3,2,2)");
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST(UnitsChecker, SeesReservationsThatDoNotFit) {
  World w(make_units);
  order(w, "allocated) VALUES(1,1,'MUG',3,3)");
  w.server.run("INSERT INTO p_reservation VALUES(1,1,'x','','MUG',2)");
  EXPECT_EQ(w.look(), 1U) << w.said();
  World released_too_many(make_units);
  order(released_too_many, "released) VALUES(1,1,'MUG',3,3)");
  EXPECT_EQ(released_too_many.look(), 1U) << released_too_many.said();
}
TEST(UnitsChecker, SeesPackedUnitsThatLieInNoBox) {
  World w(make_units);
  order(w, "packed) VALUES(1,1,'MUG',3,3)");
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST(UnitsChecker, SeesAnOrderThatNeverArrivedAndOneThatCameTwice) {
  World w(make_units);
  w.see(ShopSold{"c", "2", {{"MUG", 3}}});
  EXPECT_EQ(w.end(), 1U) << w.said();
  World twice(make_units);
  order(twice, "open) VALUES(1,1,'MUG',3,3)");
  twice.server.run("INSERT INTO p_order VALUES(2,'c:1b','c','1','open')");
  EXPECT_EQ(twice.look(), 1U) << twice.said();
}
TEST(UnitsChecker, SeesACancellationThatCountsTwiceOrNotAtAll) {
  for (const int cancelled : {0, 1, 2}) {
    World w(make_units);
    order(w, "open,cancelled) VALUES(1,1,'MUG',3," + std::to_string(3 - cancelled) + "," +
                 std::to_string(cancelled) + ")");
    w.see(ShopSold{"c", "1", {{"MUG", 3}}});
    w.see(ShopCancelled{"c", "1", {{"MUG", 1}}});
    EXPECT_EQ(w.end(), cancelled == 1 ? 0U : 1U) << w.said();
  }
}
TEST(UnitsChecker, SeesAnOrderPackedTwiceInSilence) {
  for (const bool told : {false, true}) {
    World w(make_units);
    order(w, "packed) VALUES(1,1,'MUG',2,2)");
    w.server.run("INSERT INTO p_lease VALUES('c:1/1',1,1,'x','one','done','T1')");
    w.server.run("INSERT INTO p_parcel VALUES('c:1/1',1,'MUG',2,2)");
    closed(w, 2);
    closed(w, 2, 1, "/x/two");
    if (told) {
      w.fact("exception.raised", R"("exception":"e","kind":"fenced_work","subject":"c:1#id2")");
    }
    EXPECT_EQ(w.end(), told ? 0U : 1U) << w.said();
  }
}

TEST(LeasesChecker, IsContentWithOneHolderAfterTheOther) {
  World w(make_leases);
  released(w, 1);
  w.fact("lease.returned", work("c:1/1", 1), "/x/one");
  released(w, 2, "two");
  closed(w, 1, 2, "/x/two");
  EXPECT_EQ(w.end(), 0U) << w.said();
}
TEST(LeasesChecker, SeesASecondHolder) {
  World w(make_leases);
  released(w, 1);
  released(w, 2, "two");
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST(LeasesChecker, KnowsThatAPersonsWordForTheNewComputerEndsWhatTheOldOneHeld) {
  for (const char* by : {"ada", "server"}) {
    World w(make_leases);
    released(w, 1);
    w.fact("lease.revoked", work("c:1/1", 1) + R"(,"reason":"anew","why":"x","by":")" + by + "\"");
    released(w, 2, "two");
    EXPECT_EQ(w.look(), std::string(by) == "ada" ? 0U : 1U) << w.said();
  }
}
TEST(LeasesChecker, SeesAnEpochThatDoesNotRise) {
  World w(make_leases);
  released(w, 5);
  w.fact("lease.returned", work("c:1/1", 5), "/x/one");
  released(w, 4);
  EXPECT_EQ(w.look(), 1U) << w.said();
}
TEST(LeasesChecker, WantsAPersonToldOfFencedWork) {
  for (const bool told : {false, true}) {
    World w(make_leases);
    released(w, 1);
    w.fact("lease.revoked", work("c:1/1", 1) + R"(,"reason":"forced")");
    released(w, 2, "two");
    closed(w, 1, 1, "/x/one");
    if (told) {
      w.fact("exception.raised", R"("exception":"e","kind":"fenced_work","subject":"c:1#id4")");
    }
    EXPECT_EQ(w.look(), told ? 0U : 1U) << w.said();
  }
}
TEST(LeasesChecker, LetsABenchOpenAndCloseABoxAgainThatAPersonAccepted) {
  for (const bool accepted : {false, true}) {
    World w(make_leases);
    released(w, 1);
    w.fact("lease.revoked", work("c:1/1", 1) + R"(,"reason":"forced")");
    released(w, 2);
    closed(w, 1, 1);
    w.fact("exception.raised", R"("exception":"e","kind":"fenced_work","subject":"c:1#id4")");
    if (accepted) {
      static_cast<void>(w.look());  // a person takes her time
      w.fact("pack.accepted", R"("order":"c:1","box":"id4")");
    }
    w.fact("pack.reopened", work("c:1/1", 1), "/x/one");
    closed(w, 1, 1);
    EXPECT_EQ(w.look(), accepted ? 0U : 1U) << w.said();
  }
}
TEST(LeasesChecker, SeesThatBothEndsDisagreeAtRest) {
  World w(make_leases);
  w.agent.run("INSERT INTO work VALUES('c:1/1', 1, 'open')");
  w.server.run("INSERT INTO p_lease VALUES('c:2/1',2,3,'x','one','held','T2')");
  EXPECT_EQ(w.end(), 2U) << w.said();
}

TEST(LabelsChecker, CountsSheetsAgainstWords) {
  for (const int words : {0, 1}) {
    World w(make_labels);
    w.see(LabelCameOut{"x/one", "p", "T1", ""});
    if (words == 1) w.see(ReprintWanted{"x/one", "T1", "NO"});
    w.see(LabelCameOut{"x/one", "p", "T1", ""});
    EXPECT_EQ(w.end(), words == 1 ? 0U : 1U) << w.said();
  }
}

// Seed 3291977598.
TEST(LabelsChecker, ASheetThatWasInThePrinterWhenTheDiskWasChangedIsFromBefore) {
  for (const bool soon : {true, false}) {
    World w(make_labels);
    w.see(StationMishap{"x/one", Mishap::replaced_disk, ""});
    if (!soon) w.time_ms += 60'000;
    w.see(LabelCameOut{"x/one", "p", "T1", ""});
    w.see(LabelCameOut{"x/one", "p", "T1", ""});
    EXPECT_EQ(w.end(), soon ? 0U : 1U) << w.said();
  }
}

// ---------------------------------------------------------------- counts
const std::string kWork = R"("order":"o","work":{"lease":"o/1","epoch":7})";
void counted(World& w, const char* what, int quantity, int seq) {
  w.fact(std::string("pack.item.") + what,
         kWork + R"(,"line":1,"sku":"A","quantity":)" + std::to_string(quantity), "/x/one",
         World::born("I", seq));
}
void box_closed(World& w, int packed, int seq = 9) {
  w.fact("pack.closed",
         kWork + R"(,"lines":[{"line":1,"sku":"A","packed":)" + std::to_string(packed) +
             R"(}],"label":{"tracking":"T"})",
         "/x/one", World::born("I", seq));
}
TEST(CountsChecker, ComparesTheClosedBoxWithWhatWasCountedIntoIt) {
  for (const int packed : {2, 3}) {
    World w(make_counts);
    counted(w, "counted", 3, 1);
    counted(w, "uncounted", 1, 2);
    w.fact("pack.held", kWork, "/x/one");
    w.fact("pack.opened", kWork, "/x/one");
    box_closed(w, packed);
    EXPECT_EQ(w.end(), packed == 2 ? 0U : 1U) << w.said();
  }
}
// The image was made after the first piece: what came after it never was on this disk.
TEST(CountsChecker, ForgetsWhatWasCountedAfterTheImageWasMade) {
  for (const int packed : {2, 3}) {
    World w(make_counts);
    counted(w, "counted", 1, 1);
    counted(w, "counted", 1, 2);
    w.see(StationMishap{"x/one", Mishap::restored_image, "I 1"});
    counted(w, "counted", 1, 2);
    box_closed(w, packed);
    // Three: the server told the disk of all it had heard of.
    EXPECT_EQ(w.end(), 0U) << w.said();
    box_closed(w, 1, 10);
    EXPECT_EQ(w.end(), 1U) << w.said();
  }
}
// An image that knows nothing of the box, then one from between its pieces.
TEST(CountsChecker, ANewerImageKnowsAgainWhatAnOlderOneDidNot) {
  for (const int packed : {3, 1}) {
    World w(make_counts);
    w.fact("device.changed", "", "/x/one", World::born("I", 1));
    counted(w, "counted", 1, 2);
    counted(w, "counted", 1, 3);
    counted(w, "counted", 1, 4);
    box_closed(w, 3, 5);
    w.see(StationMishap{"x/one", Mishap::restored_image, "I 1"});
    w.fact("device.changed", "", "/x/one", World::born("I", 2));
    w.fact("device.changed", "", "/x/one", World::born("J", 1));
    w.see(StationMishap{"x/one", Mishap::restored_image, "I 3"});
    counted(w, "counted", 1, 4);
    box_closed(w, packed, 5);
    EXPECT_EQ(w.end(), packed == 3 ? 0U : 1U) << w.said();
  }
}
// The lease was elsewhere meanwhile: the bench got it anew, and its new disk knows of no piece.
TEST(CountsChecker, LetsABoxBeginAnewOnAnotherDisk) {
  for (const int packed : {2, 1}) {
    World w(make_counts);
    w.see(StationRecorded{"x/one", "I", 1, 0});
    counted(w, "counted", 1, 1);
    w.see(StationMishap{"x/one", Mishap::replaced_disk, ""});
    w.fact("pack.item.counted", std::string(kWork) + R"(,"line":1,"sku":"A","quantity":2)",
           "/x/one", World::born("J", 1));
    w.fact("pack.closed",
           std::string(kWork) + R"(,"lines":[{"line":1,"sku":"A","packed":)" +
               std::to_string(packed) + "}]",
           "/x/one", World::born("J", 2));
    EXPECT_EQ(w.end(), packed == 2 ? 0U : 1U) << w.said();
  }
}
TEST(CountsChecker, CountsAllOfOneLife) {
  World w(make_counts);
  counted(w, "counted", 1, 1);
  counted(w, "counted", 1, 2);
  box_closed(w, 1);
  EXPECT_EQ(w.end(), 1U) << w.said();
}
TEST(CountsChecker, GoesOnInTheSameBoxUnderALeaseGrantedAgainUnlessItWasGivenBack) {
  for (const bool given_back : {false, true}) {
    World w(make_counts);
    counted(w, "counted", 1, 1);
    if (given_back) w.fact("lease.returned", kWork, "/x/one", World::born("I", 2));
    w.fact(
        "pack.closed",
        R"("order":"o","work":{"lease":"o/1","epoch":8},"lines":[{"line":1,"sku":"A","packed":1}])",
        "/x/one", World::born("I", 3));
    EXPECT_EQ(w.end(), given_back ? 1U : 0U) << w.said();
  }
}
TEST(CountsChecker, BeginsAnotherBoxUnderALeaseGrantedAgainAfterAClosedOne) {
  World w(make_counts);
  counted(w, "counted", 2, 1);
  box_closed(w, 2, 2);
  const std::string again = R"("order":"o","work":{"lease":"o/1","epoch":8},)";
  w.fact("pack.item.counted", again + R"("line":1,"sku":"A","quantity":1)", "/x/one",
         World::born("I", 3));
  w.fact("pack.closed", again + R"("lines":[{"line":1,"sku":"A","packed":1}])", "/x/one",
         World::born("I", 4));
  EXPECT_EQ(w.end(), 0U) << w.said();
}
TEST(CountsChecker, MissesTheOpeningOfAClosedBox) {
  for (const bool there : {true, false}) {
    World w(make_counts);
    counted(w, "counted", 1, 1);
    box_closed(w, 1);
    w.see(BoxReopened{"x/one", "o", "", "T"});
    if (there) w.fact("pack.reopened", kWork, "/x/one", World::born("I", 10));
    EXPECT_EQ(w.end(), there ? 0U : 1U) << w.said();
  }
}

}  // namespace
}  // namespace dockline::sim
