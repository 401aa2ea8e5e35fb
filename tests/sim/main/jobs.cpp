#include "tests/sim/main/jobs.hpp"

#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>

#include <boost/json.hpp>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shared/base/check.hpp"

namespace dockline::sim {
namespace {

namespace json = boost::json;

struct Child {
  pid_t pid = 0;
  int out = -1;
  Job job;
  std::string text;
};

// One thread: what it computes is what one core would need, however busy the machine is.
double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::string clock_text(std::int64_t ms) {
  char text[32];
  std::snprintf(text, sizeof text, "%03lld:%02lld:%02lld.%03lld",
                static_cast<long long>(ms / 3'600'000), static_cast<long long>(ms / 60'000 % 60),
                static_cast<long long>(ms / 1'000 % 60), static_cast<long long>(ms % 1'000));
  return text;
}

std::string encode(const Done& done) {
  json::array violations;
  for (const auto& v : done.outcome.violations) {
    violations.push_back(
        json::object{{"checker", v.checker}, {"at_ms", v.at_ms}, {"what", v.what}});
  }
  json::object faults;
  for (const auto& [kind, n] : done.outcome.faults) faults[kind] = n;
  return json::serialize(json::object{{"violations", std::move(violations)},
                                      {"faults", std::move(faults)},
                                      {"events", done.outcome.events},
                                      {"orders", done.outcome.orders},
                                      {"virtual_ms", done.outcome.virtual_ms},
                                      {"digest", done.outcome.digest},
                                      {"history", done.outcome.history},
                                      {"seconds", done.seconds}});
}

Done decode(const Child& child, int status) {
  Done out;
  out.job = child.job;
  boost::system::error_code bad;
  const auto value = json::parse(child.text, bad);
  if (bad || status != 0) {
    const std::string how = WIFSIGNALED(status)
                                ? std::string("signal ") + strsignal(WTERMSIG(status))
                                : "exit " + std::to_string(WEXITSTATUS(status));
    out.outcome.violations.push_back(
        {"crash", 0, "the program ended with " + how + " (its last words are on standard error)"});
    return out;
  }
  const auto& o = value.as_object();
  for (const auto& v : o.at("violations").as_array()) {
    const auto& one = v.as_object();
    out.outcome.violations.push_back({std::string(one.at("checker").as_string()),
                                      one.at("at_ms").to_number<std::int64_t>(),
                                      std::string(one.at("what").as_string())});
  }
  for (const auto& [kind, n] : o.at("faults").as_object()) {
    out.outcome.faults[kind] = n.to_number<std::uint64_t>();
  }
  out.outcome.events = o.at("events").to_number<std::uint64_t>();
  out.outcome.orders = o.at("orders").to_number<std::uint64_t>();
  out.outcome.virtual_ms = o.at("virtual_ms").to_number<std::int64_t>();
  out.outcome.digest = std::string(o.at("digest").as_string());
  out.outcome.history = std::string(o.at("history").as_string());
  out.seconds = o.at("seconds").to_number<double>();
  return out;
}

Child start(const Job& job) {
  int ends[2];
  CHECK(pipe(ends) == 0);
  std::fflush(nullptr);
  const pid_t pid = fork();
  CHECK(pid >= 0);
  if (pid == 0) {
    close(ends[0]);
    const auto text = encode(perform(job));
    std::size_t at = 0;
    while (at < text.size()) {
      const auto n = write(ends[1], text.data() + at, text.size() - at);
      if (n <= 0) _exit(3);
      at += static_cast<std::size_t>(n);
    }
    _exit(0);
  }
  close(ends[1]);
  return {pid, ends[0], job, {}};
}

// Reads until some child has said everything; removes and returns it.
Done await(std::vector<Child>& children) {
  while (true) {
    std::vector<pollfd> wanted;
    for (const auto& c : children) wanted.push_back({c.out, POLLIN, 0});
    poll(wanted.data(), wanted.size(), -1);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i].revents == 0) continue;
      char buffer[65536];
      const auto n = read(children[i].out, buffer, sizeof buffer);
      if (n > 0) {
        children[i].text.append(buffer, static_cast<std::size_t>(n));
        continue;
      }
      close(children[i].out);
      int status = 0;
      waitpid(children[i].pid, &status, 0);
      auto done = decode(children[i], status);
      children.erase(children.begin() + static_cast<std::ptrdiff_t>(i));
      return done;
    }
  }
}

}  // namespace

Done perform(const Job& job) {
  const double began = cpu_seconds();
  Done out;
  out.job = job;
  const auto plan = draw_plan(job.wishes);
  std::ofstream file;
  Listener listener;
  if (!job.trace.empty()) {
    file.open(job.trace);
    file << to_text(plan) << "\n";
    listener = [&file](std::int64_t at_ms, std::string_view who, std::string_view line) {
      file << clock_text(at_ms) << "  " << who << "  " << line << "\n";
    };
  }
  out.outcome = run(plan, listener);
  for (const auto& v : out.outcome.violations) {
    if (file) file << clock_text(v.at_ms) << "  VIOLATION  " << v.checker << ": " << v.what << "\n";
  }
  out.seconds = cpu_seconds() - began;
  return out;
}

void perform_all(std::uint64_t at_once, const std::function<bool(Job&)>& next,
                 const std::function<void(Done)>& done) {
  std::vector<Child> children;
  bool more = true;
  while (more || !children.empty()) {
    while (more && children.size() < at_once) {
      Job job;
      more = next(job);
      if (more) children.push_back(start(job));
    }
    if (!children.empty()) done(await(children));
  }
}

Done perform_in_child(const Job& job) {
  std::vector<Child> children{start(job)};
  return await(children);
}

}  // namespace dockline::sim
