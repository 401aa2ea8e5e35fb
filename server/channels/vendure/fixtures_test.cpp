// Exchanges recorded from a real Vendure 3.7.3 (tests/storefront, RECORD=folder): what we ask is
// what was asked, and what it answered is understood.
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "server/channels/contract/listings.hpp"
#include "server/channels/vendure/kind.hpp"

namespace dockline::server::channels::vendure {
namespace {

constexpr base::Instant kNow{.mono_ms = 1'000'000, .wall_ms = 1'795'000'000'000};

struct Fixture {
  std::string asked;  // body of the request
  base::HttpResponse answer;
};

// "POST ... headers, blank line, body, blank line, HTTP/1.1 status, headers, blank line, body".
Fixture fixture(const std::string& name) {
  const char* source = std::getenv("DOCKLINE_SOURCE");
  std::ifstream in(std::string(source == nullptr ? "." : source) +
                   "/server/channels/vendure/fixtures/" + name + ".http");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_FALSE(text.empty()) << name;
  Fixture out;
  const auto body = text.find("\n\n") + 2;
  const auto answer = text.find("\n\nHTTP/1.1 ");
  out.asked = text.substr(body, answer - body);
  out.answer.status = std::atoi(text.c_str() + answer + 11);
  const auto last = text.find("\n\n", answer + 2);
  for (auto at = text.find('\n', answer + 2) + 1; at < last;) {
    const auto end = text.find('\n', at);
    const auto colon = text.find(": ", at);
    out.answer.headers.emplace_back(text.substr(at, colon - at),
                                    text.substr(colon + 2, end - colon - 2));
    at = end + 1;
  }
  out.answer.body = text.substr(last + 2);
  return out;
}

std::string query_of(const std::string& body) {
  return std::string(boost::json::parse(body).at("query").as_string());
}

class VendureFixtures : public testing::Test {
 protected:
  VendureFixtures()
      : channel(std::move(*kind().make({.name = "shop",
                                        .kind = "vendure",
                                        .url = "http://shop.example/admin-api",
                                        .user = "admin",
                                        .secret = "PASSWORD",
                                        .locations = {{"berlin", "1"}, {"lyon", "2"}}}))) {}

  // Answers each question with the fixture of the same name, as long as there are names.
  Verdict play(Exchange& exchange, const std::vector<std::string>& names) {
    auto request = exchange.begin();
    Verdict verdict = NotListed{};
    for (const auto& name : names) {
      const auto recorded = fixture(name);
      EXPECT_EQ(query_of(request.body), query_of(recorded.asked)) << name;
      verdict = exchange.on_answer(recorded.answer);
      auto* ask = std::get_if<Ask>(&verdict);
      if (ask == nullptr) return verdict;
      request = std::move(ask->request);
    }
    return Ask{request};
  }
  static std::int64_t stock_after(const base::HttpRequest& request) {
    const auto body = boost::json::parse(request.body);
    return body.at("variables")
        .at("input")
        .at(0)
        .at("stockLevels")
        .at(0)
        .at("stockOnHand")
        .as_int64();
  }

  std::unique_ptr<Channel> channel;
};

TEST_F(VendureFixtures, AStockLevelIsReadAndWritten) {
  auto exchange =
      channel->push(StockPush{.sku = "MUG-RED", .location = "1", .quantity = 12}, "d", kNow);
  const auto verdict = play(*exchange, {"login", "stock_read"});
  ASSERT_TRUE(std::holds_alternative<Ask>(verdict));
  const auto& write = std::get<Ask>(verdict).request;
  EXPECT_EQ(query_of(write.body), query_of(fixture("stock_set").asked));
  EXPECT_EQ(stock_after(write), 12);
  EXPECT_TRUE(std::holds_alternative<Ask>(exchange->on_answer(fixture("stock_set").answer)));
}

TEST_F(VendureFixtures, AnOrderIsUnderstood) {
  auto exchange = channel->poll(PollSince{}, kNow);
  const auto verdict = play(*exchange, {"login", "orders"});
  ASSERT_TRUE(std::holds_alternative<Seen>(verdict));
  const auto& seen = std::get<Seen>(verdict).orders.at(0);
  EXPECT_TRUE(seen.wanted);
  EXPECT_EQ(seen.order.ship_to.city, "Berlin");
  EXPECT_EQ(seen.order.lines.at(0).sku, "MUG-RED");
  EXPECT_EQ(seen.order.lines.at(0).unit_price_minor, 1990);
  EXPECT_EQ(seen.order.currency, "EUR");
}

TEST_F(VendureFixtures, AParcelIsAddedAndShipped) {
  const auto recorded = boost::json::parse(fixture("order_read").answer.body);
  const auto& order = recorded.at("data").at("orders").at("items").at(0);
  FulfilmentPush push{.order = "shop:X", .number = "X", .carrier = "House", .tracking = "DLNEW"};
  for (const auto& line : order.at("lines").as_array()) {
    push.lines.push_back({.line = 1,
                          .sku = std::string(line.at("productVariant").at("sku").as_string()),
                          .external_id = std::string(line.at("id").as_string()),
                          .quantity = line.at("quantity").as_int64()});
  }
  auto exchange = channel->push(push, "d", kNow);
  const auto verdict = play(*exchange, {"login", "order_read", "fulfil", "ship"});
  ASSERT_TRUE(std::holds_alternative<Delivered>(verdict));
  EXPECT_FALSE(std::get<Delivered>(verdict).external_id.empty());
}

TEST_F(VendureFixtures, AnAuditReadsEveryLevel) {
  auto exchange = channel->poll(AuditStock{}, kNow);
  const auto verdict = play(*exchange, {"login", "stock_audit"});
  ASSERT_TRUE(std::holds_alternative<ShownStock>(verdict));
  EXPECT_EQ(std::get<ShownStock>(verdict).rows.size(), 6U);
}

// The same shop after somebody emptied one variant's SKU and gave another that of the first: it
// takes both without a word.
TEST_F(VendureFixtures, AnAuditNamesListingsAsTheShopShowsThem) {
  auto exchange = channel->poll(AuditStock{}, kNow);
  ASSERT_TRUE(std::holds_alternative<ShownStock>(play(*exchange, {"login", "stock_audit_flawed"})));
  const auto* shows = dynamic_cast<const ShowsListings*>(exchange.get());
  ASSERT_NE(shows, nullptr);
  std::vector<std::string> seen;
  for (const auto& one : shows->listings()) {
    seen.push_back(one.listing + "|" + one.sku + "|" + one.title);
  }
  EXPECT_EQ(seen,
            (std::vector<std::string>{"1|MUG-RED|MUG-RED", "2||MUG-BLUE", "3|MUG-RED|TEE-L"}));
}

}  // namespace
}  // namespace dockline::server::channels::vendure
