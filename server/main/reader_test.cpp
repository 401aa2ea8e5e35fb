#include "server/main/reader.hpp"

#include <chrono>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

namespace dockline::server {
namespace {

std::shared_ptr<ReadAhead> message() { return std::make_shared<ReadAhead>("{\"v\":1}\n"); }

bool soon(const std::function<bool()>& true_) {
  for (int i = 0; i < 5'000; ++i) {
    if (true_()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

TEST(Reader, ReadsWhatWaitsAndStopsAtItsBound) {
  Reader reader;
  constexpr std::size_t kBytes = kReadAheadBytesMax / 4;
  std::vector<std::shared_ptr<ReadAhead>> mailbox;
  for (int i = 0; i < 6; ++i) {
    mailbox.push_back(message());
    reader.offer(mailbox.back(), kBytes);
  }
  ASSERT_TRUE(soon([&] { return reader.begun() == 4; }));
  EXPECT_EQ(reader.lying(), kReadAheadBytesMax);

  // A turn uses two of them, and the next offer wakes it.
  mailbox.erase(mailbox.begin(), mailbox.begin() + 2);
  mailbox.push_back(message());
  reader.offer(mailbox.back(), kBytes);
  ASSERT_TRUE(soon([&] { return reader.begun() == 6; }));
  EXPECT_EQ(reader.lying(), kReadAheadBytesMax);
}

TEST(Reader, PassesOverWhatWasUsedBefore) {
  Reader reader;
  for (std::size_t i = 0; i < 2 * kReadAheadWaitingMax; ++i) reader.offer(message(), 1);
  auto kept = message();
  reader.offer(kept, 1);
  ASSERT_TRUE(soon([&] { return reader.lying() == 1; }));
  kept.reset();
  EXPECT_TRUE(soon([&] { return reader.lying() == 0; }));
}

TEST(Reader, EndsWithMessagesLeft) {
  std::vector<std::shared_ptr<ReadAhead>> mailbox;
  Reader reader;
  for (int i = 0; i < 100; ++i) {
    mailbox.push_back(message());
    reader.offer(mailbox.back(), kReadAheadBytesMax);
  }
}

}  // namespace
}  // namespace dockline::server
