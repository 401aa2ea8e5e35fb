// How many orders per second the hub takes in, routes, reserves and makes durable: the real HubApp
// on a real file, a group of orders to each COMMIT as many buyers at once give it. Its limit in
// the same run: bare SQLite rows of the same bytes with the same commits. One JSON line.
//
//   orders_bench [--orders N] [--group N] [--lines N] [--skus N] [--benches] [--dir D]
//
// --benches: stations are there, so that each order is also released to one in the same turn.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>

#include <unistd.h>

#include "server/app/hub_app.hpp"
#include "shared/sqlite/db.hpp"
#include "shared/sync/message.hpp"
#include "shared/sync/sender.hpp"
#include "shared/sync/testing/memory_stores.hpp"

namespace dockline::server {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::size_t orders = 20'000, group = 256, lines = 3, skus = 2'000;
  bool benches = false;
  std::filesystem::path dir = std::filesystem::temp_directory_path();
};

constexpr const char* kSites[] = {"leipzig", "ulm", "kassel"};
constexpr std::int64_t kPlenty = 1'000'000;

double seconds(Clock::time_point from) {
  return std::chrono::duration<double>(Clock::now() - from).count();
}

// Processor time of this thread: what an order costs, whoever else is busy on this machine.
double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

template <class T>
T must(base::Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "orders_bench: %s\n", result.error().detail.c_str());
    std::exit(1);
  }
  return std::move(*result);
}
void must(const base::Status& status) {
  if (status) return;
  std::fprintf(stderr, "orders_bench: %s\n", status.error().detail.c_str());
  std::exit(1);
}

std::string sku_of(std::size_t n) { return "SKU-" + std::to_string(10'000 + n); }

// The hub with turns of any size, and what they answered.
class Hub {
 public:
  explicit Hub(const std::filesystem::path& folder) {
    config_.db_path = (folder / "server.db").string();
    std::int64_t priority = 0;
    for (const char* site : kSites) {
      config_.sites.push_back({site, "", ++priority});
      config_.stations.push_back({site, "bench-1", ""});
    }
    app_ = must(HubApp::open(config_, process_, now, 1));
  }
  void turn(std::vector<Input>& inputs) {
    std::vector<Effect> effects;
    must(app_->begin());
    for (const auto& input : inputs) must(app_->step(now, input, effects));
    must(app_->finish(now, effects));
    must(app_->commit());
    for (const auto& effect : effects) {
      if (const auto* reply = std::get_if<Reply>(&effect); reply && reply->created) ++created;
    }
    inputs.clear();
    now.mono_ms += 20;
    now.wall_ms += 20;
  }
  const std::string& path() const { return config_.db_path; }

  base::Instant now{1'000, 1'790'000'000'000};
  std::size_t created = 0;

 private:
  HubConfig config_;
  HubProcess process_;
  std::unique_ptr<HubApp> app_;
};

void fill(Hub& hub, const Options& options) {
  std::vector<Input> inputs;
  for (std::size_t n = 0; n < options.skus; ++n) {
    const std::string sku = sku_of(n);
    inputs.emplace_back(ApiCommand{
        0, RegisterItem{{sku, "Article " + sku, std::nullopt, {{sku + "-BC", 1}}, 250}, {}}});
    for (const char* site : kSites) {
      inputs.emplace_back(ApiCommand{0, AdjustStock{sku, site, kPlenty, "receipt"}});
    }
    if (inputs.size() >= 512) hub.turn(inputs);
  }
  hub.turn(inputs);
}

// A bench of each site says that it is there and opens its stream.
void connect_benches(Hub& hub) {
  std::vector<Input> inputs{LinkUp{}};
  base::Prng prng(7);
  for (const char* site : kSites) {
    const sync::Process process{1, prng.next()};
    sync::testing::MemorySenderStore store;
    auto sender = must(sync::Sender::open(store, prng, {.process = process}));
    sync::SenderOut out;
    must(sender.link_up(hub.now, out));
    for (auto& payload : out.payloads) {
      inputs.emplace_back(
          MqttIn{sync::topic(site, "bench-1", sync::Leaf::up), std::move(payload), false, {}});
    }
    sync::State state;
    state.up = true;
    state.inc = sender.inc();
    state.process = process;
    state.program = "bench";
    inputs.emplace_back(
        MqttIn{sync::topic(site, "bench-1", sync::Leaf::state), sync::encode(state), false, {}});
  }
  hub.turn(inputs);
}

ReceiveOrder order_of(std::size_t n, const Options& options, base::Prng& prng) {
  ReceiveOrder order;
  order.channel = "shop";
  order.number = "R" + std::to_string(100'000 + n);
  order.external_id = std::to_string(n);
  order.ship_to.name = "Ada Lovelace";
  order.ship_to.street1 = "St James's Square 12";
  order.ship_to.postal_code = "04103";
  order.ship_to.city = "Leipzig";
  order.ship_to.country = "DE";
  order.ship_to.email = "ada" + std::to_string(n) + "@example.org";
  for (std::size_t line = 1; line <= options.lines; ++line) {
    const std::string sku = sku_of(prng.below(options.skus));
    order.lines.push_back({.line = static_cast<std::int64_t>(line),
                           .sku = sku,
                           .title = "Article " + sku,
                           .quantity = 1 + static_cast<std::int64_t>(prng.below(3)),
                           .unit_price_minor = 1'290});
  }
  return order;
}

struct Seen {
  std::int64_t facts = 0, bytes = 0, pieces = 0, reserved = 0, backordered = 0, released = 0;
};

// What is in the file, asked of the file.
Seen look(const std::string& path, std::int64_t after) {
  auto db = must(sqlite::Db::open(path, {.read_only = true}));
  const auto ask = [&](const char* sql) {
    auto s = db.prepare(sql);
    static_cast<void>(must(s.bind().step()));
    return s.integer(0);
  };
  const std::string since = " FROM events WHERE position > " + std::to_string(after);
  return {.facts = ask(("SELECT count(*)" + since).c_str()),
          .bytes = ask(("SELECT coalesce(sum(length(body)), 0)" + since).c_str()),
          .pieces = ask("SELECT coalesce(sum(quantity), 0) FROM p_line"),
          .reserved = ask("SELECT coalesce(sum(quantity), 0) FROM p_reservation"),
          .backordered = ask("SELECT coalesce(sum(backordered), 0) FROM p_line"),
          .released = ask("SELECT coalesce(sum(released), 0) FROM p_line")};
}

std::int64_t last_position(const std::string& path) {
  auto db = must(sqlite::Db::open(path, {.read_only = true}));
  auto s = db.prepare("SELECT coalesce(max(position), 0) FROM events");
  static_cast<void>(must(s.bind().step()));
  return s.integer(0);
}

// The same bytes as bare rows: one for each fact, a commit where the hub committed.
double bare(const std::string& path, const std::vector<std::int64_t>& facts_of_turn,
            std::int64_t bytes, std::int64_t facts, std::size_t orders) {
  auto db = must(sqlite::Db::open(path, {.cache_kib = 16'384, .checkpoint_pages = 4'000}));
  must(db.exec("CREATE TABLE t(a INTEGER PRIMARY KEY, b BLOB) STRICT"));
  auto insert = db.prepare("INSERT INTO t(b) VALUES(?1)");
  const std::string row(static_cast<std::size_t>(bytes / std::max<std::int64_t>(1, facts)), 'x');
  const auto from = Clock::now();
  for (const auto rows : facts_of_turn) {
    must(db.begin());
    for (std::int64_t i = 0; i < rows; ++i) {
      must(insert.bind(sqlite::Statement::blob_of(row)).run());
    }
    must(db.commit());
  }
  return static_cast<double>(orders) / seconds(from);
}

int run(const Options& options) {
  const auto folder = options.dir / ("dockline-orders-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::vector<double> took_ms;
  std::vector<std::int64_t> facts_of_turn;
  double rate = 0, cpu_us = 0;
  std::size_t created = 0;
  Seen seen;
  {
    Hub hub(folder);
    fill(hub, options);
    if (options.benches) connect_benches(hub);
    base::Prng prng(11);
    const std::int64_t before = last_position(hub.path());
    std::vector<std::vector<Input>> groups;
    for (std::size_t n = 0; n < options.orders; ++n) {
      if (n % options.group == 0) groups.emplace_back();
      groups.back().emplace_back(ApiCommand{n + 1, order_of(n, options, prng)});
    }
    hub.created = 0;
    std::vector<std::size_t> sizes;
    const auto from = Clock::now();
    const double cpu_from = cpu_seconds();
    for (auto& group : groups) {
      const auto began = Clock::now();
      sizes.push_back(group.size());
      hub.turn(group);
      took_ms.push_back(seconds(began) * 1e3);
    }
    const auto orders = static_cast<double>(options.orders);
    rate = orders / seconds(from);
    cpu_us = (cpu_seconds() - cpu_from) * 1e6 / orders;
    created = hub.created;
    seen = look(hub.path(), before);
    std::size_t done = 0;  // the facts of a turn: its share, so that the rows come out the same
    std::int64_t written = 0;
    for (const auto size : sizes) {
      done += size;
      const auto until =
          seen.facts * static_cast<std::int64_t>(done) / static_cast<std::int64_t>(options.orders);
      facts_of_turn.push_back(until - written);
      written = until;
    }
  }
  const double limit =
      bare((folder / "bare.db").string(), facts_of_turn, seen.bytes, seen.facts, options.orders);
  std::filesystem::remove_all(folder);
  std::sort(took_ms.begin(), took_ms.end());
  // Each order is there, and each of its pieces is reserved: a figure of anything less is none.
  if (created != options.orders || seen.reserved != seen.pieces || seen.backordered != 0 ||
      seen.released != (options.benches ? seen.pieces : 0)) {
    std::fprintf(stderr, "orders_bench: %zu of %zu orders, %lld of %lld pieces reserved\n", created,
                 options.orders, static_cast<long long>(seen.reserved),
                 static_cast<long long>(seen.pieces));
    return 1;
  }
  std::printf(
      "{\"bench\":\"orders\",\"orders\":%zu,\"group\":%zu,\"lines\":%zu,\"per_s\":%.0f,"
      "\"cpu_us\":%.1f,\"turn_p50_ms\":%.2f,\"turn_p99_ms\":%.2f,\"facts\":%lld,\"bytes\":%lld,"
      "\"bare_per_s\":%.0f,\"ratio\":%.3f}\n",
      options.orders, options.group, options.lines, rate, cpu_us, took_ms[took_ms.size() / 2],
      took_ms[took_ms.size() * 99 / 100], static_cast<long long>(seen.facts),
      static_cast<long long>(seen.bytes), limit, rate / limit);
  return 0;
}

}  // namespace
}  // namespace dockline::server

int main(int argc, char** argv) {
  dockline::server::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const auto number = [&] {
      return i + 1 < argc ? static_cast<std::size_t>(std::strtoull(argv[++i], nullptr, 10)) : 0;
    };
    if (name == "--orders") options.orders = number();
    if (name == "--group") options.group = number();
    if (name == "--lines") options.lines = number();
    if (name == "--skus") options.skus = number();
    if (name == "--benches") options.benches = true;
    if (name == "--dir" && i + 1 < argc) options.dir = argv[++i];
  }
  if (options.orders == 0 || options.group == 0 || options.lines == 0 || options.skus == 0) {
    std::fprintf(stderr, "orders_bench: --orders, --group, --lines, --skus: 1 or more\n");
    return 2;
  }
  return dockline::server::run(options);
}
