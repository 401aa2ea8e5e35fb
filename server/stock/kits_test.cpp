#include "server/stock/kits.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::stock {
namespace {

Kits kits_of(std::vector<Recipe> recipes) { return Kits::make(recipes).value(); }

std::string refusal(std::vector<Recipe> recipes) {
  const auto made = Kits::make(recipes);
  return made ? "" : made.error().detail;
}

const std::vector<Recipe> kTea = {{"TEASET", {{"POT", 1}, {"CUP", 4}}},
                                  {"PARTY", {{"TEASET", 3}, {"CUP", 2}, {"CLOTH", 1}}},
                                  {"CUP6", {{"CUP", 6}}}};

TEST(Kits, UnfoldNestedRecipesThatSharePart) {
  const auto kits = kits_of(kTea);
  const std::vector<Part> party = {{"CLOTH", 1}, {"CUP", 14}, {"POT", 3}};
  EXPECT_EQ(kits.parts_of("PARTY"), party);
  EXPECT_EQ(kits.parts_of("CUP"), (std::vector<Part>{{"CUP", 1}}));
  EXPECT_TRUE(kits.is_kit("TEASET"));
  EXPECT_FALSE(kits.is_kit("CUP"));
  EXPECT_EQ(kits.kits_with("CUP"), (std::vector<std::string>{"CUP6", "PARTY", "TEASET"}));
  EXPECT_EQ(kits.kits_with("CLOTH"), (std::vector<std::string>{"PARTY"}));
}

TEST(Kits, RefuseACircleWithTheWayRoundIt) {
  const auto why = refusal({{"A", {{"B", 1}}}, {"B", {{"C", 1}}}, {"C", {{"A", 1}}}});
  EXPECT_NE(why.find("A > B > C > A"), std::string::npos) << why;
  EXPECT_NE(refusal({{"A", {{"A", 1}}}}).find("contains itself"), std::string::npos);
}

std::vector<Recipe> nested(std::size_t depth, bool backwards) {
  std::vector<Recipe> recipes;
  for (std::size_t i = 0; i < depth; ++i) {
    // Names in or against the order of work: kits worked out before must count their depth too.
    const auto name = [&](std::size_t n) {
      return n == depth ? "PART" : "K" + std::to_string(backwards ? 50 - n : 10 + n);
    };
    recipes.push_back({name(i), {{name(i + 1), 1}}});
  }
  return recipes;
}

TEST(Kits, RefuseMoreThanEightKitsWithinKits) {
  for (const bool backwards : {false, true}) {
    EXPECT_EQ(refusal(nested(kKitDepthMax, backwards)), "");
    const auto why = refusal(nested(kKitDepthMax + 1, backwards));
    EXPECT_NE(why.find("8 deep"), std::string::npos) << why;
    EXPECT_NE(why.find("list the parts themselves"), std::string::npos) << why;
  }
}

TEST(Kits, RefuseWhatIsNoRecipe) {
  EXPECT_NE(refusal({{"A", {}}}).find("no parts"), std::string::npos);
  EXPECT_NE(refusal({{"A", {{"B", 0}}}}).find("0 pieces of B"), std::string::npos);
  EXPECT_NE(refusal({{"A", {{"B", 1}, {"B", 2}}}}).find("listed twice"), std::string::npos);
  EXPECT_NE(refusal({{"A", {{"B", 1}}}, {"A", {{"C", 1}}}}).find("twice"), std::string::npos);
  EXPECT_NE(refusal({{"", {{"B", 1}}}}).find("no SKU"), std::string::npos);
  EXPECT_NE(refusal({{"A", {{"B", kPiecesMax}}}, {"C", {{"A", 2}}}}).find("check the quantities"),
            std::string::npos);
  Recipe many{"A", {}};
  for (std::size_t i = 0; i <= kKitPartsMax; ++i) many.parts.push_back({std::to_string(i), 1});
  EXPECT_NE(refusal({many}).find("split it"), std::string::npos);
}

TEST(Kits, ExplodeLinesTogether) {
  const auto kits = kits_of(kTea);
  const std::vector<Part> lines = {{"TEASET", 2}, {"CUP", 1}};
  EXPECT_EQ(*kits.explode(lines), (std::vector<Part>{{"CUP", 9}, {"POT", 2}}));
  EXPECT_FALSE(kits.explode(std::vector<Part>{{"CUP", 0}}).has_value());
  EXPECT_FALSE(kits.explode(std::vector<Part>{{"CUP6", kPiecesMax}}).has_value());
}

TEST(Kits, AreAsManyAsTheScarcestPartGives) {
  const auto kits = kits_of(kTea);
  const auto made = makeable(kits, "TEASET", {{"POT", 9}, {"CUP", 11}});
  EXPECT_EQ(made.pieces, 2);
  EXPECT_EQ(made.scarce, "CUP");
  EXPECT_EQ(makeable(kits, "TEASET", {{"POT", 9}}).pieces, 0);
  EXPECT_EQ(makeable(kits, "TEASET", {{"POT", 9}, {"CUP", -3}}).pieces, 0);
  EXPECT_EQ(makeable(kits, "CUP", {{"CUP", 5}}).pieces, 5);
}

PartFacts part(std::string sku, std::vector<std::pair<std::string, Quantity>> sites,
               Quantity unrouted = 0) {
  Quantity sum = -unrouted;
  for (const auto& [site, pieces] : sites) sum += pieces;
  return {std::move(sku), std::move(sites),
          figure_of({{.name = "on_hand", .value = sum, .as_of_ms = 7}})};
}

TEST(Kits, AreNotMadeOfPartsThatLieAtDifferentSites) {
  const auto kits = kits_of(kTea);
  const std::vector<PartFacts> apart = {part("POT", {{"ulm", 5}, {"hull", 1}}),
                                        part("CUP", {{"ulm", 3}, {"hull", 40}})};
  const auto made = kit_sellable(kits, "TEASET", apart).value();
  EXPECT_EQ(made.figure.value, 1);
  EXPECT_EQ(made.figure.terms[0].why, "its parts lie at different sites");
  EXPECT_EQ(made.figure.as_of_ms, 7);
  ASSERT_EQ(made.parts.size(), 2U);
  EXPECT_EQ(made.parts[0].sku, "CUP");
  EXPECT_EQ(made.parts[0].makes, 10);
  const std::vector<PartFacts> bought = {part("POT", {{"ulm", 5}}), part("CUP", {{"ulm", 20}}, 9)};
  EXPECT_EQ(kit_sellable(kits, "TEASET", bought)->figure.value, 2) << "nine cups are promised";
  EXPECT_EQ(kit_sellable(kits, "TEASET", bought)->figure.terms[0].of, "CUP");
  EXPECT_FALSE(kit_sellable(kits, "TEASET", std::vector<PartFacts>{}).has_value());
  EXPECT_FALSE(kit_sellable(kits, "CUP", apart).has_value());
}

Stock after(const Kits& kits, Stock stock, const std::vector<Part>& lines) {
  const auto needs = kits.explode(lines);
  EXPECT_TRUE(needs.has_value());
  for (const auto& need : *needs) stock[need.sku] -= need.pieces;
  return stock;
}

Kits drawn_kits(base::Prng& prng) {
  std::vector<Recipe> recipes;
  for (int k = 0; k < 5; ++k) {
    Recipe recipe{"K" + std::to_string(k), {}};
    if (k > 0 && prng.chance(400)) recipe.parts.push_back({"K" + std::to_string(k - 1), 2});
    for (int p = 0; p < 4; ++p) {
      if (prng.chance(500)) recipe.parts.push_back({"P" + std::to_string(p), prng.between(1, 3)});
    }
    if (recipe.parts.empty()) recipe.parts.push_back({"P0", 1});
    recipes.push_back(recipe);
  }
  return kits_of(recipes);
}

Stock drawn_stock(base::Prng& prng) {
  Stock stock;
  for (int p = 0; p < 4; ++p) stock["P" + std::to_string(p)] = prng.between(-2, 400);
  return stock;
}

// Two lines of one cart whose kits share a part were each held against the same stock, both passed,
// and the part was reserved beyond what was there. Lines are exploded together here; and figures
// made jointly can all be sold out at once.
TEST(Kits, BundlesOversellingTheirParts_medusa_16502) {
  const auto kits = kits_of({{"SET-A", {{"CUP", 2}}}, {"SET-B", {{"CUP", 3}}}});
  const Stock ten = {{"CUP", 10}};
  const std::vector<Part> one = {{"SET-A", 5}}, other = {{"SET-B", 3}};
  EXPECT_TRUE(missing(kits, one, ten)->empty()) << "each line alone could be shipped";
  EXPECT_TRUE(missing(kits, other, ten)->empty());
  const auto lacks = missing(kits, std::vector<Part>{one[0], other[0]}, ten).value();
  ASSERT_EQ(lacks.size(), 1U);
  EXPECT_EQ(lacks[0].needed, 19);
  EXPECT_EQ(lacks[0].there, 10);

  base::Prng prng(16'502);
  for (int round = 0; round < 2'000; ++round) {
    const auto drawn = drawn_kits(prng);
    auto stock = drawn_stock(prng);
    auto was = stock;
    const std::vector<Wish> wishes = {{"K0"}, {"K4"}, {"P1", 5}, {"K2"}, {"P3"}};
    const auto figures = jointly(drawn, wishes, stock);
    std::vector<Part> all;
    for (std::size_t i = 0; i < wishes.size(); ++i) {
      ASSERT_GE(figures[i], 0);
      ASSERT_LE(figures[i], wishes[i].most);
      if (figures[i] > 0) all.push_back({wishes[i].sku, figures[i]});
    }
    ASSERT_TRUE(missing(drawn, all, stock)->empty()) << "all sold at once, round " << round;
    const auto left = after(drawn, stock, all);
    for (std::size_t i = 0; i < wishes.size(); ++i) {
      ASSERT_TRUE(figures[i] == wishes[i].most || makeable(drawn, wishes[i].sku, left).pieces == 0)
          << "nothing is kept back without need";
    }
    // Sales one after the other, each figure made anew: no part ever goes below zero.
    for (int sale = 0; sale < 30; ++sale) {
      const auto sku = "K" + std::to_string(prng.below(5));
      const auto figure = makeable(drawn, sku, stock).pieces;
      if (figure == 0) continue;
      stock = after(drawn, stock, {{sku, prng.between(1, figure)}});
      for (const auto& [part, pieces] : stock) ASSERT_GE(pieces, std::min<Quantity>(0, was[part]));
    }
  }
}

TEST(Kits, JointFiguresTakeFewRoundsForVeryManyPieces) {
  const auto kits = kits_of(kTea);
  const Stock stock = {{"CUP", kPiecesMax}, {"POT", kPiecesMax}};
  const std::vector<Wish> wishes = {{"TEASET"}, {"CUP6"}, {"CUP"}};
  const auto figures = jointly(kits, wishes, stock);
  EXPECT_EQ(figures[0] * 4 + figures[1] * 6 + figures[2], kPiecesMax);
  EXPECT_GT(*std::min_element(figures.begin(), figures.end()), kPiecesMax / 20);
}

}  // namespace
}  // namespace dockline::server::stock
