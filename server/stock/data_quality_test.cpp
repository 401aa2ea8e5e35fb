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
    std::multiset<Flaw> planted;
    for (int n = 0; n < 30; ++n) {
      const auto digits = std::to_string(400'000'000'000 + n);
      items.push_back(item("SKU-" + std::to_string(n),
                           {digits + fleet::gs1_check_digit(digits), "code" + std::to_string(n)}));
      listings.push_back({"shop", std::to_string(n), items.back().sku, "title"});
    }
    for (std::size_t n = 0; n < listings.size(); ++n) {
      const auto flaw = static_cast<Flaw>(prng.below(30));
      if (flaw == Flaw::no_barcode) items[n].barcodes.clear();
      if (flaw == Flaw::no_weight) items[n].weight_g = 0;
      if (flaw == Flaw::wrong_check_digit) {
        auto& last = items[n].barcodes[0].code.back();
        last = last == '9' ? '0' : static_cast<char>(last + 1);
      }
      if (flaw == Flaw::listing_without_sku) listings[n].sku.clear();
      if (flaw == Flaw::listing_of_unknown_sku) listings[n].sku = "GONE";
      if (flaw == Flaw::duplicate_sku) {
        items.push_back(item("sku-" + std::to_string(n), {"other" + std::to_string(n)}));
      }
      if (flaw <= Flaw::listing_of_unknown_sku && flaw != Flaw::shared_barcode)
        planted.insert(flaw);
    }
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
