// A child process that this program starts, watches and stops (the managed broker). It ends with
// its parent, also when the parent is killed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/runtime/lane.hpp"

namespace dockline::runtime {

class Child {
 public:
  // Starts argv[0] (looked up in PATH and the sbin folders); both outputs are appended to log_file.
  // `ended` runs on the lane, once, with a sentence such as "ended with code 1".
  [[nodiscard]] static base::Result<std::unique_ptr<Child>> start(
      Lane& lane, std::vector<std::string> argv, const std::string& log_file,
      std::function<void(std::string how)> ended);
  ~Child();  // SIGTERM, up to 2 s, then SIGKILL
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  [[nodiscard]] int pid() const;

 private:
  struct Impl;
  explicit Child(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dockline::runtime
