// Inputs waiting for their turn. An App may sort them into queues: inputs of one queue keep their
// order, queues take turns, and what is small goes before what is large: a backlog in one does not
// hold up what the others say now. Each turn takes something large all the same, if there is any.
//
// An App may offer, both static:
//   std::string_view queue_of(const Input&)   whose input it is; empty: goes before all others
//   std::size_t weight(const Input&)          roughly its bytes; a turn ends at kTurnBytesMax
// Without them all inputs are one queue, in order of arrival.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/limits.hpp"

namespace dockline::turn {

template <class App>
class Mailbox {
 public:
  using Input = typename App::Input;

  // False when it is full.
  [[nodiscard]] bool put(Input input) {
    if (size_ >= base::limits::kMailboxInputsMax) return false;
    ++size_;
    const std::string_view name = queue_of(input);
    if (name.empty()) {
      first_.push_back(std::move(input));
      return true;
    }
    auto at = queues_.find(name);
    if (at == queues_.end()) at = queues_.emplace(std::string(name), Queue{}).first;
    at->second.push_back(std::move(input));
    if (at->second.size() == 1) line_up(at);
    return true;
  }

  // What one turn takes: at most kTurnInputsMax inputs and, but for the last, kTurnBytesMax.
  [[nodiscard]] std::vector<Input> take() {
    std::vector<Input> out;
    std::size_t bytes = 0;
    const auto room = [&] {
      return out.size() < base::limits::kTurnInputsMax && bytes < base::limits::kTurnBytesMax;
    };
    const auto move_from = [&](Queue& queue) {
      bytes += weight(queue.front());
      out.push_back(std::move(queue.front()));
      queue.pop_front();
      --size_;
    };
    const auto next_of = [&](Waiting& waiting) {
      const auto at = waiting.front();
      waiting.pop_front();
      move_from(at->second);
      if (at->second.empty()) {
        queues_.erase(at);
      } else {
        line_up(at);
      }
    };
    while (!first_.empty() && room()) move_from(first_);
    if (!large_.empty() && room()) next_of(large_);
    while (!small_.empty() && room()) next_of(small_);
    while (!large_.empty() && room()) next_of(large_);
    return out;
  }

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  using Queue = std::deque<Input>;
  using Queues = std::map<std::string, Queue, std::less<>>;
  using Waiting = std::deque<typename Queues::iterator>;

  void line_up(typename Queues::iterator at) {
    const bool large = weight(at->second.front()) >= base::limits::kLargeInputBytes;
    (large ? large_ : small_).push_back(at);
  }
  static std::string_view queue_of(const Input& input) {
    if constexpr (requires { App::queue_of(input); }) {
      return App::queue_of(input);
    } else {
      return {};
    }
  }
  static std::size_t weight(const Input& input) {
    if constexpr (requires { App::weight(input); }) {
      return App::weight(input);
    } else {
      return 0;
    }
  }

  Queue first_;
  Queues queues_;
  Waiting small_, large_;  // queues that hold something, by what comes next; next one first
  std::size_t size_ = 0;
};

}  // namespace dockline::turn
