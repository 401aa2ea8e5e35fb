// What a server with very many listings needs: how long its figures follow an event, how many of
// them an event touches, how long all of them take, and how much memory it is. On a real server.db,
// through the turns of the HubApp; channels answer at once. One JSON line, limits beside: a bare
// commit, and bare reads of the same rows.
//
//   listings_bench [--dir FOLDER] [--skus N] [--events N]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

#include "server/app/hub_app.hpp"
#include "server/store/store.hpp"
#include "shared/base/prng.hpp"
#include "shared/sqlite/db.hpp"
#include "shared/turn/turn.hpp"

namespace dockline::server {
namespace {

constexpr int kChannels = 3;
constexpr std::int64_t kOnHand = 40;

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}
double peak_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) / 1'024;
  }
  return 0;
}
std::string sku_of(std::int64_t n) { return "SKU-" + std::to_string(1'000'000 + n); }
std::string channel_of(int n) { return "shop" + std::to_string(n); }

// As a server has it that runs for long: every listing told what it shows.
void fill(const std::string& path, std::int64_t skus) {
  auto store = store::Store::open(path, "").value();
  store->begin().value();
  auto& db = store->db();
  auto item =
      db.prepare("INSERT INTO p_item(sku, title, origin, position) VALUES(?1, ?1, 'bench', ?2)");
  auto balance =
      db.prepare("INSERT INTO p_balance(sku, place, quantity, as_of_ms) VALUES(?1, ?2, ?3, ?4)");
  auto told = db.prepare("INSERT INTO p_told VALUES(?1, ?2, ?3, ?2, ?4, 1, 1, 1)");
  for (std::int64_t n = 0; n < skus; ++n) {
    const auto sku = sku_of(n);
    item.bind(sku, n).run().value();
    balance.bind(sku, "leipzig/shelf", kOnHand, 1'790'000'000'000).run().value();
    balance.bind(sku, "adjustment", -kOnHand, 1'790'000'000'000).run().value();
  }
  for (int c = 0; c < kChannels; ++c) {
    for (std::int64_t n = 0; n < skus; ++n) {
      told.bind(channel_of(c), sku_of(n), "1", kOnHand).run().value();
    }
    store->outbox.set_cursor("announced:" + channel_of(c), "\x1f").value();
  }
  store->commit().value();
}

class Hub {
 public:
  explicit Hub(const std::string& path) {
    config_.db_path = path;
    config_.sites = {{"leipzig", "Leipzig", 1}};
    config_.make_channels = [] {
      std::vector<std::unique_ptr<channels::Channel>> made;
      for (int c = 0; c < kChannels; ++c) {
        made.push_back(channels::make({.name = channel_of(c),
                                       .kind = "webhook",
                                       .url = "http://partner/" + channel_of(c),
                                       .secret = "0123456789abcdef",
                                       .locations = {{"leipzig", "1"}}})
                           .value());
      }
      return made;
    };
    turn_ = std::make_unique<turn::Turn<HubApp>>(turn::Turn<HubApp>::Shell{
        .now = [this] { return now_; },
        .open = [this] { return HubApp::open(config_, process_, now_, 7); },
        .release =
            [this](Effect effect) {
              if (auto* request = std::get_if<ChannelRequest>(&effect)) {
                if (asked_++ == 0) first_ = seconds();
                last_ = seconds();
                requests_.push_back(std::move(*request));
              }
            },
        .reject =
            [](const Input&, const base::Error& error) {
              std::fprintf(stderr, "refused: %s\n", error.detail.c_str());
              std::exit(1);
            }});
    turn_->start().value();
  }
  void put(Input input) {
    now_.mono_ms += 1;
    now_.wall_ms += 1;
    if (!turn_->post(std::move(input))) std::exit(1);
    turn_->run();
  }
  // From the event to the last request about it that may leave.
  double follow(const std::string& sku) {
    asked_ = 0;
    const double began = seconds();
    put(ApiCommand{0, AdjustStock{sku, "leipzig", -1, "bench"}});
    const double took = asked_ == 0 ? 0 : last_ - began;
    for (int i = 0; i < 20 && !requests_.empty(); ++i) {
      for (auto& request : std::exchange(requests_, {})) {
        put(ChannelResult{request.request, base::HttpResponse{.status = 200, .body = "{}"}});
      }
    }
    return took;
  }
  std::int64_t figures() const {
    std::int64_t all = 0;
    for (const auto& channel : turn_->app()->channels(now_)) all += channel.figures;
    return all;
  }
  // Until every figure of the site was looked at once more.
  void recompute(std::int64_t listings) {
    const auto until = figures() + listings;
    put(ApiCommand{0, SetStockPolicy{.site = "leipzig", .safety = 0, .why = "bench"}});
    while (figures() < until) put(Tick{});
  }

 private:
  HubConfig config_;
  HubProcess process_;
  base::Instant now_{1'000, 1'790'000'100'000};
  std::unique_ptr<turn::Turn<HubApp>> turn_;
  std::vector<ChannelRequest> requests_;
  int asked_ = 0;
  double first_ = 0, last_ = 0;
};

double at(std::vector<double>& times, std::size_t per_mille) {
  std::sort(times.begin(), times.end());
  return times[std::min(times.size() - 1, times.size() * per_mille / 1'000)];
}

// The same rows by bare SQLite: what lies there, what is promised, what each channel was told.
double bare_reads(const std::string& path, std::int64_t skus) {
  auto db = sqlite::Db::open(path, {.read_only = true, .cache_kib = 16'384}).value();
  db.begin().value();
  auto balance = db.prepare("SELECT place, quantity, as_of_ms FROM p_balance WHERE sku = ?1");
  auto reserved = db.prepare("SELECT sum(quantity) FROM p_reservation WHERE sku = ?1");
  auto told = db.prepare("SELECT quantity FROM p_told WHERE channel = ?1 AND sku = ?2");
  std::int64_t sum = 0;
  const double began = cpu_seconds();
  for (std::int64_t n = 0; n < skus; ++n) {
    const auto sku = sku_of(n);
    balance.bind(sku);
    while (balance.step().value()) sum += balance.integer(1);
    if (reserved.bind(sku).step().value()) sum -= reserved.integer(0);
    for (int c = 0; c < kChannels; ++c) {
      if (told.bind(channel_of(c), sku).step().value()) sum += told.integer(0);
    }
  }
  const double took = cpu_seconds() - began;
  if (sum == 0) std::exit(1);
  return took;
}

std::vector<double> bare_commits(const std::string& path, int count) {
  auto db = sqlite::Db::open(path, {.cache_kib = 16'384}).value();
  db.exec("CREATE TABLE t(n INTEGER PRIMARY KEY, body BLOB NOT NULL)").value();
  auto insert = db.prepare("INSERT INTO t(body) VALUES(?1)");
  const std::string body(650, 'x');
  std::vector<double> times;
  for (int n = 0; n < count; ++n) {
    const double began = seconds();
    db.begin().value();
    insert.bind(body).run().value();
    db.commit().value();
    times.push_back(seconds() - began);
  }
  return times;
}

int run(const std::string& folder, std::int64_t skus, int events) {
  const std::string path = folder + "/listings.db";
  fill(path, skus);
  Hub hub(path);
  const auto listings = skus * kChannels;
  base::Prng prng(3);
  std::vector<double> times;
  const auto before = hub.figures();
  for (int n = 0; n < events; ++n) {
    times.push_back(hub.follow(
        sku_of(static_cast<std::int64_t>(prng.below(static_cast<std::uint64_t>(skus))))));
  }
  const auto touched = hub.figures() - before;
  auto commits = bare_commits(folder + "/bare.db", events);
  const double wall = seconds(), cpu = cpu_seconds();
  hub.recompute(listings);
  const double wall_s = seconds() - wall, cpu_s = cpu_seconds() - cpu;
  std::printf(
      "{\"listings\":%lld,\"events\":%d,\"figures_per_event\":%.3f,\"follow_p50_ms\":%.3f,"
      "\"follow_p99_ms\":%.3f,\"commit_p50_ms\":%.3f,\"commit_p99_ms\":%.3f,"
      "\"recompute_s\":%.3f,\"recompute_cpu_s\":%.3f,\"bare_reads_s\":%.3f,\"peak_mib\":%.1f}\n",
      static_cast<long long>(listings), events,
      static_cast<double>(touched) / static_cast<double>(events), at(times, 500) * 1'000,
      at(times, 990) * 1'000, at(commits, 500) * 1'000, at(commits, 990) * 1'000, wall_s, cpu_s,
      bare_reads(path, skus), peak_mib());
  return 0;
}

}  // namespace
}  // namespace dockline::server

int main(int argc, char** argv) {
  std::string dir = std::filesystem::temp_directory_path().string();
  std::int64_t skus = 666'667;
  int events = 2'000;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--dir") == 0) {
      dir = argv[i + 1];
    } else if (std::strcmp(argv[i], "--skus") == 0) {
      skus = std::atoll(argv[i + 1]);
    } else if (std::strcmp(argv[i], "--events") == 0) {
      events = std::atoi(argv[i + 1]);
    } else {
      std::fprintf(stderr, "usage: listings_bench [--dir FOLDER] [--skus N] [--events N]\n");
      return 2;
    }
  }
  const std::string folder = dir + "/dockline-listings-" + std::to_string(::getpid());
  std::filesystem::create_directories(folder);
  const int done = dockline::server::run(folder, skus, events);
  std::filesystem::remove_all(folder);
  return done;
}
