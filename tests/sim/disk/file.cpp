#include "tests/sim/disk/file.hpp"

#include <algorithm>
#include <array>
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
