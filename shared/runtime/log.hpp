// Structured logs: one line per handled matter, an event name and fields, never a secret.
//   log::warn("broker.lost", {{"url", url}, {"why", detail}});
// Lines are logfmt: 2026-11-24T13:02:31.250Z warn broker.lost url=... why="..."
// Safe from any thread. The core does not log.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace dockline::runtime::log {

struct Options {
  std::string file;                        // empty: standard error
  std::string level = "info";              // debug, info, warn, error
  std::size_t file_bytes_max = 5'000'000;  // then rotate
  std::size_t files_max = 5;
};

struct Field {
  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, std::int64_t v) : key(k), value(std::to_string(v)) {}
  Field(std::string_view k, std::uint64_t v) : key(k), value(std::to_string(v)) {}
  Field(std::string_view k, int v) : key(k), value(std::to_string(v)) {}
  std::string_view key;
  std::string value;
};

[[nodiscard]] base::Status start(const Options& options);
void debug(std::string_view event, std::initializer_list<Field> fields = {});
void info(std::string_view event, std::initializer_list<Field> fields = {});
void warn(std::string_view event, std::initializer_list<Field> fields = {});
void error(std::string_view event, std::initializer_list<Field> fields = {});
void flush();

}  // namespace dockline::runtime::log
