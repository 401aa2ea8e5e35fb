// A hand scanner of the bench: sends a code and a line end, sometimes split, doubled, garbled.
#pragma once

#include <string>
#include <string_view>

#include "tests/sim/devices/line.hpp"

namespace dockline::sim {

enum class ScanTrouble { none, doubled, garbled, cut, no_read, run_together };

class Scanner {
 public:
  Scanner(World& world, std::string station, std::string name);

  [[nodiscard]] std::unique_ptr<ports::ByteStream> stream() { return plug_.stream(); }
  // The packer pulls the trigger. False: nobody is connected, the scan is lost.
  bool scan(std::string_view code, ScanTrouble trouble = ScanTrouble::none);
  void set_plugged(bool plugged) { plug_.set_plugged(plugged); }
  void set_split_per_mille(std::uint32_t split) { plug_.set_split_per_mille(split); }
  [[nodiscard]] bool connected() const { return plug_.connected(); }

 private:
  World& world_;
  std::string name_;
  Plug plug_;
};

}  // namespace dockline::sim
