#include "tests/sim/disk/file.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

namespace dockline::sim {

template <class F>
void Bytes::pieces(std::size_t at, std::size_t size, F take) const {
  while (size > 0) {
    const std::size_t in = at % kBlockBytes, part = std::min(size, kBlockBytes - in);
    take(blocks_[at / kBlockBytes].get() + in, part);
    at += part;
    size -= part;
  }
}

void Bytes::resize(std::size_t size) {
  const std::size_t before = size_;
  blocks_.resize((size + kBlockBytes - 1) / kBlockBytes);
  for (auto at = blocks_.rbegin(); at != blocks_.rend() && *at == nullptr; ++at) {
    *at = std::make_unique_for_overwrite<char[]>(kBlockBytes);
  }
  size_ = size;
  if (size > before) {
    pieces(before, size - before, [](char* to, std::size_t part) { std::memset(to, 0, part); });
  }
}

void Bytes::write(std::size_t at, std::string_view bytes) {
  const std::size_t end = at + bytes.size();
  if (size_ < at) resize(at);
  while (blocks_.size() * kBlockBytes < end) {
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlockBytes));
  }
  size_ = std::max(size_, end);
  pieces(at, bytes.size(), [from = bytes.data()](char* to, std::size_t part) mutable {
    std::memcpy(to, from, part);
    from += part;
  });
}

void Bytes::read(std::size_t at, char* out, std::size_t size) const {
  pieces(at, size, [&out](const char* from, std::size_t part) {
    std::memcpy(out, from, part);
    out += part;
  });
}

void Bytes::append_to(std::string& out, std::size_t at, std::size_t size) const {
  pieces(at, size, [&out](const char* from, std::size_t part) { out.append(from, part); });
}

std::string File::bytes() const {
  std::string out;
  live_.append_to(out, 0, live_.size());
  return out;
}

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

std::string File::durable_bytes() const {
  std::string out;
  out.reserve(synced_size_);
  live_.append_to(out, 0, std::min(synced_size_, live_.size()));
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
    live_.read(at, after.data() + at, size);
  };
  for (const auto& old : old_) take(old.sector);
  const std::size_t grown = (synced_size_ + kSectorBytes - 1) / kSectorBytes;
  for (std::size_t s = grown; s * kSectorBytes < after.size(); ++s) take(s);
  // The last durable sector may have been half full; its growth survives with it or not.
  if (synced_size_ % kSectorBytes != 0 && after.size() > synced_size_) {
    take(synced_size_ / kSectorBytes);
  }
  set_durable(after);
  return true;
}

void File::set_durable(std::string_view bytes) {
  live_ = {};
  live_.write(0, bytes);
  synced_size_ = live_.size();
  ever_synced_ = true;
  old_.clear();
  kept_.clear();
  dirty_.clear();
}

}  // namespace dockline::sim
