// One file of a simulated disk: what was written, and what of it would survive a power cut.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/prng.hpp"
#include "tests/sim/disk/bytes.hpp"

namespace dockline::sim {

class File {
 public:
  static constexpr std::size_t kSectorBytes = 512;  // survives whole or not at all

  [[nodiscard]] std::size_t size() const { return live_.size(); }
  void read(std::size_t at, char* out, std::size_t size) const { live_.read(at, out, size); }
  [[nodiscard]] std::string bytes() const { return live_.text(); }
  void write(std::size_t at, std::string_view bytes);
  void truncate(std::size_t size);
  void sync();
  // As it would be if nothing unsynced survived; nothing: the file would not be there.
  [[nodiscard]] bool durable() const { return ever_synced_; }
  [[nodiscard]] Bytes durable_bytes() const;
  // Each unsynced sector survives or not. False: the file was never synced and is gone.
  [[nodiscard]] bool power_cut(base::Prng& prng);
  void set_durable(const Bytes& bytes);  // from an image

 private:
  void keep_old(std::size_t from, std::size_t to);  // sectors of this range, once a sync

  Bytes live_;
  std::size_t synced_size_ = 0;
  bool ever_synced_ = false;
  // Durable content of sectors that were overwritten since the last sync, in order of the writes:
  // their bytes lie one behind the other in kept_, which keeps its memory over the syncs.
  struct Old {
    std::size_t sector, at, size;
  };
  std::vector<Old> old_;
  std::string kept_;
  std::vector<bool> dirty_;  // by sector below synced_size_
};

}  // namespace dockline::sim
