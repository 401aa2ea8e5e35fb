// The bytes of a file in blocks: one that grows is never copied, and a copy (an image of a disk)
// shares its blocks until one of both is written.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dockline::sim {

class Bytes {
 public:
  Bytes() = default;
  Bytes(const Bytes&) = default;
  Bytes& operator=(const Bytes&) = default;
  Bytes(Bytes&& other) noexcept
      : blocks_(std::move(other.blocks_)), size_(std::exchange(other.size_, 0)) {}
  Bytes& operator=(Bytes&& other) noexcept {
    blocks_ = std::move(other.blocks_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }
  ~Bytes() = default;

  [[nodiscard]] std::size_t size() const { return size_; }
  void resize(std::size_t size);  // with zeroes
  void write(std::size_t at, std::string_view bytes);
  // All of them must be there.
  void read(std::size_t at, char* out, std::size_t size) const;
  void append_to(std::string& out, std::size_t at, std::size_t size) const;
  [[nodiscard]] std::string text() const;

 private:
  static constexpr std::size_t kBlockBytes = 64 * 1024;
  using Block = std::shared_ptr<char[]>;
  static Block fresh() { return Block(new char[kBlockBytes]); }
  void own(std::size_t at, std::size_t size);  // before they are written
  // Calls with each piece of a range: where it lies in memory, how long it is.
  template <class F>
  void pieces(std::size_t at, std::size_t size, F take) const;

  std::vector<Block> blocks_;
  std::size_t size_ = 0;
};

}  // namespace dockline::sim
