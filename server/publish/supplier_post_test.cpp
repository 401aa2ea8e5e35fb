#include "server/publish/supplier_post.hpp"

#include <gtest/gtest.h>

#include "shared/base/limits.hpp"

namespace dockline::server::publish {
namespace {

class SupplierPostTest : public testing::Test {
 protected:
  using End = SupplierPost::End;

  void order(const std::string& purchase, const std::string& supplier = "potters") {
    ASSERT_TRUE(post->put(now,
                          {.purchase = purchase,
                           .supplier = supplier,
                           .url = "https://" + supplier + ".example/in",
                           .body = "{\"" + purchase + "\":1}"},
                          changes));
    keep();
  }
  // What the store would hold.
  void keep() {
    for (auto& change : changes) {
      if (change.removed) {
        stored.erase(change.row.purchase);
      } else {
        stored[change.row.purchase] = change.row;
      }
    }
    changes.clear();
  }
  std::vector<ChannelRequest> start() {
    auto out = post->start(now, changes);
    keep();
    return out;
  }
  std::optional<SupplierPost::Ended> answer(const ChannelRequest& request, int status) {
    auto ended =
        post->on_result(now, {request.request, base::HttpResponse{status, {}, ""}}, changes);
    keep();
    return ended;
  }
  std::optional<SupplierPost::Ended> no_answer(const ChannelRequest& request) {
    auto ended = post->on_result(
        now, {request.request, base::fail(base::Fault::retry_later, "refused")}, changes);
    keep();
    return ended;
  }
  // Time goes by until a request may go.
  ChannelRequest next() {
    const auto due = post->next_due_ms(now);
    EXPECT_TRUE(due.has_value());
    pass(due.value_or(now.mono_ms) - now.mono_ms);
    auto out = start();
    EXPECT_EQ(out.size(), 1U);
    return out.front();
  }
  void pass(std::int64_t ms) {
    now.mono_ms += ms;
    now.wall_ms += ms;
  }
  void kill() {
    post = std::make_unique<SupplierPost>(++seed, kKeys);
    std::vector<PostRow> rows;
    for (const auto& [id, row] : stored) rows.push_back(row);
    post->load(now, std::move(rows), changes);
    keep();
  }

  const std::map<std::string, std::string> kKeys{{"potters", "0123456789abcdef"},
                                                 {"glass", "fedcba9876543210"}};
  std::uint64_t seed = 1;
  std::unique_ptr<SupplierPost> post = std::make_unique<SupplierPost>(seed, kKeys);
  std::map<std::string, PostRow> stored;
  std::vector<PostChange> changes;
  base::Instant now{.mono_ms = 1'000'000, .wall_ms = 1'795'000'000'000};
};

std::string key_of(const ChannelRequest& request) {
  for (const auto& [name, value] : request.http.headers) {
    if (name == "idempotency-key") return value;
  }
  return "";
}

TEST_F(SupplierPostTest, AnOrderThatWasTakenIsDone) {
  order("P1");
  const auto requests = start();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].http.url, "https://potters.example/in");
  EXPECT_TRUE(stored.at("P1").sent);
  const auto ended = answer(requests[0], 202);
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->end, End::taken);
  EXPECT_TRUE(stored.empty());
  EXPECT_FALSE(post->next_due_ms(now).has_value());
  EXPECT_FALSE(answer(requests[0], 202).has_value());  // an answer once is enough
}

TEST_F(SupplierPostTest, GoesAgainWithTheSameBytesUnderTheSameKeyAndWaitsLongerEachTime) {
  order("P1");
  auto request = next();
  const auto body = request.http.body;
  std::int64_t before = 0;
  for (int i = 0; i < 8; ++i) {
    EXPECT_FALSE(answer(request, 500).has_value());
    const auto wait = stored.at("P1").next_ms - now.wall_ms;
    EXPECT_GE(wait * 2, before) << "half of the jitter at most";
    before = wait;
    request = next();
    EXPECT_EQ(request.http.body, body);
    EXPECT_EQ(key_of(request), "P1");
  }
  EXPECT_EQ(answer(request, 200)->row.attempts, 9);
}

TEST_F(SupplierPostTest, WhatWasUnderWayInTheLifeBeforeGoesAgainUnderTheSameKey) {
  order("P1");
  const auto first = next();
  kill();
  EXPECT_TRUE(start().empty()) << "it may still take effect";
  const auto again = next();
  EXPECT_EQ(key_of(again), key_of(first));
  EXPECT_EQ(again.http.body, first.http.body);
  EXPECT_FALSE(answer(first, 200).has_value()) << "an answer to the life before";
  EXPECT_EQ(answer(again, 409)->end, End::taken);
}

TEST_F(SupplierPostTest, ARefusalEndsItAtOnce) {
  order("P1");
  const auto ended = answer(next(), 422);
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->end, End::refused);
  EXPECT_TRUE(stored.empty());
}

TEST_F(SupplierPostTest, APersonHearsOnceOfALongWaitAndInTheEndItIsGivenUp) {
  order("P1");
  int late = 0;
  std::optional<SupplierPost::Ended> ended;
  for (int i = 0; i < 2 * kPurchaseAttemptsMax && stored.contains("P1"); ++i) {
    ended = no_answer(next());
    if (ended && ended->end == End::late) {
      ++late;
      EXPECT_GE(now.wall_ms - stored.at("P1").created_ms, kPurchaseLateMs);
    }
  }
  EXPECT_EQ(late, 1);
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->end, End::refused);
  EXPECT_LE(ended->row.attempts, kPurchaseAttemptsMax);
  EXPECT_NE(ended->why.find("given up"), std::string::npos);
}

TEST_F(SupplierPostTest, OneThatFailsHoldsUpNeitherTheNextNorAnotherSupplier) {
  order("P1");
  order("P2");
  order("P3", "glass");
  auto requests = start();
  ASSERT_EQ(requests.size(), 2U) << "one to each supplier at a time";
  EXPECT_FALSE(answer(requests[0], 500).has_value());
  EXPECT_EQ(answer(requests[1], 200)->row.purchase, "P3");
  requests = start();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(answer(requests[0], 200)->row.purchase, "P2");
}

TEST_F(SupplierPostTest, WhatAPersonToldIsNotSentAndItsAnswerChangesNothing) {
  order("P1");
  const auto request = next();
  post->drop("P1", changes);
  keep();
  EXPECT_TRUE(stored.empty());
  EXPECT_FALSE(answer(request, 422).has_value());
  EXPECT_TRUE(start().empty());
}

TEST_F(SupplierPostTest, WithoutItsKeyAnOrderWaitsUntilItIsConfiguredAgain) {
  order("P1", "nobody");
  EXPECT_TRUE(start().empty());
  EXPECT_FALSE(post->next_due_ms(now).has_value());
  EXPECT_TRUE(stored.contains("P1"));
}

TEST_F(SupplierPostTest, ASupplierThatAsksForPatienceGetsIt) {
  order("P1");
  const auto request = next();
  const ChannelResult result{request.request,
                             base::HttpResponse{429, {{"retry-after", "120"}}, ""}};
  EXPECT_FALSE(post->on_result(now, result, changes).has_value());
  EXPECT_GE(*post->next_due_ms(now), now.mono_ms + 120'000);
}

}  // namespace
}  // namespace dockline::server::publish
