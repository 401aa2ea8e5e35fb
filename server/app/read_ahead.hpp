// A message of an up stream, read before its turn: unpacked, parsed, its chain computed, its facts
// decoded. That is a good part of what a fact of a backlog costs, and needs nothing but its bytes,
// so another thread may do it while the message waits in the mailbox. Who comes first does the
// work; the turn never waits for more than the one message that is being read.
//
// Thread rule: read() from any thread; everything else on the lane, after read().
#pragma once

#include <atomic>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/sync/message.hpp"
#include "shared/wire/event.hpp"

namespace dockline::server {

class ReadAhead {
 public:
  explicit ReadAhead(std::string payload) : payload_(std::move(payload)) {}
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  // Returns when it is read, by whomever.
  void read();

  [[nodiscard]] const base::Result<sync::Message>& message() const { return message_; }
  // Of a `data`: the chain after each of its facts.
  [[nodiscard]] std::span<const sync::Chain> links() const { return links_; }
  // The i-th fact decoded. Moved out: asked for again (a turn that failed) it is decoded again.
  [[nodiscard]] base::Result<wire::Event> take(std::size_t i);

 private:
  enum State : int { waiting, reading, done };
  void read_now();

  std::atomic<int> state_ = waiting;
  std::string payload_;  // empty once it is read
  std::string plain_;    // what the views in message_ point into
  base::Result<sync::Message> message_{sync::UnknownKind{}};
  std::vector<sync::Chain> links_;
  std::vector<base::Result<wire::Event>> events_;
  std::vector<bool> taken_;
};

}  // namespace dockline::server
