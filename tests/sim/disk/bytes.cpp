#include "tests/sim/disk/bytes.hpp"

#include <algorithm>
#include <cstring>

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

void Bytes::own(std::size_t at, std::size_t size) {
  if (size == 0) return;
  for (auto n = at / kBlockBytes; n <= (at + size - 1) / kBlockBytes; ++n) {
    if (blocks_[n].use_count() == 1) continue;
    auto mine = fresh();
    std::memcpy(mine.get(), blocks_[n].get(), kBlockBytes);
    blocks_[n] = std::move(mine);
  }
}

void Bytes::resize(std::size_t size) {
  const std::size_t before = size_;
  blocks_.resize((size + kBlockBytes - 1) / kBlockBytes);
  for (auto at = blocks_.rbegin(); at != blocks_.rend() && *at == nullptr; ++at) {
    *at = fresh();
  }
  size_ = size;
  if (size > before) {
    own(before, size - before);
    pieces(before, size - before, [](char* to, std::size_t part) { std::memset(to, 0, part); });
  }
}

void Bytes::write(std::size_t at, std::string_view bytes) {
  const std::size_t end = at + bytes.size();
  if (size_ < at) resize(at);
  while (blocks_.size() * kBlockBytes < end) {
    blocks_.push_back(fresh());
  }
  size_ = std::max(size_, end);
  own(at, bytes.size());
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

std::string Bytes::text() const {
  std::string out;
  out.reserve(size_);
  append_to(out, 0, size_);
  return out;
}

}  // namespace dockline::sim
