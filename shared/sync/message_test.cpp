#include "shared/sync/message.hpp"

#include <gtest/gtest.h>

#include "shared/base/limits.hpp"

namespace dockline::sync {
namespace {

constexpr std::string_view kInc = "5c000000-0000-4000-8000-000000000001";

Session session() { return {{7, 0x9f3a6c0d11e2b4a8ULL}, 3}; }

TEST(Stream, NamesAHistoryByItsChain) {
  const Chain start = chain_start(kInc);
  const Chain one = chain_next(start, "{}");
  EXPECT_NE(start, one);
  EXPECT_NE(one, chain_next(start, "{ }"));
  EXPECT_EQ(to_hex(one).size(), 32U);
  EXPECT_EQ(chain_from_hex(to_hex(one)), one);
  EXPECT_FALSE(chain_from_hex(to_hex(one) + "0"));
  EXPECT_FALSE(chain_from_hex("5C000000000040008000000000000001"));
}

// Computed with coreutils: printf 'dockline-1<inc>' | sha256sum, then over those 16 bytes and "{}".
TEST(Stream, ComputesTheChainAsThePageSays) {
  EXPECT_EQ(to_hex(chain_start(kInc)), "62dc85b18d9e23300fa3a188cd73655d");
  EXPECT_EQ(to_hex(chain_next(chain_start(kInc), "{}")), "3fce421cba7514479ded14194316d733");
}

TEST(Stream, WritesAndReadsASession) {
  EXPECT_EQ(to_text(session()), "7.9f3a6c0d11e2b4a8.3");
  EXPECT_EQ(session_from_text("7.9f3a6c0d11e2b4a8.3"), session());
  for (const auto* bad :
       {"", "7", "7.9f3a6c0d11e2b4a8", "7.9F3A6C0D11E2B4A8.3", "7.9f.3", "07.9f3a6c0d11e2b4a8.3",
        "-7.9f3a6c0d11e2b4a8.3", "12345678901.9f3a6c0d11e2b4a8.3", "7.9f3a6c0d11e2b4a8.x"}) {
    EXPECT_FALSE(session_from_text(bad)) << bad;
  }
}

TEST(Stream, ReadsItsTopicsAndNoOthers) {
  for (const Leaf leaf : {Leaf::up, Leaf::up_ack, Leaf::down, Leaf::down_ack, Leaf::state}) {
    const auto parsed = parse_topic(topic("leipzig", "bench-4", leaf));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->site, "leipzig");
    EXPECT_EQ(parsed->station, "bench-4");
    EXPECT_EQ(parsed->leaf, leaf);
  }
  for (const auto* bad :
       {"", "dockline/v1/", "dockline/v1/server/state", "dockline/v1/a/up", "dockline/v1/a/b/c/up",
        "dockline/v1/A/b/up", "dockline/v1/a//up", "dockline/v1/a/b/sideways", "dockline/v2/a/b/up",
        "dockline/v1/server/b/up"}) {
    EXPECT_FALSE(parse_topic(bad)) << bad;
  }
}

TEST(Message, CarriesAnOpenWhole) {
  const Open sent{.inc = std::string(kInc),
                  .session = session(),
                  .base = {40, chain_start("x")},
                  .last = 57,
                  .gone = {{"5c000000-0000-4000-8000-000000000002", 9}},
                  .versions = {1, 2},
                  .why = "fork:older",
                  .t1 = 1'700'000'000'000};
  const auto message = parse(encode(sent));
  ASSERT_TRUE(message) << message.error().detail;
  const auto& open = std::get<Open>(*message);
  EXPECT_EQ(open.inc, sent.inc);
  EXPECT_EQ(open.session, sent.session);
  EXPECT_EQ(open.base, sent.base);
  EXPECT_EQ(open.last, sent.last);
  EXPECT_EQ(open.gone, sent.gone);
  EXPECT_EQ(open.versions, sent.versions);
  EXPECT_EQ(open.why, sent.why);
  EXPECT_EQ(open.t1, sent.t1);
}

TEST(Message, CarriesFactsByteForByte) {
  const std::string odd("{\"n\":1.50,\"s\":\"\\u00e9\"}\0\xff\r", 26);
  const Data sent{.inc = std::string(kInc),
                  .session = session(),
                  .first = 53,
                  .prev = chain_start("x"),
                  .facts = {odd, "not json", ""}};
  const std::string payload = encode(sent);
  const auto message = parse(payload);
  ASSERT_TRUE(message) << message.error().detail;
  const auto& data = std::get<Data>(*message);
  EXPECT_EQ(data.first, 53U);
  EXPECT_EQ(data.prev, sent.prev);
  EXPECT_EQ(data.facts, sent.facts);
}

TEST(Message, CarriesJumpAndAckWhole) {
  const auto jump = parse(encode(Jump{std::string(kInc), session(), {5, chain_start("x")}}));
  ASSERT_TRUE(jump);
  EXPECT_EQ(std::get<Jump>(*jump).to, (Cursor{5, chain_start("x")}));

  const Ack sent{.inc = std::string(kInc),
                 .session = session(),
                 .cursor = {52, chain_start("y")},
                 .safe = 40,
                 .window = 512,
                 .bytes = 524288,
                 .code = AckCode::busy,
                 .peer = {3, 0xffffffffffffffffULL},
                 .t1 = 1,
                 .t2 = 2,
                 .t3 = 3};
  const auto message = parse(encode(sent));
  ASSERT_TRUE(message) << message.error().detail;
  const auto& ack = std::get<Ack>(*message);
  EXPECT_EQ(ack.cursor, sent.cursor);
  EXPECT_EQ(ack.safe, 40U);
  EXPECT_EQ(ack.window, 512U);
  EXPECT_EQ(ack.bytes, 524288U);
  EXPECT_EQ(ack.code, AckCode::busy);
  EXPECT_EQ(ack.peer, sent.peer);
  EXPECT_EQ(ack.t1 + ack.t2 + ack.t3, 6);
}

TEST(Message, CarriesStatesOfStationAndServer) {
  State sent{.up = true,
             .inc = std::string(kInc),
             .process = {9, 0x0123456789abcdefULL},
             .program = "dockline-agent \"0.1\"",
             .last = 9,
             .acked = 8,
             .down_through = 7,
             .oldest_ms = 1500,
             .t1 = 4,
             .dloffms = -20,
             .dlerrms = 3};
  auto message = parse(encode(sent));
  ASSERT_TRUE(message) << message.error().detail;
  const auto& state = std::get<State>(*message);
  EXPECT_TRUE(state.up);
  EXPECT_EQ(state.process, sent.process);
  EXPECT_EQ(state.program, sent.program);
  EXPECT_EQ(state.oldest_ms, 1500);
  EXPECT_EQ(state.dloffms, -20);
  EXPECT_EQ(state.down_through, 7U);

  message = parse(encode(State{.up = false, .process = {1, 2}}));
  ASSERT_TRUE(message) << message.error().detail;
  EXPECT_FALSE(std::get<State>(*message).up);
  EXPECT_TRUE(std::get<State>(*message).inc.empty());
  EXPECT_FALSE(std::get<State>(*message).oldest_ms);
}

TEST(Message, KeepsKindsItDoesNotKnowAlater) {
  const auto message = parse("{\"v\":1,\"k\":\"later\",\"snap\":\"x\"}\nAAAA\n");
  ASSERT_TRUE(message);
  EXPECT_EQ(std::get<UnknownKind>(*message).kind, "later");
}

TEST(Message, ReadsOnlyTheLastingFieldsOfAnotherVersion) {
  const auto message = parse(
      "{\"v\":2,\"k\":\"open\",\"inc\":\"5c000000-0000-4000-8000-000000000001\","
      "\"ses\":\"7.9f3a6c0d11e2b4a8.3\",\"base\":\"new\"}\n");
  ASSERT_TRUE(message) << message.error().detail;
  EXPECT_EQ(std::get<OtherVersion>(*message).session, session());
}

TEST(Message, IgnoresHeaderFieldsItDoesNotKnow) {
  std::string payload = encode(Jump{std::string(kInc), session(), {5, chain_start("x")}});
  payload.insert(1, "\"later\":[{\"a\":1}],");
  EXPECT_TRUE(parse(payload));
}

std::string with(std::string payload, std::string_view from, std::string_view to) {
  const std::size_t at = payload.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return payload.replace(at, from.size(), to);
}

TEST(Message, RefusesWhatIsOutOfBounds) {
  const std::string data = encode(Data{std::string(kInc), session(), 1, {}, {"{}", "{}"}});
  const std::string ack =
      encode(Ack{.inc = std::string(kInc), .session = session(), .peer = {1, 1}});
  ASSERT_TRUE(parse(data));
  ASSERT_TRUE(parse(ack));
  const std::vector<std::string> wrong = {
      "",
      "\n",
      "[]\n",
      "{}\n",
      "no line feed",
      "{\"v\":1,\"k\":\"open\"}\n",
      std::string("\x28\xb5\x2f\xfd") + data,
      data.substr(0, data.size() - 1),
      data + "{}\n",
      with(data, "\"count\":2", "\"count\":1"),
      with(data, "\"count\":2", "\"count\":3"),
      with(data, "\"count\":2", "\"count\":0"),
      with(data, "\"count\":2", "\"count\":257"),
      with(data, "\"count\":2", "\"count\":2.0"),
      with(data, "\"first\":1", "\"first\":0"),
      with(data, "\"first\":1", "\"first\":-1"),
      with(data, "\"first\":1", "\"first\":9007199254740992"),
      with(data, "\"first\":1", "\"first\":18446744073709551616"),
      with(data, "5c000000", "5C000000"),
      with(data, "7.9f3a6c0d11e2b4a8.3", "7.9f3a6c0d11e2b4a8"),
      with(data, "\"v\":1", "\"v\":0"),
      with(data, "\"v\":1", "\"v\":256"),
      with(data, "\"v\":1", "\"v\":[[[[[1]]]]]"),
      with(ack, "\"window\":0", "\"window\":1025"),
      with(ack, "\"bytes\":0", "\"bytes\":1048577"),
      with(ack, "\"safe\":0", "\"safe\":1"),
      with(ack, "\"t2\":0", "\"t2\":9223372036854775807"),
      with(ack, "\"t3\":0", "\"t3\":-1"),
      with(ack, "\"code\":\"ok\"", "\"code\":\"fine\""),
      with(ack, "\"peer\":\"1.", "\"peer\":\"x."),
      ack + "more\n",
      "{\"v\":1,\"k\":\"" + std::string(5000, 'x') + "\"}\n",
      data + std::string(base::limits::kMessageUnpackedBytesMax, 'x'),
      with(data, "\n{}\n", "\n" + std::string(base::limits::kFactBytesMax + 1, 'x') + "\n"),
  };
  for (const std::string& payload : wrong) {
    const auto message = parse(payload);
    EXPECT_FALSE(message) << payload.substr(0, 200);
    if (!message) {
      EXPECT_EQ(message.error().fault, base::Fault::reject);
    }
  }
}

TEST(Message, RefusesATooLongGoneList) {
  Open open{.inc = std::string(kInc), .session = session()};
  open.gone.assign(base::limits::kGoneMax + 1, {std::string(kInc), 1});
  EXPECT_FALSE(parse(encode(open)));
  open.gone.pop_back();
  EXPECT_TRUE(parse(encode(open)));
}

TEST(Message, CarriesAPieceOfASnapshot) {
  const Part part{.inc = std::string(kInc),
                  .session = {{3, 4}, 5},
                  .at = {17, chain_start(kInc)},
                  .snap = "d0000000-0000-4000-8000-000000000000",
                  .part = 2,
                  .parts = 2,
                  .sum = base::sha256("x"),
                  .piece = std::string("{\"any\":\"bytes\"}\n\0\xff", 19)};
  const auto read = std::get<Part>(*parse(encode(part)));
  EXPECT_EQ(read.at, part.at);
  EXPECT_EQ(read.snap, part.snap);
  EXPECT_EQ(read.part, 2U);
  EXPECT_EQ(read.parts, 2U);
  EXPECT_EQ(read.sum, part.sum);
  EXPECT_EQ(read.piece, part.piece);
}

TEST(Message, RefusesAPieceThatIsNone) {
  const Part part{.inc = std::string(kInc),
                  .session = {{3, 4}, 5},
                  .snap = "d0000000-0000-4000-8000-000000000000",
                  .part = 1,
                  .piece = "abc"};
  const std::string good = encode(part);
  EXPECT_TRUE(parse(good));
  EXPECT_FALSE(parse(good + "AAAA\n"));
  EXPECT_FALSE(parse(good.substr(0, good.size() - 1)));
  Part wrong = part;
  wrong.piece.clear();
  EXPECT_FALSE(parse(encode(wrong)));
  wrong.piece.assign(base::limits::kPieceBytesMax + 1, 'x');
  EXPECT_FALSE(parse(encode(wrong)));
  wrong = part;
  wrong.parts = 2;  // only the last piece says how many there are
  EXPECT_FALSE(parse(encode(wrong)));
  wrong = part;
  wrong.part = 0;
  EXPECT_FALSE(parse(encode(wrong)));
}

}  // namespace
}  // namespace dockline::sync
