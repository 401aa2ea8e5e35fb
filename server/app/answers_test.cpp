#include "server/app/answers.hpp"

#include <gtest/gtest.h>

#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

struct AnswersTest : ::testing::Test {
  void SetUp() override {
    w.start();
    w.ask(RegisterItem{.item = {.sku = "CUP", .title = "Cup"}, .bins = {}});
  }
  Reply found(const std::string& key, const std::string& request = "r",
              const std::string& sku = "CUP") {
    ApiCommand command{++number, Command{AdjustStock{sku, "leipzig", 1, "found"}}};
    command.once = {key, request, [this](const Reply& reply) {
                      ++written;
                      return (reply.error ? "refused " : "booked ") + std::to_string(written);
                    }};
    w.put(std::move(command));
    return w.replies[number];
  }
  std::int64_t on_hand() { return (*w.reader->stock_of("CUP"))->stock.sites.at(0).on_hand; }

  testing::World w;
  std::uint64_t number = 1'000'000;
  int written = 0;
};

TEST_F(AnswersTest, TheSameRequestHasOneEffectAndOneAnswerAlsoAfterARestart) {
  EXPECT_FALSE(found("k").told.has_value());
  EXPECT_EQ(found("k").told, "booked 1");
  w.start();
  EXPECT_EQ(found("k").told, "booked 1");
  EXPECT_EQ(on_hand(), 1);
  EXPECT_FALSE(found("other").told.has_value());
  EXPECT_EQ(on_hand(), 2);
}

TEST_F(AnswersTest, AKeyIsForOneRequest) {
  found("k");
  const auto other = found("k", "another");
  EXPECT_EQ(other.code, "key_reused");
  EXPECT_EQ(on_hand(), 1);
}

TEST_F(AnswersTest, ARefusalIsKept) {
  EXPECT_TRUE(found("k", "r", "LATER").error.has_value());
  w.ask(RegisterItem{.item = {.sku = "LATER", .title = "Later"}, .bins = {}});
  EXPECT_EQ(found("k", "r", "LATER").told, "refused 1");
}

TEST_F(AnswersTest, AfterADayTheKeyIsFreeAndItsRowIsSwept) {
  found("k");
  w.now.wall_ms += kAnswerKeptMs + 1;
  EXPECT_FALSE(found("k").told.has_value());
  EXPECT_EQ(on_hand(), 2);
  w.now.wall_ms += kAnswerKeptMs + 1;
  w.now.mono_ms += 61'000;
  w.put(Tick{});
  auto db = sqlite::Db::open(w.config.db_path, {.read_only = true}).value();
  auto rows = db.prepare("SELECT count(*) FROM answer");
  ASSERT_TRUE(*rows.step());
  EXPECT_EQ(rows.integer(0), 0);
}

TEST_F(AnswersTest, AWriteToAnOrderThatHasChangedIsNotRun) {
  ReceiveOrder order{.number = "1"};
  order.ship_to.name = "Ada";
  order.lines = {{.line = 0, .sku = "CUP", .title = "Cup", .quantity = 3}};
  w.ask(std::move(order));
  const auto position = (*w.reader->order("api:1"))->position;
  const auto cancel = [&](std::int64_t seen) {
    ApiCommand command{++number, Command{CancelOrder{"api:1", "r", {{1, 1}}}}};
    command.if_order = "api:1";
    command.if_positions = {7, seen};
    w.put(std::move(command));
    return w.replies[number].code;
  };
  EXPECT_EQ(cancel(position), "");
  EXPECT_EQ(cancel(position), "changed");
  EXPECT_EQ((*w.reader->order("api:1"))->lines.at(0).cancelled, 1);
}

}  // namespace
}  // namespace dockline::server
