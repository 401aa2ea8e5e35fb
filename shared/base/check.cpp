#include "shared/base/check.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace dockline::base {
namespace {
std::atomic<std::uint64_t> broken{0};
}

void check_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "CHECK failed: %s at %s:%d\n", what, file, line);
  std::abort();
}

void assume_failed(const char* what, const char* file, int line) {
#ifdef DOCKLINE_ASSUME_FATAL
  check_failed(what, file, line);
#else
  std::fprintf(stderr, "assumption broken: %s at %s:%d\n", what, file, line);
  broken.fetch_add(1, std::memory_order_relaxed);
#endif
}

std::uint64_t assumptions_broken() { return broken.load(std::memory_order_relaxed); }

}  // namespace dockline::base
