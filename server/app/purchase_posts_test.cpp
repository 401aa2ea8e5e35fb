// From an ordered purchase to its supplier's address: facts, cases, and what a person can do.
#include <gtest/gtest.h>

#include "server/audit/audit.hpp"
#include "server/publish/supplier_post.hpp"
#include "server/store/reader_buying.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using testing::World;

struct PurchasePostsTest : ::testing::Test {
  void SetUp() override {
    world.config.stock.ask_counts = false;
    world.config.supplier_keys = {{"POTTERS", "0123456789abcdef"}};
    world.start();
  }
  void TearDown() override {
    EXPECT_TRUE(world.verify().equal);
    const auto report = audit::check_files(world.config.db_path, {}, "").value();
    for (const auto& finding : report.findings) {
      ADD_FAILURE() << finding.check << " " << finding.place << ": " << finding.what;
    }
  }
  Reply done(Command command) {
    auto reply = world.ask(std::move(command));
    world.settle();
    EXPECT_FALSE(reply.error.has_value()) << reply.error->detail;
    return reply;
  }
  // A purchase at POTTERS is proposed and ordered.
  std::string ordered(const std::string& url = "https://potters.example/in") {
    done(StockCommand(SetSupplier{"POTTERS", "The Potters", "", url, 7, 7, "ada"}));
    (void)world.bench("leipzig", "bench-1");
    world.stock("MUG", "leipzig", 60);
    done(StockCommand(DefineSupply{"MUG", "POTTERS", 1, "PM-1", 12, 24, 450, "EUR", 3, "ada"}));
    auto& bench = world.bench("leipzig", "bench-1");
    (void)world.order("1", {{"MUG", 56}});
    world.pack(bench, bench.leases.back());
    done(StockCommand(LookAtShelves{"ada"}));
    world.pass(1'000);
    const auto id = store::purchases(*world.reader, {}).value().items.front().purchase;
    done(StockCommand(DecidePurchase{id, "sent", {}, "", "ada"}));
    return id;
  }
  void answer(int status) {
    ASSERT_FALSE(world.requests.empty());
    const auto request = world.requests.back().request;
    world.put(ChannelResult{request, base::HttpResponse{status, {}, ""}});
    world.settle();
  }
  store::SendingRow sending(const std::string& id) {
    return store::purchase(*world.reader, id).value()->sending;
  }
  // The one open case about purchases, or nothing.
  std::optional<store::ExceptionRow> open_case() {
    const auto page = world.reader->exceptions("open", "", 200).value();
    for (const auto& row : page.items) {
      if (row.kind == "purchase_unsent") return row;
    }
    return std::nullopt;
  }
  void wait(std::int64_t ms) {
    world.now.mono_ms += ms;
    world.now.wall_ms += ms;
    world.settle();
  }
  // The address answers like this until a person hears of it, half an hour later.
  void refuse_for_long(int status) {
    answer(500);
    for (int i = 0; i < 60 && !open_case(); ++i) {
      wait(120'000);
      answer(status);
    }
  }
  World world;
};

TEST_F(PurchasePostsTest, IsSentWhenItIsOrderedAndTheBooksSayThatItWasTaken) {
  const auto id = ordered();
  ASSERT_EQ(world.requests.size(), 1U);
  EXPECT_NE(world.requests[0].http.body.find(R"("number":")" + id), std::string::npos);
  EXPECT_NE(world.requests[0].http.body.find(R"("supplier_sku":"PM-1")"), std::string::npos);
  EXPECT_EQ(sending(id).state, "waiting");
  answer(200);
  EXPECT_EQ(sending(id).state, "taken");
  EXPECT_EQ(sending(id).why, "https://potters.example/in, 1 attempt");
  EXPECT_FALSE(open_case().has_value());
  world.pass(60'000);
  EXPECT_EQ(world.requests.size(), 1U);
  EXPECT_TRUE(store::delivery(*world.reader, id).value().has_value());
}

TEST_F(PurchasePostsTest, ARefusalIsACaseAndAPersonMaySendItAgain) {
  const auto id = ordered();
  answer(422);
  EXPECT_EQ(sending(id).state, "refused");
  const auto one = open_case();
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->subject, id);
  EXPECT_EQ(one->actions.front(), "send_again");
  done(ResolveException{one->id, "send_again", "ada"});
  EXPECT_FALSE(open_case().has_value());
  ASSERT_EQ(world.requests.size(), 2U);
  EXPECT_EQ(world.requests[1].http.body, world.requests[0].http.body);
  EXPECT_EQ(sending(id).state, "waiting");
  answer(200);
  EXPECT_EQ(sending(id).state, "taken");
}

TEST_F(PurchasePostsTest, WhatAPersonToldOtherwiseIsSentNoMore) {
  const auto id = ordered();
  refuse_for_long(503);
  const auto one = open_case();
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(sending(id).state, "waiting");
  done(ResolveException{one->id, "sent_otherwise", "ada"});
  EXPECT_FALSE(open_case().has_value());
  EXPECT_EQ(sending(id).state, "otherwise");
  EXPECT_EQ(sending(id).by, "ada");
  const auto before = world.requests.size();
  wait(3'600'000);
  EXPECT_EQ(world.requests.size(), before);
}

TEST_F(PurchasePostsTest, OneTakenAfterALongWaitNeedsNobodyAnyMore) {
  const auto id = ordered();
  refuse_for_long(500);
  ASSERT_TRUE(open_case().has_value());
  wait(600'000);
  answer(201);
  EXPECT_FALSE(open_case().has_value());
  EXPECT_EQ(sending(id).state, "taken");
}

TEST_F(PurchasePostsTest, WithoutASigningKeyNothingLeavesAndTheCaseStaysUntilThereIsOne) {
  world.config.supplier_keys.clear();
  world.start();
  const auto id = ordered();
  EXPECT_TRUE(world.requests.empty());
  const auto one = open_case();
  ASSERT_TRUE(one.has_value());
  EXPECT_NE(one->context.find("[[supplier]]"), std::string::npos) << one->context;
  const auto again = world.ask(ResolveException{one->id, "send_again", "ada"});
  ASSERT_TRUE(again.error.has_value());
  EXPECT_EQ(again.error->fault, base::Fault::conflict);
  ASSERT_TRUE(open_case().has_value());
  world.config.supplier_keys = {{"POTTERS", "0123456789abcdef"}};
  world.start();
  done(ResolveException{one->id, "send_again", "ada"});
  ASSERT_EQ(world.requests.size(), 1U);
  answer(200);
  EXPECT_EQ(sending(id).state, "taken");
}

TEST_F(PurchasePostsTest, AServerThatDiedMeanwhileSendsItAgainUnderTheSameKey) {
  const auto id = ordered();
  world.start();
  world.pass(5'000);
  ASSERT_EQ(world.requests.size(), 2U);
  EXPECT_EQ(world.requests[0].http.body, world.requests[1].http.body);
  const auto key = [](const ChannelRequest& request) {
    return channels::header(request.http.headers, "idempotency-key");
  };
  EXPECT_EQ(key(world.requests[0]), id);
  EXPECT_EQ(key(world.requests[1]), id);
  answer(409);
  EXPECT_EQ(sending(id).state, "taken");
}

TEST_F(PurchasePostsTest, ASupplierWithoutAnAddressIsToldByAPerson) {
  const auto id = ordered("");
  EXPECT_TRUE(world.requests.empty());
  EXPECT_EQ(sending(id).state, "");
  EXPECT_FALSE(open_case().has_value());
}

TEST_F(PurchasePostsTest, AnAddressThatWouldBeReadOnTheWayIsRefused) {
  const auto reply = world.ask(
      StockCommand(SetSupplier{"POTTERS", "P", "", "http://potters.example/in", 7, 7, "ada"}));
  ASSERT_TRUE(reply.error.has_value());
  EXPECT_NE(reply.error->detail.find("webhook"), std::string::npos);
}

}  // namespace
}  // namespace dockline::server
