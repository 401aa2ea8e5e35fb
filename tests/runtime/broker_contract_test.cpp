// The broker contract of tests/sim over the real thing: Mosquitto and Paho.
#include <filesystem>
#include <fstream>

#include <signal.h>
#include <unistd.h>

#include "shared/runtime/child.hpp"
#include "shared/runtime/paho_link.hpp"
#include "shared/runtime/system.hpp"
#include "tests/sim/broker/contract.hpp"

namespace dockline::sim {
namespace {

constexpr std::int64_t kPatienceMs = 10'000;

struct RealPlace {
  RealPlace() {
    std::string pattern = (std::filesystem::temp_directory_path() / "dl-broker-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    port = 20'000 + static_cast<int>(runtime::entropy() % 12'000);
    start();
    // Listening yet?
    for (int tries = 0; tries < 100; ++tries) {
      bool up = false, down = false;
      auto probe = link();
      ports::LinkOptions options;
      options.url = url();
      options.client_id = "probe";
      probe->connect(options, {.on_up = [&] { up = true; },
                               .on_down = [&](const base::Error&) { down = true; },
                               .on_message = {}});
      run_until([&] { return up || down; });
      if (up) break;
      settle();
    }
  }
  ~RealPlace() {
    stop();
    std::filesystem::remove_all(folder);
  }
  RealPlace(const RealPlace&) = delete;
  RealPlace& operator=(const RealPlace&) = delete;

  void start() {
    const auto conf = folder / "m.conf";
    std::ofstream(conf) << "listener " << port << " 127.0.0.1\nallow_anonymous true\n"
                        << "persistence false\n";
    auto child = runtime::Child::start(lane, {"mosquitto", "-c", conf.string()},
                                       (folder / "m.log").string(), [](const std::string&) {});
    ASSERT_TRUE(child.has_value()) << child.error().detail;
    broker = std::move(*child);
  }
  std::unique_ptr<ports::Link> link() { return runtime::make_paho_link(lane); }
  [[nodiscard]] std::string url() const { return "tcp://127.0.0.1:" + std::to_string(port); }
  bool run_until(const std::function<bool()>& done) {
    if (done()) return true;  // a lane that is stopped before it runs would run for ever
    const auto deadline = lane.now().mono_ms + kPatienceMs;
    bool in_time = true;
    std::function<void()> look = [&] {
      if (done()) return lane.stop();
      if (lane.now().mono_ms > deadline) {
        in_time = false;
        return lane.stop();
      }
      lane.after(5, look);
    };
    look();
    lane.run();
    return in_time;
  }
  void settle() {
    const auto until = lane.now().mono_ms + 150;
    run_until([&] { return lane.now().mono_ms >= until; });
  }
  // A process of its own, for only a killed process leaves its connection without a word.
  std::function<void()> doomed(const std::string& id, const ports::LinkWill& will) {
    auto child =
        runtime::Child::start(lane,
                              {"mosquitto_sub", "-p", std::to_string(port), "-i", id, "-t", "none",
                               "-q", "1", "--will-topic", will.topic, "--will-payload",
                               will.payload, "--will-retain", "--will-qos", "1"},
                              (folder / "doomed.log").string(), [](const std::string&) {});
    EXPECT_TRUE(child.has_value()) << child.error().detail;
    settle();
    const auto pid = (*child)->pid();
    auto kept = std::make_shared<std::unique_ptr<runtime::Child>>(std::move(*child));
    return [kept, pid] { ::kill(pid, SIGKILL); };
  }
  void stop() { broker.reset(); }
  void restart() {
    stop();
    start();
  }

  runtime::Lane lane;
  std::filesystem::path folder;
  int port = 0;
  std::unique_ptr<runtime::Child> broker;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Mosquitto, BrokerContract, RealPlace);

}  // namespace
}  // namespace dockline::sim
