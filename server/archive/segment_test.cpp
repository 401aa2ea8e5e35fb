#include "server/archive/segment.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace dockline::server::archive {
namespace {

class SegmentFile : public ::testing::Test {
 protected:
  SegmentFile()
      : folder_(std::filesystem::temp_directory_path() /
                ("dockline-segment-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~SegmentFile() override { std::filesystem::remove_all(folder_); }

  static std::string body(std::int64_t position) {
    return R"({"n":)" + std::to_string(position) + R"(,"text":")" +
           std::string(static_cast<std::size_t>(position % 97) * 9, 'x') + "\"}";
  }
  std::string make(std::int64_t first, std::int64_t last) {
    Writer writer(7, log_chain_start());
    for (auto p = first; p <= last; ++p) writer.add({p, 1'000 + p, 2'000 + p, body(p)});
    const auto made = writer.finish(42).value();
    EXPECT_EQ(made.header.first, first);
    EXPECT_EQ(made.header.last, last);
    path_ = (folder_ / file_name(made.header)).string();
    write(made.file);
    return made.file;
  }
  void write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }

  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(SegmentFile, GivesBackEveryFactByteForByte) {
  make(101, 3'100);
  auto segment = Segment::open(path_).value();
  EXPECT_TRUE(segment.verify().has_value());
  EXPECT_GT(segment.header().blocks.size(), 2U);
  for (const std::int64_t p : {101, 102, 1'500, 3'099, 3'100, 101}) {
    EXPECT_EQ(segment.body(p).value(), body(p));
  }
  std::int64_t next = 2'000;
  EXPECT_TRUE(segment
                  .each(2'000,
                        [&](const Row& row) {
                          EXPECT_EQ(row.position, next++);
                          EXPECT_EQ(row.heard_ms, 2'000 + row.position);
                          return true;
                        })
                  .has_value());
  EXPECT_EQ(next, 3'101);
  EXPECT_FALSE(segment.body(3'101).has_value());
}

TEST_F(SegmentFile, EveryChangedByteIsSeen) {
  const std::string good = make(1, 200);
  std::size_t tried = 0;
  for (std::size_t at = 0; at < good.size(); at += 1 + good.size() / 300) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x41);
    write(bad);
    auto segment = Segment::open(path_);
    // The number and the time of making stand in the header alone; the file's name and its row in
    // the table say them too.
    const bool header_only = segment && segment->verify().has_value();
    if (header_only) {
      EXPECT_TRUE(segment->header().number != 7 || segment->header().made_ms != 42) << at;
    } else {
      const auto& error = segment ? segment->verify().error() : segment.error();
      EXPECT_EQ(error.fault, base::Fault::corrupt);
      EXPECT_NE(error.detail.find(path_), std::string::npos);
    }
    ++tried;
  }
  EXPECT_GT(tried, 100U);
}

TEST_F(SegmentFile, ATruncatedFileIsSeenAtEveryLength) {
  const std::string good = make(1, 50);
  for (std::size_t size = 0; size < good.size(); size += 7) {
    write(good.substr(0, size));
    auto segment = Segment::open(path_);
    EXPECT_FALSE(segment && segment->verify().has_value()) << size;
  }
}

TEST_F(SegmentFile, AMissingFileSaysWhereTheCopyIs) {
  const auto none = Segment::open((folder_ / "none.dls").string());
  ASSERT_FALSE(none.has_value());
  EXPECT_NE(none.error().detail.find("backup folder"), std::string::npos);
}

}  // namespace
}  // namespace dockline::server::archive
