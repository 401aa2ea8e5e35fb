#include "server/stock/lots.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::stock {
namespace {

constexpr std::int64_t kNow = 20'000 * kDayMs;

Lot lot(std::string name, Quantity pieces, std::optional<std::int64_t> days_left = {}) {
  Lot out{.sku = "MILK", .site = "ulm", .lot = std::move(name), .pieces = pieces};
  if (days_left) out.expires_ms = kNow + *days_left * kDayMs;
  return out;
}
LotNeed need(Quantity pieces, std::int64_t days_min = 0) {
  return {.sku = "MILK", .site = "ulm", .pieces = pieces, .ships_ms = kNow, .days_min = days_min};
}

TEST(Places, HaveTheNamesOfTheLedgerAndOnlyTheShelfSells) {
  EXPECT_EQ(place("ulm", PlaceKind::transit), "ulm/transit");
  EXPECT_EQ(kind_of("ulm/quarantine"), PlaceKind::quarantine);
  EXPECT_EQ(kind_of("a/b/shelf"), PlaceKind::shelf);
  EXPECT_FALSE(kind_of("supplier").has_value());
  EXPECT_FALSE(kind_of("/shelf").has_value());
  EXPECT_FALSE(kind_of("ulm/roof").has_value());
  EXPECT_TRUE(sellable(PlaceKind::shelf));
  for (const auto kind : {PlaceKind::staging, PlaceKind::packed, PlaceKind::quarantine,
                          PlaceKind::damaged, PlaceKind::transit}) {
    EXPECT_FALSE(sellable(kind));
    EXPECT_EQ(kind_of(place("ulm", kind)), kind);
  }
}

TEST(Lots, WhatExpiresFirstGoesFirst) {
  const std::vector<Lot> lots = {lot("C", 5), lot("B", 5, 30), lot("A", 5, 40)};
  const auto choice = choose(lots, need(12)).value();
  ASSERT_EQ(choice.taken.size(), 3U);
  EXPECT_EQ(choice.taken[0].lot, "B");
  EXPECT_EQ(choice.taken[1].lot, "A");
  EXPECT_EQ(choice.taken[2].lot, "C") << "without expiry last";
  EXPECT_EQ(choice.taken[2].pieces, 2);
  EXPECT_EQ(choice.shortage, 0);
}

TEST(Lots, WhatIsExpiredOrTooCloseToItIsNotSoldAndTheShortageIsSaid) {
  const std::vector<Lot> lots = {lot("OLD", 5, -1), lot("TODAY", 5, 0), lot("SOON", 5, 6),
                                 lot("GOOD", 5, 7)};
  const auto choice = choose(lots, need(8, 7)).value();
  ASSERT_EQ(choice.taken.size(), 1U);
  EXPECT_EQ(choice.taken[0].lot, "GOOD");
  EXPECT_EQ(choice.shortage, 3);
  ASSERT_EQ(choice.withheld.size(), 3U);
  EXPECT_NE(choice.withheld[0].why.find("expired on"), std::string::npos);
  EXPECT_NE(choice.withheld[2].why.find("within 7 days"), std::string::npos);
}

TEST(Lots, AnUnknownExpiryIsNoExpiryOnlyWhereNoneIsNeeded) {
  const std::vector<Lot> lots = {lot("X", 5)};
  auto asked = need(2);
  asked.expiry_needed = true;
  EXPECT_EQ(choose(lots, asked)->shortage, 2);
  EXPECT_EQ(choose(lots, need(2))->shortage, 0);
}

TEST(Lots, ACustomersGoodsAreForThatCustomerAlone) {
  std::vector<Lot> lots = {lot("X", 5)};
  lots[0].ownership = Ownership::customer;
  lots[0].owner = "anna";
  EXPECT_EQ(choose(lots, need(2))->shortage, 2);
  auto hers = need(2);
  hers.customer = "anna";
  EXPECT_EQ(choose(lots, hers)->shortage, 0);
  lots[0].owner.clear();
  EXPECT_EQ(choose(lots, need(2))->shortage, 2) << "whose they are is not known";
  lots[0].ownership = Ownership::consignment;
  EXPECT_EQ(choose(lots, need(2))->shortage, 0);
  EXPECT_EQ(name(Ownership::consignment), "consignment");
}

TEST(Lots, WhatLiesOffTheShelfIsNotSold) {
  for (const auto kind : {PlaceKind::staging, PlaceKind::packed, PlaceKind::quarantine,
                          PlaceKind::damaged, PlaceKind::transit}) {
    std::vector<Lot> lots = {lot("X", 5)};
    lots[0].kind = kind;
    EXPECT_EQ(choose(lots, need(1))->shortage, 1) << name(kind);
  }
}

TEST(Lots, ASerialIsOnePieceAtOnePlace) {
  auto one = lot("X", 1);
  one.serial = "SN1";
  auto other = one;
  other.bin = "B-2";
  const std::vector<Lot> twice = {one, other};
  const auto found = serial_conflicts(twice);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].places, (std::vector<std::string>{"ulm/shelf", "ulm/shelf B-2"}));
  other.sku = "CREAM";
  EXPECT_TRUE(serial_conflicts(std::vector<Lot>{one, other}).empty()) << "another SKU's SN1";
  other = one;
  other.pieces = 0;
  EXPECT_TRUE(serial_conflicts(std::vector<Lot>{one, other}).empty()) << "it was there once";
  one.pieces = 2;
  EXPECT_EQ(serial_conflicts(std::vector<Lot>{one}).size(), 1U);
  EXPECT_FALSE(choose(std::vector<Lot>{one}, need(1)).has_value());
}

TEST(Lots, RefuseNeedsOutOfBounds) {
  EXPECT_FALSE(choose({}, need(0)).has_value());
  EXPECT_FALSE(choose({}, need(kPiecesMax + 1)).has_value());
  EXPECT_FALSE(choose({}, need(1, -1)).has_value());
  EXPECT_FALSE(choose({}, need(1, 3'651)).has_value());
}

Lot drawn(base::Prng& prng, int n) {
  auto out = lot("L" + std::to_string(n), prng.between(-1, 9));
  if (prng.chance(700)) out.expires_ms = kNow + prng.between(-10, 40) * kDayMs + prng.between(0, 5);
  out.kind = static_cast<PlaceKind>(prng.chance(700) ? 0 : prng.below(6));
  out.ownership = static_cast<Ownership>(prng.below(3));
  out.owner = prng.chance(500) ? "anna" : "ben";
  out.received_ms = prng.between(0, 5);
  if (prng.chance(100)) out.site = "hull";
  return out;
}

TEST(Lots, ChosenPiecesAndShortageAreTheNeedAndNothingExpiredIsAmongThem) {
  base::Prng prng(5'151);
  int short_ones = 0, full = 0;
  for (int round = 0; round < 10'000; ++round) {
    std::vector<Lot> lots;
    for (int n = 0; n < 12; ++n) lots.push_back(drawn(prng, n));
    auto asked = need(prng.between(1, 40), prng.between(0, 14));
    asked.customer = prng.chance(500) ? "anna" : "";
    asked.expiry_needed = prng.chance(300);
    const auto choice = choose(lots, asked).value();
    Quantity sum = 0, held = 0, all = 0;
    std::optional<std::int64_t> last;
    bool undated = false;
    for (const auto& taken : choice.taken) {
      sum += taken.pieces;
      ASSERT_GT(taken.pieces, 0);
      const auto& from =
          *std::find_if(lots.begin(), lots.end(), [&](const Lot& l) { return l.lot == taken.lot; });
      ASSERT_LE(taken.pieces, from.pieces);
      ASSERT_EQ(from.kind, PlaceKind::shelf);
      ASSERT_TRUE(from.ownership != Ownership::customer || from.owner == asked.customer);
      if (!taken.expires_ms) {
        ASSERT_FALSE(asked.expiry_needed);
        undated = true;
        continue;
      }
      ASSERT_FALSE(undated) << "dated pieces go before undated ones";
      ASSERT_GE(*taken.expires_ms, kNow + asked.days_min * kDayMs);
      ASSERT_GT(*taken.expires_ms, kNow);
      ASSERT_LE(last.value_or(0), *taken.expires_ms);
      last = taken.expires_ms;
    }
    for (const auto& w : choice.withheld) held += w.pieces;
    for (const auto& l : lots) all += l.site == "ulm" ? std::max<Quantity>(0, l.pieces) : 0;
    ASSERT_EQ(sum + choice.shortage, asked.pieces);
    ASSERT_EQ(sum, std::min(asked.pieces, all - held)) << "no shortage while something may be sold";
    ASSERT_EQ(sellable_pieces(lots, asked), all - held);
    (choice.shortage > 0 ? short_ones : full) += 1;
  }
  EXPECT_GT(short_ones, 500);
  EXPECT_GT(full, 500);
}

}  // namespace
}  // namespace dockline::server::stock
