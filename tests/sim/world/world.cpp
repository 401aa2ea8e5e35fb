#include "tests/sim/world/world.hpp"

#include <algorithm>
#include <utility>

#include "shared/base/check.hpp"

namespace dockline::sim {
namespace {

constexpr std::uint64_t kFnvPrime = 0x100000001b3U;

std::uint64_t fold(std::uint64_t hash, std::string_view bytes) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * kFnvPrime;
  return hash;
}

}  // namespace

World::World(std::uint64_t seed) : seed_(seed) { mix(seed); }

base::Prng& World::random(std::string_view stream) {
  auto found = streams_.find(stream);
  if (found == streams_.end()) {
    found =
        streams_.emplace(std::string(stream), base::Prng(fold(seed_ * kFnvPrime, stream))).first;
  }
  return found->second;
}

EventId World::at(std::int64_t when_ms, std::function<void()> what) {
  if (free_.empty()) {
    CHECK(slots_.size() < kSlotMask);
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const auto slot = free_.back();
  free_.pop_back();
  const EventId id = (++inserted_ << kSlotBits) | slot;
  slots_[slot].id = id;
  slots_[slot].todo = std::move(what);
  heap_.push_back({std::max(when_ms, now_ms_), id});
  std::push_heap(heap_.begin(), heap_.end(), Later{});
  return id;
}

void World::give_back(Slot& slot) {
  slot.id = 0;
  free_.push_back(static_cast<std::uint32_t>(&slot - slots_.data()));
}

void World::cancel(EventId id) {
  const auto slot = id & kSlotMask;
  if (slot >= slots_.size() || slots_[slot].id != id || id == 0) return;
  const auto dropped = std::exchange(slots_[slot].todo, nullptr);  // its captures may cancel too
  give_back(slots_[slot]);
}

bool World::run_until(std::int64_t until_ms) {
  while (!stopped_ && !heap_.empty() && heap_.front().when_ms <= until_ms) {
    std::pop_heap(heap_.begin(), heap_.end(), Later{});
    const Event event = heap_.back();
    heap_.pop_back();
    auto& slot = slots_[event.id & kSlotMask];
    if (slot.id != event.id) continue;  // cancelled
    const auto todo = std::exchange(slot.todo, nullptr);
    give_back(slot);
    CHECK(event.when_ms >= now_ms_);
    now_ms_ = event.when_ms;
    ++events_;
    todo();
  }
  if (!stopped_) now_ms_ = std::max(now_ms_, until_ms);
  return !stopped_;
}

void World::mix(std::uint64_t value) {
  for (int i = 0; i < 8; ++i) hash_ = (hash_ ^ ((value >> (8 * i)) & 0xffU)) * kFnvPrime;
}

void World::mix(std::string_view bytes) {
  hash_ = fold(hash_, bytes);
  mix(bytes.size());
}

void World::trace(std::string_view who, std::string_view line) {
  if (listener_) listener_(now_ms_, who, line);
}

std::string World::digest() const {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (int i = 60; i >= 0; i -= 4) out += kHex[(hash_ >> i) & 0xfU];
  return out;
}

}  // namespace dockline::sim
