#include "tests/sim/devices/scanner.hpp"

#include <utility>

namespace dockline::sim {
namespace {

constexpr std::int64_t kAgainMs = 60;  // the trigger bounced: the same code twice

}  // namespace

Scanner::Scanner(World& world, std::string station, std::string name)
    : world_(world), name_(station + "/" + name), plug_(world, name_, [](const std::string&) {}) {}

bool Scanner::scan(std::string_view code, ScanTrouble trouble) {
  auto& draw = world_.random("scanner " + name_);
  std::string bytes = std::string(code) + "\r\n";
  switch (trouble) {
    case ScanTrouble::none:
      break;
    case ScanTrouble::doubled:
      plug_.send(bytes, 1);
      plug_.send(std::move(bytes), kAgainMs);
      return plug_.connected();
    case ScanTrouble::garbled:  // bits flip in the cable; the line end survives
      for (std::size_t i = 0; i + 2 < bytes.size(); ++i) {
        if (draw.chance(200)) bytes[i] = static_cast<char>(draw.below(256));
      }
      break;
    case ScanTrouble::cut:  // the end never comes
      bytes.resize(bytes.size() / 2);
      break;
    case ScanTrouble::no_read:
      bytes = "NOREAD\r\n";
      break;
    case ScanTrouble::run_together:
      bytes = std::string(code) + bytes;
      break;
  }
  plug_.send(std::move(bytes), 1);
  return plug_.connected();
}

}  // namespace dockline::sim
