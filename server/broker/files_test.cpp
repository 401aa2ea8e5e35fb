#include "server/broker/files.hpp"

#include <gtest/gtest.h>

namespace dockline::server::broker {
namespace {

TEST(BrokerFiles, AStationReadsAndWritesOnlyItsOwnTopics) {
  const auto acl = acl_text({{"leipzig", "bench-4", "s"}, {"venlo", "bench-7", "t"}});
  const auto own = acl.substr(acl.find("user leipzig.bench-4"));
  const auto part = own.substr(0, own.find("\nuser venlo"));
  EXPECT_EQ(part.find("venlo"), std::string::npos);
  EXPECT_EQ(part.find('#'), std::string::npos);
  EXPECT_EQ(part.find('+'), std::string::npos);
  EXPECT_NE(part.find("topic write dockline/v1/leipzig/bench-4/up\n"), std::string::npos);
  EXPECT_EQ(part.find("topic write dockline/v1/leipzig/bench-4/down\n"), std::string::npos);
}

TEST(BrokerFiles, NobodyEntersWithoutAnAccount) {
  const auto conf = conf_text({"127.0.0.1", 1883, "/data/broker", "dockline"});
  EXPECT_NE(conf.find("allow_anonymous false"), std::string::npos);
  EXPECT_NE(conf.find("listener 1883 127.0.0.1"), std::string::npos);
}

TEST(BrokerFiles, UserNamesOfDifferentStationsDiffer) {
  EXPECT_NE((StationAccount{"a-b", "c", ""}.user()), (StationAccount{"a", "b-c", ""}.user()));
}

}  // namespace
}  // namespace dockline::server::broker
