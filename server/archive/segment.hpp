// Segments of the event log: numbered files in a folder beside server.db, each a run of facts, byte
// for byte, still replayable. Format (README.md): one header line of JSON, then zstd frames of
// whole rows; the header holds first and last position, the chain before and after, and the SHA-256
// of all that follows it.
//
// Thread rule: an object belongs to one thread. Failures: Fault::corrupt with file and remedy.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/archive/chain.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::archive {

struct Row {
  std::int64_t position = 0, time_ms = 0, heard_ms = 0;
  std::string_view body;
};

struct Block {
  std::int64_t first = 0;   // position of its first row
  std::int64_t offset = 0;  // behind the header line
  std::int64_t bytes = 0;   // compressed
  std::int64_t plain = 0;   // unpacked
};

struct Header {
  std::int64_t number = 0, first = 0, last = 0, made_ms = 0;
  LogChain before{}, chain{};  // before row `first`, of row `last`
  std::string sha256;          // hex, of everything behind the header line
  std::vector<Block> blocks;
};

inline constexpr std::size_t kBlockPlainBytes = 256 * 1024;  // one block unpacks to about this
inline constexpr std::int64_t kSegmentEventsMax = 50'000;    // of one file
inline constexpr std::size_t kSegmentPlainBytesMax = 48 * 1024 * 1024;
inline constexpr std::size_t kHeaderBytesMax = 64 * 1024;

// Collects rows in order of position; the whole file is held in memory (bounded above).
class Writer {
 public:
  Writer(std::int64_t number, const LogChain& before);
  void add(const Row& row);
  [[nodiscard]] bool full() const {
    return rows_ >= kSegmentEventsMax || plain_ >= kSegmentPlainBytesMax;
  }
  [[nodiscard]] std::int64_t rows() const { return rows_; }
  struct Made {
    Header header;
    std::string file;  // its bytes
  };
  [[nodiscard]] base::Result<Made> finish(std::int64_t made_ms);

 private:
  [[nodiscard]] base::Status pack();
  Header header_;
  std::string block_, packed_;
  std::int64_t block_first_ = 0, rows_ = 0;
  std::size_t plain_ = 0;
  base::Status failed_;
};

class Segment {
 public:
  [[nodiscard]] static base::Result<Segment> open(const std::string& path);
  [[nodiscard]] const Header& header() const { return header_; }

  // Sum of the bytes, then every row: positions, and the chain up to the header's.
  [[nodiscard]] base::Status verify();
  // Rows from `first` on, in order, until `take` returns false.
  [[nodiscard]] base::Status each(std::int64_t first, const std::function<bool(const Row&)>& take);
  [[nodiscard]] base::Result<std::string> body(std::int64_t position);

 private:
  Segment(std::string path, Header header, std::int64_t data)
      : path_(std::move(path)), header_(std::move(header)), data_(data) {}
  [[nodiscard]] base::Status load(std::size_t block);
  [[nodiscard]] base::Error damaged(const std::string& what) const;

  std::string path_;
  Header header_;
  std::int64_t data_ = 0;  // where the blocks begin
  std::size_t loaded_ = SIZE_MAX;
  std::string plain_;  // of the loaded block
};

// "000012-600001-650000.dls"
[[nodiscard]] std::string file_name(const Header& header);

}  // namespace dockline::server::archive
