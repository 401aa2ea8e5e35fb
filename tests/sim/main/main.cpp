// dockline-sim: runs seeds, reports progress, and ends with one JSON object.
#include <cstdio>
#include <string>
#include <vector>

#include "tests/sim/disk/sim_disk.hpp"
#include "tests/sim/main/options.hpp"
#include "tests/sim/main/session.hpp"

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
  return session(*options);
}
