// sites, addresses, owners: each promise that they watch, broken once.
#include <gtest/gtest.h>

#include "tests/sim/checkers/bench_of_checks.hpp"

namespace dockline::sim {
namespace {

using testing::World;

void described(World& w, const std::string& key, const std::string& value) {
  w.fact("site.described",
         R"("site":"x","values":[{"key":")" + key + R"(","value":")" + value + R"("}])");
}
void given(World& w, const std::string& order) {
  w.fact("decision.made", R"("kind":"routing","rule":"nearest","subject":")" + order +
                              R"(","allocations":[{"line":1,"sku":"MUG","quantity":1,)"
                              R"("site":"x"}])");
}

TEST(SitesChecker, SeesAnOrderGivenToAClosedSite) {
  // The log's clock stands at 1970-01-01 00:16.
  for (const char* closed :
       {"1970-01-01 1970-01-02", "1970-01-01 1970-01-02 1970-01-03 1970-01-04"}) {
    World w(make_sites);
    described(w, "closed", closed);
    given(w, "c:1");
    EXPECT_EQ(w.look(), std::string(closed).size() < 30 ? 0U : 1U) << w.said();
  }
}
TEST(SitesChecker, SeesAnOrderGivenToAFullSite) {
  for (const bool cancelled : {true, false}) {
    World w(make_sites);
    described(w, "capacity_per_day", "1");
    given(w, "c:1");
    if (cancelled) w.fact("order.cancelled", R"("order":"c:1")");
    given(w, "c:2");
    EXPECT_EQ(w.look(), cancelled ? 0U : 1U) << w.said();
  }
}
TEST(SitesChecker, FollowsWhatIsSaidLast) {
  World w(make_sites);
  described(w, "capacity_per_day", "0");
  w.fact("site.described", R"("site":"x","values":[])");
  given(w, "c:1");
  EXPECT_EQ(w.look(), 0U) << w.said();
}

struct Moved {
  Moved() {
    w.fact("order.received", R"("order":"c:1","ship_to":{"name":"Ada","street1":"Alte Str. 1"})");
    w.fact("order.released", R"("order":"c:1","work":{"lease":"c:1/1","epoch":1},"site":"x",)"
                             R"("station":"one","label":{"tracking":"T"})");
  }
  void amended() {
    w.fact("order.amended",
           R"("order":"c:1","by":"c","lines":[],"ship_to":{"name":"Ada","street1":"Neue Str. 2"})");
  }
  void closed() {
    w.fact("pack.closed", R"("order":"c:1","work":{"lease":"c:1/1","epoch":1},"lines":[])",
           "/x/one");
    w.server.run("INSERT INTO p_lease(lease, ord, state) VALUES('c:1/1',1,'done')");
  }
  World w{make_addresses};
};
TEST(AddressesChecker, WantsTheAddressOfTheShop) {
  for (const bool heard : {true, false}) {
    Moved m;
    m.w.see(ShopMoved{"c", "1", "Neue Str. 2"});
    if (heard) m.amended();
    EXPECT_EQ(m.w.end(), heard ? 0U : 1U) << m.w.said();
  }
}
TEST(AddressesChecker, WantsAPersonToldOfABoxWithAFormerAddress) {
  for (const bool told : {true, false}) {
    Moved m;
    m.amended();
    m.closed();
    if (told) m.w.fact("exception.raised", R"("kind":"amended_after_pack","subject":"c:1")");
    EXPECT_EQ(m.w.end(), told ? 0U : 1U) << m.w.said();
  }
}

void came(World& w, const std::string& ownership) {
  w.fact("delivery.received",
         R"("site":"x","sku":"MUG","quantity":3,"lot":{"lot":"L","owner":"ANNA",)"
         R"("ownership":")" +
             ownership + "\"}");
}
void owners(World& w) {
  w.server.run("ALTER TABLE p_lot ADD COLUMN ownership");
  w.server.run("ALTER TABLE p_lot ADD COLUMN owner");
}

TEST(OwnersChecker, SeesACustomersPiecesOnTheShelf) {
  for (const char* place : {"x/quarantine", "x/shelf"}) {
    World w(make_owners);
    owners(w);
    w.server.run("INSERT INTO p_lot VALUES('MUG','" + std::string(place) +
                 "',1,'customer','ANNA')");
    EXPECT_EQ(w.look(), std::string(place) == "x/shelf" ? 1U : 0U) << w.said();
  }
}
TEST(OwnersChecker, SeesACustomersPiecesComeBackAsTheHousesOwn) {
  for (const int pieces : {1, 2}) {
    World w(make_owners);
    owners(w);
    came(w, "customer");
    w.fact("stock.moved",
           R"("sku":"MUG","quantity":1,"from":"x/shelf","to":"x/quarantine","reason":"odd")");
    w.fact("stock.moved", R"("sku":"MUG","from":"x/quarantine","to":"x/shelf","quantity":)" +
                              std::to_string(pieces));
    EXPECT_EQ(w.look(), pieces == 1 ? 0U : 1U) << w.said();
  }
}
TEST(OwnersChecker, KnowsThatNoPlaceHoldsLessThanNothing) {
  World w(make_owners);
  owners(w);
  w.fact("stock.moved", R"("sku":"MUG","quantity":4,"from":"x/quarantine","to":"supplier")");
  came(w, "customer");
  w.fact("stock.moved", R"("sku":"MUG","quantity":1,"from":"x/shelf","to":"x/quarantine")");
  w.fact("stock.moved", R"("sku":"MUG","quantity":1,"from":"x/quarantine","to":"x/shelf")");
  EXPECT_EQ(w.look(), 0U) << w.said();
}
TEST(OwnersChecker, SeesMoreSoldForSomebodyThanCame) {
  for (const int pieces : {3, 4}) {
    World w(make_owners);
    owners(w);
    came(w, "consignment");
    w.server.run("INSERT INTO p_lot VALUES('MUG','x/shelf'," + std::to_string(pieces) +
                 ",'consignment','ANNA')");
    EXPECT_EQ(w.look(), pieces == 3 ? 0U : 1U) << w.said();
  }
}

}  // namespace
}  // namespace dockline::sim
