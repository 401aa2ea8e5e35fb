#include "tests/sim/heap/heap.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstdlib>

#include <malloc.h>
#include <sys/mman.h>

namespace dockline::sim {
namespace {

// Reserved, not used: pages count when they are written. Beyond it malloc serves.
constexpr std::size_t kReservedBytes = std::size_t{8} << 30;
constexpr std::size_t kSpanBytes = 256 * 1024;  // of blocks of one size
constexpr std::size_t kSpans = kReservedBytes / kSpanBytes;
constexpr std::size_t kStep = 16, kFineMost = 1024;  // up to here a list for each step
constexpr std::size_t kFine = kFineMost / kStep;
constexpr std::size_t kPerDoubling = 8;
constexpr std::size_t kLists = kFine + 1 + 6 * kPerDoubling;

constexpr std::size_t list_of(std::size_t size) {
  if (size <= kFineMost) return (size + kStep - 1) / kStep;
  const auto doubling = static_cast<std::size_t>(std::bit_width(size - 1)) - 11;
  const std::size_t from = kFineMost << doubling, step = from / kPerDoubling;
  return kFine + 1 + doubling * kPerDoubling + (size - from + step - 1) / step - 1;
}

constexpr std::size_t bytes_of(std::size_t list) {
  if (list <= kFine) return (list == 0 ? 1 : list) * kStep;
  const std::size_t n = list - kFine - 1, from = kFineMost << (n / kPerDoubling);
  return from + (n % kPerDoubling + 1) * (from / kPerDoubling);
}
static_assert(list_of(kBlockMost) == kLists - 1 && bytes_of(kLists - 1) == kBlockMost);
static_assert(list_of(kFineMost + 1) == kFine + 1 && bytes_of(list_of(5'000)) >= 5'000);

struct Free {
  Free* next;
};
struct List {
  Free* first;
  std::uintptr_t fresh, end;  // not handed out so far
};

constinit thread_local std::array<List, kLists> lists{};
// No block is as far from these two as the stretch is long.
constexpr std::uintptr_t kNotYet = std::uintptr_t{1} << 63, kRefused = kNotYet + 1;
constinit std::atomic<std::uintptr_t> base{kNotYet};
constinit std::atomic<std::size_t> spans{0};
constinit std::array<std::uint8_t, kSpans> list_of_span{};

std::uintptr_t reserve() {
  void* made = mmap(nullptr, kReservedBytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  const bool refused = made == MAP_FAILED;  // all comes from malloc
  if (!refused) madvise(made, kReservedBytes, MADV_HUGEPAGE);
  std::uintptr_t found = kNotYet;
  const auto mine = refused ? kRefused : reinterpret_cast<std::uintptr_t>(made);
  if (base.compare_exchange_strong(found, mine)) return mine;
  if (!refused) munmap(made, kReservedBytes);
  return found;
}

[[gnu::noinline]] void* take_fresh(std::size_t at) {
  auto& list = lists[at];
  const std::size_t size = bytes_of(at);
  if (list.end - list.fresh < size) {
    auto from = base.load();
    if (from == kNotYet) from = reserve();
    const auto span = from == kRefused ? kSpans : spans.fetch_add(1);
    if (span >= kSpans) return std::malloc(size);
    list_of_span[span] = static_cast<std::uint8_t>(at);
    list.fresh = from + span * kSpanBytes;
    list.end = list.fresh + kSpanBytes;
  }
  const auto block = list.fresh;
  list.fresh += size;
  return reinterpret_cast<void*>(block);
}

// Its span; kSpans or more: it came from malloc.
std::size_t span_of(const void* block) {
  return (reinterpret_cast<std::uintptr_t>(block) - base.load(std::memory_order_relaxed)) /
         kSpanBytes;
}

}  // namespace

void* heap_take(std::size_t size) {
  if (size > kBlockMost) return std::malloc(size);
  const auto at = list_of(size);
  auto& list = lists[at];
  Free* block = list.first;
  if (block == nullptr) return take_fresh(at);
  list.first = block->next;
  return block;
}

void heap_give(void* block) {
  const auto span = span_of(block);
  if (span >= kSpans) return std::free(block);
  auto& list = lists[list_of_span[span]];
  auto* free = static_cast<Free*>(block);
  free->next = list.first;
  list.first = free;
}

std::size_t heap_size(void* block) {
  const auto span = span_of(block);
  return span >= kSpans ? malloc_usable_size(block) : bytes_of(list_of_span[span]);
}

std::size_t heap_rounded(std::size_t size) {
  return size > kBlockMost ? (size + 15) / 16 * 16 : bytes_of(list_of(size));
}

}  // namespace dockline::sim
