#include "agent/panel/panel.hpp"

#include <thread>

#include <boost/asio/connect.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <gtest/gtest.h>

#include "agent/panel/guard.hpp"
#include "agent/panel/speaker.hpp"
#include "agent/panel/tones.hpp"

namespace dockline::agent::panel {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

TEST(PanelGuard, AnswersOnlyToThisComputersNamesWithItsPort) {
  for (const auto* host : {"127.0.0.1:8490", "localhost:8490", "[::1]:8490"}) {
    EXPECT_TRUE(host_allowed(host, 8490)) << host;
  }
  for (const auto* host : {"", "127.0.0.1", "evil.example:8490", "127.0.0.1:8491",
                           "127.0.0.1.evil.example:8490", "localhost:84900", "localhost"}) {
    EXPECT_FALSE(host_allowed(host, 8490)) << host;
  }
  EXPECT_TRUE(host_allowed("localhost", 80));
}

TEST(PanelGuard, RefusesForeignOrigins) {
  EXPECT_TRUE(origin_allowed("", 8490));
  EXPECT_TRUE(origin_allowed("http://127.0.0.1:8490", 8490));
  for (const auto* origin : {"http://evil.example", "https://127.0.0.1:8490", "null",
                             "http://127.0.0.1:8480", "http://localhost:8490.evil.example"}) {
    EXPECT_FALSE(origin_allowed(origin, 8490)) << origin;
  }
}

TEST(FromPage, TakesWhatThePageMaySendAndNothingElse) {
  EXPECT_EQ(parse_from_page(R"({"do":"command","command":"UNDO"})")->text, "UNDO");
  EXPECT_EQ(parse_from_page(R"({"do":"type","text":"A100"})")->what, FromPage::Do::type);
  EXPECT_EQ(parse_from_page(R"({"do":"undo","action":"7"})")->text, "7");
  EXPECT_EQ(parse_from_page(R"({"do":"unknown-keys"})")->what, FromPage::Do::unknown_keys);
  for (const auto* bad : {"", "[]", "{", R"({"do":1})", R"({"do":"type","text":""})",
                          R"({"do":"type","text":7})", R"({"do":"shutdown"})", "\xff\xfe"}) {
    EXPECT_FALSE(parse_from_page(bad)) << bad;
  }
  EXPECT_FALSE(parse_from_page(R"({"do":"type","text":")" + std::string(300, 'x') + "\"}"));
}

TEST(Tones, EachSoundHasItsOwnLengthAndStopIsNeverMuted) {
  EXPECT_EQ(render_tone("tick", 100).size(), 70U * 48U);
  EXPECT_EQ(render_tone("nope", 100).size(), 300U * 48U);
  EXPECT_EQ(render_tone("stop", 100).size(), 1'200U * 48U);
  EXPECT_TRUE(render_tone("silence", 100).empty());
  EXPECT_TRUE(render_tone("whatever", 100).empty());
  const auto loudest = [](const std::vector<std::int16_t>& samples) {
    return *std::max_element(samples.begin(), samples.end());
  };
  EXPECT_EQ(loudest(render_tone("tick", 0)), 0);
  EXPECT_GT(loudest(render_tone("stop", 0)), 10'000);
}

TEST(SpeakerTest, WorksOnSilentlyWithoutADevice) {
  Speaker speaker({.device = "no-such-device"});
  speaker.play("tick", 0);
  EXPECT_TRUE(speaker.silent());
  EXPECT_NE(speaker.why().find("no-such-device"), std::string::npos);
  speaker.play("tick", 1);
}

TEST(SpeakerTest, PlaysOnAnyAlsaDevice) {
  Speaker speaker({.device = "null"});
  for (const auto* name : {"tick", "stop", "nope"}) speaker.play(name, 0);
  EXPECT_FALSE(speaker.silent()) << speaker.why();
}

// The real server on a free port; the test is its visitor, on its own thread's socket.
class PanelServer : public ::testing::Test {
 protected:
  PanelServer() {
    PanelOwner owner;
    owner.view = [this] { return "{\"n\":" + std::to_string(++views_) + "}"; };
    owner.health = [] { return std::string("{\"status\":\"ok\"}"); };
    owner.metrics = [] { return std::string("up 1\n"); };
    owner.on_page = [this](FromPage said) { said_.push_back(said.text); };
    panel_ = Panel::start(lane_, "127.0.0.1", 0, std::move(owner)).value();
    thread_ = std::thread([this] { lane_.run(); });
  }
  ~PanelServer() override {
    lane_.post([this] {
      panel_.reset();
      lane_.stop();
    });
    thread_.join();
  }
  tcp::socket connect() {
    tcp::socket socket(io_);
    socket.connect({asio::ip::address_v4::loopback(), panel_->port()});
    return socket;
  }
  std::string host() const { return "127.0.0.1:" + std::to_string(panel_->port()); }
  http::response<http::string_body> get(const std::string& target, const std::string& host_header,
                                        const std::string& origin = "") {
    auto socket = connect();
    http::request<http::empty_body> request{http::verb::get, target, 11};
    request.set(http::field::host, host_header);
    if (!origin.empty()) request.set(http::field::origin, origin);
    http::write(socket, request);
    beast::flat_buffer buffer;
    http::response<http::string_body> response;
    http::read(socket, buffer, response);
    return response;
  }

  asio::io_context io_;
  runtime::Lane lane_;
  std::unique_ptr<Panel> panel_;
  std::thread thread_;
  int views_ = 0;
  std::vector<std::string> said_;
};

TEST_F(PanelServer, ServesThePageWithItsPolicy) {
  const auto page = get("/", host());
  EXPECT_EQ(page.result_int(), 200U);
  EXPECT_TRUE(page[http::field::content_type].starts_with("text/html"));
  EXPECT_NE(page["content-security-policy"].find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(page["x-content-type-options"], "nosniff");
  EXPECT_EQ(get("/main.js", host()).result_int(), 200U);
  EXPECT_EQ(get("/../agent.db", host()).result_int(), 404U);
  EXPECT_EQ(get("/health", host()).body(), "{\"status\":\"ok\"}");
  EXPECT_EQ(get("/metrics", host()).body(), "up 1\n");
}

TEST_F(PanelServer, RefusesForeignHostsAndOrigins) {
  EXPECT_EQ(get("/", "evil.example:80").result_int(), 403U);
  EXPECT_EQ(get("/health", "evil.example").result_int(), 403U);
  EXPECT_EQ(get("/", host(), "http://evil.example").result_int(), 403U);
  beast::websocket::stream<tcp::socket> ws(connect());
  ws.set_option(beast::websocket::stream_base::decorator([](beast::websocket::request_type& r) {
    r.set(http::field::origin, "http://evil.example");
  }));
  boost::system::error_code failed;
  ws.handshake(host(), "/ws", failed);
  EXPECT_TRUE(failed);
}

TEST_F(PanelServer, ThePageGetsTheStateAtOnceAndEverySecond) {
  beast::websocket::stream<tcp::socket> ws(connect());
  ws.handshake(host(), "/ws");
  ws.text(true);
  for (int i = 0; i < 2; ++i) {
    beast::flat_buffer buffer;
    ws.read(buffer);
    EXPECT_TRUE(beast::buffers_to_string(buffer.data()).starts_with("{\"n\":"));
  }
  ws.write(asio::buffer(std::string(R"({"do":"command","command":"UNDO"})")));
  ws.write(asio::buffer(std::string("nonsense")));
  beast::flat_buffer buffer;
  ws.read(buffer);  // it lives on
  lane_.post([this] { said_.push_back("end"); });
  ws.close(beast::websocket::close_code::normal);
}

TEST_F(PanelServer, ATakenPortIsRefusedWithKeyAndRemedy) {
  runtime::Lane lane;
  const auto second = Panel::start(lane, "127.0.0.1", panel_->port(), {});
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().detail.find("station.panel_listen"), std::string::npos);
  EXPECT_NE(second.error().detail.find(std::to_string(panel_->port())), std::string::npos);
}

TEST_F(PanelServer, GarbageAndHugeRequestsCostOneConnection) {
  for (const auto& bytes : {std::string("\x16\x03\x01 nonsense\r\n\r\n"),
                            "GET / HTTP/1.1\r\nx: " + std::string(20'000, 'y') + "\r\n\r\n"}) {
    auto socket = connect();
    boost::system::error_code failed;
    asio::write(socket, asio::buffer(bytes), failed);
    std::array<char, 16> buffer;
    socket.read_some(asio::buffer(buffer), failed);
    EXPECT_TRUE(failed);
  }
  EXPECT_EQ(get("/health", host()).result_int(), 200U);
}

}  // namespace
}  // namespace dockline::agent::panel
