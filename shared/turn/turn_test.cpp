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
  int opens_fail = 0;
  int opened = 0;
  std::vector<std::size_t> crowds;
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

struct Fixture {
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
  Fixture() { EXPECT_TRUE(turn.start().has_value()); }
};

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
