#include "agent/app/outbox_room.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "agent/app/testing.hpp"
#include "agent/station/command.hpp"
#include "agent/station/testing.hpp"

namespace dockline::agent {
namespace {

namespace json = boost::json;
using Level = OutboxRoom::Level;
using station::Outbox;
using testing::Bench;

constexpr const char* kMug = "4006381333931";
constexpr const char* kPot = "96385074";

TEST(OutboxRoom, WarnsAtFourFifthsAndKeepsAReserveForWhatIsUnderWay) {
  const auto at = [](std::uint64_t rows) { return outbox_room(rows, 2'000'000); };
  EXPECT_EQ(at(0).level, Level::plenty);
  EXPECT_EQ(at(1'599'999).level, Level::plenty);
  EXPECT_EQ(at(1'600'000).level, Level::warn);
  EXPECT_EQ(at(1'999'999).bench, Outbox::open);
  EXPECT_EQ(at(2'000'000).level, Level::full);
  EXPECT_EQ(at(2'000'000).bench, Outbox::no_new_orders);
  // One scan of the longest order must fit into what is left, and what the program has to say.
  const std::uint64_t last = 2'100'000 - base::limits::kOrderLinesMax - 100;
  EXPECT_EQ(at(last - 1).bench, Outbox::no_new_orders);
  EXPECT_EQ(at(last).bench, Outbox::closed);
  EXPECT_EQ(at(3'000'000).bench, Outbox::closed);
}

class FullOutbox : public ::testing::Test {
 protected:
  FullOutbox() {
    bench.settings.outbox_rows = kMost;
    bench.start();
    for (const auto& [id, work] : station::testing::small_shop().works) {
      bench.server.tell(bench.now, work.order);
    }
    bench.go_online();
    bench.go_offline();
  }
  json::object view() { return json::parse(bench.view()).as_object(); }
  std::string banner() { return std::string(view().at("banner").at("id").as_string()); }
  std::string room() { return std::string(view().at("sync").at("room").as_string()); }
  std::uint64_t kept() {
    return static_cast<std::uint64_t>(view().at("sync").at("kept").as_int64());
  }
  // A piece counted and taken back, until so many facts are kept.
  void fill_to(std::uint64_t rows) {
    for (int i = 0; i < 2'000 && kept() < rows; ++i) {
      bench.scan(kMug);
      if (kept() < rows) bench.scan(station::sheet_code("UNDO"));
    }
    ASSERT_GE(kept(), rows);
  }
  std::size_t told(const std::string& words) {
    std::size_t n = 0;
    for (const auto& fact : bench.server.facts) {
      const auto* trouble = std::get_if<wire::StationTrouble>(&fact.data);
      n += trouble != nullptr && trouble->kind == "outbox" &&
           trouble->detail.find(words) != std::string::npos;
    }
    return n;
  }
  void drain() {
    bench.online = true;
    bench.run_for(180'000);
  }

  static constexpr std::uint64_t kMost = 1'000;  // reserve 50, of it 25 for the program
  Bench bench;
};

TEST_F(FullOutbox, TheBenchIsWarnedBeforeAndBeginsNoOrderWhenItIsFull) {
  bench.scan("A100");
  EXPECT_EQ(room(), "plenty");
  fill_to(800);
  EXPECT_EQ(room(), "warn");
  EXPECT_EQ(view().at("sync").at("sev"), "warn");
  EXPECT_NE(banner(), "outbox-full");
  fill_to(kMost);
  EXPECT_EQ(room(), "full");
  EXPECT_EQ(view().at("sync").at("sev"), "bad");
  // Another order is not begun, and this one not put aside for it.
  bench.scan("A200");
  EXPECT_EQ(bench.sound(), "nope");
  EXPECT_EQ(banner(), "outbox-full");
  EXPECT_EQ(view().at("banner").at("p").at("reserve"), 1);
  EXPECT_EQ(view().at("order").at("number"), "A100");
  bench.scan(station::sheet_code("CONFIRM"));
  EXPECT_EQ(view().at("order").at("number"), "A100");
  // The open one is finished.
  for (const auto* code : {kMug, kMug, kPot}) bench.scan(code);
  bench.print_well();
  bench.scan("DL0000000017");
  EXPECT_EQ(bench.sound(), "done");
  EXPECT_EQ(view().at("closed_today"), 1);
  bench.scan("A200");
  EXPECT_EQ(banner(), "outbox-full");
  EXPECT_TRUE(view().at("order").is_null() || view().at("order").at("number") == "A100");
  EXPECT_TRUE(bench.rejected.empty()) << bench.rejected.front().detail;
  EXPECT_FALSE(bench.process.trouble) << "it is no broken disk";
}

TEST_F(FullOutbox, AHeldBoxMayBeFinishedToo) {
  bench.scan("A100");
  fill_to(kMost);
  bench.scan(kMug);
  bench.scan(station::sheet_code("HOLD"));
  EXPECT_EQ(banner(), "held");
  bench.scan("A100");
  EXPECT_EQ(bench.sound(), "tick");
  EXPECT_EQ(view().at("order").at("number"), "A100");
}

TEST_F(FullOutbox, ItGoesOnByItselfOnceTheServerHasTakenItAll) {
  bench.scan("A100");
  fill_to(kMost);
  bench.scan("A200");
  EXPECT_EQ(banner(), "outbox-full");
  drain();
  EXPECT_EQ(room(), "plenty");
  EXPECT_NE(banner(), "outbox-full") << "it goes without a scan";
  EXPECT_EQ(told("four fifths"), 1U);
  EXPECT_EQ(told("no new order"), 1U);
  bench.scan("A200");
  bench.scan(station::sheet_code("CONFIRM"));
  EXPECT_EQ(view().at("order").at("number"), "A200");
}

TEST_F(FullOutbox, WithoutAnyReserveEveryScanIsRefusedAndTheServerIsStillHeard) {
  bench.scan("A100");
  fill_to(kMost);
  for (int i = 0; i < 100; ++i) {
    bench.scan(kMug);
    bench.scan(station::sheet_code("UNDO"));
  }
  EXPECT_EQ(banner(), "outbox-full");
  EXPECT_EQ(view().at("banner").at("p").at("reserve"), 0);
  EXPECT_EQ(bench.sound(), "nope");
  EXPECT_LE(kept(), kMost + kMost / 20);
  // What the program itself has to say fills the rest; it never keeps the server out.
  for (int i = 0; i < 60; ++i) {
    for (const auto state : {firmware::DeviceState::ready, firmware::DeviceState::gone}) {
      bench.input(DeviceSeen{{"right", firmware::DeviceKind::scanner, state, ""}});
    }
  }
  EXPECT_EQ(kept(), kMost + kMost / 20);
  const auto packed = view().at("order").at("pieces_done").as_int64();
  bench.start();
  bench.scan(kMug);
  EXPECT_EQ(view().at("order").at("pieces_done").as_int64(), packed);
  drain();
  EXPECT_EQ(room(), "plenty");
  EXPECT_TRUE(bench.rejected.empty()) << bench.rejected.front().detail;
  bench.scan(kMug);
  EXPECT_EQ(bench.sound(), "tick");
}

TEST_F(FullOutbox, ThePageSaysThatItCatchesUp) {
  bench.scan("A100");
  fill_to(900);
  EXPECT_EQ(view().at("sync").at("catching_up"), false) << "there is no server";
  bench.online = true;
  bool seen = false;
  for (int i = 0; i < 20'000 && !seen; ++i) {
    bench.run_for(10);
    seen = view().at("sync").at("catching_up").as_bool();
    if (view().at("sync").at("waiting").as_int64() == 0) break;
  }
  bench.run_for(60'000);
  EXPECT_EQ(view().at("sync").at("waiting"), 0);
  EXPECT_EQ(view().at("sync").at("catching_up"), false);
}

}  // namespace
}  // namespace dockline::agent
