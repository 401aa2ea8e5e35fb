// What a ZPL printer answers, one complete answer at a time (Zebra ZPL guide: ~HS, ~HQES, ~HI).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firmware-interfaces/contract/printer.hpp"

namespace dockline::firmware::zpl {

// The three strings of ~HS. Fields are split on commas; widths differ between firmwares.
struct HostStatus {
  bool paper_out = false, paused = false, head_up = false, ribbon_out = false;
  bool buffer_full = false, partial_format = false, corrupt_ram = false;
  bool under_temp = false, over_temp = false, label_waiting = false;
  std::int64_t formats_in_buffer = 0, labels_remaining = 0;
  int print_mode = 0;  // digits as they are, letters A=10...

  [[nodiscard]] bool ready() const;
};

// Reads the strings between STX and ETX; empty when they are not the first two strings of ~HS.
[[nodiscard]] std::optional<HostStatus> read_host_status(std::string_view first,
                                                         std::string_view second);
[[nodiscard]] PrinterStatus to_status(const HostStatus& status);

// The block that holds "ERRORS:" and "WARNINGS:".
[[nodiscard]] std::optional<PrinterErrors> read_errors(std::string_view block);
// "ZTC ZD420-203dpi ZPL,V93.20.15Z,8,4194304"
[[nodiscard]] std::optional<PrinterIdentity> read_identity(std::string_view block);
// "ALERT: PQ JOB COMPLETED [2024-07-17 14:36:30] [SERIAL]"
[[nodiscard]] std::optional<PrinterAlert> read_alert(std::string_view line);

// Which of the strings of ~HS a block looks like: 1, 2, 3; 0 for none.
[[nodiscard]] int host_status_string(std::string_view block);

}  // namespace dockline::firmware::zpl
