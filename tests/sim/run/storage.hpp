// Where the computers of a run keep their files, and a folder on a real disk for scratch files.
#pragma once

#include <cstdint>
#include <string>

#include "tests/sim/disk/sim_disk.hpp"

namespace dockline::sim {

class Storage {
 public:
  explicit Storage(std::uint64_t seed);
  ~Storage();
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  [[nodiscard]] std::string vfs() const { return disks_.vfs(); }
  [[nodiscard]] static std::string path(const std::string& computer, const std::string& file) {
    return "/" + computer + "/" + file;
  }
  [[nodiscard]] Disk* disk(const std::string& computer) { return &disks_.of(computer); }
  [[nodiscard]] const std::string& scratch() const { return folder_; }

 private:
  Disks disks_;
  std::string folder_;
};

}  // namespace dockline::sim
