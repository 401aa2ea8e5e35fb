#include "tests/sim/world/world.hpp"

#include <gtest/gtest.h>

namespace dockline::sim {
namespace {

TEST(World, RunsEventsInOrderOfTimeThenOfInsertion) {
  World world(1);
  std::string seen;
  world.at(20, [&] { seen += 'c'; });
  world.at(10, [&] { seen += 'a'; });
  world.at(10, [&] { seen += 'b'; });
  EXPECT_TRUE(world.run_until(15));
  EXPECT_EQ(seen, "ab");
  EXPECT_EQ(world.now_ms(), 15);
  EXPECT_TRUE(world.run_until(20));
  EXPECT_EQ(seen, "abc");
}

TEST(World, ACancelledEventNeverFires) {
  World world(1);
  bool fired = false;
  const auto id = world.after(5, [&] { fired = true; });
  world.cancel(id);
  world.cancel(id);
  world.cancel(4711);
  EXPECT_TRUE(world.run_until(10));
  EXPECT_FALSE(fired);
  EXPECT_EQ(world.waiting(), 0U);
}

TEST(World, NothingRunsAfterAStop) {
  World world(1);
  int fired = 0;
  world.at(1, [&] {
    ++fired;
    world.stop();
  });
  world.at(2, [&] { ++fired; });
  EXPECT_FALSE(world.run_until(10));
  EXPECT_EQ(fired, 1);
}

TEST(World, EachStreamOfRandomnessIsIndependentOfTheOthers) {
  World one(7), other(7);
  static_cast<void>(other.random("net").next());
  EXPECT_EQ(one.random("disk").next(), other.random("disk").next());
  EXPECT_NE(one.random("a").next(), one.random("b").next());
  World third(8);
  EXPECT_NE(World(7).random("disk").next(), third.random("disk").next());
}

TEST(World, TheDigestTellsRunsApart) {
  World one(7), same(7), other(7);
  one.mix("x");
  same.mix("x");
  other.mix("y");
  EXPECT_EQ(one.digest(), same.digest());
  EXPECT_NE(one.digest(), other.digest());
}

}  // namespace
}  // namespace dockline::sim
