// The same as raw_limit with the client library the product has (Paho, through its own Link): what
// the broker carries for programs like ours before they do anything with a message.
//
//   raw_link HOST:PORT USER PASSWORD_FILE PUBLISHERS BYTES SECONDS
// prints {"messages":..,"seconds":..,"per_s":..}
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "shared/runtime/lane.hpp"
#include "shared/runtime/paho_link.hpp"
#include "shared/runtime/system.hpp"

namespace {

using namespace dockline;
constexpr std::uint64_t kWindow = 64;  // messages of one publisher the subscriber has not seen yet

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Counts {
  std::atomic<bool> up{false};
  std::atomic<std::uint64_t> seen{0};
};

class Publishers {
 public:
  Publishers(runtime::Lane& lane, ports::LinkOptions options, std::size_t count,
             std::string payload, Counts& counts)
      : lane_(lane), payload_(std::move(payload)), counts_(counts) {
    for (std::size_t i = 0; i < count; ++i) {
      links_.push_back(runtime::make_paho_link(lane));
      topics_.push_back("dockline/v1/raw/p" + std::to_string(i) + "/link");
      options.client_id = "raw-p" + std::to_string(i);
      ports::LinkEvents events;
      events.on_up = [this] {
        if (++up_ == links_.size()) begin();
      };
      events.on_down = [](const base::Error& why) {
        std::fprintf(stderr, "%s\n", why.detail.c_str());
        std::_Exit(1);
      };
      links_.back()->connect(options, events);
    }
  }
  double run_s = 3, began_s = 0, took_s = 0;

 private:
  void begin() {
    began_s = seconds();
    pump();
  }
  void pump() {
    if (seconds() - began_s >= run_s) {
      took_s = seconds() - began_s;
      return lane_.stop();
    }
    const std::uint64_t window = kWindow * links_.size();
    if (sent_ - counts_.seen >= window) {
      lane_.after(1, [this] { pump(); });
      return;
    }
    for (std::size_t i = 0; i < links_.size(); ++i) {
      for (int k = 0; k < 8 && sent_ - counts_.seen < window; ++k, ++sent_) {
        links_[i]->publish({topics_[i], payload_, false});
      }
    }
    lane_.post([this] { pump(); });
  }

  runtime::Lane& lane_;
  std::string payload_;
  Counts& counts_;
  std::vector<std::unique_ptr<ports::Link>> links_;
  std::vector<std::string> topics_;
  std::size_t up_ = 0;
  std::uint64_t sent_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fprintf(stderr, "usage: raw_link HOST:PORT USER PASSWORD_FILE PUBLISHERS BYTES SECONDS\n");
    return 2;
  }
  ports::LinkOptions options;
  options.url = std::string("tcp://") + argv[1];
  options.user = argv[2];
  const auto password = runtime::read_secret(argv[3], "broker password");
  if (!password) {
    std::fprintf(stderr, "%s\n", password.error().detail.c_str());
    return 1;
  }
  options.password = *password;
  Counts counts;
  runtime::Lane far;
  auto subscriber = runtime::make_paho_link(far);
  std::thread other([&] {
    ports::LinkOptions own = options;
    own.client_id = "raw-sub";
    own.subscriptions = {"dockline/v1/raw/+/link"};
    ports::LinkEvents events;
    events.on_up = [&] { counts.up = true; };
    events.on_message = [&](const ports::LinkMessage&) { ++counts.seen; };
    subscriber->connect(own, events);
    far.run();
    subscriber.reset();
  });
  while (!counts.up) std::this_thread::yield();
  runtime::Lane lane;
  double took_s = 0;
  {
    Publishers all(lane, options, static_cast<std::size_t>(std::atoi(argv[4])),
                   std::string(static_cast<std::size_t>(std::atoi(argv[5])), 'x'), counts);
    all.run_s = std::atof(argv[6]);
    lane.run();
    took_s = all.took_s;
  }
  const auto seen = counts.seen.load();
  far.stop();
  other.join();
  std::printf("{\"messages\":%llu,\"seconds\":%.3f,\"per_s\":%.1f}\n",
              static_cast<unsigned long long>(seen), took_s, static_cast<double>(seen) / took_s);
  return 0;
}
