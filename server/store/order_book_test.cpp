// What the book of orders knows of the order it works on is what its tables hold, whatever is
// written in between.
#include <gtest/gtest.h>

#include "server/store/store.hpp"
#include "shared/base/prng.hpp"

namespace dockline::server::store {
namespace {

std::string text_of(const std::optional<OrderHead>& h) {
  if (!h) return "none";
  return h->id + "|" + h->customer + "|" + h->ship_to_json + "|" + h->state + "|" + h->site + "|" +
         h->station + "|" + h->tracking + "|" + std::to_string(h->promised_ms.value_or(-1)) + "|" +
         std::to_string(h->vip) + std::to_string(h->held);
}
std::string text_of(const std::vector<orders::Line>& lines) {
  std::string out;
  for (const auto& l : lines) {
    out += std::to_string(l.line) + " " + l.sku + " " + std::to_string(l.quantity) + " " + l.site;
    for (const auto pieces : l.units.pieces) out += " " + std::to_string(pieces);
    out += " " + std::to_string(l.counted) + " " + std::to_string(l.missing) + ";";
  }
  return out;
}

class OrderBookSeeds : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(OrderBookSeeds, WhatIsKnownIsWhatIsInTheTables) {
  auto store = Store::open(":memory:", "").value();
  auto& book = store->orders;
  base::Prng draw(GetParam());
  std::int64_t orders = 0;
  const auto some = [&](const char* what) { return what + std::to_string(draw.below(5)); };
  for (int step = 0; step < 400; ++step) {
    if (orders == 0 || draw.below(20) == 0) {
      const std::string number = std::to_string(++orders);
      ASSERT_EQ(book.insert({.id = "shop:" + number, .channel = "shop", .number = number}, 0),
                orders);
    }
    const auto ord = static_cast<std::int64_t>(1 + draw.below(static_cast<std::size_t>(orders)));
    if (draw.below(2) == 0) (void)book.head(ord);
    auto lines = book.lines(ord);
    const auto next = static_cast<std::int64_t>(lines.size()) + 1;
    switch (draw.below(13)) {
      case 0:
        book.set_address(ord, some("name"), "{}");
        break;
      case 1:
        book.set_promise(ord, draw.below(2) == 0 ? std::nullopt : std::optional(1'000L));
        break;
      case 2:
        book.set_vip(ord, draw.below(2) == 0);
        break;
      case 3:
        book.set_held(ord, draw.below(2) == 0);
        break;
      case 4:
        book.set_place(ord, some("site"), some("bench"));
        break;
      case 5:
        book.set_label(ord, {.tracking = some("T"), .carrier = "dhl"});
        break;
      case 6:
        book.settle(ord, step);
        break;
      case 7:
      case 8:
        book.insert_line(ord, {.line = next, .sku = some("SKU"), .title = "", .quantity = 3});
        break;
      case 9:
        if (!lines.empty()) book.add_pieces(ord, 1, lines[0].sku, 1);
        break;
      case 10:
        if (!lines.empty()) book.bump(ord, 1, 1, 0);
        break;
      case 11:
        if (!lines.empty()) {
          auto line = lines[draw.below(lines.size())];
          line.site = some("site");
          (void)orders::take(line.units, orders::UnitState::open, orders::UnitState::allocated, 1);
          book.put(ord, line);
        }
        break;
      default:
        book.flush();
        break;
    }
    const auto known = text_of(book.head(ord)) + text_of(book.lines(ord));
    Trouble trouble;
    OrderBook fresh(store->db(), trouble);
    ASSERT_EQ(known, text_of(fresh.head(ord)) + text_of(fresh.lines(ord))) << "step " << step;
  }
  ASSERT_TRUE(store->trouble().has_value());
}
INSTANTIATE_TEST_SUITE_P(Seeds, OrderBookSeeds, ::testing::Range<std::uint64_t>(1, 21));

// A turn that is given up leaves nothing of it behind.
TEST(OrderBook, AfterARollbackTheTablesAreAsked) {
  auto store = Store::open(":memory:", "").value();
  ASSERT_TRUE(store->begin().has_value());
  ASSERT_EQ(store->orders.insert({.id = "shop:0", .channel = "shop", .number = "0"}, 0), 1);
  store->orders.bump(1, 1, 1, 0);
  store->orders.note(1, 7);
  store->stock.put_item({.sku = "MUG", .title = "A mug", .detail = {}, .barcodes = {}}, "", 1);
  EXPECT_EQ(store->stock.title("MUG"), "A mug");
  EXPECT_FALSE(store->life.backorder("MUG").has_value());
  store->life.put_backorder(1, {.sku = "MUG", .most = 3});
  EXPECT_EQ(store->life.backorder("MUG").value().most, 3);
  store->rollback();
  EXPECT_EQ(store->orders.ord_of("shop:0"), std::nullopt);
  EXPECT_FALSE(store->stock.has_item("MUG"));
  EXPECT_FALSE(store->life.backorder("MUG").has_value());

  ASSERT_EQ(store->orders.insert({.id = "shop:1", .channel = "shop", .number = "1"}, 0), 1);
  store->orders.insert_line(1, {.line = 1, .sku = "MUG", .title = "", .quantity = 3});
  ASSERT_TRUE(store->begin().has_value());
  store->orders.set_place(1, "leipzig", "");
  EXPECT_EQ(store->orders.head(1)->site, "leipzig");
  auto line = store->orders.lines(1).at(0);
  line.site = "leipzig";
  store->orders.put(1, line);
  store->rollback();
  EXPECT_EQ(store->orders.head(1)->site, "");
  EXPECT_EQ(store->orders.lines(1).at(0).site, "");
}

// What is kept in memory of an item is what was said of it last.
TEST(OrderBook, ATitleThatChangesIsTheNewOne) {
  auto store = Store::open(":memory:", "").value();
  EXPECT_FALSE(store->stock.has_item("MUG"));
  for (const auto* title : {"A mug", "A blue mug"}) {
    store->stock.put_item({.sku = "MUG", .title = title, .detail = {}, .barcodes = {}}, "", 1);
    EXPECT_EQ(store->stock.title("MUG"), title);
    EXPECT_EQ(store->stock.title("MUG"), title);
  }
  EXPECT_FALSE(store->life.backorder("MUG").has_value());
  for (const bool ended : {false, true}) {
    store->life.put_backorder(1, {.sku = "MUG", .most = 3, .ended = ended});
    EXPECT_EQ(store->life.backorder("MUG").has_value(), !ended);
  }
}

}  // namespace
}  // namespace dockline::server::store
