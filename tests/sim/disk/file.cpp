#include "tests/sim/disk/file.hpp"

#include <algorithm>
#include <array>

namespace dockline::sim {

void File::keep_old(std::size_t from, std::size_t to) {
  const std::size_t end = std::min(to, synced_size_);
  for (std::size_t sector = from / kSectorBytes; sector * kSectorBytes < end; ++sector) {
    if (dirty_.size() <= sector) dirty_.resize(synced_size_ / kSectorBytes + 1);
    if (dirty_[sector]) continue;
    dirty_[sector] = true;
    const std::size_t at = sector * kSectorBytes;
    const std::size_t size = std::min(kSectorBytes, synced_size_ - at);
    old_.push_back({sector, kept_.size(), size});
    live_.append_to(kept_, at, size);
  }
}

void File::write(std::size_t at, std::string_view bytes) {
  keep_old(at, at + bytes.size());
  live_.write(at, bytes);
}

void File::truncate(std::size_t size) {
  if (size < live_.size()) keep_old(size, live_.size());
  live_.resize(size);
}

void File::sync() {
  ever_synced_ = true;
  synced_size_ = live_.size();
  for (const auto& old : old_) dirty_[old.sector] = false;
  old_.clear();
  kept_.clear();
}

Bytes File::durable_bytes() const {
  Bytes out = live_;
  out.resize(synced_size_);
  for (const auto& old : old_) {
    out.write(old.sector * kSectorBytes, std::string_view(kept_).substr(old.at, old.size));
  }
  return out;
}

bool File::power_cut(base::Prng& prng) {
  if (!ever_synced_ && prng.chance(500)) return false;
  const std::size_t live = live_.size(), synced = synced_size_;
  const std::size_t size = live != synced && prng.chance(500) ? live : synced;
  const auto survives = [&](std::size_t sector) {
    return sector * kSectorBytes < std::min(size, live) && prng.chance(500);
  };
  std::vector<bool> kept(old_.size());
  for (std::size_t i = 0; i < old_.size(); ++i) kept[i] = survives(old_[i].sector);
  // What grew since: the other sectors are there and empty.
  std::vector<std::size_t> empty;
  for (std::size_t s = (synced + kSectorBytes - 1) / kSectorBytes; s * kSectorBytes < size; ++s) {
    if (!survives(s)) empty.push_back(s);
  }
  // The last durable sector may have been half full; its growth survives with it or not.
  const std::size_t half = synced / kSectorBytes;
  const bool whole = synced % kSectorBytes != 0 && size > synced && survives(half);
  live_.resize(size);
  static constexpr std::array<char, kSectorBytes> kNothing{};
  const auto put = [&](std::size_t at, std::string_view bytes) {
    if (at < size) live_.write(at, bytes.substr(0, size - at));
  };
  for (std::size_t i = 0; i < old_.size(); ++i) {
    const auto& old = old_[i];
    const std::size_t at = old.sector * kSectorBytes;
    const auto before = std::string_view(kept_).substr(old.at, old.size);
    if (kept[i] || (whole && old.sector == half)) {
      // What was cut off within it is still there when the file's new size did not survive.
      if (live < at + old.size) put(live, before.substr(live - at));
      continue;
    }
    put(at, before);
    put(at + old.size, {kNothing.data(), kSectorBytes - old.size});
  }
  for (const auto s : empty) put(s * kSectorBytes, {kNothing.data(), kSectorBytes});
  synced_size_ = size;
  ever_synced_ = true;
  old_.clear();
  kept_.clear();
  dirty_.clear();
  return true;
}

void File::set_durable(const Bytes& bytes) {
  live_ = bytes;
  synced_size_ = live_.size();
  ever_synced_ = true;
  old_.clear();
  kept_.clear();
  dirty_.clear();
}

}  // namespace dockline::sim
