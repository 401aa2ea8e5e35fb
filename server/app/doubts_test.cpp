#include "server/app/doubts.hpp"

#include <gtest/gtest.h>

namespace dockline::server {
namespace {

const base::Error kBug{base::Fault::bug, "no such thing"};
Doubts::Taken facts(sync::Seq first, sync::Seq last) { return {"x/one", "A", first, last}; }

TEST(Doubts, NobodyIsInDoubtBeforeATurnFailed) {
  Doubts doubts;
  doubts.kept(facts(1, 200));
  EXPECT_FALSE(doubts.limit("x/one"));
  EXPECT_FALSE(doubts.verdict("x/one", "A", 1));
}
TEST(Doubts, AFactThatFailsAloneTwiceIsPutAsideAndNoOther) {
  Doubts doubts;
  doubts.failed(facts(1, 200), kBug);
  EXPECT_EQ(doubts.limit("x/one"), 1U);
  EXPECT_FALSE(doubts.limit("x/two"));
  doubts.kept(facts(1, 1));
  EXPECT_EQ(doubts.limit("x/one"), 2U);
  doubts.failed(facts(2, 3), kBug);
  doubts.failed(facts(2, 2), kBug);
  EXPECT_FALSE(doubts.verdict("x/one", "A", 2));
  doubts.failed(facts(2, 2), kBug);
  EXPECT_EQ(doubts.verdict("x/one", "A", 2), "it could not be taken: no such thing");
  EXPECT_FALSE(doubts.verdict("x/one", "A", 3));
  EXPECT_FALSE(doubts.verdict("x/one", "B", 2));
  EXPECT_FALSE(doubts.verdict("x/two", "A", 2));
}
TEST(Doubts, EndWhenABatchOfFullSizeWasKept) {
  Doubts doubts;
  doubts.failed(facts(1, 200), kBug);
  sync::Seq next = 1;
  int turns = 0;
  for (; doubts.limit("x/one"); ++turns) {
    const auto last = next + *doubts.limit("x/one") - 1;
    doubts.kept(facts(next, last));
    next = last + 1;
  }
  EXPECT_EQ(turns, 9);
}
TEST(Doubts, ADiskThatIsFullOrRefusesSaysNothingAboutTheFacts) {
  Doubts doubts;
  for (const auto fault : {base::Fault::full, base::Fault::retry_later, base::Fault::corrupt}) {
    doubts.failed(facts(1, 1), {fault, "disk"});
    EXPECT_FALSE(doubts.limit("x/one"));
  }
}
TEST(Doubts, AParkedFactThatFailsItsTurnAgainIsLeftAloneAndTheOthersAreTried) {
  using Again = Doubts::Again;
  Doubts doubts;
  doubts.turn_begins();
  for (const int id : {1, 2, 3}) EXPECT_EQ(doubts.again(id), Again::yes);
  doubts.retries_failed(kBug);
  for (const int id : {1, 2}) {
    doubts.turn_begins();
    EXPECT_EQ(doubts.again(id), Again::yes);
    EXPECT_EQ(doubts.again(id + 1), Again::not_with_others);
    if (id == 1) doubts.retries_kept();
    if (id == 2) doubts.retries_failed(kBug);
  }
  doubts.turn_begins();
  EXPECT_EQ(doubts.again(2), Again::no);
  EXPECT_EQ(doubts.again(3), Again::yes);
  doubts.retries_kept();
  EXPECT_EQ(doubts.again(2), Again::yes);  // a person tries it once more
}
TEST(Doubts, ATurnThatTookNothingBlamesNobody) {
  Doubts doubts;
  doubts.failed({}, kBug);
  EXPECT_FALSE(doubts.limit(""));
}

}  // namespace
}  // namespace dockline::server
