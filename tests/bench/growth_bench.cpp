// What an event and a stock look-up cost as the log and the catalogue grow: the real hub over real
// files, no network.
//
//   growth_bench --dir FOLDER --skus N --points A,B,C [--sample N]
//
// Fills the log up to each point and then times `sample` more events: eight counted pieces to one
// stock correction of a SKU picked at random, 2,000 facts to one turn. Look-ups are the ones of the
// stock page of a SKU corrected in the sample, through the reader the API uses; enough of them that
// the reader's cache is as in operation (its first 2,000 cost a third more at 10 million events
// than at 10 thousand). Every SKU's opening stock is a movement from the start. With 10 million
// events nearly half of the SKUs were corrected before as well, and their pages show more:
// `lookup_same_us` are those that show the same at all points, the opening and one correction. One
// JSON line for each point:
// {"events":..,"event_us":..,"event_cpu_us":..,"lookup_us":..,"lookup_same_us":..,"file_mib":..,
//  "fill_s":..}
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "server/app/hub_app.hpp"
#include "server/store/reader.hpp"
#include "shared/sqlite/db.hpp"
#include "shared/sync/message.hpp"
#include "shared/wire/event.hpp"

namespace dockline::server {
namespace {

constexpr std::int64_t kTurnFacts = 2'000, kBatchFacts = 250, kLookUps = 50'000;
constexpr std::size_t kSameMoves = 2;
constexpr std::int64_t kFactsPerOrder = 8, kPerCorrection = 8;

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

std::string sku_name(std::int64_t n) {
  char text[16];
  std::snprintf(text, sizeof text, "SKU-%07lld", static_cast<long long>(n));
  return text;
}

// As many orders as the benches of a year work on in turn; few SKUs, few orders.
std::int64_t orders_for(std::int64_t skus) {
  return std::clamp<std::int64_t>(skus / 8, 500, 250'000);
}

// Catalogue and orders go straight into their tables: two million single registrations are not what
// is measured here.
void fill_tables(const std::string& path, std::int64_t skus) {
  auto db = sqlite::Db::open(path, {.cache_kib = 65'536}).value();
  const auto range = [](std::int64_t count) {
    return "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " +
           std::to_string(count) + ") ";
  };
  const std::string items = range(skus), orders = range(orders_for(skus));
  db.begin().value();
  db.exec(("INSERT INTO p_item(sku, title, origin, position) " + items +
           "SELECT printf('SKU-%07d', i), 'Item ' || i, 'bench', 0 FROM n;"
           "INSERT INTO p_balance(sku, place, quantity, as_of_ms) " +
           items +
           "SELECT printf('SKU-%07d', i), 'leipzig/shelf', 100, 0 FROM n;"
           "INSERT INTO p_move(position, n, sku, quantity, from_place, to_place, reason) " +
           items +
           "SELECT 1, i, printf('SKU-%07d', i), 100, 'outside/found', 'leipzig/shelf', 'opening' "
           "FROM n;"
           "INSERT INTO p_order(ord, id, channel, number, external_id, customer, currency, "
           "ship_to, charges, placed_ms, received_ms, updated_ms, state, site, station, tracking, "
           "carrier, sscc, pieces, packed, fulfilled_ms) " +
           orders +
           "SELECT i + 1, 'api:' || i, 'api', '' || i, '', '', 'EUR', '{}', '[]', 0, 0, 0, 'open', "
           "'', '', '', '', '', 8, 0, 0 FROM n;"
           "INSERT INTO p_line(ord, line, sku, title, quantity, open, backordered, allocated, "
           "released, packed, shipped, delivered, cancelled, returned, site, counted, missing) " +
           orders +
           "SELECT i + 1, 1, 'MUG-RED', 'Mug', 8, 8, 0, 0, 0, 0, 0, 0, 0, 0, '', 0, 0 "
           "FROM n")
              .c_str())
      .value();
  db.commit().value();
}

class World {
 public:
  World(const std::string& path, std::int64_t skus) : skus_(skus), orders_(orders_for(skus)) {
    HubConfig config;
    config.db_path = path;
    config.sites = {{"leipzig", "", 1}};
    config.stations = {{"leipzig", "bench-1", ""}};
    {
      auto made = HubApp::open(config, process_, now_, 1).value();  // writes the schema
    }
    fill_tables(path, skus);
    app_ = HubApp::open(config, process_, now_, 2).value();
    inc_ = base::uuid4(prng_);
    session_ = {{1, prng_.next()}, 1};
    chain_ = sync::chain_start(inc_);
    const std::vector<Input> first{up(sync::encode(
        sync::Open{.inc = inc_, .session = session_, .base = {0, chain_}, .last = 0}))};
    turn(first);
  }

  // One turn's worth of events; returns how many.
  std::int64_t make(std::vector<Input>& inputs) {
    std::int64_t made = 0;
    for (std::int64_t b = 0; b < kTurnFacts / kBatchFacts; ++b) {
      inputs.emplace_back(up(batch()));
      made += kBatchFacts;
      for (std::int64_t i = 0; i < kBatchFacts / kPerCorrection; ++i, ++made) {
        AdjustStock adjust;
        adjust.sku = sku_name(prng_.between(0, skus_ - 1));
        corrected_.push_back(adjust.sku);
        adjust.site = "leipzig";
        adjust.quantity = 1;
        adjust.reason = "found";
        inputs.emplace_back(ApiCommand{0, adjust});
      }
    }
    return made;
  }
  void turn(const std::vector<Input>& inputs) {
    effects_.clear();
    app_->begin().value();
    for (const auto& input : inputs) app_->step(now_, input, effects_).value();
    app_->finish(now_, effects_).value();
    app_->commit().value();
    now_.mono_ms += 40;
    now_.wall_ms += 40;
  }
  // The SKUs corrected since the last time this was asked.
  std::vector<std::string> take_corrected() { return std::exchange(corrected_, {}); }
  base::Prng& prng() { return prng_; }

 private:
  static MqttIn up(std::string payload) {
    return {sync::topic("leipzig", "bench-1", sync::Leaf::up), std::move(payload), false};
  }
  std::string batch() {
    const sync::Chain before = chain_;
    std::string lines;
    for (std::int64_t i = 0; i < kBatchFacts; ++i) {
      wire::Event event;
      event.id = base::uuid7(prng_, now_.wall_ms);
      event.source = "/leipzig/bench-1";
      event.subject = event.correlation = "api:" + std::to_string(seq_ / kFactsPerOrder % orders_);
      event.time_ms = now_.wall_ms;
      event.dlinc = inc_;
      event.dlseq = static_cast<std::uint64_t>(++seq_);
      event.data = wire::ItemCounted{event.subject,  {event.subject + "/1", 1}, 1, "MUG-RED", 1,
                                     "4006381333931"};
      const auto bytes = wire::encode(event).value();
      chain_ = sync::chain_next(chain_, bytes);
      lines.append(bytes).push_back('\n');
    }
    const sync::Data data{.inc = inc_,
                          .session = session_,
                          .first = static_cast<sync::Seq>(seq_ - kBatchFacts + 1),
                          .prev = before};
    return sync::encode(data, static_cast<std::size_t>(kBatchFacts), lines);
  }

  std::int64_t skus_, orders_, seq_ = 0;
  base::Prng prng_{7};
  base::Instant now_{1'000, 1'790'000'000'000};
  HubProcess process_;
  std::unique_ptr<HubApp> app_;
  std::string inc_;
  sync::Session session_;
  sync::Chain chain_{};
  std::vector<Effect> effects_;
  std::vector<std::string> corrected_;
};

// Median over the turns of the sample: one slow sync of a busy disk is not the product's growth.
double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void measure(World& world, const std::string& path, std::int64_t& events, std::int64_t point,
             std::int64_t sample) {
  const double fill_from = seconds();
  std::vector<Input> inputs;
  while (events < point) {
    inputs.clear();
    events += world.make(inputs);
    world.turn(inputs);
    world.take_corrected();
  }
  const double fill_s = seconds() - fill_from;
  std::vector<double> wall_us, cpu_us;
  for (std::int64_t done = 0; done < sample;) {
    inputs.clear();
    const auto made = world.make(inputs);
    const double from = seconds(), cpu_from = cpu_seconds();
    world.turn(inputs);
    wall_us.push_back((seconds() - from) * 1e6 / static_cast<double>(made));
    cpu_us.push_back((cpu_seconds() - cpu_from) * 1e6 / static_cast<double>(made));
    done += made;
    events += made;
  }
  auto reader = store::Reader::open(path).value();
  const auto skus = world.take_corrected();
  std::vector<double> look_us, same_us;
  for (std::int64_t i = 0; i < kLookUps; ++i) {
    const auto& sku = skus[static_cast<std::size_t>(
        world.prng().between(0, static_cast<std::int64_t>(skus.size()) - 1))];
    const double from = seconds();
    const auto page = reader.stock_of(sku).value();
    look_us.push_back((seconds() - from) * 1e6);
    if (!page) std::abort();
    if (page->moves.size() == kSameMoves) same_us.push_back(look_us.back());
  }
  std::printf(
      "{\"events\":%lld,\"event_us\":%.2f,\"event_cpu_us\":%.2f,\"lookup_us\":%.2f,"
      "\"lookup_same_us\":%.2f,\"file_mib\":%.1f,\"fill_s\":%.1f}\n",
      static_cast<long long>(point), median(wall_us), median(cpu_us), median(look_us),
      median(same_us), static_cast<double>(std::filesystem::file_size(path)) / 1048576.0, fill_s);
  std::fflush(stdout);
}

}  // namespace
}  // namespace dockline::server

int main(int argc, char** argv) {
  using namespace dockline::server;
  std::string dir = std::filesystem::temp_directory_path().string(), points = "10000,100000";
  std::int64_t skus = 20'000, sample = 40'000;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    if (flag == "--dir") dir = argv[i + 1];
    if (flag == "--skus") skus = std::atoll(argv[i + 1]);
    if (flag == "--points") points = argv[i + 1];
    if (flag == "--sample") sample = std::atoll(argv[i + 1]);
  }
  const std::string folder = dir + "/dockline-growth-" + std::to_string(::getpid());
  std::filesystem::create_directories(folder);
  {
    const std::string path = folder + "/server.db";
    World world(path, skus);
    std::int64_t events = 0;
    std::istringstream in(points);
    for (std::string point; std::getline(in, point, ',');) {
      measure(world, path, events, std::atoll(point.c_str()), sample);
    }
  }
  std::filesystem::remove_all(folder);
  return 0;
}
