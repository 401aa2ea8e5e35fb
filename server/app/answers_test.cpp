#include "server/app/answers.hpp"

#include <gtest/gtest.h>

#include "server/app/seen.hpp"
#include "server/store/reader_items.hpp"
#include "server/store/reader_sites.hpp"
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

TEST_F(AnswersTest, AnItemIsChangedOnlyAsItWasSeen) {
  const auto title = [&](const std::string& sku, const std::string& says, std::int64_t seen) {
    ApiCommand command{++number, Command{RegisterItem{.item = {.sku = sku, .title = says}}}};
    command.if_order = item_seen(sku);
    command.if_positions = {seen};
    w.put(std::move(command));
    return w.replies[number].code;
  };
  const auto position = [&] { return store::item_said(*w.reader, "CUP").value().position; };
  const auto seen = position();
  EXPECT_GT(seen, 0);
  EXPECT_EQ(title("CUP", "Mug", seen), "");
  EXPECT_EQ(title("CUP", "Bowl", seen), "changed");
  EXPECT_EQ(w.replies[number].error->detail, "item CUP has changed since");
  EXPECT_EQ((*w.reader->stock_of("CUP"))->stock.title, "Mug");
  EXPECT_EQ(title("CUP", "Bowl", position()), "");
  // Only a new one.
  EXPECT_EQ(title("CUP", "Jar", 0), "changed");
  EXPECT_EQ(title("JAR", "Jar", 0), "");
  EXPECT_EQ(title("JAR", "Other jar", 0), "changed");
}

TEST_F(AnswersTest, ASiteIsDescribedOnlyAsItWasSeen) {
  using Values = std::vector<std::pair<std::string, std::string>>;
  const auto describe = [&](const Values& values, std::int64_t seen) {
    ApiCommand command{++number, Command{DescribeSite{"leipzig", values, "autumn", "ann"}}};
    command.if_order = site_seen("leipzig");
    command.if_positions = {seen};
    w.put(std::move(command));
    return w.replies[number].code;
  };
  const Values small{{"capacity_per_day", "3"}}, large{{"capacity_per_day", "9"}};
  EXPECT_EQ(describe(small, site_mark({})), "");
  EXPECT_EQ(describe(large, site_mark({})), "changed");
  EXPECT_EQ(w.replies[number].error->detail, "site leipzig has changed since");
  EXPECT_EQ(store::described_sites(*w.reader).value().at("leipzig"), small);
  EXPECT_EQ(describe(large, site_mark(small)), "");
  EXPECT_EQ(describe({}, site_mark(large)), "");
  EXPECT_EQ(describe(small, site_mark({})), "");
}

TEST(Seen, NamesOfSitesAndItemsAreNoOrders) {
  EXPECT_EQ(seen_thing(item_seen("CUP")).what, "item");
  EXPECT_EQ(seen_thing(item_seen("CUP")).id, "CUP");
  EXPECT_EQ(seen_thing(site_seen("ulm")).what, "site");
  EXPECT_EQ(seen_thing("item:CUP").what, "order");
  EXPECT_GT(site_mark({}), 0);
  EXPECT_NE(site_mark({{"closed", "a"}}), site_mark({{"closed", "b"}}));
}

}  // namespace
}  // namespace dockline::server
