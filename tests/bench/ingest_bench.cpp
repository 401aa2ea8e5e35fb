// How many facts of stations the hub takes in per second: decode, append, project, commit, beside
// the same disk's bare group commit. One JSON line.
//
//   ingest_bench [--facts N]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>

#include <unistd.h>

#include "server/app/hub_app.hpp"
#include "server/archive/chain.hpp"
#include "shared/sqlite/db.hpp"
#include "shared/sync/message.hpp"
#include "shared/sync/sender.hpp"
#include "shared/sync/testing/memory_stores.hpp"
#include "shared/wire/event.hpp"

namespace dockline::server {
namespace {

using Clock = std::chrono::steady_clock;

// As a server turns them over when there is a backlog.
constexpr std::size_t kBatch = 250, kBatchesPerTurn = 8;

double seconds(Clock::time_point from) {
  return std::chrono::duration<double>(Clock::now() - from).count();
}

// Processor time of this thread: what a fact costs, whoever else is busy on this machine.
double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

// Batches of facts as a bench would send them: items counted into orders.
std::vector<std::string> batches(std::size_t facts, base::Prng& prng, std::string& inc) {
  std::vector<std::string> payloads;
  inc = base::uuid4(prng);
  const sync::Session session{{1, prng.next()}, 1};
  payloads.push_back(sync::encode(sync::Open{
      .inc = inc, .session = session, .base = {0, sync::chain_start(inc)}, .last = facts}));
  sync::Chain chain = sync::chain_start(inc);
  std::vector<std::string> lines;
  for (std::size_t n = 1; n <= facts; ++n) {
    wire::Event event;
    event.id = base::uuid7(prng, 1'790'000'000'000 + static_cast<std::int64_t>(n));
    event.source = "/leipzig/bench-1";
    event.subject = event.correlation = "api:" + std::to_string(n / 8 % 500);
    event.time_ms = 1'790'000'000'000 + static_cast<std::int64_t>(n);
    event.dlinc = inc;
    event.dlseq = n;
    event.data = wire::ItemCounted{event.subject,  {event.subject + "/1", 1}, 1, "MUG-RED", 1,
                                   "4006381333931"};
    lines.push_back(wire::encode(event).value());
    if (lines.size() < kBatch && n < facts) continue;
    sync::Data data{.inc = inc,
                    .session = session,
                    .first = n - lines.size() + 1,
                    .prev = chain,
                    .facts = {lines.begin(), lines.end()}};
    payloads.push_back(sync::encode(data));
    for (const auto& line : lines) chain = sync::chain_next(chain, line);
    lines.clear();
  }
  return payloads;
}

// The same bytes into one table, one commit for as many rows.
double bare(const std::string& path, std::size_t facts) {
  auto db = sqlite::Db::open(path, {.cache_kib = 16'384}).value();
  if (!db.exec("CREATE TABLE t(a INTEGER PRIMARY KEY, b BLOB) STRICT")) std::abort();
  auto insert = db.prepare("INSERT INTO t(b) VALUES(?1)");
  const std::string row(420, 'x');
  const auto from = Clock::now();
  for (std::size_t n = 0; n < facts;) {
    if (!db.begin()) std::abort();
    for (std::size_t i = 0; i < kBatch * kBatchesPerTurn && n < facts; ++i, ++n) {
      if (!insert.bind(sqlite::Statement::blob_of(row)).run()) std::abort();
    }
    if (!db.commit()) std::abort();
  }
  return static_cast<double>(facts) / seconds(from);
}

// One link of the log's hash chain, as EventLog::append computes it (decision 0005).
constexpr std::size_t kChainBytes = 700;
double chain_us() {
  constexpr int kLinks = 200'000;
  const std::string bytes(kChainBytes, 'x');
  auto chain = archive::log_chain_start();
  const double before = cpu_seconds();
  for (int i = 0; i < kLinks; ++i) chain = archive::log_chain_next(chain, i, 1'000, 2'000, bytes);
  return (cpu_seconds() - before) * 1e6 / kLinks;
}

int run(std::size_t facts) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("dockline-ingest-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  HubConfig config;
  config.db_path = (folder / "server.db").string();
  config.sites = {{"leipzig", "", 1}};
  config.stations = {{"leipzig", "bench-1", ""}};
  base::Instant now{1'000, 1'790'000'000'000};
  base::Prng prng(7);
  std::string inc;
  const auto payloads = batches(facts, prng, inc);
  double rate = 0, cpu_us = 0;
  {
    HubProcess process;
    auto app = HubApp::open(config, process, now, 1).value();
    std::vector<Effect> effects;
    std::vector<Input> waiting;
    const auto turn = [&] {
      effects.clear();
      if (!app->begin()) std::abort();
      for (const auto& input : waiting) {
        if (!app->step(now, input, effects)) std::abort();
      }
      if (!app->finish(now, effects) || !app->commit()) std::abort();
      waiting.clear();
      now.mono_ms += 5;
    };
    for (int i = 0; i < 500; ++i) {
      ReceiveOrder order;
      order.number = std::to_string(i);
      order.lines = {{.line = 1, .sku = "MUG-RED", .title = "Mug", .quantity = 100}};
      waiting.emplace_back(ApiCommand{0, order});
    }
    turn();
    const auto from = Clock::now();
    const double cpu_from = cpu_seconds();
    for (const auto& payload : payloads) {
      waiting.emplace_back(
          MqttIn{sync::topic("leipzig", "bench-1", sync::Leaf::up), payload, false});
      if (waiting.size() >= kBatchesPerTurn) turn();
    }
    turn();
    rate = static_cast<double>(facts) / seconds(from);
    cpu_us = (cpu_seconds() - cpu_from) * 1e6 / static_cast<double>(facts);
  }
  const double limit = bare((folder / "bare.db").string(), facts);
  std::filesystem::remove_all(folder);
  std::printf("{\"bench\":\"chain\",\"bytes\":%zu,\"cpu_us\":%.3f}\n", kChainBytes, chain_us());
  std::printf(
      "{\"bench\":\"ingest\",\"facts\":%zu,\"facts_per_s\":%.0f,\"cpu_us_per_fact\":%.2f,"
      "\"bare_rows_per_s\":%.0f,\"ratio\":%.3f}\n",
      facts, rate, cpu_us, limit, rate / limit);
  return 0;
}

}  // namespace
}  // namespace dockline::server

int main(int argc, char** argv) {
  std::size_t facts = 100'000;
  if (argc == 3 && std::strcmp(argv[1], "--facts") == 0) {
    facts = static_cast<std::size_t>(std::strtoull(argv[2], nullptr, 10));
  }
  return dockline::server::run(facts);
}
