#include "server/stock/data_quality.hpp"

#include <set>

#include <gtest/gtest.h>

#include "server/fleet/fleet.hpp"
#include "server/orders/intake.hpp"
#include "shared/base/prng.hpp"

namespace dockline::server::stock {
namespace {

constexpr Rules kRules{.normal_sku = &orders::normal_sku, .check_digit = &fleet::gs1_check_digit};

domain::Item item(std::string sku, std::vector<std::string> codes, std::int64_t weight_g = 100) {
  domain::Item out{.sku = std::move(sku)};
  for (auto& code : codes) out.barcodes.push_back({std::move(code), 1});
  if (weight_g > 0) out.weight_g = weight_g;
  return out;
}
std::vector<Finding> of(std::vector<domain::Item> items, std::vector<Listing> listings = {},
                        std::vector<Recipe> kits = {}) {
  return report({items, listings, kits}, kRules);
}

TEST(DataQuality, ACleanCatalogueHasNoFindings) {
  EXPECT_TRUE(of({item("MUG", {"4006381333931"}), item("CUP", {"INHOUSE-7"})},
                 {{"shop", "1", "mug ", "Mug"}, {"shop", "2", "SET", "Set"}},
                 {{"SET", {{"MUG", 1}, {"CUP", 2}}}})
                  .empty());
}

TEST(DataQuality, SkusThatDifferInWritingOnlyAreOne) {
  const auto got = of({item("mug", {"a"}), item("MUG ", {"b"})});
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].flaw, Flaw::duplicate_sku);
  EXPECT_NE(got[0].detail.find("\"mug\", \"MUG \""), std::string::npos);
}

TEST(DataQuality, MissingBarCodesAndWeightsAreNamed) {
  const auto got = of({item("MUG", {}, 0)});
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].flaw, Flaw::no_barcode);
  EXPECT_EQ(got[1].flaw, Flaw::no_weight);
  EXPECT_EQ(got[1].place, "item MUG");
  EXPECT_TRUE(of({item("CUP", {"x"}), item("SET", {}, 0)}, {}, {{"set", {{"CUP", 1}}}}).empty())
      << "a kit is made of its parts";
}

TEST(DataQuality, OneBarCodeOnTwoSkusIsFoundButNotTwiceOnOne) {
  const auto got = of({item("MUG", {"X1", "X1"}), item("CUP", {"X1"})});
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].flaw, Flaw::shared_barcode);
  EXPECT_EQ(got[0].place, "bar code X1");
  EXPECT_NE(got[0].detail.find("CUP, MUG"), std::string::npos);
  EXPECT_TRUE(of({item("MUG", {"X1", "X1"})}).empty());
}

TEST(DataQuality, WrongCheckDigitsOfGtinsOnly) {
  EXPECT_FALSE(wrong_check_digit("4006381333931", kRules));
  EXPECT_TRUE(wrong_check_digit("4006381333932", kRules));
  EXPECT_FALSE(wrong_check_digit("96385074", kRules)) << "GTIN-8";
  EXPECT_FALSE(wrong_check_digit("036000291452", kRules)) << "UPC-A";
  EXPECT_TRUE(wrong_check_digit("036000291453", kRules));
  EXPECT_FALSE(wrong_check_digit("123456789", kRules)) << "no length of a GTIN";
  EXPECT_FALSE(wrong_check_digit("ABCDEFGH", kRules));
  EXPECT_FALSE(wrong_check_digit("", kRules));
}

TEST(DataQuality, ListingsWithoutOrWithUnknownSku) {
  const auto got =
      of({item("MUG", {"a"})}, {{"shop", "1", " ", "Nice mug"}, {"shop", "2", "CUP", ""}});
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].flaw, Flaw::listing_without_sku);
  EXPECT_EQ(got[0].place, "listing 1 of shop");
  EXPECT_EQ(got[1].flaw, Flaw::listing_of_unknown_sku);
}

TEST(DataQuality, AListingSaysItsTitleWhatIsProbablyMeantAndSinceWhen) {
  Listing gone{"shop", "7", "mug_red", "Red mug"};
  gone.seen_ms = 5'000;
  const auto got = of({item("MUG-RED", {"a"})}, {gone});
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].flaw, Flaw::listing_of_unknown_sku);
  EXPECT_EQ(got[0].detail, "no item and no kit has the SKU \"MUG_RED\" of \"Red mug\"");
  EXPECT_NE(got[0].remedy.find("is \"MUG-RED\" meant?"), std::string::npos) << got[0].remedy;
  EXPECT_EQ(got[0].seen_ms, 5'000);
  Listing beyond{"shop", "8", "CUP", "Cup"};
  beyond.known = true;  // by an item that is not among those given
  EXPECT_TRUE(of({item("MUG", {"a"})}, {beyond}).empty());
}

TEST(DataQuality, OneListingAtTwoPlacesIsSaidOnce) {
  Listing here{"shop", "7", "", "Mug"}, there = here;
  here.location = "1";
  there.location = "2";
  EXPECT_EQ(of({}, {here, there}).size(), 1U);
  here.sku = there.sku = "MUG";
  EXPECT_TRUE(of({item("MUG", {"a"})}, {here, there}).empty()) << "it is one listing";
}

TEST(DataQuality, TwoListingsOfOneSkuAreFoundWhereTheyMeet) {
  const auto items = std::vector{item("MUG", {"a"})};
  const auto got = of(items, {{"shop", "7", "MUG", ""}, {"shop", "9", "mug", ""}});
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].flaw, Flaw::shared_sku);
  EXPECT_EQ(got[0].place, "listings 7, 9 of shop");
  EXPECT_TRUE(of(items, {{"shop", "7", "MUG", ""}, {"till", "9", "MUG", ""}}).empty());
  EXPECT_TRUE(of(items, {{"shop", "", "MUG", ""}, {"shop", "9", "MUG", ""}}).empty());
  Listing here{"shop", "7", "MUG", ""}, there{"shop", "9", "MUG", ""};
  here.location = "1";
  there.location = "2";
  EXPECT_TRUE(of(items, {here, there}).empty()) << "each place has one";
  there.location = "1";
  EXPECT_EQ(of(items, {here, there}).at(0).place, "listings 7, 9 of shop at 1");
}

TEST(DataQuality, SkusThatLookAlikeAreOneFindingEach) {
  const auto plain = of({item("MUG-RED", {"a"}), item("MUG_RED", {"b"}), item("MUGRED", {"c"}),
                         item("CUP-1", {"d"}), item("CUP-2", {"e"})});
  ASSERT_EQ(plain.size(), 1U);
  EXPECT_EQ(plain[0].flaw, Flaw::look_alike_sku);
  EXPECT_EQ(plain[0].place, "item MUG-RED");
  EXPECT_NE(plain[0].detail.find("separators or leading zeros only: \"MUG-RED\", \"MUGRED\", "
                                 "\"MUG_RED\""),
            std::string::npos)
      << plain[0].detail;
  const auto read = of({item("MUG-1O", {"a"}), item("MUG-10", {"b"})});
  ASSERT_EQ(read.size(), 1U);
  EXPECT_NE(read[0].detail.find("O and 0"), std::string::npos) << read[0].detail;
  EXPECT_EQ(of({item("MUG-SET", {"a"}, 0)}, {}, {{"MUGSET", {{"MUG-SET", 2}}}}).size(), 2U)
      << "a kit's SKU is looked at too";
  std::vector<domain::Item> many;
  for (const auto* sku : {"A-B", "A_B", "A.B", "A/B", "A B", "AB", "A--B", "A__B", "A-.B", "A_.B"})
    many.push_back(item(sku, {std::string("code ") + sku}));
  EXPECT_NE(of(many).at(0).detail.find("and 2 more"), std::string::npos);
}

TEST(DataQuality, TheGravestComeFirstAndHaveANameEach) {
  const auto got = of({item("MUG", {"a"}, 0)}, {{"shop", "1", "", ""}});
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].flaw, Flaw::listing_without_sku);
  EXPECT_EQ(got[0].detail, "it has no SKU");
  std::set<std::string_view> names;
  for (int flaw = 0; flaw < kFlaws; ++flaw) {
    names.insert(name(static_cast<Flaw>(flaw)));
    EXPECT_EQ(flaw_named(name(static_cast<Flaw>(flaw))), static_cast<Flaw>(flaw));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kFlaws));
  EXPECT_FALSE(flaw_named("ugly").has_value());
}

TEST(DataQuality, KitsWithUnknownPartsOrInACircle) {
  auto got = of({item("MUG", {"a"})}, {}, {{"SET", {{"MUG", 1}, {"LID", 1}}}});
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].flaw, Flaw::unknown_part);
  EXPECT_NE(got[0].detail.find("LID"), std::string::npos);
  got = of({}, {}, {{"A", {{"b", 1}}}, {"B", {{"a", 1}}}});
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].flaw, Flaw::wrong_kit);
  EXPECT_NE(got[0].detail.find("A > B > A"), std::string::npos);
}

// Flaws put into a clean catalogue are found, all of them and nothing else.
TEST(DataQuality, FindsWhatWasPlantedAndNothingElse) {
  base::Prng prng(404);
  for (int round = 0; round < 500; ++round) {
    std::vector<domain::Item> items;
    std::vector<Listing> listings;
    std::vector<Listing> more;
    std::multiset<Flaw> planted;
    for (int n = 0; n < 30; ++n) {
      const auto digits = std::to_string(400'000'000'000 + n);
      items.push_back(item("SKU-" + std::to_string(n),
                           {digits + fleet::gs1_check_digit(digits), "code" + std::to_string(n)}));
      listings.push_back({"shop", std::to_string(n), items.back().sku, "title"});
    }
    for (std::size_t n = 0; n < listings.size(); ++n) {
      constexpr Flaw kPlanted[] = {Flaw::no_barcode,
                                   Flaw::no_weight,
                                   Flaw::wrong_check_digit,
                                   Flaw::listing_without_sku,
                                   Flaw::listing_of_unknown_sku,
                                   Flaw::duplicate_sku,
                                   Flaw::shared_sku,
                                   Flaw::look_alike_sku};
      const auto dice = prng.below(30);
      if (dice >= std::size(kPlanted)) continue;
      const auto flaw = kPlanted[dice];
      planted.insert(flaw);
      const auto other = "other" + std::to_string(n);
      if (flaw == Flaw::no_barcode) items[n].barcodes.clear();
      if (flaw == Flaw::no_weight) items[n].weight_g = 0;
      if (flaw == Flaw::wrong_check_digit) {
        auto& last = items[n].barcodes[0].code.back();
        last = last == '9' ? '0' : static_cast<char>(last + 1);
      }
      if (flaw == Flaw::listing_without_sku) listings[n].sku.clear();
      if (flaw == Flaw::listing_of_unknown_sku) listings[n].sku = "GONE" + std::to_string(n);
      if (flaw == Flaw::duplicate_sku) {
        items.push_back(item("sku-" + std::to_string(n), {other}));
      }
      if (flaw == Flaw::shared_sku) more.push_back({"shop", other, listings[n].sku, "title"});
      if (flaw == Flaw::look_alike_sku) {
        items.push_back(item("SKU_0" + std::to_string(n), {other}));
      }
    }
    listings.insert(listings.end(), more.begin(), more.end());
    std::multiset<Flaw> found;
    for (const auto& finding : of(items, listings)) {
      found.insert(finding.flaw);
      ASSERT_FALSE(finding.place.empty());
      ASSERT_FALSE(finding.remedy.empty());
    }
    ASSERT_EQ(found, planted) << "round " << round;
  }
}

}  // namespace
}  // namespace dockline::server::stock
