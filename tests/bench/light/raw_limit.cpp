// What this machine's broker carries at all: QoS 1 messages of a given size from P publishers to
// one subscriber in a thread of its own, the same payload as one live fact, nothing else.
//
//   raw_limit HOST:PORT USER PASSWORD_FILE PUBLISHERS BYTES SECONDS
// prints {"messages":..,"seconds":..,"per_s":..}
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/light/mqtt_loop.hpp"

namespace {

using namespace dockline::bench;
constexpr std::uint64_t kWindow = 64;  // messages of one publisher the subscriber has not seen yet

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Setup {
  std::string host, user, password;
  int port = 0;
};

struct Counts {
  std::atomic<bool> up{false}, stop{false};
  std::atomic<std::uint64_t> seen{0};
};

void subscribe(const Setup& setup, Counts& counts) {
  MqttLoop loop(setup.host, setup.port);
  ClientOptions options{.id = "raw-sub", .user = setup.user, .password = setup.password};
  options.topics = {"dockline/v1/raw/+/limit"};
  options.on_up = [&] { counts.up = true; };
  options.on_message = [&](std::string_view, std::string_view, bool) {
    counts.seen.fetch_add(1, std::memory_order_relaxed);
  };
  loop.add(options);
  while (!counts.stop) loop.run_once(10);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fprintf(stderr,
                 "usage: raw_limit HOST:PORT USER PASSWORD_FILE PUBLISHERS BYTES SECONDS\n");
    return 2;
  }
  Setup setup;
  const std::string broker = argv[1];
  const auto colon = broker.rfind(':');
  setup.host = broker.substr(0, colon);
  setup.port = std::atoi(broker.c_str() + colon + 1);
  setup.user = argv[2];
  std::ifstream(argv[3]) >> setup.password;
  const auto publishers = static_cast<std::size_t>(std::atoi(argv[4]));
  const std::string payload(static_cast<std::size_t>(std::atoi(argv[5])), 'x');
  const double run_s = std::atof(argv[6]);
  Counts counts;
  std::thread subscriber([&] { subscribe(setup, counts); });
  while (!counts.up) std::this_thread::yield();
  MqttLoop loop(setup.host, setup.port);
  std::vector<std::string> topics;
  for (std::size_t i = 0; i < publishers; ++i) {
    const std::string name = "p" + std::to_string(i);
    loop.add({.id = "raw-" + name, .user = setup.user, .password = setup.password});
    topics.push_back("dockline/v1/raw/" + name + "/limit");
  }
  while (loop.up() < publishers) loop.run_once(10);
  const double began = seconds();
  std::uint64_t sent = 0;
  while (seconds() - began < run_s) {
    bool room = false;
    for (std::size_t i = 0; i < publishers; ++i) {
      for (int k = 0; k < 8 && sent - counts.seen < kWindow * publishers; ++k, ++sent) {
        loop.publish(i, topics[i], payload);
      }
      room = room || sent - counts.seen < kWindow * publishers;
    }
    loop.run_once(room ? 0 : 1);
  }
  const double took = seconds() - began;
  const auto seen = counts.seen.load();
  counts.stop = true;
  subscriber.join();
  std::printf("{\"messages\":%llu,\"seconds\":%.3f,\"per_s\":%.1f}\n",
              static_cast<unsigned long long>(seen), took, static_cast<double>(seen) / took);
  return 0;
}
