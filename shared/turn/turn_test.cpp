#include "shared/turn/turn.hpp"

#include <string>

#include <gtest/gtest.h>

namespace dockline::turn {
namespace {

// A store that survives Apps, and Apps that count on it.
struct Disk {
  std::vector<int> committed;
  int fail_commits = 0;
  base::Fault fault = base::Fault::full;
  bool reaches = false;  // a COMMIT that fails reached the disk all the same
  int opens_fail = 0;
  int opened = 0;
  std::vector<std::size_t> crowds;
  int told = 0, unsafe = 0;
};

struct App {
  using Input = int;
  using Effect = std::string;
  explicit App(Disk& d) : disk(d), memory(d.committed) {}
  base::Status begin() { return {}; }
  base::Status step(base::Instant, const int& input, std::vector<std::string>& effects) {
    if (input < 0) return base::fail(base::Fault::bug, "poison");
    memory.push_back(input);
    effects.push_back("did " + std::to_string(input));
    return {};
  }
  base::Status commit() {
    if (disk.fail_commits > 0) {
      --disk.fail_commits;
      return base::fail(disk.fault, "not written");
    }
    disk.committed = memory;
    return {};
  }
  void abandon() {}
  void crowded(std::size_t waiting) { disk.crowds.push_back(waiting); }
  Disk& disk;
  std::vector<int> memory;
};

// Numbers its turns, as an App with a real disk does.
struct Numbered : App {
  explicit Numbered(Disk& d) : App(d), number(d.committed.size()) {}
  base::Status commit() {
    const bool reached = disk.fail_commits > 0 && disk.reaches;
    auto done = App::commit();
    if (!done) tried_number = number + (memory.size() - disk.committed.size());
    if (reached) disk.committed = memory;
    return done;
  }
  base::Result<bool> kept(std::uint64_t turn) {
    if (disk.unsafe > 0) {
      --disk.unsafe;
      return base::fail(base::Fault::retry_later, "cannot be made safe");
    }
    return number == turn;
  }
  [[nodiscard]] std::uint64_t tried() const { return tried_number; }
  static bool only_tells(const std::string& effect) { return effect != "did 9"; }
  void counted_unheard(base::Instant) { ++disk.told; }
  std::uint64_t number = 0, tried_number = 0;
};

template <class App>
struct FixtureOf {
  Disk disk;
  std::int64_t now_ms = 0;
  std::vector<std::string> released;
  std::vector<int> rejected;
  Turn<App> turn{{
      .now = [this] { return base::Instant{now_ms, 0}; },
      .open = [this]() -> base::Result<std::unique_ptr<App>> {
        ++disk.opened;
        if (disk.opens_fail > 0) {
          --disk.opens_fail;
          return base::fail(base::Fault::full, "still full");
        }
        return std::make_unique<App>(disk);
      },
      .release = [this](std::string e) { released.push_back(std::move(e)); },
      .reject = [this](const int& i, const base::Error&) { rejected.push_back(i); },
  }};
  FixtureOf() { EXPECT_TRUE(turn.start().has_value()); }
  void run(std::vector<int> inputs) {
    for (const int i : inputs) EXPECT_TRUE(turn.post(i));
    turn.run();
  }
};
using Fixture = FixtureOf<App>;

TEST(Turn, ReleasesEffectsOnlyAfterTheCommit) {
  Fixture f;
  EXPECT_TRUE(f.turn.post(1));
  EXPECT_TRUE(f.turn.post(2));
  EXPECT_TRUE(f.released.empty());
  EXPECT_EQ(f.turn.run(), 2U);
  EXPECT_EQ(f.disk.committed, (std::vector{1, 2}));
  EXPECT_EQ(f.released, (std::vector<std::string>{"did 1", "did 2"}));
  EXPECT_EQ(f.turn.turns(), 1U);
}

TEST(Turn, AFailedCommitAnswersNothingAndRebuilds) {
  Fixture f;
  f.disk.fail_commits = 1;
  EXPECT_TRUE(f.turn.post(1));
  f.turn.run();
  EXPECT_TRUE(f.released.empty());
  EXPECT_EQ(f.rejected, (std::vector{1}));
  EXPECT_EQ(f.disk.opened, 2);
  f.now_ms += kHoldMs;
  EXPECT_TRUE(f.turn.post(2));
  f.turn.run();
  EXPECT_EQ(f.disk.committed, (std::vector{2}));
}

TEST(Turn, OneBadInputDoesNotTakeItsNeighboursWithIt) {
  Fixture f;
  for (int i : {1, -1, 2}) EXPECT_TRUE(f.turn.post(i));
  f.turn.run();
  EXPECT_EQ(f.rejected, (std::vector{-1}));
  EXPECT_EQ(f.disk.committed, (std::vector{1, 2}));
  EXPECT_EQ(f.released.size(), 2U);
}

TEST(Turn, KeepsTryingToReopenWhileTheDiskIsFull) {
  Fixture f;
  f.disk.fail_commits = 1;
  f.disk.opens_fail = 2;
  for (int i : {1, 2, 3}) {
    EXPECT_TRUE(f.turn.post(i));
    f.turn.run();
    f.now_ms += kHoldMs;
  }
  EXPECT_EQ(f.rejected, (std::vector{1, 2}));
  EXPECT_EQ(f.disk.committed, (std::vector{3}));
}

TEST(Turn, AFullDiskIsTriedNowAndThenNotWithEveryInput) {
  Fixture f;
  f.disk.fail_commits = 1'000;
  for (int i = 0; i < 100; ++i) {  // ten a second
    for (int n = 0; n < 5; ++n) EXPECT_TRUE(f.turn.post(n));
    f.turn.run();
    f.now_ms += 100;
  }
  EXPECT_EQ(f.rejected.size(), 500U);
  EXPECT_EQ(f.turn.failures(), 50U);
  EXPECT_NE(f.turn.app(), nullptr);  // what is known may be shown meanwhile
  f.disk.fail_commits = 0;
  f.now_ms += kHoldMs;
  EXPECT_TRUE(f.turn.post(7));
  f.turn.run();
  EXPECT_EQ(f.disk.committed, (std::vector{7}));
}

TEST(Turn, OneFailedCallOfTheDiskHoldsNobodyUp) {
  Fixture f;
  f.disk.fail_commits = 1;
  f.disk.fault = base::Fault::retry_later;
  for (int i : {1, 2, 3}) EXPECT_TRUE(f.turn.post(i));
  f.turn.run();
  EXPECT_TRUE(f.rejected.empty());
  EXPECT_EQ(f.disk.committed, (std::vector{1, 2, 3}));
}

TEST(Turn, ACommitThatFailedButReachedTheDiskIsAnsweredAndNotTriedAgain) {
  FixtureOf<Numbered> f;
  f.disk.fail_commits = 1;
  f.disk.reaches = true;
  f.run({1, 9, 2});
  EXPECT_EQ(f.disk.committed, (std::vector{1, 9, 2}));
  EXPECT_TRUE(f.rejected.empty());
  EXPECT_EQ(f.released, (std::vector<std::string>{"did 1", "did 2"}));  // 9 does more than tell
  EXPECT_EQ(f.turn.turns(), 1U);
  f.run({3});
  EXPECT_EQ(f.disk.committed, (std::vector{1, 9, 2, 3}));
  EXPECT_EQ(f.disk.told, 0);
}

TEST(Turn, ACommitThatFailedAndDidNotReachTheDiskIsTriedOneByOne) {
  FixtureOf<Numbered> f;
  f.disk.fail_commits = 1;
  f.disk.fault = base::Fault::retry_later;
  f.run({1, 2});
  EXPECT_EQ(f.disk.committed, (std::vector{1, 2}));
  EXPECT_EQ(f.released.size(), 2U);
}

TEST(Turn, WhatWasKeptUnheardIsShownBeforeAnythingElseCounts) {
  FixtureOf<Numbered> f;
  f.disk.fail_commits = 1;
  f.disk.reaches = true;
  f.disk.opens_fail = 1;
  f.run({1, 2});
  EXPECT_EQ(f.rejected, (std::vector{1, 2}));  // and not tried again: they are on the disk
  EXPECT_TRUE(f.released.empty());
  f.now_ms += kHoldMs;
  f.run({3});
  EXPECT_EQ(f.disk.told, 1);
  EXPECT_EQ(f.rejected, (std::vector{1, 2, 3}));
  f.run({3});
  EXPECT_EQ(f.disk.committed, (std::vector{1, 2, 3}));
  EXPECT_EQ(f.released, (std::vector<std::string>{"did 3"}));
}

TEST(Turn, WhatReachedTheDiskIsNotAnsweredBeforeItIsSafeThere) {
  FixtureOf<Numbered> f;
  f.disk.fail_commits = 1;
  f.disk.reaches = true;
  f.disk.unsafe = 1;
  f.run({1});
  EXPECT_TRUE(f.released.empty());
  EXPECT_EQ(f.rejected, (std::vector{1}));
  EXPECT_EQ(f.turn.app(), nullptr);
  f.now_ms += kHoldMs;
  f.run({2});  // told now, and not counted before somebody looked
  EXPECT_EQ(f.disk.told, 1);
  EXPECT_EQ(f.disk.committed, (std::vector{1}));
}

TEST(Turn, TheMailboxIsBounded) {
  Fixture f;
  for (std::size_t i = 0; i < base::limits::kMailboxInputsMax; ++i) EXPECT_TRUE(f.turn.post(1));
  EXPECT_FALSE(f.turn.post(1));
  EXPECT_EQ(f.turn.overflowed(), 1U);
  EXPECT_EQ(f.turn.run(), base::limits::kTurnInputsMax);
}

TEST(Turn, TellsTheAppHowManyInputsWaitBesideThoseOfTheTurn) {
  Fixture f;
  for (std::size_t i = 0; i < base::limits::kTurnInputsMax + 7; ++i) EXPECT_TRUE(f.turn.post(1));
  f.turn.run();
  f.turn.run();
  EXPECT_EQ(f.disk.crowds, (std::vector<std::size_t>{7, 0}));
}

// Inputs of two senders: the text before ':' is whose.
struct Sorted {
  using Input = std::string;
  using Effect = std::string;
  static std::string_view queue_of(const Input& i) {
    return std::string_view(i).substr(0, i.find(':'));
  }
  static std::size_t weight(const Input& i) {
    if (i.ends_with("large")) return base::limits::kLargeInputBytes;
    return i.ends_with("big") ? base::limits::kTurnBytesMax : 1;
  }
};

TEST(Mailbox, ABacklogOfOneDoesNotHoldUpAnother) {
  Mailbox<Sorted> mailbox;
  for (const char* i : {"a:1", "a:2", "a:3", "b:1", ":urgent"}) EXPECT_TRUE(mailbox.put(i));
  EXPECT_EQ(mailbox.take(), (std::vector<std::string>{":urgent", "a:1", "b:1", "a:2", "a:3"}));
  EXPECT_TRUE(mailbox.empty());
}

TEST(Mailbox, ATurnEndsWithTheInputThatFillsIt) {
  Mailbox<Sorted> mailbox;
  for (const char* i : {"a:1big", "a:2big", "b:1", "b:2"}) EXPECT_TRUE(mailbox.put(i));
  EXPECT_EQ(mailbox.take(), (std::vector<std::string>{"a:1big"}));
  EXPECT_EQ(mailbox.take(), (std::vector<std::string>{"a:2big"}));
  EXPECT_EQ(mailbox.take(), (std::vector<std::string>{"b:1", "b:2"}));
  EXPECT_TRUE(mailbox.take().empty());
}

TEST(Mailbox, WhatIsSmallGoesBeforeWhatIsLargeAndSomethingLargeGoesAllTheSame) {
  Mailbox<Sorted> mailbox;
  for (const char* i : {"a:large", "b:large", "c:large", "d:1", "d:2"}) EXPECT_TRUE(mailbox.put(i));
  EXPECT_EQ(mailbox.take(),
            (std::vector<std::string>{"a:large", "d:1", "d:2", "b:large", "c:large"}));
}

}  // namespace
}  // namespace dockline::turn
