// An order that is given again while its pieces are in the box, with fewer lines or more.
#include <memory>

#include <gtest/gtest.h>

#include "agent/station/testing.hpp"

namespace dockline::agent::station {
namespace {

constexpr std::string_view kMug = "4006381333931", kMugCase = "14006381333938", kPot = "96385074";

class GivenAgain : public ::testing::Test {
 protected:
  GivenAgain() { start(); }

  // Each input is followed by a restart of the program from what it saved.
  void start() {
    std::vector<Job> jobs;
    for (const auto& [id, job] : books_.jobs) jobs.push_back(job);
    station_ = std::make_unique<Station>(Bench{{"zebra"}, {"left"}, 0}, state_, std::move(jobs));
    Effects fx;
    ASSERT_TRUE(station_->restart(now_, books_, false, fx));
    keep(fx);
  }
  void keep(const Effects& fx) {
    for (const auto& effect : fx) {
      if (const auto* save = std::get_if<SaveWork>(&effect)) books_.take(*save);
      if (const auto* drop = std::get_if<DropWork>(&effect)) books_.drop(drop->lease);
      if (const auto* f = std::get_if<RecordFact>(&effect)) facts_.push_back(f->data);
    }
    for (auto& job : station_->take_changed_sheets()) books_.jobs[job.id()] = job;
    state_ = state_from_json(to_json(station_->state())).value();
  }
  std::string scan(std::string_view code) {
    now_.mono_ms += 1000;
    now_.wall_ms += 1000;
    Effects fx;
    const std::string verdict(
        station_->scan(now_, {"left", std::string(code), ""}, books_, fx).value());
    keep(fx);
    start();
    return verdict;
  }
  std::string scan(Command command) { return scan(sheet_code(name(command))); }
  std::string digit(int n) { return scan(sheet_code(std::to_string(n))); }
  // The server grants A100 anew, with these pieces of mugs and pots.
  void give(domain::Quantity mugs, domain::Quantity pots) {
    auto& order = books_.works.at("web:A100").order;
    ++order.work.epoch;
    order.lines.clear();
    const Order first = testing::small_shop().works.at("web:A100").order;
    for (auto line : first.lines) {
      line.quantity = line.line == 1 ? mugs : pots;
      if (line.quantity > 0) order.lines.push_back(std::move(line));
    }
    Effects fx;
    ASSERT_TRUE(station_->granted(now_, order, books_, fx));
    keep(fx);
    if (restart_) start();
  }
  template <class T>
  std::vector<T> facts() const {
    std::vector<T> out;
    for (const auto& f : facts_) {
      if (const auto* one = std::get_if<T>(&f)) out.push_back(*one);
    }
    return out;
  }
  void expect_given_back() {
    EXPECT_EQ(phase(), Phase::idle);
    ASSERT_EQ(facts<wire::LeaseReturned>().size(), 1U);
    EXPECT_EQ(facts<wire::LeaseReturned>().front().work.epoch, 2);
  }
  Phase phase() const { return station_->state().phase; }
  domain::Quantity packed() const { return station_->totals().packed; }

  base::Instant now_{1'000, 1'700'000'000'000};
  bool restart_ = true;
  testing::MemoryBooks books_ = testing::small_shop();
  State state_;
  std::vector<wire::EventData> facts_;
  std::unique_ptr<Station> station_;
};

TEST_F(GivenAgain, APieceWhoseLineIsGoneCanBeTakenOut) {
  for (const bool restart : {true, false}) {
    restart_ = restart;
    books_ = testing::small_shop();
    facts_.clear();
    state_ = {};
    start();
    scan("A100");
    scan(kPot);
    scan(kMug);
    Effects fx;
    ASSERT_TRUE(station_->revoked(now_, {"web:A100", {"lease-1", 1}, "forced"}, books_, fx));
    keep(fx);
    give(2, 0);
    ASSERT_EQ(phase(), Phase::taking_out);
    EXPECT_EQ(scan(kPot), "taken-out");
    EXPECT_NE(scan(kPot), "taken-out");  // there was one
    EXPECT_EQ(scan(kMug), "taken-out");
    expect_given_back();
    const auto out = facts<wire::ItemUncounted>();
    ASSERT_EQ(out.size(), 2U);
    EXPECT_EQ(std::tie(out[0].line, out[0].sku, out[0].quantity),
              std::make_tuple(2, std::string("POT"), 1));
  }
}

TEST_F(GivenAgain, TheLineThatIsGoneStaysOnThePageWithItsName) {
  scan("A100");
  scan(kPot);
  give(2, 0);
  ASSERT_EQ(station_->order()->lines.size(), 2U);
  const auto& gone = station_->order()->lines.back();
  EXPECT_EQ(gone.title, "Tea pot");
  EXPECT_EQ(gone.quantity, 0);
  EXPECT_EQ(station_->totals().total, 2);
}

TEST_F(GivenAgain, AnItemThatNobodyKnowsAnyMoreIsTakenOutByItsSku) {
  scan("A100");
  scan(kPot);
  books_.items.clear();
  give(2, 0);
  EXPECT_EQ(scan("pot"), "taken-out");
  expect_given_back();
}

TEST_F(GivenAgain, LessThanIsInTheBoxTakesItAllOutAgain) {
  scan("A100");
  scan(kMugCase);
  give(1, 1);
  EXPECT_EQ(phase(), Phase::taking_out);
  EXPECT_EQ(station_->state().cancel_reason, "changed");
  scan(kMug);
  EXPECT_EQ(phase(), Phase::taking_out);
  scan(kMug);
  expect_given_back();
}

TEST_F(GivenAgain, ALabelThatWasWantedIsNotPrintedForABoxThatIsEmptied) {
  scan("A100");
  scan(kMugCase);
  scan(kPot);
  ASSERT_EQ(phase(), Phase::label);
  give(2, 0);
  EXPECT_EQ(phase(), Phase::taking_out);
  EXPECT_EQ(books_.jobs.at("lease-1#1").state, JobState::voided);
}

TEST_F(GivenAgain, ABoxThatStoodAsideMeanwhileIsEmptiedWhenItIsScanned) {
  scan("A100");
  scan(kPot);
  scan(Command::hold);
  give(2, 0);
  EXPECT_EQ(phase(), Phase::idle);
  scan("A100");
  ASSERT_EQ(phase(), Phase::taking_out);
  EXPECT_EQ(scan(kPot), "taken-out");
  expect_given_back();
}

TEST_F(GivenAgain, WithoutTheLineThatWasOpenTheLabelIsNext) {
  scan("A100");
  scan(kMugCase);
  give(2, 0);
  EXPECT_EQ(phase(), Phase::label);
  EXPECT_EQ(books_.jobs.size(), 1U);
}

TEST_F(GivenAgain, WithMoreThanIsInTheBoxPackingGoesOn) {
  give(2, 0);
  scan("A100");
  scan(kMugCase);
  ASSERT_EQ(phase(), Phase::label);
  give(2, 1);
  ASSERT_EQ(phase(), Phase::packing);
  scan(kPot);
  EXPECT_EQ(phase(), Phase::label);
  EXPECT_EQ(books_.jobs.size(), 1U);  // the label that came is its label still
}

TEST_F(GivenAgain, WhatIsNotWantedIsNotMissingAndUndoKnowsIt) {
  scan("A100");
  scan(kMug);
  scan(Command::short_piece);
  digit(2);
  ASSERT_EQ(station_->count_of(1).missing, 1);
  give(1, 1);
  EXPECT_EQ(phase(), Phase::packing);
  EXPECT_EQ(station_->count_of(1).missing, 0);
  EXPECT_EQ(facts<wire::ShortNoted>().back().quantity, -1);
  scan(Command::undo);  // the piece, not the shortage
  EXPECT_EQ(packed(), 0);
  EXPECT_EQ(station_->count_of(1).missing, 0);
}

TEST_F(GivenAgain, CountsOfEarlierVersionsHaveTheirSkuFromTheOrder) {
  auto& work = books_.works.at("web:A100");
  work.counts = counts_from_json("[[2,1,0]]").value();
  work.state = WorkState::held;
  scan("A100");
  give(2, 0);
  EXPECT_EQ(scan(kPot), "taken-out");
}

}  // namespace
}  // namespace dockline::agent::station
