#include "tests/sim/broker/wire.hpp"

#include <string_view>

namespace dockline::sim {
namespace {

constexpr std::string_view kServer = "dockline-server";
constexpr std::string_view kRoot = "dockline/v1/";

// "leipzig.bench-4" -> "dockline/v1/leipzig/bench-4/"
std::string own_topics(std::string_view user) {
  const auto dot = user.find('.');
  return std::string(kRoot) + std::string(user.substr(0, dot)) + "/" +
         std::string(dot == std::string_view::npos ? "" : user.substr(dot + 1)) + "/";
}

}  // namespace

bool topic_fits(std::string_view filter, std::string_view topic) {
  for (;;) {
    const auto f = filter.find('/'), t = topic.find('/');
    const auto level = filter.substr(0, f);
    if (level == "#") return true;
    if (level != "+" && level != topic.substr(0, t)) return false;
    if (f == std::string_view::npos || t == std::string_view::npos) return f == t;
    filter.remove_prefix(f + 1);
    topic.remove_prefix(t + 1);
  }
}

bool may_write(std::string_view user, std::string_view topic) {
  if (user.empty() || user == kServer) return true;
  const auto own = own_topics(user);
  return topic == own + "up" || topic == own + "down-ack" || topic == own + "state";
}

bool may_read(std::string_view user, std::string_view topic) {
  if (user.empty() || user == kServer) return true;
  const auto own = own_topics(user);
  return topic == own + "up-ack" || topic == own + "down" || topic == own + "state" ||
         topic == std::string(kRoot) + "server/state";
}

}  // namespace dockline::sim
