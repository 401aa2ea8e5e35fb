// What goes into StationApp and what comes out. Plain values: the shell (agent/main, agent/panel,
// the device hub) and the simulator speak these.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "firmware-interfaces/contract/device.hpp"
#include "firmware-interfaces/contract/printing.hpp"
#include "shared/ports/link.hpp"

namespace dockline::agent {

// ---------------------------------------------------------------- inputs
struct LinkUp {};
struct LinkDown {
  std::string why;  // for people
};
struct MqttIn {
  std::string topic;
  std::string payload;
  bool retained = false;
};
// One scan: the symbol's bytes without framing and identifier.
struct ScanIn {
  std::string device;     // configured name
  std::string bytes;      // perhaps not UTF-8
  std::string symbology;  // AIM identifier "]C1", or empty
};
// Bytes of a scanner that gave no scan (too long, noise): the packer hears "nope".
struct ScanRefusedIn {
  std::string device;
  std::string reason;
  std::string head;
};
struct DeviceSeen {
  firmware::DeviceReport report;
};
struct PrinterReport {
  firmware::PrintReport report;
};
// From the station page.
struct PageCommand {
  std::string command;  // "UNDO", "CONFIRM", ... as on the command sheet
};
struct PageTyped {
  std::string text;  // what a person typed and sent with Enter
};
struct PageUndo {
  std::string action;  // id of the newest action that can be taken back
};
struct PageUnknownKeys {};  // a scanner that nobody grabbed types like a keyboard
// Time passed. Sent when StationApp::wake_ms() is reached.
struct Tick {};
// Writes one row: tells whether the disk takes commits again.
struct StoreProbe {};

using StationInput =
    std::variant<LinkUp, LinkDown, MqttIn, ScanIn, ScanRefusedIn, DeviceSeen, PrinterReport,
                 PageCommand, PageTyped, PageUndo, PageUnknownKeys, Tick, StoreProbe>;

// ---------------------------------------------------------------- effects, after the commit
// Connect with this client id, these subscriptions and this will; url, user and password are the
// shell's. Answered by LinkUp or LinkDown, later by MqttIn.
struct Connect {
  std::string client_id;
  std::vector<std::string> subscriptions;
  ports::LinkWill will;
};
struct Publish {
  std::string topic;
  std::string payload;
  bool retained = false;
};
struct Sound {
  std::string name;  // tick tock nope hm gone back done stop (UI.md 2.4)
};
// Towards the device hub (firmware-interfaces/contract/printing.hpp).
struct Print {
  std::string device, job, bytes;
};
struct SendPrint {
  std::string device, job;
};
struct RecoverPrint {
  std::string device, job;
  firmware::PrinterMark mark;
};
struct ForgetPrint {
  std::string device, job;
};
struct ViewChanged {};  // the page has something new to draw

using StationEffect =
    std::variant<Connect, Publish, Sound, Print, SendPrint, RecoverPrint, ForgetPrint, ViewChanged>;

}  // namespace dockline::agent
