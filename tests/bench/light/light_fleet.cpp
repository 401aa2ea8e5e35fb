// Drives many light stations against a real broker and server, and times their facts.
//
//   light_fleet --broker HOST:PORT --credentials FOLDER --site NAME
//     --first F       the first station is b-F (default 0); those with a backlog follow the live
//     --live N        so many stations record facts now
//     --rate R        facts per second of each live station; 0: as many as --window allows
//     --window W      facts a live station without a rate has under way (default 64)
//     --alone         each live fact in a message of its own (else as the Sender decides)
//     --drain N       so many stations have a backlog of --backlog B facts each
//     --orders N      facts name orders api:0 .. api:N-1
//     --seconds S     how long live facts are made (with a backlog: until it is drained); SIGTERM
//                     ends it sooner
//
// Prints {"open":N} when all are connected and asked, and at the end
// {"connected":..,"live_facts":..,"live_per_s":..,"live_p50_us":..,"live_p99_us":..,
// "live_max_us":..,"drained":..,"drain_s":..,"drain_per_s":..,"bytes_out":..,"messages_out":..,
// "connect_s":..,"asked_again":..}
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <queue>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/bench/light/mqtt_loop.hpp"
#include "tests/bench/light/station.hpp"

namespace dockline::bench {
namespace {

constexpr std::int64_t kBacklogStepMs = 500;  // between two facts of a station while it was offline

volatile std::sig_atomic_t stop_asked = 0;

base::Instant clock_now() {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  return {duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count(),
          duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Plan {
  std::string host = "127.0.0.1", credentials, site = "leipzig";
  int port = 1883;
  std::size_t first = 0, live = 0, drain = 0, backlog = 0, window = 64;
  double rate = 0, run_s = 5;
  int orders = 500;
  bool alone = false;
};

// A station of an earlier run had another incarnation: this one must not look like its clone.
std::uint64_t fresh_seed() {
  static std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

std::string secret(const Plan& plan, const std::string& station) {
  std::ifstream in(plan.credentials + "/" + plan.site + "." + station);
  std::string text;
  std::getline(in, text);
  if (text.empty()) {
    std::fprintf(stderr, "no password for %s in %s\n", station.c_str(), plan.credentials.c_str());
    std::exit(1);
  }
  return text;
}

class Fleet {
 public:
  explicit Fleet(const Plan& plan) : plan_(plan), loop_(plan.host, plan.port) {}

  void connect() {
    const double began = seconds();
    for (std::size_t i = 0; i < plan_.live + plan_.drain; ++i) {
      add(i);
      if (i % 16 == 15) turn(0);  // let the broker breathe between connections
    }
    while (loop_.up() < nodes_.size()) turn(10);
    connect_s_ = seconds() - began;
  }
  void fill_backlog() {
    auto now = clock_now();
    now.wall_ms -= static_cast<std::int64_t>(plan_.backlog) * kBacklogStepMs;
    for (std::size_t n = 0; n < plan_.backlog; ++n, now.wall_ms += kBacklogStepMs) {
      for (std::size_t i = plan_.live; i < nodes_.size(); ++i)
        nodes_[i]->station.record(now, false);
    }
  }
  void open() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      out_.clear();
      nodes_[i]->station.link_up(clock_now(), out_);
      send(i);
      if (i % 64 == 63) turn(0);
    }
    while (!std::ranges::all_of(nodes_, [](const auto& n) { return n->station.streaming(); })) {
      turn(5);
    }
  }
  void run();
  void report();

 private:
  struct Node {
    Node(const Plan& plan, std::size_t i)
        : station(plan.site, "b-" + std::to_string(plan.first + i), fresh_seed(), plan.orders) {}
    LightStation station;
    std::size_t client = 0;
    std::optional<std::int64_t> listed;  // its place in due_
  };

  void add(std::size_t i) {
    nodes_.push_back(std::make_unique<Node>(plan_, i));
    Node& node = *nodes_.back();
    ClientOptions options;
    options.id = "light-" + std::to_string(plan_.first + i);
    options.user = plan_.site + "." + node.station.name();
    options.password = secret(plan_, node.station.name());
    options.topics = {node.station.topic(sync::Leaf::up_ack), node.station.topic(sync::Leaf::down)};
    options.on_message = [this, i](std::string_view topic, std::string_view payload, bool) {
      out_.clear();
      nodes_[i]->station.on_message(clock_now(), topic, payload, out_);
      send(i);
    };
    node.client = loop_.add(std::move(options));
  }

  void send(std::size_t i) {
    Node& node = *nodes_[i];
    for (const auto& m : out_) {
      bytes_out_ += m.payload.size();
      ++messages_out_;
      loop_.publish(node.client, node.station.topic(m.leaf), m.payload, m.retained);
    }
    out_.clear();
    const auto due = node.station.deadline();
    if (due == node.listed) return;
    if (node.listed) due_.erase({*node.listed, i});
    node.listed = due;
    if (due) due_.insert({*due, i});
  }

  void turn(int wait_ms) {
    loop_.run_once(wait_ms);
    const auto now = clock_now();
    while (!due_.empty() && due_.begin()->first <= now.mono_ms) {
      const std::size_t i = due_.begin()->second;
      due_.erase(due_.begin());
      nodes_[i]->listed.reset();
      out_.clear();
      nodes_[i]->station.tick(now, out_);
      send(i);
    }
  }

  void live(std::size_t i) {
    LightStation& station = nodes_[i]->station;
    const auto now = clock_now();
    station.record(now, true);
    ++live_facts_;
    out_.clear();
    station.flush(now, plan_.alone, out_);
    send(i);
  }
  int make_live(double now_s);
  [[nodiscard]] std::uint64_t backlog_waiting() const {
    std::uint64_t sum = 0;
    for (std::size_t i = plan_.live; i < nodes_.size(); ++i) sum += nodes_[i]->station.waiting();
    return sum;
  }

  Plan plan_;
  MqttLoop loop_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<Outgoing> out_;
  std::set<std::pair<std::int64_t, std::size_t>> due_;
  using Next = std::pair<double, std::size_t>;
  std::priority_queue<Next, std::vector<Next>, std::greater<>> next_;
  std::uint64_t live_facts_ = 0, bytes_out_ = 0, messages_out_ = 0;
  double connect_s_ = 0, live_s_ = 0, drain_s_ = 0;
};

// Makes the live facts that are due; returns how long the loop may sleep.
int Fleet::make_live(double now_s) {
  if (plan_.live == 0) return 20;
  if (plan_.rate <= 0) {
    bool room = false;
    for (std::size_t i = 0; i < plan_.live; ++i) {
      for (int k = 0; k < 8 && nodes_[i]->station.waiting() < plan_.window; ++k) live(i);
      room = room || nodes_[i]->station.waiting() < plan_.window;
    }
    return room ? 0 : 5;
  }
  while (next_.top().first <= now_s) {
    const auto [due_s, i] = next_.top();
    next_.pop();
    next_.emplace(due_s + 1.0 / plan_.rate, i);
    live(i);
  }
  const double wait_ms = (next_.top().first - now_s) * 1000;
  return static_cast<int>(std::clamp(wait_ms, 0.0, 20.0));
}

void Fleet::run() {
  const double began = seconds();
  for (std::size_t i = 0; i < plan_.live && plan_.rate > 0; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(plan_.live);
    next_.emplace(began + share / plan_.rate, i);
  }
  for (;;) {
    const double now_s = seconds();
    if (drain_s_ == 0 && plan_.drain > 0 && backlog_waiting() == 0) drain_s_ = now_s - began;
    if (stop_asked != 0 || (plan_.drain > 0 ? drain_s_ > 0 : now_s - began >= plan_.run_s)) break;
    const int wait_ms = make_live(now_s);
    auto wait = wait_ms;
    if (!due_.empty()) {
      const auto due_ms = due_.begin()->first - clock_now().mono_ms;
      wait = static_cast<int>(std::clamp<std::int64_t>(due_ms, 0, wait));
    }
    turn(wait);
  }
  // What is under way counts once it is durable.
  const double stop_s = seconds() + 10;
  const auto quiet = [&] {
    return std::ranges::all_of(nodes_, [](const auto& n) { return n->station.waiting() == 0; });
  };
  while (!quiet() && seconds() < stop_s) turn(2);
  live_s_ = seconds() - began;
}

void Fleet::report() {
  std::vector<std::int64_t> took;
  std::uint64_t opens = 0;
  for (auto& node : nodes_) {
    auto& of = node->station.took_us();
    took.insert(took.end(), of.begin(), of.end());
    opens += node->station.opens();
  }
  std::ranges::sort(took);
  const auto at = [&](double share) {
    if (took.empty()) return 0LL;
    return static_cast<long long>(
        took[static_cast<std::size_t>(share * static_cast<double>(took.size() - 1))]);
  };
  const double drained = static_cast<double>(plan_.drain * plan_.backlog);
  std::printf(
      "{\"connected\":%zu,\"connect_s\":%.2f,\"live_facts\":%llu,\"durable\":%zu,"
      "\"live_per_s\":%.1f,\"live_p50_us\":%lld,\"live_p99_us\":%lld,\"live_max_us\":%lld,"
      "\"drained\":%.0f,\"drain_s\":%.3f,\"drain_per_s\":%.1f,\"bytes_out\":%llu,"
      "\"messages_out\":%llu,\"asked_again\":%llu,\"lost\":%llu}\n",
      nodes_.size(), connect_s_, static_cast<unsigned long long>(live_facts_), took.size(),
      static_cast<double>(took.size()) / live_s_, at(0.5), at(0.99), at(1.0), drained, drain_s_,
      drain_s_ > 0 ? drained / drain_s_ : 0, static_cast<unsigned long long>(bytes_out_),
      static_cast<unsigned long long>(messages_out_), static_cast<unsigned long long>(opens),
      static_cast<unsigned long long>(loop_.lost()));
}

bool read_option(Plan& plan, const std::string& flag, const char* value) {
  const auto number = [&] { return static_cast<std::size_t>(std::strtoull(value, nullptr, 10)); };
  if (flag == "--broker") {
    const std::string text = value;
    const auto colon = text.rfind(':');
    plan.host = text.substr(0, colon);
    plan.port = std::atoi(text.c_str() + colon + 1);
  } else if (flag == "--credentials") {
    plan.credentials = value;
  } else if (flag == "--site") {
    plan.site = value;
  } else if (flag == "--live") {
    plan.live = number();
  } else if (flag == "--first") {
    plan.first = number();
  } else if (flag == "--rate") {
    plan.rate = std::atof(value);
  } else if (flag == "--window") {
    plan.window = number();
  } else if (flag == "--drain") {
    plan.drain = number();
  } else if (flag == "--backlog") {
    plan.backlog = number();
  } else if (flag == "--orders") {
    plan.orders = std::max(1, std::atoi(value));
  } else if (flag == "--seconds") {
    plan.run_s = std::atof(value);
  } else {
    return false;
  }
  return true;
}

}  // namespace
}  // namespace dockline::bench

int main(int argc, char** argv) {
  using namespace dockline::bench;
  Plan plan;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    if (flag == "--alone") {
      plan.alone = true;
    } else if (i + 1 >= argc || !read_option(plan, flag, argv[++i])) {
      std::fprintf(stderr,
                   "light_fleet: unknown option %s; the head of light_fleet.cpp lists them\n",
                   flag.c_str());
      return 2;
    }
  }
  std::signal(SIGTERM, [](int) { stop_asked = 1; });
  Fleet fleet(plan);
  fleet.connect();
  fleet.fill_backlog();
  fleet.open();
  std::printf("{\"open\":%zu}\n", plan.live + plan.drain);
  std::fflush(stdout);
  fleet.run();
  fleet.report();
  return 0;
}
