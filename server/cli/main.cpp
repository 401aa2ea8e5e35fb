#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include <sys/ioctl.h>
#include <unistd.h>

#include "server/cli/command_line.hpp"

namespace cli = dockline::server::cli;

namespace {

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody writes it
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::size_t columns_of(int fd) {
  winsize size{};
  return isatty(fd) != 0 && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_DFL);  // `dockline events -f | head` ends quietly
  const bool out_is_terminal = isatty(STDOUT_FILENO) != 0;
  const bool plain = !environment("NO_COLOR").value_or("").empty() ||
                     environment("TERM").value_or("dumb") == "dumb";
  cli::Io io{
      .out = std::cout,
      .err = std::cerr,
      .in = std::cin,
      .out_is_terminal = out_is_terminal,
      .err_is_terminal = isatty(STDERR_FILENO) != 0,
      .colour = out_is_terminal && !plain,
      .columns = columns_of(STDOUT_FILENO),
      .now_ms =
          [] {
            return std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                .count();
          },
      .sleep_ms =
          [](std::int64_t ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }};
  cli::World world{io, environment, read_file, cli::make_curl_client};
  return static_cast<int>(cli::run({argv + 1, argv + argc}, world));
}
