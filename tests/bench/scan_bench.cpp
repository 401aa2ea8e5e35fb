// Scan to committed answer against what this disk can do at all: the real StationApp with its store
// and 2,000 SKUs, and a bare SQLite commit of one row of the same size, interleaved in one run.
//
//   scan_bench [--dir FOLDER] [--scans N]
//
// The value of a scan is measured from handing it to the turn until its sound is released, which is
// after the commit. One JSON line on stdout.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include "agent/app/station_app.hpp"
#include "agent/station/testing.hpp"
#include "agent/store/store.hpp"
#include "shared/sqlite/db.hpp"
#include "shared/turn/turn.hpp"
#include "shared/wire/event.hpp"

namespace {

using namespace dockline;
using Clock = std::chrono::steady_clock;

constexpr int kWarmUp = 50, kSkus = 2'000;
constexpr std::size_t kRowBytes = 1'700;  // raw scan, machine state and fact of one scan

std::int64_t since_us(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
}

std::int64_t at(std::vector<std::int64_t> values, int per_mille) {
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) * static_cast<std::size_t>(per_mille) / 1'000];
}

// An order that takes any number of scans, among the items of a shop.
void fill(const std::string& file) {
  auto store = agent::store::Store::open(file).value();
  store->begin().value();
  wire::LeaseGranted order = agent::station::testing::small_shop().works.at("web:A100").order;
  for (auto& line : order.lines) line.quantity = 1'000'000;
  wire::Event event;
  event.id = "bench-order";
  event.source = "/server";
  event.data = order;
  store->grant(order, wire::encode(event).value(), 1).value();
  for (int i = 0; i < kSkus; ++i) {
    const std::string n = std::to_string(i);
    store->put_item({{"SKU-" + n, "Item " + n, std::nullopt, {{"BAR-" + n, 1}}, 100}, "B-" + n})
        .value();
  }
  store->commit().value();
}

class Bare {
 public:
  explicit Bare(const std::string& file)
      : db_(sqlite::Db::open(file, {.exclusive = true}).value()) {
    db_.exec("CREATE TABLE t(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT").value();
    insert_ = db_.prepare("INSERT INTO t(bytes) VALUES(?1)");
  }
  std::int64_t commit() {
    const auto start = Clock::now();
    db_.begin().value();
    insert_.bind(sqlite::Statement::blob_of(row_)).run().value();
    db_.commit().value();
    return since_us(start);
  }

 private:
  sqlite::Db db_;
  sqlite::Statement insert_;
  std::string row_ = std::string(kRowBytes, 'x');
};

class Station {
 public:
  explicit Station(const std::string& folder) {
    settings_.site = "bench";
    settings_.station = "one";
    settings_.database = folder + "/agent.db";
    settings_.scanners = {"left"};
    settings_.has_broker = false;
    fill(settings_.database);
    agent::StationApp::begin_process(settings_, process_).value();
    turn_.start().value();
    scan("A100");
  }
  std::int64_t scan(std::string text) {
    now_.mono_ms += 500;
    now_.wall_ms += 500;
    answered_us_ = -1;
    start_ = Clock::now();
    static_cast<void>(turn_.post(agent::ScanIn{"left", std::move(text), ""}));
    turn_.run();
    return answered_us_;
  }

 private:
  agent::StationSettings settings_;
  agent::StationProcess process_;
  base::Instant now_{1'000, 1'790'000'000'000};
  Clock::time_point start_;
  std::int64_t answered_us_ = -1;
  turn::Turn<agent::StationApp> turn_{
      {.now = [this] { return now_; },
       .open = [this] { return agent::StationApp::open(settings_, process_, now_); },
       .release =
           [this](agent::StationEffect e) {
             if (std::holds_alternative<agent::Sound>(e)) answered_us_ = since_us(start_);
           },
       .reject =
           [](const agent::StationInput&, const base::Error& why) {
             std::fprintf(stderr, "scan refused: %s\n", why.detail.c_str());
             std::_Exit(1);
           }}};
};

}  // namespace

int main(int argc, char** argv) {
  std::string parent = std::filesystem::temp_directory_path().string();
  int scans = 2'000;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    if (flag == "--dir") parent = argv[i + 1];
    if (flag == "--scans") scans = std::max(10, std::atoi(argv[i + 1]));
  }
  std::string folder = parent + "/dl-scan-bench-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) {
    std::fprintf(stderr, "cannot make a folder in %s: name a writable one with --dir\n",
                 parent.c_str());
    return 1;
  }
  std::vector<std::int64_t> value, limit;
  {
    Station station(folder);
    Bare bare(folder + "/bare.db");
    for (int i = 0; i < kWarmUp + scans; ++i) {
      const auto scan_us = station.scan(i % 2 == 0 ? "4006381333931" : "96385074");
      const auto bare_us = bare.commit();
      if (i < kWarmUp) continue;
      value.push_back(scan_us);
      limit.push_back(bare_us);
    }
  }
  std::filesystem::remove_all(folder);
  const auto v50 = at(value, 500), v99 = at(value, 990), l50 = at(limit, 500), l99 = at(limit, 990);
  std::printf(
      "{\"bench\":\"scan\",\"scans\":%d,\"value_p50_us\":%lld,\"value_p99_us\":%lld,"
      "\"limit_p50_us\":%lld,\"limit_p99_us\":%lld,\"ratio_p50\":%.2f,\"ratio_p99\":%.2f}\n",
      scans, static_cast<long long>(v50), static_cast<long long>(v99), static_cast<long long>(l50),
      static_cast<long long>(l99), static_cast<double>(v50) / static_cast<double>(l50),
      static_cast<double>(v99) / static_cast<double>(l99));
  return 0;
}
