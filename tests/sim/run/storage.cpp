#include "tests/sim/run/storage.hpp"

#include <filesystem>

#include <stdlib.h>

namespace dockline::sim {

Storage::Storage(std::uint64_t seed) : disks_(seed) {
  std::string pattern =
      (std::filesystem::is_directory("/dev/shm") ? std::filesystem::path("/dev/shm")
                                                 : std::filesystem::temp_directory_path()) /
      "dockline-sim-XXXXXX";
  folder_ = mkdtemp(pattern.data());
}

Storage::~Storage() {
  std::error_code failed;
  std::filesystem::remove_all(folder_, failed);
}

}  // namespace dockline::sim
