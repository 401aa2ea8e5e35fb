#include "server/store/arrival_book.hpp"

#include <gtest/gtest.h>

#include "server/store/store.hpp"

namespace dockline::server::store {
namespace {

constexpr std::int64_t kDay = routing::kArrivalDayMs, kToday = 20'000 * kDay;

// A clock that is years ahead for a while, or a typing error, makes nobody forget.
TEST(ArrivalBook, WhatIsKnownOutlivesAClockThatWasYearsAhead) {
  auto store = Store::open(":memory:", "").value();
  ArrivalBook book(store->db());
  for (int i = 0; i < 20; ++i) book.add("Post", "parcel", kToday - i * kDay, i != 0);
  book.add("Post", "parcel", kToday + 3'650 * kDay, false);
  const auto now = book.newest(kToday);
  ASSERT_EQ(now.size(), 1U);
  EXPECT_EQ(now[0].parcels, 20);
  EXPECT_EQ(now[0].in_time, 19);
  EXPECT_EQ(book.newest(kToday + 3'650 * kDay).at(0).parcels, 1);
  EXPECT_TRUE(book.trouble().has_value());
}

TEST(ArrivalBook, KeepsSoManyDaysOfEachService) {
  auto store = Store::open(":memory:", "").value();
  ArrivalBook book(store->db());
  book.add("Bike", "express", kToday - 300 * kDay, true);
  for (int i = 0; i < 100; ++i) book.add("Post", "parcel", kToday - (100 - i) * kDay, true);
  std::int64_t days = 0;
  for (int i = 0; i < 100; ++i) {
    const auto seen = book.newest(kToday - i * kDay);
    for (const auto& one : seen) days = std::max(days, one.carrier == "Post" ? one.parcels : 0);
  }
  EXPECT_EQ(days, routing::kArrivalDays + 2);  // today, and a day ahead
  Trouble trouble;
  Query rows(store->db(), trouble, "SELECT count(*) FROM arrival WHERE carrier = ?1");
  const auto of = [&](const char* carrier) {
    std::int64_t out = 0;
    rows.each([&](const sqlite::Statement& s) { out = s.integer(0); }, carrier);
    return out;
  };
  EXPECT_EQ(of("Post"), kArrivalDaysKept);
  EXPECT_EQ(of("Bike"), 1);
}

}  // namespace
}  // namespace dockline::server::store
