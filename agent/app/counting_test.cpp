// Counts that the office asks for, on a real file: they come down, outlive every restart, and are
// answered once.
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "agent/app/testing.hpp"
#include "agent/station/command.hpp"

namespace dockline::agent {
namespace {

namespace json = boost::json;
using testing::Bench;

constexpr const char* kMug = "4006381333931";

wire::CountAsked question(const std::string& task) {
  wire::CountAsked out;
  out.task = task;
  out.site = "leipzig";
  out.station = "bench-4";
  out.sku = "MUG-RED";
  out.title = "Mug red";
  out.barcodes = {{kMug, 1}};
  return out;
}

class CountingAppTest : public ::testing::Test {
 protected:
  void tell(wire::EventData data) {
    bench.server.tell(bench.now, std::move(data));
    bench.go_online();
  }
  void sheet(std::string_view word) { bench.scan(station::sheet_code(word)); }
  json::object view() { return json::parse(bench.view()).as_object(); }
  std::string banner() { return std::string(view().at("banner").at("id").as_string()); }
  std::int64_t waiting() { return view().at("body").at("counts").as_int64(); }
  std::vector<wire::StockCounted> counted() {
    bench.run_for(2'000);
    std::vector<wire::StockCounted> out;
    for (const auto& event : bench.server.facts) {
      if (const auto* one = std::get_if<wire::StockCounted>(&event.data)) out.push_back(*one);
    }
    return out;
  }
  Bench bench;
};

TEST_F(CountingAppTest, AQuestionComesDownAndItsAnswerGoesUpOnce) {
  tell(question("t-1"));
  EXPECT_EQ(waiting(), 1);
  EXPECT_EQ(view().at("body").at("count").at("title"), "Mug red");
  EXPECT_EQ(view().at("commands").at(3), "COUNT");
  sheet("COUNT");
  EXPECT_EQ(banner(), "count-open");
  bench.scan(kMug);
  bench.start();  // as after kill -9
  EXPECT_EQ(view().at("body").at("n"), 1);
  bench.scan(kMug);
  sheet("CONFIRM");
  bench.start();
  bench.go_online();
  ASSERT_EQ(counted().size(), 1U);
  EXPECT_EQ(counted()[0].counted, 2);
  EXPECT_EQ(counted()[0].task, "t-1");
  EXPECT_EQ(waiting(), 0);
  tell(question("t-1"));  // by a server that has not heard the answer so far
  EXPECT_EQ(waiting(), 0);
  tell(wire::CountDropped{"t-1", "counted"});
  tell(question("t-2"));
  EXPECT_EQ(waiting(), 1);
}

TEST_F(CountingAppTest, WithdrawnItIsGoneFromTheScreenAndAsksNothing) {
  tell(question("t-1"));
  tell(question("t-2"));
  EXPECT_EQ(waiting(), 2);
  sheet("COUNT");
  bench.scan(kMug);
  tell(wire::CountDropped{"t-1", "counted at the desk"});
  EXPECT_EQ(banner(), "count-gone");
  EXPECT_EQ(waiting(), 1);
  sheet("COUNT");
  sheet("CONFIRM");
  EXPECT_EQ(banner(), "count-zero");
  sheet("CONFIRM");
  ASSERT_EQ(counted().size(), 1U);
  EXPECT_EQ(counted()[0].task, "t-2");
  EXPECT_EQ(counted()[0].counted, 0);
}

TEST_F(CountingAppTest, AQuestionWithoutAnArticleIsPutAside) {
  auto bad = question("t-1");
  bad.sku.clear();
  tell(bad);
  EXPECT_EQ(waiting(), 0);
  bench.run_for(1'000);
  EXPECT_EQ(bench.server.count<wire::StationTrouble>(), 1U);
}

TEST_F(CountingAppTest, ItsStateSaysThatItCanCount) {
  bench.go_online();
  bool said = false;
  for (const auto& message : bench.published) {
    const auto read = sync::read(message.payload);
    const auto* state = read ? std::get_if<sync::State>(&*read) : nullptr;
    if (state != nullptr) said = said || state->can == std::vector{std::string(sync::kCanCount)};
  }
  EXPECT_TRUE(said);
}

}  // namespace
}  // namespace dockline::agent
