#include "server/app/read_ahead.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "shared/base/limits.hpp"
#include "shared/base/prng.hpp"
#include "shared/sync/frame.hpp"

namespace dockline::server {
namespace {

struct Batch {
  std::vector<std::string> facts;
  sync::Data data;
};

Batch batch(std::size_t n) {
  base::Prng prng(5);
  Batch out;
  out.data.inc = base::uuid4(prng);
  out.data.session = {{1, 7}, 1};
  out.data.first = 4;
  out.data.prev = sync::chain_start(out.data.inc);
  for (std::size_t i = 0; i < n; ++i) {
    wire::Event event;
    event.id = base::uuid7(prng, 1'790'000'000'000);
    event.source = "/leipzig/bench-1";
    event.time_ms = 1'790'000'000'000;
    event.data = wire::ItemCounted{"api:1", {"api:1/1", 1}, 1, "MUG", 1, "4006381333931"};
    out.facts.push_back(wire::encode(event).value());
  }
  out.data.facts = {out.facts.begin(), out.facts.end()};
  return out;
}

void expect_all_of(const Batch& batch, ReadAhead& ahead) {
  ASSERT_TRUE(ahead.message().has_value());
  sync::Chain chain = batch.data.prev;
  ASSERT_EQ(ahead.links().size(), batch.facts.size());
  for (std::size_t i = 0; i < batch.facts.size(); ++i) {
    chain = sync::chain_next(chain, batch.facts[i]);
    EXPECT_EQ(ahead.links()[i], chain);
    const auto expected = wire::decode(batch.facts[i]);
    EXPECT_EQ(ahead.take(i)->id, expected->id);
    EXPECT_EQ(ahead.take(i)->id, expected->id) << "asked for again, after a failed turn";
  }
}

TEST(HubReadAhead, TellsWhatTheTurnWouldHaveFound) {
  const auto made = batch(40);
  for (const auto& payload : {sync::encode(made.data), *sync::pack(sync::encode(made.data))}) {
    ReadAhead ahead(payload);
    ahead.read();
    ahead.read();
    expect_all_of(made, ahead);
  }
}

TEST(HubReadAhead, WhatCannotBeReadIsAnError) {
  const auto whole = *sync::pack(sync::encode(batch(40).data));
  const std::string huge(base::limits::kMessageBytesMax + 1, 'x');
  for (const auto& payload : {whole.substr(0, whole.size() / 2), std::string(), huge}) {
    ReadAhead ahead(payload);
    ahead.read();
    EXPECT_FALSE(ahead.message().has_value());
    EXPECT_TRUE(ahead.links().empty());
  }
}

TEST(HubReadAhead, AFactThatIsNoneIsAnErrorOfItsOwn) {
  auto made = batch(3);
  made.data.facts[1] = "{\"no\":\"fact\"}";
  ReadAhead ahead(sync::encode(made.data));
  ahead.read();
  ASSERT_TRUE(ahead.message().has_value());
  EXPECT_TRUE(ahead.take(0).has_value());
  EXPECT_FALSE(ahead.take(1).has_value());
  EXPECT_TRUE(ahead.take(2).has_value());
}

TEST(HubReadAhead, TwoThreadsAtOnceReadItOnce) {
  const auto made = batch(200);
  for (int round = 0; round < 50; ++round) {
    ReadAhead ahead(sync::encode(made.data));
    std::jthread other([&] { ahead.read(); });
    ahead.read();
    expect_all_of(made, ahead);
  }
}

}  // namespace
}  // namespace dockline::server
