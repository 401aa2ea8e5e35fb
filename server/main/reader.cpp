#include "server/main/reader.hpp"

#include <stop_token>

namespace dockline::server {

Reader::Reader() : thread_([this](const std::stop_token& stop) { run(stop); }) {}
Reader::~Reader() = default;

void Reader::offer(const std::shared_ptr<ReadAhead>& message, std::size_t bytes) {
  {
    const std::lock_guard lock(guard_);
    if (waiting_.size() == kReadAheadWaitingMax) waiting_.pop_front();
    waiting_.push_back({message, bytes});
  }
  wake_.notify_one();
}

std::size_t Reader::begun() {
  const std::lock_guard lock(guard_);
  return begun_;
}

std::size_t Reader::lying() {
  const std::lock_guard lock(guard_);
  static_cast<void>(room());
  return lying_;
}

// What the turns have used is gone: messages are used nearly in the order they were offered.
bool Reader::room() {
  while (!read_.empty() && read_.front().message.expired()) {
    lying_ -= read_.front().bytes;
    read_.pop_front();
  }
  return lying_ < kReadAheadBytesMax;
}

void Reader::run(const std::stop_token& stop) {
  std::unique_lock lock(guard_);
  // Without room the next offer wakes it: turns that use messages make stations send more.
  while (wake_.wait(lock, stop, [this] { return !waiting_.empty() && room(); })) {
    Item item = std::move(waiting_.front());
    waiting_.pop_front();
    auto message = item.message.lock();
    if (message == nullptr) continue;
    lying_ += item.bytes;
    read_.push_back(std::move(item));
    ++begun_;
    lock.unlock();
    message->read();
    message.reset();
    lock.lock();
  }
}

}  // namespace dockline::server
