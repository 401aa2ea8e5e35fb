// Messages of wire version 1 as they were first sent: read for ever, whatever this code writes now.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "shared/sync/frame.hpp"
#include "shared/sync/message.hpp"
#include "shared/sync/receiver.hpp"
#include "shared/sync/testing/memory_stores.hpp"

namespace dockline::sync {
namespace {

constexpr std::string_view kInc = "5c000000-0000-4000-8000-000000000001";

std::string golden(const std::string& name) {
  const char* source = std::getenv("DOCKLINE_SOURCE");
  if (source == nullptr) return {};
  std::ifstream in(std::filesystem::path(source) / "shared/sync/golden/v1" / name,
                   std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Golden : public ::testing::Test {
 protected:
  // Views of a packed message live until the next one is unpacked.
  Message message(const std::string& name) {
    bytes_ = golden(name);
    auto read = sync::read(bytes_);
    EXPECT_TRUE(read) << name << ": " << (read ? "" : read.error().detail);
    return read ? std::move(*read) : Message(UnknownKind{"unreadable"});
  }
  static Session session() { return {{7, 0x9f3a6c0d11e2b4a8ULL}, 3}; }

 private:
  std::string bytes_;
};

TEST_F(Golden, OpenOfVersion1) {
  const auto m = std::get<Open>(message("open"));
  EXPECT_EQ(m.inc, kInc);
  EXPECT_EQ(m.session, session());
  EXPECT_EQ(m.base, (Cursor{40, *chain_from_hex("00112233445566778899aabbccddeeff")}));
  EXPECT_EQ(m.last, 57U);
  ASSERT_EQ(m.gone.size(), 1U);
  EXPECT_EQ(m.gone[0], (Gone{"d0000000-0000-4000-8000-00000000000d", 12}));
  EXPECT_EQ(m.versions, std::vector<int>{1});
  EXPECT_EQ(m.why, "fork:older");
  EXPECT_EQ(m.t1, 1'700'000'000'000);
}

TEST_F(Golden, DataOfVersion1PlainAndPacked) {
  for (const char* name : {"data", "data.zst"}) {
    const auto m = std::get<Data>(message(name));
    EXPECT_EQ(m.inc, kInc);
    EXPECT_EQ(m.first, 53U);
    EXPECT_EQ(m.prev, *chain_from_hex("00112233445566778899aabbccddeeff"));
    ASSERT_EQ(m.facts.size(), 2U) << name;
    EXPECT_EQ(m.facts[0], R"({"specversion":"1.0","id":"a","n":1})");
    EXPECT_EQ(m.facts[1], R"({"specversion":"1.0","id":"b","n":1.50})");
    EXPECT_EQ(to_hex(chain_next(chain_next(m.prev, m.facts[0]), m.facts[1])),
              "6992adfd3d55c0d8d60bd9509b0a7fbd");
  }
}

TEST_F(Golden, AckOfVersion1) {
  const auto m = std::get<Ack>(message("ack"));
  EXPECT_EQ(m.session, session());
  EXPECT_EQ(m.cursor.through, 52U);
  EXPECT_EQ(m.safe, 40U);
  EXPECT_EQ(m.window, 512U);
  EXPECT_EQ(m.bytes, 524'288U);
  EXPECT_EQ(m.code, AckCode::ok);
  EXPECT_EQ(m.snap, "d0000000-0000-4000-8000-00000000000d");
  EXPECT_EQ(m.part, 4U);
  EXPECT_EQ(m.peer, (Process{9, 0xabULL}));
  EXPECT_EQ(m.t3, 1'700'000'000'020);
}

TEST_F(Golden, JumpPartAndStateOfVersion1) {
  EXPECT_EQ(std::get<Jump>(message("jump")).to.through, 40U);
  const auto part = std::get<Part>(message("part"));
  EXPECT_EQ(part.at.through, 61U);
  EXPECT_EQ(part.part, 2U);
  EXPECT_EQ(part.parts, 2U);
  EXPECT_EQ(part.piece, "{\"specversion\":\"1.0\"}\n");
  const auto state = std::get<State>(message("state"));
  EXPECT_TRUE(state.up);
  EXPECT_EQ(state.process, (Process{7, 0x9f3a6c0d11e2b4a8ULL}));
  EXPECT_EQ(state.last, 57U);
  EXPECT_EQ(state.oldest_ms, 1'200);
  EXPECT_EQ(state.dloffms, -35);
}

// Servers are upgraded first: version 2 that speaks 1 as well is held to 1 by both ends.
TEST_F(Golden, TheNextVersionThatStillSpeaksThisOneIsUnderstood) {
  const auto open = std::get<Open>(message("v2-open-that-speaks-1"));
  EXPECT_EQ(open.session, session());
  EXPECT_EQ(open.versions, (std::vector<int>{2, 1}));
  EXPECT_EQ(std::get<State>(message("v2-state-that-speaks-1")).last, 57U);
  testing::MemoryReceiverStore store;
  auto receiver = *Receiver::open(store, {.direction = Direction::up, .process = {1, 1}});
  ReceiverOut out;
  struct None final : FactSink {
    base::Result<Applied> apply(base::Instant, const FactView&) override {
      return Applied::applied;
    }
  } sink;
  const base::Instant now{1, 1};
  ASSERT_TRUE(receiver.on_message(now, golden("v2-open-that-speaks-1"), sink, out));
  ASSERT_TRUE(receiver.flush(now, out));
  EXPECT_EQ(std::get<Ack>(*read(out.payloads.at(0))).code, AckCode::ok);
  out.payloads.clear();
  ASSERT_TRUE(receiver.on_message(now, golden("v2-open"), sink, out));
  ASSERT_TRUE(receiver.flush(now, out));
  EXPECT_EQ(std::get<Ack>(*read(out.payloads.at(0))).code, AckCode::version);
}

// What a program of the next version sends that this one must live with.
TEST_F(Golden, TheNextVersionIsRefusedByNameAndItsKindsAreNoDamage) {
  const auto open = std::get<OtherVersion>(message("v2-open"));
  EXPECT_EQ(open.v, 2);
  EXPECT_EQ(open.inc, kInc);
  EXPECT_EQ(open.session, session());
  EXPECT_EQ(std::get<UnknownKind>(message("v1-later-kind")).kind, "digest");
  EXPECT_EQ(std::get<Ack>(message("v1-ack-with-later-fields")).cursor.through, 52U);
}

}  // namespace
}  // namespace dockline::sync
