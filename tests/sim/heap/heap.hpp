// Memory of the simulator's process, for speed alone: a seventh of a run was malloc and free, and a
// twelfth the system handing out fresh pages. Lists of free blocks by size over one stretch of
// large pages; nothing is ever given back. Sizes alone decide: the same run asks for the same.
//
// What is larger than kBlockMost comes from malloc. Thread rule: any; a list belongs to a thread.
#pragma once

#include <cstddef>

namespace dockline::sim {

inline constexpr std::size_t kBlockMost = 64 * 1024;

[[nodiscard]] void* heap_take(std::size_t size);           // aligned by 16; null: no memory
void heap_give(void* block);                               // of heap_take or of malloc; or null
[[nodiscard]] std::size_t heap_size(void* block);          // what may be used of it
[[nodiscard]] std::size_t heap_rounded(std::size_t size);  // what heap_take(size) would give

}  // namespace dockline::sim
