#include "tests/sim/disk/file.hpp"

#include <algorithm>
#include <cstring>

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
    kept_.append(live_, at, size);
  }
}

void File::write(std::size_t at, std::string_view bytes) {
  keep_old(at, at + bytes.size());
  if (live_.size() < at + bytes.size()) live_.resize(at + bytes.size());
  if (!bytes.empty()) std::memcpy(live_.data() + at, bytes.data(), bytes.size());
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

std::string File::durable_bytes() const {
  std::string out = live_;
  out.resize(synced_size_);
  for (const auto& old : old_) {
    std::memcpy(out.data() + old.sector * kSectorBytes, kept_.data() + old.at, old.size);
  }
  return out;
}

bool File::power_cut(base::Prng& prng) {
  if (!ever_synced_ && prng.chance(500)) return false;
  const std::string before = durable_bytes();
  const bool same = before.size() == live_.size();
  std::string after = before;
  if (!same && prng.chance(500)) after.resize(live_.size());
  const auto take = [&](std::size_t sector) {
    const std::size_t at = sector * kSectorBytes;
    if (at >= after.size() || at >= live_.size() || !prng.chance(500)) return;
    const std::size_t size = std::min({kSectorBytes, after.size() - at, live_.size() - at});
    after.replace(at, size, live_, at, size);
  };
  for (const auto& old : old_) take(old.sector);
  const std::size_t grown = (synced_size_ + kSectorBytes - 1) / kSectorBytes;
  for (std::size_t s = grown; s * kSectorBytes < after.size(); ++s) take(s);
  // The last durable sector may have been half full; its growth survives with it or not.
  if (synced_size_ % kSectorBytes != 0 && after.size() > synced_size_) {
    take(synced_size_ / kSectorBytes);
  }
  set_durable(std::move(after));
  return true;
}

void File::set_durable(std::string bytes) {
  live_ = std::move(bytes);
  synced_size_ = live_.size();
  ever_synced_ = true;
  old_.clear();
  kept_.clear();
  dirty_.clear();
}

}  // namespace dockline::sim
