#include <gtest/gtest.h>

#include "server/api/channels.hpp"
#include "server/api/log.hpp"
#include "server/api/stations.hpp"

namespace dockline::server::api {
namespace {

TEST(ApiJson, ShowsTimesThatNeverWereAsNull) {
  const auto json = stations_json({{.site = "leipzig", .station = "bench-4", .status = "never"}});
  EXPECT_NE(json.find(R"("heard_ms":null,"silent":true)"), std::string::npos) << json;
}

TEST(ApiJson, PassesStoredDataOn) {
  store::Page<store::EventRow> page;
  page.items.push_back({.position = 4,
                        .id = "e",
                        .type = "t",
                        .body = R"({"id":"e","data":{"order":"shop:1","n":[1,2]}})"});
  page.items.push_back({.position = 5, .id = "f", .type = "t", .body = "damaged"});
  page.next = "5";
  const auto json = events_json(page);
  EXPECT_NE(json.find(R"("data":{"order":"shop:1","n":[1,2]})"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("data":null)"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("next":"c_NQ")"), std::string::npos) << json;
}

TEST(ApiJson, ListsChannelsThatHaveRowsButNoConfiguration) {
  publish::ChannelView shop{.channel = "shop", .kind = "webhook"};
  const auto json =
      channels_json({{.channel = "shop", .waiting = 1}, {.channel = "old", .waiting = 2}},
                    Facts{.channels = {shop}});
  EXPECT_NE(json.find(R"("channel":"shop","kind":"webhook","configured":true)"), std::string::npos);
  EXPECT_NE(json.find(R"("channel":"old","kind":"","configured":false)"), std::string::npos);
}

}  // namespace
}  // namespace dockline::server::api
