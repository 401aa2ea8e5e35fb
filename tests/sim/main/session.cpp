#include "tests/sim/main/session.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include <boost/json.hpp>

#include "shared/base/plant.hpp"
#include "tests/sim/main/jobs.hpp"
#include "tests/sim/main/minimise.hpp"
#include "tests/sim/plants/plants.hpp"
#include "tests/sim/world/world.hpp"

namespace dockline::sim {
namespace {

namespace json = boost::json;

constexpr double kMsPerHour = 3'600'000.0;
constexpr int kMinimiseSeconds = 90;
constexpr std::size_t kStoryLines = 80;

// The sum over all seeds; the digest folds each seed's digest in order of the seeds.
class Sum {
 public:
  void add(const Done& done) {
    ++seeds_;
    events_ += done.outcome.events;
    orders_ += done.outcome.orders;
    virtual_ms_ += done.outcome.virtual_ms;
    seconds_ += done.seconds;
    violations_ += done.outcome.violations.size();
    for (const auto& [kind, n] : done.outcome.faults) faults_[kind] += n;
    digests_[done.job.wishes.seed] += done.outcome.digest;
  }
  [[nodiscard]] std::uint64_t seeds() const { return seeds_; }
  [[nodiscard]] std::uint64_t violations() const { return violations_; }
  [[nodiscard]] std::string progress() const {
    char text[160];
    std::snprintf(text, sizeof text, "%llu seeds, %.1f h simulated, %llu orders, %.0fx, %llu %s",
                  static_cast<unsigned long long>(seeds_),
                  static_cast<double>(virtual_ms_) / kMsPerHour,
                  static_cast<unsigned long long>(orders_), speedup(),
                  static_cast<unsigned long long>(violations_),
                  violations_ == 1 ? "violation" : "violations");
    return text;
  }
  [[nodiscard]] std::string to_json(const Options& options) const {
    json::object faults;
    for (const auto& [kind, n] : faults_) faults[kind] = n;
    char head[160];
    std::snprintf(head, sizeof head,
                  "{\"seeds\":%llu,\"first_seed\":%llu,\"simulated_hours\":%.1f,",
                  static_cast<unsigned long long>(seeds_),
                  static_cast<unsigned long long>(options.wishes.seed),
                  static_cast<double>(virtual_ms_) / kMsPerHour);
    json::object rest{{"events", events_},
                      {"orders", orders_},
                      {"faults", std::move(faults)},
                      {"violations", violations_},
                      {"speedup", static_cast<std::int64_t>(speedup())},
                      {"digest", digest()}};
    if (!options.plant.empty()) rest["plant"] = options.plant;
    return head + json::serialize(rest).substr(1);
  }

 private:
  // Virtual time by what one core needed for it.
  [[nodiscard]] double speedup() const {
    return seconds_ <= 0 ? 0 : static_cast<double>(virtual_ms_) / 1'000.0 / seconds_;
  }
  [[nodiscard]] std::string digest() const {
    if (digests_.size() == 1) return digests_.begin()->second;
    World fold(0);
    for (const auto& [seed, one] : digests_) {
      fold.mix(seed);
      fold.mix(one);
    }
    return fold.digest();
  }

  std::uint64_t seeds_ = 0, events_ = 0, orders_ = 0, violations_ = 0;
  std::int64_t virtual_ms_ = 0;
  double seconds_ = 0;
  std::map<std::string, std::uint64_t> faults_;
  std::map<std::uint64_t, std::string> digests_;
};

// Of the tree this program was built in; it lies in that tree's build folder.
std::string commit() {
  std::string out = "unknown";
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
  const auto command = "git -C '" + here + "' describe --always --dirty 2>/dev/null";
  if (auto* pipe = popen(command.c_str(), "r")) {
    char text[128];
    if (std::fgets(text, sizeof text, pipe) != nullptr) out = text;
    pclose(pipe);
  }
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

std::string replay_line(const Options& options, const Wishes& wishes) {
  std::string out = "dockline-sim --seed " + std::to_string(wishes.seed);
  if (wishes.hours) {
    char text[32];
    std::snprintf(text, sizeof text, " --hours %g", *wishes.hours);
    out += text;
  }
  if (wishes.sites) out += " --sites " + std::to_string(*wishes.sites);
  if (wishes.stations) out += " --stations " + std::to_string(*wishes.stations);
  if (!wishes.history.empty()) {
    out += " --history " + wishes.history + " --factor " + std::to_string(wishes.factor);
    if (wishes.slips > 0) out += " --slips " + std::to_string(wishes.slips);
  }
  if (wishes.full) out += " --full";
  std::string without;
  for (const auto& kind : wishes.without) without += (without.empty() ? "" : ",") + kind;
  if (without.size() > 0) out += " --without " + without;
  if (!options.plant.empty()) out += " --plant " + options.plant;
  return out;
}

void show(const Options& options, const Done& done) {
  std::fprintf(stderr, "\nVIOLATION in seed %llu, commit %s\n  %s\n",
               static_cast<unsigned long long>(done.job.wishes.seed), commit().c_str(),
               to_text(draw_plan(done.job.wishes)).c_str());
  for (const auto& v : done.outcome.violations) {
    std::fprintf(stderr, "  at %.1f s, %s: %s\n", static_cast<double>(v.at_ms) / 1'000.0,
                 v.checker.c_str(), v.what.c_str());
  }
  std::fprintf(stderr, "  again: %s\n", replay_line(options, done.job.wishes).c_str());
}

// The smallest run that still fails, and what happened in it.
void explain(const Options& options, const Done& failed) {
  std::fprintf(stderr, "\nmaking it smaller, at most %d s\n", kMinimiseSeconds);
  const auto small = minimise(failed, kMinimiseSeconds);
  const auto file = (std::filesystem::temp_directory_path() /
                     ("dockline-sim-" + std::to_string(small.job.wishes.seed) + ".trace"))
                        .string();
  const auto told = perform_in_child({small.job.wishes, file});
  show(options, told.outcome.violations.empty() ? small : told);
  const auto& violation = small.outcome.violations.front();
  std::fprintf(stderr, "  the whole trace: %s; what concerns it:\n", file.c_str());
  for (const auto& line : story(file, violation, kStoryLines)) {
    std::fprintf(stderr, "  | %s\n", line.c_str());
  }
}

// Lines of a regression list: "seed options # what it was".
std::vector<Wishes> listed(const std::string& path, std::string& error) {
  std::vector<Wishes> out;
  std::ifstream in(path);
  if (!in) error = path + ": cannot be read";
  for (std::string line; std::getline(in, line);) {
    line = line.substr(0, line.find('#'));
    std::istringstream words(line);
    std::vector<std::string> args{"--seed"};
    for (std::string word; words >> word;) args.push_back(word);
    if (args.size() == 1) continue;
    const auto one = parse(args, error);
    if (one) out.push_back(one->wishes);
  }
  return out;
}

// False, with a word on standard error, when there is no such bug to put in.
bool put_in(const std::string& plant) {
  if (plant.empty()) return true;
  const auto all = plants();
  if (std::ranges::none_of(all, [&](const Plant& p) { return p.name == plant; })) {
    std::fprintf(stderr, "dockline-sim: %s: no such plant; see --list-plants\n", plant.c_str());
    return false;
  }
#ifdef DOCKLINE_PLANTS
  base::plant(plant);
  return true;
#else
  std::fprintf(stderr, "dockline-sim: built without plants; use the preset sim\n");
  return false;
#endif
}

// The same seed again: anything but the same digest is a violation.
void repeat(const Job& job, Done& one) {
  const auto again = perform_in_child({job.wishes, {}});
  if (again.outcome.digest == one.outcome.digest) return;
  one.outcome.violations.push_back(
      {"determinism", 0,
       "the same seed gave the digests " + one.outcome.digest + " and " + again.outcome.digest});
}

}  // namespace

int session(const Options& options) {
  if (options.list_plants) {
    for (const auto& plant : plants()) std::printf("%s\n", plant.name.c_str());
    return 0;
  }
  if (!put_in(options.plant)) return 2;
  std::string error;
  std::vector<Wishes> list;
  if (!options.seeds.empty()) {
    list = listed(options.seeds, error);
  } else {
    for (std::uint64_t i = 0; i < options.count; ++i) {
      list.push_back(options.wishes);
      list.back().seed += i;
    }
  }
  if (!error.empty()) {
    std::fprintf(stderr, "dockline-sim: %s\n", error.c_str());
    return 2;
  }
  if (options.plan_only) {
    for (const auto& wishes : list) std::printf("%s\n", to_text(draw_plan(wishes)).c_str());
    return 0;
  }
  Sum sum;
  std::size_t at = 0;
  auto said = std::chrono::steady_clock::now();
  std::vector<Done> failed;
  const auto next = [&](Job& job) {
    if (at == list.size() || !failed.empty()) return false;
    job.wishes = list[at++];
    job.trace = options.trace;
    return true;
  };
  const auto done = [&](Done one) {
    if (options.repeat && one.outcome.violations.empty()) repeat(one.job, one);
    sum.add(one);
    if (!one.outcome.history.empty()) {
      std::printf("{\"seconds\":%.1f,%s\n", one.seconds, one.outcome.history.c_str() + 1);
    }
    if (!one.outcome.violations.empty()) failed.push_back(one);
    const auto now = std::chrono::steady_clock::now();
    if (now - said < std::chrono::seconds(2) && sum.seeds() != list.size()) return;
    said = now;
    std::fprintf(stderr, "seed %llu: %s\n", static_cast<unsigned long long>(one.job.wishes.seed),
                 sum.progress().c_str());
  };
  if (options.in_process) {
    for (Job job; next(job);) done(perform(job));
  } else {
    perform_all(options.jobs, next, done);
  }
  for (const auto& one : failed) show(options, one);
  // A recorded trade is not made smaller by leaving things out: --slips does that.
  if (!failed.empty() && options.minimise && options.wishes.history.empty())
    explain(options, failed.front());
  std::printf("%s\n", sum.to_json(options).c_str());
  return failed.empty() ? 0 : 1;
}

}  // namespace dockline::sim
