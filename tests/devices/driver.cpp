// A device hub on a command line, for tests that break devices from outside.
// usage: device_driver PRINTER-ADDRESS; stdin: "print JOB" "recover JOB SERIAL ODOMETER UPTIME
// WALL_MS" stdout, tab-separated: device STATE DETAIL | print JOB STEP STATE EVIDENCE SERIAL
// ODOMETER UPTIME WALL
#include <iostream>
#include <sstream>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <unistd.h>

#include "firmware-interfaces/hub/device_hub.hpp"
#include "firmware-interfaces/transports/factory.hpp"
#include "shared/runtime/lane.hpp"

namespace {

namespace asio = boost::asio;
using namespace dockline;
using namespace dockline::firmware;

class Driver {
 public:
  explicit Driver(const char* address)
      : hub_(
            lane_, [this](std::string_view a) { return make_stream(lane_.io(), a); },
            HubEvents{[](ScanReport) {}, [](ScanRefusedReport) {},
                      [](DeviceReport r) {
                        std::cout << "device\t" << name(r.state) << "\t" << r.detail << std::endl;
                      },
                      [this](PrintReport r) { heard(r); }}),
        stdin_(lane_.io(), ::dup(STDIN_FILENO)) {
    const auto added = hub_.add(PrinterConfig{.name = "p", .address = address});
    if (!added) {
      std::cerr << added.error().detail << "\n";
      std::exit(2);
    }
  }
  void run() {
    hub_.start();
    read();
    lane_.run();
  }

 private:
  void heard(const PrintReport& r) {
    const auto number = [](std::optional<std::int64_t> n) { return n ? std::to_string(*n) : "-"; };
    std::cout << "print\t" << r.job << "\t" << name(r.step) << "\t" << name(r.state) << "\t"
              << r.evidence << "\t" << r.mark.serial.value_or("-") << "\t"
              << number(r.mark.odometer) << "\t" << number(r.mark.uptime_s) << "\t"
              << r.mark.asked_wall_ms << std::endl;
    if (r.step == PrintStep::prepared) {
      hub_.send(r.device, r.job);
    }
  }
  void read() {
    asio::async_read_until(stdin_, asio::dynamic_buffer(line_), '\n', [this](auto error, auto n) {
      if (error) {
        lane_.stop();
        return;
      }
      obey(line_.substr(0, n));
      line_.erase(0, n);
      read();
    });
  }
  void obey(const std::string& line) {
    std::istringstream in(line);
    std::string verb, job, serial;
    in >> verb >> job;
    if (verb == "print") {
      hub_.print("p", job, "^XA^CI28^FO1,1^A0N,30,30^FD" + job + "^FS^XZ");
    } else if (verb == "recover") {
      std::int64_t odometer = 0, uptime = 0, wall = 0;
      in >> serial >> odometer >> uptime >> wall;
      hub_.recover("p", job, {serial, odometer, uptime, wall});
    }
  }

  runtime::Lane lane_;
  DeviceHub hub_;
  asio::posix::stream_descriptor stdin_;
  std::string line_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: device_driver PRINTER-ADDRESS\n";
    return 2;
  }
  Driver(argv[1]).run();
  return 0;
}
