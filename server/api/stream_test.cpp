#include "server/api/stream.hpp"

#include <gtest/gtest.h>

#include "server/api/query.hpp"

namespace dockline::server::api {
namespace {

TEST(ApiStream, LastEventIdGoesBeforeAfter) {
  EXPECT_FALSE(stream_ask("", "")->after.has_value());
  EXPECT_EQ(stream_ask("after=7", "")->after, 7);
  EXPECT_EQ(stream_ask("after=" + cursor("7"), "")->after, 7);
  EXPECT_EQ(stream_ask("after=7&types=a,b", "9")->after, 9);
  EXPECT_EQ(stream_ask("after=7", "x").error().place, "Last-Event-ID");
  EXPECT_EQ(stream_ask("after=-1", "").error().place, "query.after");
}

TEST(ApiStream, WantsTheTypesNamedOrAll) {
  const auto some = stream_ask("types=a,,b", "");
  EXPECT_TRUE(some->wants("a") && some->wants("b") && !some->wants("c") && !some->wants(""));
  EXPECT_TRUE(stream_ask("types=", "")->wants("c"));
}

TEST(ApiStream, AnEventIsOneBlockWhateverItsBytesAre) {
  store::EventRow row{.position = 4, .type = "t"};
  row.body = "{\"a\":1}";
  EXPECT_EQ(stream_event(row), "id: 4\nevent: t\ndata: {\"a\":1}\n\n");
  row.body = "{\n\r\n\"a\":1}\n";
  EXPECT_EQ(stream_event(row), "id: 4\nevent: t\ndata: {\ndata: \"a\":1}\n\n");
}

TEST(ApiCursor, GoesThereAndBackAndIsRefusedWhenDamaged) {
  for (const std::string key : {"1", "SKU Ö/ä", "\x01", "c_1"}) {
    const std::string text = cursor(key);
    EXPECT_EQ(cursor_key(text), key);
    EXPECT_EQ(text.find_first_of("+/="), std::string::npos);
    EXPECT_FALSE(cursor_key(text + "!").has_value());
  }
  EXPECT_EQ(cursor_key("42"), "42");
  for (const char* bad : {"c_", "c_=", "c_QR", "c_QQ=="}) EXPECT_FALSE(cursor_key(bad)) << bad;
}

}  // namespace
}  // namespace dockline::server::api
