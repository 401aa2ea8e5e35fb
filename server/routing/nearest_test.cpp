#include "server/routing/nearest.hpp"

#include <gmock/gmock.h>

namespace dockline::server::routing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Facts three_sites() {
  return {.order = {},
          .needs = {},
          .sites = {{.site = "a"}, {.site = "b"}, {.site = "c"}},
          .again = {}};
}

TEST(RoutingNearest, NothingIsDeclaredSoNobodyIsNearest) {
  EXPECT_THAT(by_nearness(three_sites()), IsEmpty());
}

TEST(RoutingNearest, ByDistanceThenAsTheyStand) {
  auto facts = three_sites();
  facts.sites[0].distance_km = 400;
  facts.sites[1].distance_km = 90;
  EXPECT_THAT(by_nearness(facts), ElementsAre("b", "a", "c")) << "an unknown way is the longest";
  facts.sites[0].distance_km = 90;
  EXPECT_THAT(by_nearness(facts), ElementsAre("a", "b", "c"));
}

TEST(RoutingNearest, ByTheLeastRateOfASmallParcelOfItsOwnServices) {
  auto facts = three_sites();
  facts.services = {{.carrier = "Post",
                     .service = "parcel",
                     .rates = {{"1", 2'000, 400}, {"1", 31'500, 900}, {"2", 31'500, 700}}},
                    {.carrier = "Bike", .service = "courier", .rates = {{"2", 5'000, 200}}}};
  for (auto& site : facts.sites) site.services = {0};
  facts.sites[0].zone = "2";
  facts.sites[1].zone = "1";
  facts.sites[2].zone = "9";  // no service goes there
  EXPECT_THAT(by_nearness(facts), ElementsAre("b", "a", "c"));
  facts.sites[0].services = {0, 1};
  EXPECT_THAT(by_nearness(facts), ElementsAre("a", "b", "c"));
}

}  // namespace
}  // namespace dockline::server::routing
