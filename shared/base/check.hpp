// CHECK(x): aborts in every build. Programmer errors only, never input.
// ASSUME(x): aborts in tests and dev builds; counts in production (assumptions_broken()).
#pragma once

#include <cstdint>

namespace dockline::base {
[[noreturn]] void check_failed(const char* what, const char* file, int line);
void assume_failed(const char* what, const char* file, int line);
// How often an ASSUME was broken since the start; exported as a metric.
[[nodiscard]] std::uint64_t assumptions_broken();
}  // namespace dockline::base

#define CHECK(x) \
  ((x) ? static_cast<void>(0) : ::dockline::base::check_failed(#x, __FILE__, __LINE__))
#define ASSUME(x) \
  ((x) ? static_cast<void>(0) : ::dockline::base::assume_failed(#x, __FILE__, __LINE__))
