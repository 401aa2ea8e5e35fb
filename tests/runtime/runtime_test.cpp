// The shells against the real thing: a real Mosquitto, a real HTTP server, real processes.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "shared/runtime/child.hpp"
#include "shared/runtime/curl_http.hpp"
#include "shared/runtime/paho_link.hpp"
#include "shared/runtime/system.hpp"

namespace dockline::runtime {
namespace {

// A busy machine drops connections of a full backlog; TCP asks again after 1, 3, 7 and 15 s.
constexpr std::int64_t kPatienceMs = 30'000;

class Runtime : public ::testing::Test {
 protected:
  Runtime() {
    std::string pattern = (std::filesystem::temp_directory_path() / "dl-runtime-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    port = 20000 + static_cast<int>(entropy() % 12000);
  }
  ~Runtime() override { std::filesystem::remove_all(folder); }

  // Runs the lane until `done` says so; false when patience ends first.
  bool run_until(const std::function<bool()>& done) {
    if (done()) return true;  // a stop before the run would be forgotten
    const auto deadline = lane.now().mono_ms + kPatienceMs;
    bool in_time = true;
    std::function<void()> look = [&] {
      if (done()) return lane.stop();
      if (lane.now().mono_ms > deadline) {
        in_time = false;
        return lane.stop();
      }
      lane.after(10, look);
    };
    look();
    lane.run();
    return in_time;
  }

  std::unique_ptr<Child> start_broker() {
    std::ofstream(folder / "m.conf") << "listener " << port << " 127.0.0.1\nallow_anonymous true\n";
    auto child = Child::start(lane, {"mosquitto", "-c", (folder / "m.conf").string()},
                              (folder / "m.log").string(), [this](std::string h) { how = h; });
    EXPECT_TRUE(child.has_value()) << child.error().detail;
    return std::move(*child);
  }

  Lane lane;
  std::filesystem::path folder;
  int port;
  std::string how;
};

TEST_F(Runtime, TheLinkCarriesMessagesAndTellsWhenTheBrokerIsGone) {
  auto broker = start_broker();
  ports::LinkOptions options;
  options.url = "tcp://127.0.0.1:" + std::to_string(port);
  options.client_id = "test";
  options.subscriptions = {"dockline/v1/a/b/up"};
  std::vector<ports::LinkMessage> got;
  std::string lost;
  auto link = make_paho_link(lane);
  ports::LinkEvents events;
  events.on_message = [&](ports::LinkMessage m) { got.push_back(std::move(m)); };
  events.on_up = [&] {
    link->publish({"dockline/v1/a/b/up", std::string("\0x\n", 3), false});
    link->publish({"dockline/v1/a/b/up", "second", false});
  };
  // The broker may not listen yet: the owner connects again.
  events.on_down = [&](base::Error why) {
    lost = why.detail;
    if (got.empty()) lane.after(50, [&] { link->connect(options, events); });
  };
  link->connect(options, events);
  ASSERT_TRUE(run_until([&] { return got.size() == 2; })) << lost;
  EXPECT_EQ(got[0].payload, std::string("\0x\n", 3));
  EXPECT_FALSE(got[0].retained);
  lost.clear();
  broker.reset();
  EXPECT_TRUE(run_until([&] { return !lost.empty(); }));
}

TEST_F(Runtime, AChildThatEndsIsReportedWithItsCode) {
  auto child = Child::start(lane, {"sh", "-c", "exit 3"}, (folder / "c.log").string(),
                            [&](std::string h) { how = std::move(h); });
  ASSERT_TRUE(child.has_value());
  ASSERT_TRUE(run_until([&] { return !how.empty(); }));
  EXPECT_EQ(how, "ended with code 3");
}

TEST_F(Runtime, AMissingProgramIsNamedWithItsRemedy) {
  const auto child = Child::start(lane, {"no-such-program"}, "/dev/null", [](std::string) {});
  ASSERT_FALSE(child.has_value());
  EXPECT_NE(child.error().detail.find("apt-get install"), std::string::npos);
}

TEST_F(Runtime, HttpAnswersErrorsAndManyAtOnce) {
  std::ofstream(folder / "hello.txt") << "hello";
  // As `python3 -m http.server`, which takes five connections at a time: of more, some are dropped
  // on a busy computer and come through after half a minute.
  const std::string program =
      "import functools, http.server as h\n"
      "h.ThreadingHTTPServer.request_queue_size = 128\n"
      "h.ThreadingHTTPServer(('127.0.0.1', " +
      std::to_string(port) + "), functools.partial(h.SimpleHTTPRequestHandler, directory='" +
      folder.string() + "')).serve_forever()";
  auto server = Child::start(lane, {"python3", "-c", program}, (folder / "h.log").string(),
                             [](std::string) {});
  ASSERT_TRUE(server.has_value());
  auto http = make_curl_http(lane);
  const std::string base = "http://127.0.0.1:" + std::to_string(port);
  int status = 0;
  std::string body, refused;
  std::function<void()> ask = [&] {
    http->send({.url = base + "/hello.txt"}, [&](base::Result<ports::HttpResponse> r) {
      if (!r) {
        refused = r.error().detail;
        lane.after(50, ask);
        return;
      }
      status = r->status;
      body = r->body;
    });
  };
  ask();
  ASSERT_TRUE(run_until([&] { return status != 0; })) << refused;
  EXPECT_EQ(status, 200);
  EXPECT_EQ(body, "hello");
  int answered = 0;
  for (int i = 0; i < 50; ++i) {
    http->send({.url = base + (i % 2 == 0 ? "/hello.txt" : "/none")},
               [&, i](base::Result<ports::HttpResponse> r) {
                 ASSERT_TRUE(r.has_value());
                 EXPECT_EQ(r->status, i % 2 == 0 ? 200 : 404);
                 ++answered;
               });
  }
  EXPECT_TRUE(run_until([&] { return answered == 50; })) << answered;
}

struct Listener {
  int fd = -1, number = 0;
};
// On a free port; `queue`: how many may wait to be accepted.
Listener listen_somewhere(int queue) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&at), size), 0);
  EXPECT_EQ(::listen(fd, queue), 0);
  EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size), 0);
  return {fd, ntohs(at.sin_port)};
}

// A broker that was frozen with SIGSTOP: the lane that asks must not stand still with it.
TEST_F(Runtime, AListenerWhoseQueueIsFullCountsAsAbsentAtOnce) {
  const auto [listener, number] = listen_somewhere(0);
  EXPECT_TRUE(accepts_connections("127.0.0.1", number));
  const auto began = lane.now().mono_ms;
  bool full = false;
  for (int i = 0; i < 5 && !full; ++i) full = !accepts_connections("127.0.0.1", number);
  EXPECT_TRUE(full);
  EXPECT_LT(lane.now().mono_ms - began, 900) << "the first repeated SYN comes after a second";
  ::close(listener);
}

// The broker of a killed server lets go of its port a moment after the next server has begun.
TEST_F(Runtime, APortThatIsGivenUpInTimeCountsAsFree) {
  const auto [listener, number] = listen_somewhere(1);
  const auto busy = check_port_free("127.0.0.1", number, 50);
  ASSERT_FALSE(busy.has_value());
  EXPECT_NE(busy.error().detail.find("another port"), std::string::npos) << busy.error().detail;
  std::thread later([listener = listener] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    ::close(listener);
  });
  EXPECT_TRUE(check_port_free("127.0.0.1", number, 60'000).has_value());
  later.join();
}

TEST_F(Runtime, SecretsAreMadeOnceAndReadable) {
  const auto path = (folder / "token").string();
  const auto first = ensure_secret(path, "API token").value();
  EXPECT_EQ(first.size(), 64U);
  EXPECT_EQ(ensure_secret(path, "API token").value(), first);
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const auto missing = read_secret((folder / "none").string(), "broker password");
  ASSERT_FALSE(missing.has_value());
  EXPECT_NE(missing.error().detail.find("broker password"), std::string::npos);
}

// As systemd(1) listens, with a path and with an abstract name.
TEST_F(Runtime, TellsTheServiceManagerThatItIsReady) {
  const std::string path = (folder / "notify").string();
  for (const std::string& name : {path, "@dockline-test-" + std::to_string(getpid())}) {
    const int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    ASSERT_GE(fd, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    name.copy(at.sun_path, sizeof at.sun_path - 1);
    if (name[0] == '@') at.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    ASSERT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&at), size), 0);
    setenv("NOTIFY_SOCKET", name.c_str(), 1);
    notify_ready();
    char told[32] = {};
    EXPECT_EQ(recv(fd, told, sizeof told, MSG_DONTWAIT), 7);
    EXPECT_EQ(std::string(told), "READY=1");
    close(fd);
  }
  unsetenv("NOTIFY_SOCKET");
  notify_stopping();  // nobody listens: nothing happens
}

}  // namespace
}  // namespace dockline::runtime
