#include "server/stock/units_of_measure.hpp"

#include <gtest/gtest.h>

#include "shared/base/limits.hpp"
#include "shared/base/prng.hpp"

namespace dockline::server::stock {
namespace {

using Counted = std::vector<Measures::Counted>;

// As an item carries them: a piece's own code names no unit.
Measures beer() {
  return {
      "BEER",
      std::vector<domain::Barcode>{
          {"4001", 1, {}}, {"14001", 12, "case"}, {"14002", 12, "case"}, {"24001", 480, "pallet"}}};
}
std::string refusal(const base::Result<Quantity>& pieces) {
  return pieces ? "" : pieces.error().detail;
}

TEST(UnitsOfMeasure, AUnitIsAsManyPiecesAsItsBarCodeSays) {
  EXPECT_EQ(beer().pieces("case", 3), 36);
  EXPECT_EQ(beer().pieces("pallet", 1), 480);
  EXPECT_EQ(beer().pieces("case", 0), 0);
  EXPECT_EQ(beer().units(), (std::vector<Measure>{{"pallet", 480}, {"case", 12}}));
}

TEST(UnitsOfMeasure, WhatIsNoUnitIsRefusedWithThoseThatAre) {
  EXPECT_EQ(refusal(beer().pieces("crate", 1)),
            "BEER: no bar code of it names the unit crate; known: pallet, case");
  const Measures bare("MUG", {});
  EXPECT_EQ(refusal(bare.pieces("case", 1)),
            "MUG: no bar code of it names the unit case; give pieces");
}

TEST(UnitsOfMeasure, AUnitOfTwoSizesIsNone) {
  const Measures torn("TEE", std::vector<domain::Barcode>{{"1", 10, "case"}, {"2", 12, "case"}});
  EXPECT_NE(refusal(torn.pieces("case", 1)).find("different numbers of pieces"), std::string::npos);
  EXPECT_EQ(torn.in_words(24), (Counted{{"", 24}}));
}

TEST(UnitsOfMeasure, NothingIsMoreThanOneMovementTakes) {
  const auto most = base::limits::kLineQuantityMax / 480;
  EXPECT_TRUE(beer().pieces("pallet", most).has_value());
  EXPECT_FALSE(beer().pieces("pallet", most + 1).has_value());
  EXPECT_FALSE(beer().pieces("pallet", INT64_MAX).has_value());
  EXPECT_FALSE(beer().pieces("case", -1).has_value());
}

TEST(UnitsOfMeasure, PiecesInWordsAddUp) {
  EXPECT_EQ(beer().in_words(0), Counted{});
  EXPECT_EQ(beer().in_words(506), (Counted{{"pallet", 1}, {"case", 2}, {"", 2}}));
  base::Prng prng(12);
  for (int round = 0; round < 5'000; ++round) {
    const Measures measures("X", std::vector<domain::Barcode>{{"1", prng.between(1, 40), "a"},
                                                              {"2", prng.between(1, 400), "b"},
                                                              {"3", prng.between(1, 4'000), "c"}});
    const auto pieces = prng.between(0, base::limits::kLineQuantityMax);
    Quantity sum = 0;
    for (const auto& part : measures.in_words(pieces)) {
      sum += part.unit.empty() ? part.count : *measures.pieces(part.unit, part.count);
    }
    ASSERT_EQ(sum, pieces);
  }
}

}  // namespace
}  // namespace dockline::server::stock
