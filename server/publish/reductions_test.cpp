#include "server/publish/reductions.hpp"

#include <gtest/gtest.h>

namespace dockline::server::publish {
namespace {

TEST(Reductions, KeepTheFewestUntilTheLineGrows) {
  Reductions r(9);
  EXPECT_FALSE(r.fewest("o", "1"));
  r.grown("o", "1", 5);  // of what was never taken off nothing is kept
  EXPECT_FALSE(r.fewest("o", "1"));
  r.shown("o", "1", 2);
  r.shown("o", "1", 1);
  r.shown("o", "1", 3);
  EXPECT_EQ(r.fewest("o", "1"), 1);
  EXPECT_FALSE(r.fewest("o", "2"));
  r.grown("o", "1", 3);
  EXPECT_EQ(r.fewest("o", "1"), 3);
}

TEST(Reductions, AreTheSameAfterARestart) {
  Reductions r(9);
  r.shown("shop:\"1\"\n", "a\tb", 2);
  r.shown("a", "1", 0);
  EXPECT_TRUE(r.take_changed());
  EXPECT_FALSE(r.take_changed());
  r.shown("a", "1", 4);
  EXPECT_FALSE(r.take_changed());
  Reductions again(9);
  again.load(r.text());
  EXPECT_FALSE(again.take_changed());
  EXPECT_EQ(again.fewest("shop:\"1\"\n", "a\tb"), 2);
  EXPECT_EQ(again.fewest("a", "1"), 0);
  EXPECT_EQ(again.text(), r.text());
}

TEST(Reductions, ForgetTheOldestBeyondTheirBound) {
  Reductions r(2);
  r.shown("c", "1", 1);
  r.shown("a", "1", 1);
  r.shown("c", "2", 1);
  r.shown("b", "1", 1);
  EXPECT_FALSE(r.fewest("c", "1"));
  EXPECT_EQ(r.fewest("a", "1"), 1);
  EXPECT_EQ(r.fewest("b", "1"), 1);
}

TEST(Reductions, ReadWhatCanBeReadOfGarbage) {
  for (const auto* text :
       {"", "{}", "7", "[[", "[1,[],[\"a\"],[\"a\",7],[\"a\",[7,[1,2],[\"l\"]]]]",
        R"([["a",[["l","1"],["l",-1],["l",1.5]]]])"}) {
    Reductions r(9);
    r.load(text);
    EXPECT_EQ(r.text(), "[]") << text;
  }
}

}  // namespace
}  // namespace dockline::server::publish
