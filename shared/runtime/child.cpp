#include "shared/runtime/child.hpp"

#include <array>
#include <csignal>
#include <filesystem>
#include <system_error>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shared/runtime/system.hpp"

namespace dockline::runtime {
namespace {

namespace asio = boost::asio;

constexpr int kStopWaitMs = 2000;

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  for (const char* folder :
       {"/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin"}) {
    const std::string path = std::string(folder) + "/" + name;
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return "";
}

std::string how_it_ended(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return "ended with code " + std::to_string(info.si_status);
  return "was ended by signal " + std::to_string(info.si_status);
}

// Between fork and exec: only calls that are safe there.
[[noreturn]] void become(const std::vector<char*>& argv, int log, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(127);  // the parent died in between
  const int null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, 0);
  ::dup2(log, 1);
  ::dup2(log, 2);
  ::setpgid(0, 0);  // a Ctrl-C at the terminal is the parent's to handle
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

}  // namespace

struct Child::Impl {
  Impl(asio::io_context& io, int pid_fd, pid_t p) : descriptor(io, pid_fd), pid(p) {}
  asio::posix::stream_descriptor descriptor;
  pid_t pid;
  bool running = true;
  std::function<void(std::string)> ended;
};

base::Status run_to_end(std::vector<std::string> argv, const std::string& log_file) {
  Lane lane;
  std::string how;
  auto child = Child::start(lane, argv, log_file, [&](std::string ended) {
    how = std::move(ended);
    lane.stop();
  });
  if (!child) return base::pass(child.error());
  lane.run();
  if (how == "ended with code 0") return {};
  return base::fail(base::Fault::reject, argv[0] + " " + how + "; see " + log_file);
}

base::Result<std::unique_ptr<Child>> Child::start(Lane& lane, std::vector<std::string> argv,
                                                  const std::string& log_file,
                                                  std::function<void(std::string)> ended) {
  const std::string program = find_program(argv.at(0));
  if (program.empty()) {
    return base::fail(base::Fault::reject, argv[0] + " is not installed: apt-get install " +
                                               argv[0] + " (deploy/setup.sh does)");
  }
  const int log = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (log < 0) {
    return base::fail(base::Fault::reject,
                      "cannot write " + log_file + ": " + std::generic_category().message(errno));
  }
  argv[0] = program;
  std::vector<char*> raw;
  for (auto& a : argv) raw.push_back(a.data());
  raw.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become(raw, log, parent);
  ::close(log);
  if (pid < 0) return base::fail(base::Fault::retry_later, "cannot start " + program);
  const int pid_fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (pid_fd < 0) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return base::fail(base::Fault::retry_later, "cannot watch " + program + " (pidfd_open)");
  }
  auto impl = std::make_unique<Impl>(lane.io(), pid_fd, pid);
  impl->ended = std::move(ended);
  impl->descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                              [self = impl.get()](boost::system::error_code e) {
                                if (e || !self->running) return;
                                siginfo_t info{};
                                ::waitid(P_PID, static_cast<id_t>(self->pid), &info, WEXITED);
                                self->running = false;
                                self->ended(how_it_ended(info));
                              });
  return std::unique_ptr<Child>(new Child(std::move(impl)));
}

Child::Child(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Child::~Child() {
  if (!impl_->running) return;
  impl_->running = false;
  ::kill(impl_->pid, SIGTERM);
  pollfd wait{impl_->descriptor.native_handle(), POLLIN, 0};
  if (::poll(&wait, 1, kStopWaitMs) <= 0) ::kill(impl_->pid, SIGKILL);
  ::waitpid(impl_->pid, nullptr, 0);
}

int Child::pid() const { return impl_->pid; }

}  // namespace dockline::runtime
