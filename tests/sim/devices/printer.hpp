// A ZPL label printer of the bench: tests/devices/model_printer.hpp behind a plug, with paper that
// comes out, and everything that goes wrong with printers.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/devices/model_printer.hpp"
#include "tests/sim/checkers/observe.hpp"
#include "tests/sim/devices/line.hpp"

namespace dockline::sim {

enum class PrinterTrouble {
  paper_out,
  head_open,
  paused,       // stays until clear(); jobs wait
  no_status,    // answers no question for a while
  not_reading,  // takes no bytes
  unplugged,    // no connection
  power_cycle,  // off for a moment: half a label and what waited are gone
  garbage,      // noise among its answers, once
};

class Printer {
 public:
  using Report = std::function<void(const Observation&)>;
  Printer(World& world, std::string station, std::string name, Report report);

  [[nodiscard]] std::unique_ptr<ports::ByteStream> stream() { return plug_.stream(); }

  void trouble(PrinterTrouble what);
  void clear();  // whatever is wrong is mended
  [[nodiscard]] bool in_trouble() const { return in_trouble_; }
  void set_print_ms(std::int64_t ms) { print_ms_ = ms; }
  void set_split_per_mille(std::uint32_t split) { plug_.set_split_per_mille(split); }

  // Sheets that lie in its tray, oldest first; the packer takes them.
  struct Sheet {
    std::string tracking, zpl;
    std::int64_t at_ms = 0;
  };
  [[nodiscard]] std::vector<Sheet> take_sheets();
  [[nodiscard]] const std::vector<Sheet>& tray() const { return tray_; }
  [[nodiscard]] std::uint64_t printed() const { return printed_; }

 private:
  void take(std::string bytes);
  void print_soon();
  void print_one();

  World& world_;
  std::string station_, name_;
  Report report_;
  firmware::ModelPrinter model_;
  Plug plug_;
  std::vector<Sheet> tray_;
  std::uint64_t printed_ = 0;
  std::int64_t print_ms_ = 400;
  EventId printing_ = 0;
  bool in_trouble_ = false;
};

// The tracking number on a label: the data of its Code 128 field. "" when there is none.
[[nodiscard]] std::string tracking_of(std::string_view zpl);

}  // namespace dockline::sim
