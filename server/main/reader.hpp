// A thread that reads large messages of stations while they wait for their turn (ReadAhead): a
// backlog of many stations drains on two cores instead of one.
//
// Bound: what lies read and was not used stays under kReadAheadBytesMax; the rest the turn reads
// itself. Thread rule: offer() and the end on the core lane.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "server/app/read_ahead.hpp"

namespace dockline::server {

inline constexpr std::size_t kReadAheadBytesMax = 8 * 1024 * 1024;  // plain bytes of messages
inline constexpr std::size_t kReadAheadWaitingMax = 4096;           // messages not begun

class Reader {
 public:
  Reader();
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // `bytes`: in plain. What was used or dropped before its time came is passed over.
  void offer(const std::shared_ptr<ReadAhead>& message, std::size_t bytes);
  // How many messages were begun, and how many plain bytes lie read (for tests).
  [[nodiscard]] std::size_t begun();
  [[nodiscard]] std::size_t lying();

 private:
  struct Item {
    std::weak_ptr<ReadAhead> message;
    std::size_t bytes = 0;
  };
  void run(const std::stop_token& stop);
  [[nodiscard]] bool room();

  std::mutex guard_;
  std::condition_variable_any wake_;
  std::deque<Item> waiting_, read_;
  std::size_t lying_ = 0;  // bytes of read_
  std::size_t begun_ = 0;
  std::jthread thread_;  // last: ends first
};

}  // namespace dockline::server
