#include "server/stock/asn.hpp"

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::stock {
namespace {

Delivery delivery() {
  return {.id = "D1",
          .supplier = "acme",
          .site = "ulm",
          .expected_ms = 1'000,
          .lines = {{1, "MUG", 10}, {2, "CUP", 4}, {3, "MUG", 5}}};
}
Receipt receipt(std::string id, std::string sku, Quantity pieces, Quantity damaged = 0) {
  return {.id = std::move(id), .sku = std::move(sku), .pieces = pieces, .damaged = damaged};
}
Outcome outcome(const Delivery& d, std::vector<Receipt> receipts, std::int64_t now_ms = 0) {
  return compare(d, receipts, now_ms).value();
}

TEST(Asn, IsExpectedThenOverdue) {
  EXPECT_EQ(outcome(delivery(), {}).state, DeliveryState::expected);
  EXPECT_EQ(outcome(delivery(), {}, 1'001).state, DeliveryState::overdue);
  EXPECT_EQ(name(DeliveryState::overdue), "overdue");
}

TEST(Asn, LinesOfOneSkuFillInOrder) {
  const auto got = outcome(delivery(), {receipt("a", "MUG", 12)});
  EXPECT_EQ(got.state, DeliveryState::arriving);
  EXPECT_EQ(got.lines[0].state, LineState::complete);
  EXPECT_EQ(got.lines[1].state, LineState::expected);
  EXPECT_EQ(got.lines[2].state, LineState::partly);
  EXPECT_EQ(got.lines[2].received, 2);
}

TEST(Asn, CompleteIsNeitherTooMuchNorTooLittleNorDamaged) {
  const std::vector<Receipt> all = {receipt("a", "MUG", 15), receipt("b", "CUP", 4)};
  EXPECT_EQ(outcome(delivery(), all).state, DeliveryState::complete);
  const auto broken = outcome(delivery(), {receipt("a", "MUG", 15), receipt("b", "CUP", 4, 1)});
  EXPECT_EQ(broken.state, DeliveryState::differs);
  EXPECT_NE(broken.lines[1].remedy.find("1 damaged"), std::string::npos);
}

TEST(Asn, TooMuchIsSaidAtOnceTooLittleWhenItIsClosed) {
  auto d = delivery();
  const auto over = outcome(d, {receipt("a", "CUP", 6)});
  EXPECT_EQ(over.lines[1].state, LineState::over);
  EXPECT_NE(over.lines[1].remedy.find("2 too many"), std::string::npos);
  d.closed = true;
  const auto under = outcome(d, {receipt("a", "CUP", 6), receipt("b", "MUG", 11)});
  EXPECT_EQ(under.state, DeliveryState::differs);
  EXPECT_EQ(under.lines[2].state, LineState::under);
  EXPECT_NE(under.lines[2].remedy.find("4 missing"), std::string::npos);
  EXPECT_EQ(name(LineState::under), "under");
}

TEST(Asn, WrongGoodsAndUnknownOnesAreToldApart) {
  Receipt unknown{.id = "u", .sku = "", .code = "4006381333931", .pieces = 2};
  const auto got = outcome(delivery(), {receipt("a", "PLATE", 3), unknown});
  ASSERT_EQ(got.strangers.size(), 2U);
  EXPECT_FALSE(got.strangers[0].known);
  EXPECT_EQ(got.strangers[0].code, "4006381333931");
  EXPECT_TRUE(got.strangers[1].known);
  EXPECT_EQ(got.strangers[1].sku, "PLATE");
  EXPECT_EQ(got.state, DeliveryState::arriving);
}

TEST(Asn, RefusesWhatIsNoDeliveryOrNoReceipt) {
  auto d = delivery();
  d.lines[1].line = 1;
  EXPECT_FALSE(compare(d, {}, 0).has_value());
  d = delivery();
  d.lines[0].pieces = 0;
  EXPECT_FALSE(compare(d, {}, 0).has_value());
  d = delivery();
  d.lines[0].sku.clear();
  EXPECT_FALSE(compare(d, {}, 0).has_value());
  EXPECT_FALSE(compare(delivery(), std::vector{receipt("a", "CUP", 0)}, 0).has_value());
  EXPECT_FALSE(compare(delivery(), std::vector{receipt("a", "CUP", 1, 2)}, 0).has_value());
  const std::vector<Receipt> two = {receipt("a", "CUP", 1), receipt("a", "CUP", 2)};
  EXPECT_EQ(compare(delivery(), two, 0).error().fault, base::Fault::conflict);
}

TEST(Asn, LinesAndStrangersSumToWhatWasReceivedOnce) {
  base::Prng prng(88);
  const std::vector<std::string> skus = {"MUG", "CUP", "PLATE", "BOWL", ""};
  for (int round = 0; round < 5'000; ++round) {
    auto d = delivery();
    d.closed = prng.chance(500);
    std::vector<Receipt> receipts;
    Quantity pieces = 0, damaged = 0;
    for (std::int64_t n = prng.between(0, 8); n > 0; --n) {
      auto r = receipt(std::to_string(n), skus[prng.below(skus.size())], prng.between(1, 8));
      r.damaged = prng.between(0, r.pieces);
      r.code = "code";
      pieces += r.pieces;
      damaged += r.damaged;
      receipts.push_back(r);
      if (prng.chance(200)) receipts.push_back(r);
    }
    const auto got = outcome(d, receipts);
    for (const auto& line : got.lines) {
      pieces -= line.received;
      damaged -= line.damaged;
      ASSERT_LE(line.damaged, line.received);
      ASSERT_EQ(line.remedy.empty(), line.damaged == 0 && line.state != LineState::over &&
                                         line.state != LineState::under);
    }
    for (const auto& s : got.strangers) {
      pieces -= s.pieces;
      damaged -= s.damaged;
    }
    ASSERT_EQ(pieces, 0);
    ASSERT_EQ(damaged, 0);
    ASSERT_FALSE(d.closed && got.state == DeliveryState::arriving);
  }
}

}  // namespace
}  // namespace dockline::server::stock
