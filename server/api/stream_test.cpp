#include "server/api/stream.hpp"

#include <gtest/gtest.h>

#include "server/api/epcis.hpp"
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

TEST(ApiEpcis, GtinsOfAllLengthsAreFourteenDigits) {
  EXPECT_EQ(gtin14("4006381333931"), "04006381333931");
  EXPECT_EQ(gtin14("96385074"), "00000096385074");
  EXPECT_EQ(gtin14("036000291452"), "00036000291452");
  for (const char* none : {"", "4006381333932", "123", "ABCDEFGH", "400638133393"}) {
    EXPECT_EQ(gtin14(none), "") << none;
  }
}

TEST(ApiEpcis, AFactOfAnotherKindOrOfNothingIsNoEvent) {
  store::PhysicalPage page;
  page.facts.resize(2);
  page.facts[0].event.data = wire::StockMoved{"CUP", 1, "supplier", "adjustment", "x"};
  page.facts[1].event.data = wire::PackClosed{"o", {"l", 1}, {{1, "CUP", 0, 2}}, {}};
  page.facts[1].event.source = "/leipzig/bench-4";
  EXPECT_NE(epcis_json(page).find(R"("eventList":[])"), std::string::npos);
}

}  // namespace
}  // namespace dockline::server::api
