#include "server/api/guard.hpp"

#include <gtest/gtest.h>

#include "server/api/query.hpp"

namespace dockline::server::api {
namespace {

TEST(Guard, RefusesForeignHostNamesOnLoopback) {
  const Access access;
  EXPECT_TRUE(host_allowed(access, "127.0.0.1:8480"));
  EXPECT_TRUE(host_allowed(access, "LocalHost:1"));
  EXPECT_TRUE(host_allowed(access, "[::1]:8480"));
  EXPECT_FALSE(host_allowed(access, "evil.example"));
  EXPECT_FALSE(host_allowed(access, "127.0.0.1.evil.example"));
  EXPECT_FALSE(host_allowed(access, "192.168.1.5"));
  EXPECT_FALSE(host_allowed(access, ""));
}

TEST(Guard, TakesAddressesAndConfiguredNamesElsewhere) {
  const Access access{.loopback = false, .hosts = {"dock.example"}};
  EXPECT_TRUE(host_allowed(access, "192.168.1.5:8480"));
  EXPECT_TRUE(host_allowed(access, "[fe80::1]:8480"));
  EXPECT_TRUE(host_allowed(access, "Dock.Example:8480"));
  EXPECT_FALSE(host_allowed(access, "evil.example"));
}

TEST(Guard, TakesOnlyPagesOfItsOwnOrigin) {
  EXPECT_TRUE(origin_allowed("", "127.0.0.1:8480"));
  EXPECT_TRUE(origin_allowed("http://127.0.0.1:8480", "127.0.0.1:8480"));
  EXPECT_FALSE(origin_allowed("http://127.0.0.1:9999", "127.0.0.1:8480"));
  EXPECT_FALSE(origin_allowed("http://evil.example", "127.0.0.1:8480"));
  EXPECT_FALSE(origin_allowed("null", "127.0.0.1:8480"));
  EXPECT_FALSE(origin_allowed("http://", ""));
}

TEST(Guard, WantsTheWholeToken) {
  EXPECT_TRUE(bearer_allowed("Bearer abc", "abc"));
  EXPECT_TRUE(bearer_allowed("bearer abc", "abc"));
  EXPECT_FALSE(bearer_allowed("Bearer ab", "abc"));
  EXPECT_FALSE(bearer_allowed("Bearer ", "abc"));
  EXPECT_FALSE(bearer_allowed("Bearer ", ""));
  EXPECT_FALSE(bearer_allowed("Basic abc", "abc"));
  EXPECT_FALSE(bearer_allowed("", "abc"));
}

TEST(Query, RefusesUnknownParametersAndBadEscapes) {
  EXPECT_FALSE(Query::parse("stat=open", {"state"}).has_value());
  EXPECT_FALSE(Query::parse("state=%zz", {"state"}).has_value());
  EXPECT_FALSE(Query::parse("state=%ff", {"state"}).has_value());
  const auto query = Query::parse("q=a%20b+c&limit=7", {"q", "limit"});
  ASSERT_TRUE(query.has_value());
  EXPECT_EQ(query->text("q"), "a b c");
  EXPECT_EQ(query->integer("limit", 50, 1, 200), 7);
  EXPECT_FALSE(query->integer("limit", 50, 10, 200).has_value());
}

}  // namespace
}  // namespace dockline::server::api
