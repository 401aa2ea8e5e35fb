// Real pseudo-terminals and sockets under the real transports.
#include <array>
#include <filesystem>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "firmware-interfaces/hub/device_hub.hpp"
#include "firmware-interfaces/transports/factory.hpp"
#include "shared/runtime/lane.hpp"
#include "tests/devices/model_printer.hpp"

namespace dockline::firmware {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// A scanner behind a path that stays the same while the pseudo-terminal comes and goes.
class PtyScanner {
 public:
  PtyScanner() {
    char dir[] = "/tmp/dockline-pty-XXXXXX";
    dir_ = ::mkdtemp(dir);
    path_ = dir_ + "/scanner";
    plug();
  }
  ~PtyScanner() {
    unplug();
    std::filesystem::remove_all(dir_);
  }
  void plug() {
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    ASSERT_EQ(::grantpt(master_), 0);
    ASSERT_EQ(::unlockpt(master_), 0);
    std::array<char, 64> slave{};
    ASSERT_EQ(::ptsname_r(master_, slave.data(), slave.size()), 0);
    std::filesystem::create_symlink(slave.data(), path_);
  }
  void unplug() {
    if (master_ >= 0) {
      ::close(master_);
      std::filesystem::remove(path_);
      master_ = -1;
    }
  }
  void scan(std::string_view bytes) {
    ASSERT_EQ(::write(master_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  // What came back to the scanner: nothing may, or our own bytes were echoed.
  std::string echoed() {
    std::array<char, 256> buffer{};
    const auto n = ::read(master_, buffer.data(), buffer.size());
    return n > 0 ? std::string(buffer.data(), static_cast<std::size_t>(n)) : "";
  }
  speed_t speed() const {
    termios t{};
    return ::tcgetattr(master_, &t) == 0 ? ::cfgetospeed(&t) : B0;
  }
  const std::string& path() const { return path_; }

 private:
  std::string dir_, path_;
  int master_ = -1;
};

// A model printer behind a real listening socket.
class TcpPrinter {
 public:
  explicit TcpPrinter(asio::io_context& io)
      : acceptor_(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    port_ = acceptor_.local_endpoint().port();
    accept();
  }
  std::string address() const { return "tcp://127.0.0.1:" + std::to_string(port_); }
  void cut() {
    for (auto& socket : sockets_) {
      boost::system::error_code ignored;
      socket->close(ignored);
    }
  }
  void go_away() {
    cut();
    acceptor_.close();
  }
  ModelPrinter model;
  bool answers = true;

 private:
  void accept() {
    acceptor_.async_accept([this](auto error, tcp::socket socket) {
      if (error) return;
      sockets_.push_back(std::make_shared<tcp::socket>(std::move(socket)));
      read(sockets_.back(), std::make_shared<std::array<char, 4096>>());
      accept();
    });
  }
  void read(std::shared_ptr<tcp::socket> socket, std::shared_ptr<std::array<char, 4096>> buffer) {
    if (!answers) return;
    socket->async_read_some(asio::buffer(*buffer), [=, this](auto error, std::size_t n) {
      if (error) return;
      const auto out = model.take({buffer->data(), n}, runtime::system_now().wall_ms);
      boost::system::error_code ignored;
      asio::write(*socket, asio::buffer(out), ignored);
      read(socket, buffer);
    });
  }
  tcp::acceptor acceptor_;
  unsigned short port_ = 0;
  std::vector<std::shared_ptr<tcp::socket>> sockets_;
};

struct Station {
  runtime::Lane lane;
  std::vector<ScanReport> scans;
  std::vector<DeviceReport> devices;
  std::vector<PrintReport> prints;
  DeviceHub hub{
      lane, [this](std::string_view address) { return make_stream(lane.io(), address); },
      HubEvents{[this](ScanReport r) { scans.push_back(std::move(r)); }, [](ScanRefusedReport) {},
                [this](DeviceReport r) { devices.push_back(std::move(r)); },
                [this](PrintReport r) {
                  prints.push_back(r);
                  if (r.step == PrintStep::prepared) hub.send(r.device, r.job);
                }}};

  // Runs the lane until `done`, at most max_ms. Returns how long it took.
  template <class Done>
  std::int64_t until(std::int64_t max_ms, Done done) {
    const auto start = lane.now().mono_ms;
    while (!done() && lane.now().mono_ms - start < max_ms) {
      lane.io().restart();
      lane.io().run_one_for(std::chrono::milliseconds(20));
    }
    EXPECT_TRUE(done()) << "not within " << max_ms << " ms";
    return lane.now().mono_ms - start;
  }
  bool is(DeviceState state) const { return !devices.empty() && devices.back().state == state; }
};

TEST(Transports, APseudoTerminalScannerWorksVanishesAndComesBack) {
  for (const std::string scheme : {"pty://", "serial://"}) {
    PtyScanner scanner;
    Station s;
    ASSERT_TRUE(s.hub.add(ScannerConfig{.name = "left", .address = scheme + scanner.path()}));
    s.hub.start();
    s.until(1'000, [&] { return s.is(DeviceState::ready); });
    scanner.scan("4006381333931\r");
    scanner.scan("\n]C1003401\r\n");
    s.until(1'000, [&] { return s.scans.size() == 2; });
    EXPECT_EQ(s.scans[0].data, "4006381333931");
    EXPECT_EQ(s.scans[1].data, "003401");
    EXPECT_EQ(scanner.echoed(), "");
    for (int i = 0; i < 3; ++i) {
      scanner.unplug();
      EXPECT_LT(s.until(2'000, [&] { return s.is(DeviceState::gone); }), 500);
      scanner.plug();
      s.until(2'000, [&] { return s.is(DeviceState::ready); });
      scanner.scan("back\r\n");
      s.until(1'000, [&] { return s.scans.back().data == "back"; });
    }
  }
}

// Runs with tests/devices/tty_shim.cpp preloaded, else libserialport refuses pseudo-terminals.
TEST(Libserialport, OpensConfiguresReadsAndSurvivesAnUnplug) {
  if (::getenv("DOCKLINE_TTY_SHIM") == nullptr) {
    GTEST_SKIP() << "the ctest entry devices_libserialport runs this one";
  }
  PtyScanner scanner;
  Station s;
  ASSERT_TRUE(s.hub.add(ScannerConfig{
      .name = "left", .address = "serial:///dev/../../.." + scanner.path() + "?baud=115200"}));
  s.hub.start();
  for (int i = 0; i < 3; ++i) {
    s.until(2'000, [&] { return s.is(DeviceState::ready); });
    EXPECT_EQ(scanner.speed(), B115200) << "libserialport did not configure it";
    const auto seen = s.scans.size();
    scanner.scan("4006381333931\r\n");
    s.until(1'000, [&] { return s.scans.size() == seen + 1; });
    s.until(300, [&, start = s.lane.now().mono_ms] { return s.lane.now().mono_ms > start + 200; });
    EXPECT_TRUE(s.is(DeviceState::ready)) << "silence is no end of file";
    scanner.unplug();
    s.until(2'000, [&] { return s.is(DeviceState::gone); });
    scanner.plug();
  }
}

TEST(Transports, AScannerThatIsNotThereIsNamedWithTheRemedy) {
  Station s;
  ASSERT_TRUE(s.hub.add(ScannerConfig{.name = "left", .address = "serial:///dev/ttyNONE0"}));
  s.hub.start();
  s.until(2'000, [&] { return s.is(DeviceState::gone); });
  EXPECT_EQ(s.devices.back().detail,
            "/dev/ttyNONE0: No such file or directory: plug it in or mend its address");
}

TEST(Transports, ASecondOpenerIsKeptOut) {
  PtyScanner scanner;
  Station a, b;
  ASSERT_TRUE(a.hub.add(ScannerConfig{.name = "left", .address = "pty://" + scanner.path()}));
  ASSERT_TRUE(b.hub.add(ScannerConfig{.name = "left", .address = "pty://" + scanner.path()}));
  a.hub.start();
  a.until(1'000, [&] { return a.is(DeviceState::ready); });
  b.hub.start();
  b.until(1'000, [&] { return b.is(DeviceState::gone); });
  EXPECT_NE(b.devices.back().detail.find("in use by another program"), std::string::npos);
}

TEST(Transports, AFileThatIsNoTerminalIsRefused) {
  Station s;
  ASSERT_TRUE(s.hub.add(ScannerConfig{.name = "left", .address = "pty:///dev/null"}));
  s.hub.start();
  s.until(1'000, [&] { return s.is(DeviceState::gone); });
  EXPECT_NE(s.devices.back().detail.find("not a terminal"), std::string::npos);
}

TEST(Transports, ATcpPrinterPrintsVanishesAndComesBack) {
  Station s;
  auto printer = std::make_unique<TcpPrinter>(s.lane.io());
  ASSERT_TRUE(s.hub.add(PrinterConfig{.name = "zd421", .address = printer->address()}));
  s.hub.start();
  s.until(1'000, [&] { return s.is(DeviceState::ready); });
  s.hub.print("zd421", "j1", "^XA^FDhello^FS^XZ");
  const auto took =
      s.until(2'000, [&] { return !s.prints.empty() && is_final(s.prints.back().step); });
  EXPECT_EQ(s.prints.back().step, PrintStep::confirmed) << s.prints.back().evidence;
  EXPECT_LT(took, 500);
  printer->cut();
  EXPECT_LT(s.until(2'000, [&] { return s.is(DeviceState::gone); }), 500);
  s.until(2'000, [&] { return s.is(DeviceState::ready); });
  printer->go_away();
  s.until(2'000, [&] { return s.is(DeviceState::gone); });
  EXPECT_FALSE(s.devices.back().detail.empty());
}

TEST(Transports, APrinterThatAcceptsAndNeverReadsIsShownWithinTwoSeconds) {
  Station s;
  TcpPrinter printer(s.lane.io());
  printer.answers = false;
  ASSERT_TRUE(s.hub.add(PrinterConfig{.name = "zd421", .address = printer.address()}));
  s.hub.start();
  EXPECT_LT(s.until(2'000, [&] { return s.is(DeviceState::not_ready); }), 2'000);
}

TEST(Transports, AddressesThatAreNotUnderstoodNameThePartAndTheRemedy) {
  for (const auto& [address, part] : std::vector<std::pair<std::string, std::string>>{
           {"", "tcp://host:9100"},
           {"tcp://printer", "tcp://host:port"},
           {"tcp://printer:0", "tcp://host:port"},
           {"tcp://printer:9100/x", "tcp://host:port"},
           {"pty://tmp/x", "three slashes"},
           {"usb:///x", "\"usb\" is not known"},
           {"serial:///dev/ttyS0?baud=fast", "\"baud=fast\""},
           {"serial:///dev/ttyS0?bauds=9600", "\"bauds=9600\""},
           {"serial://usb/05e0", "serial://usb/05e0:1701"},
           {"serial://dev/ttyS0", "three slashes"}}) {
    const auto checked = check_address(address);
    ASSERT_FALSE(checked) << address;
    EXPECT_NE(checked.error().detail.find(part), std::string::npos) << checked.error().detail;
  }
  for (const char* good : {"tcp://127.0.0.1:9100", "tcp://[::1]:9100", "pty:///tmp/x",
                           "serial:///dev/ttyS0?baud=115200&bits=7&parity=even&stop=2",
                           "serial://usb/05e0:1701/SC0001?baud=9600"}) {
    EXPECT_TRUE(check_address(good)) << good;
  }
}

}  // namespace
}  // namespace dockline::firmware
