// The bare path that deploy/bench.sh path compares with: SQLite commit -> MQTT QoS 1 through the
// given broker -> SQLite commit -> HTTP POST leaves. The same parts as the product's path, with
// nothing of the product in between, one message at a time.
//
//   path_limit BROKER_URL USER PASSWORD_FILE TOPIC HTTP_URL FOLDER COUNT
// prints {"bench":"path_limit","count":N,"p50_us":..,"p99_us":..}
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "shared/runtime/curl_http.hpp"
#include "shared/runtime/lane.hpp"
#include "shared/runtime/paho_link.hpp"
#include "shared/runtime/system.hpp"
#include "shared/sqlite/db.hpp"

namespace {

using namespace dockline;

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

struct End {
  explicit End(const std::string& path)
      : db(sqlite::Db::open(path, {.exclusive = true}).value()), insert([this] {
          (void)db.exec("CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, body BLOB) STRICT");
          return db.prepare("INSERT INTO t(body) VALUES(?1)");
        }()) {}
  bool commit(const std::string& body) {
    return db.begin().has_value() && insert.bind(sqlite::Statement::blob_of(body)).run() &&
           db.commit().has_value();
  }
  sqlite::Db db;
  sqlite::Statement insert;
};

struct Run {
  runtime::Lane lane;
  std::unique_ptr<ports::Link> link = runtime::make_paho_link(lane);
  std::unique_ptr<ports::HttpClient> http = runtime::make_curl_http(lane);
  std::string topic, url, payload = std::string(700, 'x');  // the size of a pack.closed fact
  End station, server;
  std::size_t count;
  std::vector<std::int64_t> took;
  std::int64_t began = 0;

  void next() {
    if (took.size() >= count) return lane.stop();
    began = now_us();
    if (!station.commit(payload)) return lane.stop();
    link->publish({topic, payload, false});
  }
  void arrived() {
    if (!server.commit(payload)) return lane.stop();
    const auto sent = now_us();
    http->send({.method = "POST", .url = url, .body = payload},
               [this](const base::Result<ports::HttpResponse>&) { next(); });
    took.push_back(sent - began);
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) {
    std::fprintf(stderr, "usage: path_limit BROKER USER PASSWORD_FILE TOPIC URL FOLDER COUNT\n");
    return 2;
  }
  const std::string folder = argv[6];
  Run run{.topic = argv[4],
          .url = argv[5],
          .station = End(folder + "/station.db"),
          .server = End(folder + "/server.db"),
          .count = std::stoul(argv[7])};
  ports::LinkOptions options;
  options.url = argv[1];
  options.user = argv[2];
  const auto password = runtime::read_secret(argv[3], "broker password");
  if (!password) {
    std::fprintf(stderr, "%s\n", password.error().detail.c_str());
    return 1;
  }
  options.password = *password;
  options.client_id = "path-limit";
  options.subscriptions = {run.topic};
  ports::LinkEvents events;
  events.on_up = [&] { run.next(); };
  events.on_down = [&](const base::Error& why) {
    std::fprintf(stderr, "%s\n", why.detail.c_str());
    run.lane.stop();
  };
  events.on_message = [&](const ports::LinkMessage&) { run.arrived(); };
  run.link->connect(options, events);
  run.lane.run();
  if (run.took.size() < run.count) return 1;
  std::sort(run.took.begin(), run.took.end());
  std::printf("{\"bench\":\"path_limit\",\"count\":%zu,\"p50_us\":%lld,\"p99_us\":%lld}\n",
              run.took.size(), static_cast<long long>(run.took[run.took.size() / 2]),
              static_cast<long long>(run.took[run.took.size() * 99 / 100]));
  return 0;
}
