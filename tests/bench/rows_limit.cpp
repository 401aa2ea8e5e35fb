// What bare SQLite does with the same facts: the server's own table of events, the same columns and
// unique id, and one counter raised per fact, many facts to one transaction, nothing else.
//
//   rows_limit FOLDER FACTS FACTS_PER_COMMIT
// prints {"rows":..,"per_s":..}
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "shared/base/prng.hpp"
#include "shared/sqlite/db.hpp"

namespace {

using namespace dockline;

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

constexpr const char* kSchema =
    "CREATE TABLE events(position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL,"
    " source TEXT NOT NULL, subject TEXT NOT NULL, correlation TEXT NOT NULL,"
    " time_ms INTEGER NOT NULL, heard_ms INTEGER NOT NULL, body BLOB NOT NULL) STRICT;"
    "CREATE TABLE line(ord INTEGER NOT NULL, line INTEGER NOT NULL, counted INTEGER NOT NULL,"
    " PRIMARY KEY(ord, line)) STRICT, WITHOUT ROWID;";
constexpr int kOrders = 500, kFactsPerOrder = 8;
constexpr std::int64_t kStations = 20, kBatch = 256;
constexpr std::size_t kBodyBytes = 560;  // of the light stations' facts

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: rows_limit FOLDER FACTS FACTS_PER_COMMIT\n");
    return 2;
  }
  const auto facts = static_cast<std::int64_t>(std::atoll(argv[2]));
  const auto per_commit = static_cast<std::int64_t>(std::atoll(argv[3]));
  auto db = sqlite::Db::open(std::string(argv[1]) + "/rows.db",
                             {.cache_kib = 16'384, .checkpoint_pages = 4'000})
                .value();
  db.exec(kSchema).value();
  auto order = db.prepare("INSERT INTO line(ord, line, counted) VALUES(?1, 1, 0)");
  for (std::int64_t i = 0; i < kOrders; ++i) order.bind(i).run().value();
  base::Prng prng(7);
  std::vector<std::string> ids;
  // As the backlogs of the drain arrive: batches of 20 stations in turn, each in its own order.
  for (std::int64_t i = 0; i < facts; ++i) {
    const std::int64_t round = i / (kStations * kBatch);
    ids.push_back(base::uuid7(prng, 1'790'000'000'000 + (round * kBatch + i % kBatch) * 500));
  }
  auto insert = db.prepare("INSERT INTO events VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  auto count = db.prepare("UPDATE line SET counted = counted + 1 WHERE ord = ?1 AND line = 1");
  const std::string body(kBodyBytes, 'x');
  const double began = seconds();
  for (std::int64_t n = 0; n < facts;) {
    db.begin().value();
    for (std::int64_t i = 0; i < per_commit && n < facts; ++i, ++n) {
      const std::string subject = "api:" + std::to_string(n / kFactsPerOrder % kOrders);
      insert
          .bind(n + 1, ids[static_cast<std::size_t>(n)], "dockline.item.counted.v1", "/leipzig/b-1",
                subject, subject, n, n, sqlite::Statement::blob_of(body))
          .run()
          .value();
      count.bind(n / kFactsPerOrder % kOrders).run().value();
    }
    db.commit().value();
  }
  std::printf("{\"rows\":%lld,\"per_s\":%.1f}\n", static_cast<long long>(facts),
              static_cast<double>(facts) / (seconds() - began));
  return 0;
}
