// A shelf is counted by scans alone.
#include "agent/station/command.hpp"
#include "agent/station/testing_bench.hpp"

namespace dockline::agent::station {
namespace {

using testing::Bench1;
using testing::kBlue;
using testing::kMug;
using testing::kMugCase;
using testing::kPot;

class CountingTest : public Bench1 {
 protected:
  CountingTest() { ask("t-1"); }
  void ask(const std::string& task) {
    CountTask out;
    out.task = task;
    out.site = "leipzig";
    out.station = "bench-4";
    out.sku = "MUG-RED";
    out.title = "Mug red";
    out.bin = "B-1";
    out.barcodes = {{std::string(kMug), 1}, {std::string(kMugCase), 2}};
    books_.counts.push_back(out);
  }
  const wire::StockCounted& counted() const {
    static const wire::StockCounted kNone;
    for (const auto& f : facts_) {
      if (const auto* one = std::get_if<wire::StockCounted>(&f)) return *one;
    }
    ADD_FAILURE() << "nothing was counted";
    return kNone;
  }
  domain::Quantity tally() const { return s().tally; }
};

TEST_F(CountingTest, EachPieceIsScannedAndConfirmTellsTheirNumberUnderTheTask) {
  EXPECT_EQ(scan(sheet_code("COUNT")), "command");
  EXPECT_EQ(phase(), Phase::counting);
  EXPECT_EQ(sound(), "tick");
  EXPECT_EQ(scan(kMug), "counted");
  EXPECT_EQ(scan(kMugCase, "right"), "counted");
  EXPECT_EQ(scan("mug-red"), "counted");
  EXPECT_EQ(moment(), "count-piece");
  EXPECT_EQ(tally(), 4);
  scan(Command::confirm);
  EXPECT_EQ(sound(), "done");
  EXPECT_EQ(moment(), "count-done");
  EXPECT_EQ(phase(), Phase::idle);
  const auto& fact = counted();
  EXPECT_EQ(fact.site, "leipzig");
  EXPECT_EQ(fact.sku, "MUG-RED");
  EXPECT_EQ(fact.counted, 4);
  EXPECT_EQ(fact.task, "t-1");
  EXPECT_EQ(fact.bin, "B-1");
  EXPECT_EQ(fact.by, "bench-4");
  EXPECT_TRUE(books_.counts.empty());
  scan(Command::count);
  EXPECT_EQ(moment(), "no-count");
}

TEST_F(CountingTest, SeveralAtOnceAndTakenBack) {
  scan(Command::count);
  scan(Command::qty);
  digit(1);
  digit(2);
  scan(kMug);
  EXPECT_EQ(tally(), 12);
  scan(kMug);
  scan(Command::undo);
  EXPECT_EQ(tally(), 12);
  scan(Command::undo);
  EXPECT_EQ(tally(), 0);
  scan(Command::undo);
  EXPECT_EQ(moment(), "nothing-to-undo");
  EXPECT_EQ(phase(), Phase::counting);
}

TEST_F(CountingTest, AnEmptyShelfIsSaidTwice) {
  scan(Command::count);
  scan(Command::confirm);
  EXPECT_EQ(moment(), "count-zero");
  EXPECT_EQ(sound(), "hm");
  EXPECT_EQ(count_facts<wire::StockCounted>(), 0);
  scan(Command::no);
  EXPECT_EQ(phase(), Phase::counting);
  scan(Command::confirm);
  EXPECT_EQ(moment(), "count-zero");
  scan(Command::confirm);
  EXPECT_EQ(counted().counted, 0);
}

TEST_F(CountingTest, AStrangerIsRefusedAndCountsNothing) {
  scan(Command::count);
  scan(kMug);
  EXPECT_EQ(scan(kPot), "refused");
  EXPECT_EQ(moment(), "count-other");
  EXPECT_EQ(sound(), "nope");
  EXPECT_EQ(scan(kBlue), "refused");
  EXPECT_EQ(scan("nonsense"), "unknown");
  EXPECT_EQ(tally(), 1);
  scan(Command::confirm);
  EXPECT_EQ(counted().counted, 1);
}

TEST_F(CountingTest, AnOrderGoesFirstAndTheCountBeginsAnew) {
  scan(Command::count);
  scan(kMug);
  EXPECT_EQ(scan("A100"), "opened");
  EXPECT_EQ(phase(), Phase::packing);
  EXPECT_EQ(scan(Command::count), "command");
  EXPECT_EQ(moment(), "not-now");
  EXPECT_EQ(scan(kMug), "counted");
  EXPECT_EQ(station_->count_of(1).packed, 1);
  scan(Command::hold);
  scan(Command::count);
  EXPECT_EQ(phase(), Phase::counting);
  EXPECT_EQ(tally(), 0);
  scan(Command::hold);
  EXPECT_EQ(phase(), Phase::idle);
  EXPECT_EQ(moment(), "count-left");
  EXPECT_EQ(count_facts<wire::StockCounted>(), 0);
  EXPECT_EQ(books_.counts.size(), 1U);
}

TEST_F(CountingTest, GoesOnAfterAPowerCutWhereItWas) {
  scan(Command::count);
  scan(kMug);
  scan(kMug);
  power_cut();
  EXPECT_EQ(phase(), Phase::counting);
  EXPECT_EQ(tally(), 2);
  scan(kMug);
  scan(Command::confirm);
  EXPECT_EQ(counted().counted, 3);
}

TEST_F(CountingTest, ACountThatNobodyNeedsIsTakenFromTheScreen) {
  scan(Command::count);
  scan(kMug);
  books_.counts.clear();
  Effects fx;
  station_->count_dropped(now_, {"another", "counted"}, fx);
  EXPECT_EQ(phase(), Phase::counting);
  station_->count_dropped(now_, {"t-1", "counted"}, fx);
  keep(fx);
  EXPECT_EQ(phase(), Phase::idle);
  EXPECT_EQ(moment(), "count-gone");
  EXPECT_EQ(scan(kMug), "not-now");
  EXPECT_EQ(count_facts<wire::StockCounted>(), 0);
}

TEST_F(CountingTest, ATaskThatIsGoneAfterARestartIsLeft) {
  scan(Command::count);
  scan(kMug);
  books_.counts.clear();
  start(false);
  EXPECT_EQ(phase(), Phase::idle);
  EXPECT_EQ(moment(), "count-gone");
}

TEST_F(CountingTest, NoCountIsBegunWhereNothingNewMayBe) {
  station_->set_outbox(Outbox::no_new_orders);
  scan(Command::count);
  EXPECT_EQ(phase(), Phase::idle);
  EXPECT_EQ(moment(), "outbox-full");
}

TEST_F(CountingTest, StateOfAProgramThatCouldNotCountIsRead) {
  auto text = to_json(s());
  const auto at = text.find(R"("task":"","tally":0,)");
  ASSERT_NE(at, std::string::npos);
  text.erase(at, std::string_view(R"("task":"","tally":0,)").size());
  EXPECT_EQ(state_from_json(text).value(), s());
}

}  // namespace
}  // namespace dockline::agent::station
