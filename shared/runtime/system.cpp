#include "shared/runtime/system.hpp"

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pwd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "shared/base/bytes.hpp"
#include "shared/base/check.hpp"

namespace dockline::runtime {
namespace {

using base::Fault;

constexpr int kAcceptWaitMs = 50;  // a listener on this computer takes microseconds
constexpr int kPortRetryMs = 20;

// sd_notify(3) as systemd's page on it advises services to write it: one datagram. libsystemd would
// bring five further libraries and 0.9 MiB into every agent. A failure harms nobody but the one who
// waits for the word, and systemd tells that.
void notify(std::string_view state) {
  const char* path = std::getenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe)
  sockaddr_un to{};
  const std::size_t size = path == nullptr ? 0 : std::strlen(path);
  if (size < 2 || size >= sizeof to.sun_path) return;
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, path, size);
  if (path[0] == '@') to.sun_path[0] = '\0';  // an abstract name
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size);
  static_cast<void>(::sendto(fd, state.data(), state.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&to), length));
  ::close(fd);
}

std::string reason() { return std::error_code(errno, std::generic_category()).message(); }

}  // namespace

std::uint64_t entropy() {
  std::uint64_t value = 0;
  CHECK(getrandom(&value, sizeof value, 0) == static_cast<ssize_t>(sizeof value));
  return value;
}

std::string random_secret_hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  CHECK(bytes <= 256 && getrandom(raw.data(), raw.size(), 0) == static_cast<ssize_t>(raw.size()));
  return base::to_hex(raw);
}

base::Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return base::fail(Fault::reject, "cannot read " + path + ": " + reason());
  std::stringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

base::Result<std::string> read_secret(const std::string& path, std::string_view what_for) {
  if (path.empty()) {
    return base::fail(Fault::reject, "no file given for " + std::string(what_for));
  }
  auto text = read_file(path);
  if (!text) {
    return base::fail(Fault::reject, text.error().detail + ". Put the " + std::string(what_for) +
                                         " into that file, one line, readable by this user only");
  }
  text->erase(std::min(text->find_first_of("\r\n"), text->size()));
  if (text->empty()) {
    return base::fail(Fault::reject,
                      path + " is empty: the " + std::string(what_for) + " is needed in line 1");
  }
  return text;
}

base::Result<std::string> ensure_secret(const std::string& path, std::string_view what_for) {
  if (!std::filesystem::exists(path)) {
    if (auto ok = write_file(path, random_secret_hex(32) + "\n", 0600); !ok) {
      return base::pass(ok.error());
    }
  }
  return read_secret(path, what_for);
}

base::Status sync_folder(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return base::fail(Fault::reject, "cannot open folder " + path + ": " + reason());
  const bool synced = ::fsync(fd) == 0;
  const std::string why = synced ? "" : reason();
  ::close(fd);
  if (synced) return {};
  return base::fail(Fault::retry_later, "cannot sync folder " + path + ": " + why);
}

base::Status write_file(const std::string& path, std::string_view bytes, unsigned mode) {
  const std::string part = path + ".part";
  const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (fd < 0) return base::fail(Fault::reject, "cannot write " + part + ": " + reason());
  const bool whole =
      ::fchmod(fd, mode) == 0 &&
      ::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
      ::fsync(fd) == 0;
  const std::string why = whole ? "" : reason();
  ::close(fd);
  if (!whole || ::rename(part.c_str(), path.c_str()) != 0) {
    const std::string failed = whole ? reason() : why;
    ::unlink(part.c_str());
    return base::fail(Fault::full, "cannot write " + path + ": " + failed);
  }
  return {};
}

base::Status make_folder(const std::string& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (failed) {
    return base::fail(Fault::reject, "cannot make folder " + path + ": " + failed.message() +
                                         ". Choose another data_dir or mend its rights");
  }
  return {};
}

base::Status check_port_free(const std::string& host, int port, int patience_ms) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST;
  addrinfo* found = nullptr;
  const std::string place = host + ":" + std::to_string(port);
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return base::fail(Fault::reject, place + " is no numeric address and port");
  }
  bool bound = false;
  std::string why;
  for (int waited_ms = 0; !bound; waited_ms += kPortRetryMs) {
    const int fd = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bound = ::bind(fd, found->ai_addr, found->ai_addrlen) == 0;
    why = reason();
    ::close(fd);
    if (bound || waited_ms >= patience_ms) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(kPortRetryMs));
  }
  ::freeaddrinfo(found);
  if (bound) return {};
  return base::fail(Fault::reject, place + ": " + why +
                                       ". Stop the program that listens there (ss -ltnp shows "
                                       "it), or configure another port");
}

bool accepts_connections(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return false;
  // A frozen listener whose queue is full answers nobody: its host says neither yes nor no, and a
  // plain connect() would hold the caller for minutes.
  const int fd = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  bool accepted = ::connect(fd, found->ai_addr, found->ai_addrlen) == 0;
  if (!accepted && errno == EINPROGRESS) {
    pollfd wait{fd, POLLOUT, 0};
    int failed = 0;
    socklen_t size = sizeof failed;
    accepted = ::poll(&wait, 1, kAcceptWaitMs) == 1 &&
               ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &size) == 0 && failed == 0;
  }
  ::close(fd);
  ::freeaddrinfo(found);
  return accepted;
}

std::string user_name() {
  const passwd* entry = ::getpwuid(::geteuid());  // NOLINT(concurrency-mt-unsafe): at start only
  return entry == nullptr ? "root" : entry->pw_name;
}

void notify_ready() { notify("READY=1"); }
void notify_stopping() { notify("STOPPING=1"); }

}  // namespace dockline::runtime
