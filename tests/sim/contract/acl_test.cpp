// The model's access by station against the file that a real Mosquitto is given.
#include <map>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>

#include "server/broker/files.hpp"
#include "tests/sim/broker/wire.hpp"

namespace dockline::sim {
namespace {

using server::broker::StationAccount;

struct Rights {
  std::vector<std::string> read, write;  // topic filters
};

std::map<std::string, Rights> rights_of(const std::string& acl) {
  std::map<std::string, Rights> out;
  std::istringstream lines(acl);
  std::string line, user;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string word, access, topic;
    if (!(words >> word)) continue;
    if (word == "user") {
      words >> user;
      continue;
    }
    EXPECT_EQ(word, "topic") << line;
    words >> access >> topic;
    if (access.starts_with("read")) out[user].read.push_back(topic);
    if (access.ends_with("write")) out[user].write.push_back(topic);
  }
  return out;
}

bool any_fits(const std::vector<std::string>& filters, const std::string& topic) {
  for (const auto& filter : filters) {
    if (topic_fits(filter, topic)) return true;
  }
  return false;
}

TEST(ModelOfTheBroker, GivesEachUserTheRightsThatMosquittoIsTold) {
  const std::vector<StationAccount> stations = {
      {"leipzig", "bench-1", ""}, {"leipzig", "bench-10", ""}, {"ulm", "bench-1", ""}};
  const auto rights = rights_of(server::broker::acl_text(stations));
  ASSERT_EQ(rights.size(), 4U);
  std::vector<std::string> topics = {"dockline/v1/server/state", "dockline/v1/server", "other"};
  for (const auto& s : stations) {
    for (const char* leaf : {"up", "up-ack", "down", "down-ack", "state", "more", "up/more"}) {
      topics.push_back("dockline/v1/" + s.site + "/" + s.station + "/" + leaf);
    }
  }
  for (const auto& [user, right] : rights) {
    for (const auto& topic : topics) {
      if (user == server::broker::kServerUser && !topic.starts_with("dockline/v1/")) {
        continue;  // the model does not look at what the server says elsewhere
      }
      EXPECT_EQ(may_read(user, topic), any_fits(right.read, topic)) << user << " " << topic;
      EXPECT_EQ(may_write(user, topic), any_fits(right.write, topic)) << user << " " << topic;
    }
  }
}

}  // namespace
}  // namespace dockline::sim
