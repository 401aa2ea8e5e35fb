#include "server/stock/units_of_measure.hpp"

#include <gtest/gtest.h>

#include "shared/base/limits.hpp"
#include "shared/base/prng.hpp"

namespace dockline::server::stock {
namespace {

const std::vector<Measure> kBeer = {{"each", 1, "", {"4001"}},
                                    {"case", 12, "each", {"14001", "14002"}},
                                    {"pallet", 40, "case", {"24001"}}};

Measures beer() { return Measures::make("BEER", kBeer).value(); }
std::string refusal(std::vector<Measure> measures) {
  const auto made = Measures::make("BEER", measures);
  return made ? "" : made.error().detail;
}

TEST(UnitsOfMeasure, ABarCodeSaysHowManyPiecesItStandsFor) {
  EXPECT_EQ(beer().scanned("4001", 3), 3);
  EXPECT_EQ(beer().scanned("14002", 3), 36);
  EXPECT_EQ(beer().scanned("24001", 1), 480);
  EXPECT_FALSE(beer().scanned("9", 1).has_value());
  EXPECT_FALSE(beer().scanned("4001", 0).has_value());
  EXPECT_EQ(beer().barcodes().size(), 4U);
  EXPECT_EQ(beer().barcodes()[0].pieces, 12);
}

TEST(UnitsOfMeasure, WhatDoesNotComeOutEvenIsRefusedWithTheRest) {
  EXPECT_EQ(beer().count("case", 36), 3);
  const auto odd = beer().count("case", 30);
  ASSERT_FALSE(odd.has_value());
  EXPECT_NE(odd.error().detail.find("2 case of 12 and 6 left over"), std::string::npos);
  EXPECT_FALSE(beer().count("case", -12).has_value());
  EXPECT_FALSE(beer().count("crate", 12).has_value());
}

TEST(UnitsOfMeasure, NoScanIsMoreThanOneMovementTakes) {
  const auto most = base::limits::kLineQuantityMax / 480;
  EXPECT_TRUE(beer().scanned("24001", most).has_value());
  EXPECT_FALSE(beer().scanned("24001", most + 1).has_value());
  EXPECT_FALSE(beer().pieces("pallet", INT64_MAX).has_value());
  EXPECT_FALSE(beer().pieces("crate", 1).has_value());
}

TEST(UnitsOfMeasure, RefuseWhatIsNoUnit) {
  EXPECT_NE(refusal({{"case", 0, "", {}}}).find("holds 0"), std::string::npos);
  EXPECT_NE(refusal({{"case", 2, "box", {}}}).find("no unit here"), std::string::npos);
  EXPECT_NE(refusal({{"case", 2, "case", {}}}).find("holds itself"), std::string::npos);
  EXPECT_NE(refusal({{"a", 1, "b", {}}, {"b", 1, "a", {}}}).find("holds itself"),
            std::string::npos);
  EXPECT_NE(refusal({{"a", 1, "", {}}, {"a", 2, "", {}}}).find("twice"), std::string::npos);
  EXPECT_NE(refusal({{"a", 1, "", {"7"}}, {"b", 2, "", {"7"}}}).find("two units"),
            std::string::npos);
  EXPECT_NE(refusal({{"", 1, "", {}}}).find("no name"), std::string::npos);
  EXPECT_NE(refusal({{"a", 1'000, "", {}}, {"b", 1'001, "a", {}}}).find("check the quantities"),
            std::string::npos);
  EXPECT_NE(refusal(std::vector<Measure>(kMeasuresMax + 1, {"a", 1, "", {}})).find("at most"),
            std::string::npos);
}

TEST(UnitsOfMeasure, PiecesInWordsAddUpAndEvenOnesComeBack) {
  EXPECT_EQ(beer().in_words(0), (std::vector<Measures::Counted>{{"", 0}}));
  EXPECT_EQ(beer().in_words(506),
            (std::vector<Measures::Counted>{{"pallet", 1}, {"case", 2}, {"", 2}}));
  base::Prng prng(12);
  for (int round = 0; round < 5'000; ++round) {
    const auto measures =
        Measures::make("X", std::vector<Measure>{{"a", prng.between(1, 40), "", {}},
                                                 {"b", prng.between(1, 40), "a", {}},
                                                 {"c", prng.between(1, 40), "b", {}}})
            .value();
    const auto pieces = prng.between(0, base::limits::kLineQuantityMax);
    Quantity sum = 0;
    for (const auto& part : measures.in_words(pieces)) {
      sum += part.unit.empty() ? part.count : *measures.pieces(part.unit, part.count);
    }
    ASSERT_EQ(sum, pieces);
    const auto count = prng.between(1, 15);
    ASSERT_EQ(measures.count("c", *measures.pieces("c", count)), count);
  }
}

}  // namespace
}  // namespace dockline::server::stock
