#include "tests/sim/plants/plants.hpp"

#include <sstream>

#include "shared/base/embedded.hpp"

namespace dockline::base {
std::vector<EmbeddedFile> embedded_sim_plants();
}  // namespace dockline::base

namespace dockline::sim {
namespace {

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? ""
                                    : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

std::vector<Plant> plants() {
  std::vector<Plant> out;
  for (const auto& file : base::embedded_sim_plants()) {
    std::istringstream lines{std::string(file.bytes)};
    for (std::string line; std::getline(lines, line);) {
      std::istringstream parts(line);
      std::string name, what, seeds;
      if (line.starts_with("#") || !std::getline(parts, name, '|') ||
          !std::getline(parts, what, '|') || !std::getline(parts, seeds)) {
        continue;
      }
      out.push_back({trimmed(name), trimmed(what), std::stoi(seeds)});
    }
  }
  return out;
}

}  // namespace dockline::sim
