// Lists of orders: whatever they are asked by, they go by an index and give what a plain look at
// every order would.
#include <filesystem>
#include <map>

#include <gtest/gtest.h>
#include <unistd.h>

#include "server/store/reader_impl.hpp"
#include "server/store/store.hpp"
#include "tests/hub/query_plan.hpp"

namespace dockline::server::store {
namespace {

constexpr std::int64_t kOrders = 3'000;
const std::vector<std::string> kStates{"allocated", "packed", "shipped", "shipped", "shipped"};
const std::vector<std::string> kChannels{"shop", "shop", "market"};

struct OrderListsTest : ::testing::Test {
  void SetUp() override {
    folder =
        std::filesystem::temp_directory_path() / ("dockline-lists-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    store = Store::open((folder / "server.db").string(), "").value();
    ASSERT_TRUE(store->db().exec("BEGIN").has_value());
    for (std::int64_t n = 1; n <= kOrders; ++n) {
      const auto at = static_cast<std::size_t>(n);
      const auto id = std::to_string(n);
      // As orders live: they come open and move on.
      const std::string sql =
          "INSERT INTO p_order(ord, id, channel, number, external_id, customer, currency, ship_to, "
          "charges, placed_ms, received_ms, updated_ms, state, site, station, tracking, carrier, "
          "sscc, pieces, packed, fulfilled_ms) VALUES(" +
          id + ", 'o" + id + "', '" + kChannels[at % kChannels.size()] + "', '" + id +
          "', '', 'Ada', 'EUR', '{}', '[]', 1, 1, 1, 'open', '', '', '', '', '', 1, 0, 0); "
          "UPDATE p_order SET state = '" +
          kStates[at % kStates.size()] + "' WHERE ord = " + id;
      ASSERT_TRUE(store->db().exec(sql.c_str()).has_value());
    }
    ASSERT_TRUE(store->db().exec("COMMIT").has_value());
    reader = std::make_unique<Reader>(Reader::open((folder / "server.db").string()).value());
  }
  void TearDown() override {
    reader.reset();
    store.reset();
    std::filesystem::remove_all(folder);
  }
  std::string plan(const std::string& sql) { return testing::plan_of(store->db(), sql); }

  std::filesystem::path folder;
  std::unique_ptr<Store> store;
  std::unique_ptr<Reader> reader;
};

TEST_F(OrderListsTest, AListByStateOrChannelGoesByAnIndexInItsOrder) {
  const std::map<std::string, OrderQuery> asked{
      {"p_order_state", {.state = "shipped"}},
      {"p_order_channel_ord", {.channel = "shop"}},
      {"p_order", {.state = "packed", .channel = "shop"}},
  };
  for (const auto& [index, query] : asked) {
    const auto said = plan(order_page_sql(query));
    EXPECT_NE(said.find("SEARCH o USING INDEX " + index), std::string::npos) << said;
    EXPECT_EQ(said.find("SCAN"), std::string::npos) << said;
    EXPECT_EQ(said.find("TEMP B-TREE"), std::string::npos) << said;
  }
  const auto all = plan(order_page_sql({}));
  EXPECT_NE(all.find("USING INTEGER PRIMARY KEY"), std::string::npos) << all;
}

TEST_F(OrderListsTest, ATotalIsReadAndNotCounted) {
  for (const OrderQuery& query :
       {OrderQuery{}, OrderQuery{.state = "shipped"}, OrderQuery{.channel = "shop"},
        OrderQuery{.state = "shipped", .channel = "shop"}}) {
    const auto said = plan(order_total_sql(query));
    EXPECT_EQ(said.find(" o "), std::string::npos) << said;
    EXPECT_NE(said.find("p_order_count"), std::string::npos) << said;
  }
}

TEST_F(OrderListsTest, PagesAndTotalsAreThoseOfAPlainLook) {
  for (const auto* state : {"", "open", "allocated", "shipped"}) {
    for (const auto* channel : {"", "shop", "market", "nobody"}) {
      std::vector<std::string> want;
      for (std::int64_t n = kOrders; n > 0; --n) {
        const auto at = static_cast<std::size_t>(n);
        const bool fits = (*state == 0 || kStates[at % kStates.size()] == state) &&
                          (*channel == 0 || kChannels[at % kChannels.size()] == channel);
        if (fits) want.push_back("o" + std::to_string(n));
      }
      std::vector<std::string> got;
      OrderQuery query{.state = state, .channel = channel, .limit = 200};
      do {
        const auto page = reader->orders(query).value();
        EXPECT_EQ(page.total, static_cast<std::int64_t>(want.size())) << state << " " << channel;
        for (const auto& row : page.items) got.push_back(row.id);
        query.after = page.next;
      } while (!query.after.empty());
      EXPECT_EQ(got, want) << state << " " << channel;
    }
  }
  const auto found = reader->orders({.state = "shipped", .text = "299"}).value();
  EXPECT_EQ(found.total, static_cast<std::int64_t>(found.items.size()));
  EXPECT_GT(found.total, 0);
}

}  // namespace
}  // namespace dockline::server::store
