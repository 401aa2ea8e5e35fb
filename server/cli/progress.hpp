// Progress of long work on standard error: a bar on a terminal, a plain line now and then
// elsewhere.
#pragma once

#include <cstdint>
#include <string>

#include "server/cli/io.hpp"

namespace dockline::server::cli {

class Progress {
 public:
  // `quiet`: nothing is shown (--json).
  Progress(Io& io, bool quiet) : io_(io), quiet_(quiet), started_ms_(io.now_ms()) {}
  ~Progress() { finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // total 0: how much there is to do is not known.
  void update(const std::string& doing, std::int64_t done, std::int64_t total);
  void finish();  // clears the bar

 private:
  void bar(const std::string& doing, std::int64_t done, std::int64_t total, std::int64_t now_ms);
  Io& io_;
  bool quiet_;
  bool shown_ = false;
  std::int64_t started_ms_;
  std::int64_t last_ms_ = 0;
  std::int64_t last_done_ = -1;
  std::string last_doing_;
};

}  // namespace dockline::server::cli
