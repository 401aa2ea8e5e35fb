// All configured scanners and printers of one station: keeps each connected, decodes what it says,
// and runs print jobs. What it decides is in supervisor, printing and the drivers; this class
// wires.
//
// Thread rule: one lane. Callbacks run on it and may call back into the hub.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "firmware-interfaces/contract/device.hpp"
#include "firmware-interfaces/contract/printing.hpp"
#include "firmware-interfaces/contract/scanner.hpp"
#include "shared/base/result.hpp"
#include "shared/ports/byte_stream.hpp"
#include "shared/ports/timers.hpp"

namespace dockline::firmware {

struct ScannerConfig {
  std::string name;     // "left scanner"
  std::string address;  // serial:///dev/ttyACM0?baud=9600, tcp://127.0.0.1:7001, pty:///path
  std::string driver = "framed";
  ScannerSettings settings;
};

struct PrinterConfig {
  std::string name;
  std::string address;  // tcp://127.0.0.1:9100
  std::string driver = "zpl";
};

// One scan, on its way to StationApp.
struct ScanReport {
  std::string device;
  std::string data;       // the symbol's bytes without framing and identifier
  std::string symbology;  // "]C1" or empty
};
// Bytes of a scanner that gave no scan; the person must hear "nope".
struct ScanRefusedReport {
  std::string device;
  std::string reason;
  std::string head;
};

struct HubEvents {
  std::function<void(ScanReport)> on_scan;
  std::function<void(ScanRefusedReport)> on_scan_refused;
  std::function<void(DeviceReport)> on_device;
  std::function<void(PrintReport)> on_print;
};

class DeviceHub {
 public:
  // Makes the stream of an address; firmware-interfaces/transports/factory.hpp has the real one.
  using MakeStream =
      std::function<base::Result<std::unique_ptr<ports::ByteStream>>(std::string_view address)>;

  DeviceHub(ports::Timers& timers, MakeStream make_stream, HubEvents events);
  ~DeviceHub();
  DeviceHub(const DeviceHub&) = delete;
  DeviceHub& operator=(const DeviceHub&) = delete;

  // Fault::reject: driver or address not understood, name used twice. Before start().
  [[nodiscard]] base::Status add(ScannerConfig config);
  [[nodiscard]] base::Status add(PrinterConfig config);
  void start();

  // Starts a job on a printer; answers come as on_print (see contract/printing.hpp). `bytes` is
  // one ZPL format, one label. An unknown printer or a busy one answers `refused`.
  void print(std::string_view device, std::string job, std::string bytes);
  // SENDING is durable: the bytes may leave. Later than 10 s after `prepared`: `refused` was sent.
  void send(std::string_view device, std::string_view job);
  // After a restart: was this job, SENDING since `mark`, printed? Answers when the printer can be
  // asked; `uncertain` after 30 s of silence.
  void recover(std::string_view device, std::string job, PrinterMark mark);
  // The owner no longer cares (a person decided): no further reports for the job.
  void forget(std::string_view device, std::string_view job);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dockline::firmware
