// Time and chance of one simulated fleet: a virtual clock, one heap of events ordered by (time,
// insertion), seeded randomness, and the trace whose hash proves that a seed repeats.
//
// Everything in a run happens inside an event of this heap, on one thread. Nothing reads a real
// clock, a real random source or an address in memory; nothing iterates over unordered containers.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/prng.hpp"
#include "shared/base/time.hpp"

namespace dockline::sim {

using EventId = std::uint64_t;  // 0 is never given

class World {
 public:
  explicit World(std::uint64_t seed);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  // Virtual milliseconds since the run began; also every node's monotonic clock.
  [[nodiscard]] std::int64_t now_ms() const { return now_ms_; }
  // A random stream of its own for each name, derived from the seed: switching off one kind of
  // fault does not change what another draws, so that a trace can be minimised.
  [[nodiscard]] base::Prng& random(std::string_view stream);

  EventId at(std::int64_t when_ms, std::function<void()> what);  // never before now
  EventId after(std::int64_t delay_ms, std::function<void()> what) {
    return at(now_ms_ + delay_ms, std::move(what));
  }
  void cancel(EventId id);  // fired or unknown: nothing
  // Runs events up to and including until_ms. False when stop() was called.
  bool run_until(std::int64_t until_ms);
  void stop() { stopped_ = true; }  // a violation was found: no further event
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::size_t waiting() const { return slots_.size() - free_.size(); }

  // What happened, for the digest (always) and the trace (when someone listens). `who` is a node,
  // `what` a short verb; numbers and bytes that matter go into mix().
  void mix(std::uint64_t value);
  void mix(std::string_view bytes);
  [[nodiscard]] bool tracing() const { return static_cast<bool>(listener_); }
  // Call only when tracing(): building the line costs.
  void trace(std::string_view who, std::string_view line);
  void listen(
      std::function<void(std::int64_t, std::string_view who, std::string_view line)> listener) {
    listener_ = std::move(listener);
  }
  [[nodiscard]] std::string digest() const;  // 16 hex digits

 private:
  // An id is the number of its insertion, then the slot that holds what is to be done.
  static constexpr unsigned kSlotBits = 20;
  static constexpr EventId kSlotMask = (EventId{1} << kSlotBits) - 1;
  struct Event {
    std::int64_t when_ms;
    EventId id;
  };
  struct Slot {
    EventId id = 0;  // 0: free
    std::function<void()> todo;
  };
  void give_back(Slot& slot);
  struct Later {
    bool operator()(const Event& a, const Event& b) const {
      return a.when_ms != b.when_ms ? a.when_ms > b.when_ms : a.id > b.id;
    }
  };

  std::uint64_t seed_;
  std::int64_t now_ms_ = 0;
  std::uint64_t inserted_ = 0;
  std::uint64_t events_ = 0, hash_ = 0xcbf29ce484222325U;
  std::vector<Event> heap_;          // std::push_heap with Later
  std::vector<Slot> slots_;          // a cancelled event is only gone from here
  std::vector<std::uint32_t> free_;  // used again, the newest first
  std::map<std::string, base::Prng, std::less<>> streams_;
  std::function<void(std::int64_t, std::string_view, std::string_view)> listener_;
  bool stopped_ = false;
};

}  // namespace dockline::sim
