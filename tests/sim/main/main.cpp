// dockline-sim: runs seeds, reports progress, and ends with one JSON object.
#include <cstdio>
#include <new>
#include <string>
#include <vector>

#include <malloc.h>

#include "tests/sim/disk/sim_disk.hpp"
#include "tests/sim/heap/heap.hpp"
#include "tests/sim/main/options.hpp"
#include "tests/sim/main/session.hpp"

namespace {
constexpr int kKeepBytes = 1 << 30;
}

// Everything that C++ allocates in this program; the sanitizers keep their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void* operator new(std::size_t size) {
  if (void* block = dockline::sim::heap_take(size)) return block;
  throw std::bad_alloc();
}
void operator delete(void* block) noexcept { dockline::sim::heap_give(block); }
void operator delete(void* block, std::size_t) noexcept { dockline::sim::heap_give(block); }
#endif

int main(int argc, char** argv) {
  using namespace dockline::sim;
  std::string error;
  const auto options = parse({argv + 1, argv + argc}, error);
  if (!options) {
    std::fprintf(stderr, "dockline-sim: %s\n\n%s", error.c_str(), usage());
    return 2;
  }
  if (options->help) {
    std::fputs(usage(), stdout);
    return 0;
  }
  sqlite_for_one_thread();
  // Disks of many megabytes come and go in memory: keep it, do not give it back to the system.
  mallopt(M_MMAP_THRESHOLD, kKeepBytes);
  mallopt(M_TRIM_THRESHOLD, kKeepBytes);
  return session(*options);
}
