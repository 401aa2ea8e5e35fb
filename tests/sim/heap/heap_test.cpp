#include "tests/sim/heap/heap.hpp"

#include <cstdint>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::sim {
namespace {

TEST(Heap, BlocksAreLargeEnoughAlignedAndApart) {
  base::Prng prng(7);
  std::vector<std::pair<unsigned char*, std::size_t>> held;
  for (int round = 0; round < 200'000; ++round) {
    if (!held.empty() && prng.chance(480)) {
      const auto n = static_cast<std::size_t>(prng.below(held.size()));
      const auto [block, size] = held[n];
      for (const auto at : {std::size_t{0}, size / 2, size - 1}) {
        ASSERT_EQ(block[at], static_cast<unsigned char>(size * 31));
      }
      heap_give(block);
      held[n] = held.back();
      held.pop_back();
      continue;
    }
    const auto size = static_cast<std::size_t>(prng.chance(900) ? prng.between(1, 600)
                                                                : prng.between(1, 3 * kBlockMost));
    auto* block = static_cast<unsigned char*>(heap_take(size));
    ASSERT_NE(block, nullptr);
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(block) % 16, 0U);
    ASSERT_GE(heap_size(block), size);
    if (size <= kBlockMost) {
      ASSERT_EQ(heap_size(block), heap_rounded(size));
    }
    std::memset(block, static_cast<unsigned char>(size * 31), size);
    held.emplace_back(block, size);
  }
  for (const auto& [block, size] : held) heap_give(block);
}

TEST(Heap, WhatIsGivenBackIsTakenAgainAndEachSizeWastesLittle) {
  for (std::size_t size = 1; size <= kBlockMost; ++size) {
    ASSERT_GE(heap_rounded(size), size);
    ASSERT_LE(heap_rounded(size), size + 16 + size / 8);
  }
  void* first = heap_take(40);
  heap_give(first);
  EXPECT_EQ(heap_take(33), first);
  heap_give(first);
  heap_give(nullptr);
  heap_give(heap_take(0));
}

TEST(Heap, ABlockMayBeGivenBackByAnotherThread) {
  std::vector<void*> blocks;
  std::thread([&] {
    for (int i = 0; i < 1'000; ++i) blocks.push_back(heap_take(100));
  }).join();
  for (void* block : blocks) heap_give(block);
  EXPECT_EQ(heap_take(100), blocks.back());
}

}  // namespace
}  // namespace dockline::sim
