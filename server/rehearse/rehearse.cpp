#include "server/rehearse/rehearse.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <system_error>
#include <utility>

#include "server/keeping/backup.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::server::rehearse {
namespace {

namespace fs = std::filesystem;
using base::Fault;

constexpr std::int64_t kCopies = 2;                     // the verified one and the one in use
constexpr std::int64_t kOrderBytes = 8 * 1024;          // of one more in the copy in use
constexpr std::int64_t kSpareBytes = 64 * 1024 * 1024;  // logs of SQLite, the report

// Nobody else's: made under a name that was free, and removed with all that is in it.
class Folder {
 public:
  static base::Result<std::unique_ptr<Folder>> make(const std::string& parent) {
    std::string path = fs::path(parent) / "dockline-rehearsal-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) {
      return base::fail(Fault::reject,
                        parent + ": " + std::error_code(errno, std::system_category()).message() +
                            ". Choose a folder with --scratch");
    }
    return std::unique_ptr<Folder>(new Folder(path));
  }
  ~Folder() {
    std::error_code failed;
    fs::remove_all(path_, failed);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  explicit Folder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

base::Status check_room(const Wish& wish, std::int64_t orders, std::int64_t& bytes) {
  std::error_code failed;
  bytes = static_cast<std::int64_t>(fs::file_size(wish.db_path, failed));
  const auto wal = fs::file_size(wish.db_path + "-wal", failed);
  if (!failed) bytes += static_cast<std::int64_t>(wal);
  const auto needed = kCopies * bytes + orders * wish.factor * kOrderBytes + kSpareBytes;
  const auto room = fs::space(wish.scratch, failed);
  if (failed) {
    return base::fail(Fault::reject,
                      wish.scratch + ": " + failed.message() + ". Choose a folder with --scratch");
  }
  if (static_cast<std::int64_t>(room.available) >= needed) return {};
  return base::fail(Fault::reject, wish.scratch + " has " + std::to_string(room.available >> 20U) +
                                       " MiB of room, the copies need " +
                                       std::to_string(needed >> 20U) +
                                       ". Choose another folder with --scratch");
}

base::Result<Run> run_at(const Wish& wish, const fs::path& folder, const std::string& copy,
                         const Past& past, const Peak& peak, std::int64_t factor) {
  // Beside the verified copy and so beside its archive: facts whose bytes lie there are read again.
  const std::string used = folder / "shadow.db";
  std::error_code failed;
  for (const char* ending : {"", "-wal", "-shm"}) fs::remove(used + ending, failed);
  if (auto ok = sqlite::copy(copy, used, {.vfs = {}, .pause_us = 0, .go_on = wish.go_on}); !ok) {
    return base::pass(ok.error());
  }
  return replay({.path = used,
                 .past = &past,
                 .peak = &peak,
                 .house = wish.house ? &*wish.house : nullptr,
                 .factor = factor,
                 .seed = wish.seed,
                 .go_on = wish.go_on});
}

std::vector<std::int64_t> factors(std::int64_t most) {
  std::vector<std::int64_t> out{1};
  if (most / 2 > 1) out.push_back(most / 2);
  if (most > 1) out.push_back(most);
  return out;
}

std::string helps(const Stage& stage, std::int64_t factor) {
  const auto of = stage.name.substr(stage.name.find(' ') + 1);
  if (stage.name.starts_with("benches ")) {
    const auto needed = (stage.load_per_mille * stage.servers + 999) / 1'000;
    return std::to_string(needed) + " benches at " + of + " would do at " + std::to_string(factor) +
           " times the rate; there are " + std::to_string(stage.servers);
  }
  if (stage.name.starts_with("outbox ")) {
    return "channel " + of + " answers in " + std::to_string(stage.p50_us / 1'000) +
           " ms, waiting included, " + std::to_string(stage.servers) +
           " at once: fewer listings at more locations, or a channel that answers sooner";
  }
  if (stage.name == "commit") return "a faster disk for the data folder";
  return "a faster processor for the server, or fewer routing rules that look at every site";
}

}  // namespace

std::vector<Bend> bends_of(const std::vector<Run>& runs) {
  std::vector<Bend> out;
  if (runs.empty()) return out;
  const auto& highest = runs.back();
  for (const auto& stage : highest.stages) {
    Bend bend{.stage = stage.name, .load_per_mille = stage.load_per_mille};
    if (stage.load_per_mille > 0) {
      bend.at_tenths = highest.factor * 10'000 / stage.load_per_mille;
    }
    bend.helps = helps(stage, highest.factor);
    out.push_back(std::move(bend));
  }
  std::ranges::stable_sort(out, std::greater<>(), &Bend::load_per_mille);
  return out;
}

base::Result<Report> rehearse(const Wish& wish) {
  const auto tell = [&](const std::string& what) {
    if (wish.tell) wish.tell(what);
  };
  if (wish.factor < 1 || wish.factor > kFactorMax) {
    return base::fail(Fault::reject,
                      "--factor: 1 to " + std::to_string(kFactorMax) + " times the recorded rate");
  }
  std::error_code failed;
  if (!fs::exists(wish.db_path, failed)) {
    return base::fail(Fault::reject,
                      wish.db_path + ": there is no such file. Give the folder with --data");
  }
  Report report;
  if (auto ok = check_room(wish, 0, report.copied_bytes); !ok) return base::pass(ok.error());
  auto folder = Folder::make(wish.scratch);
  if (!folder) return base::pass(folder.error());
  const fs::path copies = (*folder)->path();
  tell("Copying and checking " + wish.db_path);
  auto made = keeping::make_backup({.db_path = wish.db_path,
                                    .folder = copies,
                                    .keep = 1,
                                    .now_ms = wish.now_ms,
                                    .go_on = wish.go_on});
  if (!made) return base::pass(made.error());
  if (made->done.state != "verified") {
    return base::fail(Fault::corrupt, "the copy is not whole: " + made->done.problem +
                                          ". Run `dockline audit` and follow what it says");
  }
  auto past = read_past(made->done.file);
  if (!past) return base::pass(past.error());
  auto peak = find_peak(past->arrivals, wish.from_ms, wish.to_ms);
  if (!peak) return base::pass(peak.error());
  report.from_ms = peak->from_ms;
  report.to_ms = peak->to_ms;
  report.orders = static_cast<std::int64_t>(peak->arrivals.size());
  report.rules = wish.house ? wish.house->words
                            : "the default chain, sites as the log has them; --config names the "
                              "house's server.toml";
  if (auto ok = check_room(wish, report.orders, report.copied_bytes); !ok) {
    return base::pass(ok.error());
  }
  for (const auto& [site, benches] : past->benches) {
    for (const auto& bench : benches) {
      report.benches_assumed = report.benches_assumed || bench.pack_us.empty();
    }
  }
  for (const auto factor : factors(wish.factor)) {
    tell("Rehearsing " + std::to_string(report.orders * factor) + " orders, " +
         std::to_string(factor) + " times the recorded rate");
    auto run = run_at(wish, copies, made->done.file, *past, *peak, factor);
    if (!run) return base::pass(run.error());
    report.runs.push_back(std::move(*run));
  }
  report.bends = bends_of(report.runs);
  return report;
}

}  // namespace dockline::server::rehearse
