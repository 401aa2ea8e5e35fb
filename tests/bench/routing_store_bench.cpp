// What routing costs where it happens: orders of three lines come in at the server's App over 50
// sites on a real database, once with the unconfigured chain and once under a rulebook that asks
// for everything, so that the difference is gathering facts, weighing and writing the record. Turns
// of 50 orders. Processor time of this thread. One JSON line.
//
//   routing_store_bench [--orders N]
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include "server/app/hub_app.hpp"

namespace dockline::server {
namespace {

constexpr std::int64_t kSites = 50, kSkus = 300, kPerTurn = 50;

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

std::string site_name(std::int64_t n) { return "site-" + std::to_string(n); }
std::string sku_name(std::int64_t n) { return "SKU-" + std::to_string(n); }

// Everything but liveness and the clock: no station is heard here.
std::shared_ptr<const routing::Rulebook> rulebook(base::Prng& prng) {
  auto book = std::make_shared<routing::Rulebook>();
  book->currency = "EUR";
  routing::ChainSpec spec{.name = "weighed", .split = "lines", .sites_max = 3};
  for (const char* rule : {"stock", "capacity", "hours", "carrier", "hazardous", "shipping",
                           "handling", "split", "distance", "load", "lateness", "margin"}) {
    spec.rules.push_back({.rule = rule});
  }
  book->chains.standard = routing::bind(spec).value();
  book->policy = routing::standard_policy();
  book->promise_hours = {{"other", 72}};
  routing::DeclaredService service;
  service.service.carrier = "Post";
  service.service.service = "parcel";
  service.service.countries = {"DE"};
  service.service.hazardous = true;
  service.service.transit_ms = 86'400'000;
  for (std::int64_t zone = 1; zone <= 6; ++zone) {
    for (std::int64_t step = 1; step <= 6; ++step) {
      service.service.rates.push_back({std::to_string(zone), step * 2'000, 300 + 40 * zone + step});
    }
  }
  book->services = {service};
  for (std::int64_t n = 0; n < kSites; ++n) {
    routing::DeclaredSite site{.site = site_name(n)};
    site.zones = {{"DE", std::to_string(prng.between(1, 6))}};
    site.distance_km = {{"DE", prng.between(10, 900)}};
    site.hours.emplace();
    for (auto& day : site.hours->week) day = {0, 1'440};
    site.hours->offsets = {{0, 3'600}};
    site.capacity_per_day = 1'000'000;
    site.hazardous = true;
    site.handling_parcel_minor = 100;
    site.handling_piece_minor = 10;
    book->sites.push_back(std::move(site));
  }
  return book;
}

class Hub {
 public:
  Hub(const std::string& path, std::shared_ptr<const routing::Rulebook> book) {
    HubConfig config;
    config.db_path = path;
    config.rulebook = std::move(book);
    for (std::int64_t n = 0; n < kSites; ++n) {
      config.sites.push_back({site_name(n), "", 1 + n % 3});
      config.stations.push_back({site_name(n), "bench-1", ""});
    }
    app_ = HubApp::open(config, process_, now_, 1).value();
    std::vector<Command> first;
    for (std::int64_t n = 0; n < kSkus; ++n) {
      domain::Item item{sku_name(n), "Thing", std::nullopt, {}, 400, false, false, {}, 500};
      first.emplace_back(RegisterItem{item, {}});
      for (std::int64_t site = 0; site < kSites; ++site) {
        if (prng_.chance(500))
          first.emplace_back(AdjustStock{sku_name(n), site_name(site), 100'000, "receipt"});
      }
    }
    turn(first);
  }
  double orders(std::int64_t count) {
    double spent = 0;
    for (std::int64_t made = 0; made < count;) {
      std::vector<Command> some;
      for (std::int64_t i = 0; i < kPerTurn; ++i) some.emplace_back(order(++made));
      const double began = cpu_seconds();
      turn(some);
      spent += cpu_seconds() - began;
    }
    return spent;
  }

 private:
  ReceiveOrder order(std::int64_t n) {
    ReceiveOrder c;
    c.number = std::to_string(n);
    c.ship_to.name = "Ada";
    c.ship_to.country = "DE";
    for (int line = 0; line < 3; ++line) {
      c.lines.push_back({.line = 0,
                         .sku = sku_name(prng_.between(0, kSkus - 1)),
                         .title = "Thing",
                         .quantity = prng_.between(1, 3),
                         .unit_price_minor = 1'900});
    }
    return c;
  }
  void turn(const std::vector<Command>& commands) {
    std::vector<Effect> effects;
    app_->begin().value();
    for (const auto& c : commands) app_->step(now_, ApiCommand{0, c}, effects).value();
    app_->finish(now_, effects).value();
    app_->commit().value();
    now_.mono_ms += 40;
    now_.wall_ms += 40;
  }

  base::Prng prng_{7};
  base::Instant now_{1'000, 1'790'000'000'000};
  HubProcess process_;
  std::unique_ptr<HubApp> app_;
};

double measured(const std::filesystem::path& folder, const char* name, std::int64_t count,
                std::shared_ptr<const routing::Rulebook> book) {
  Hub hub((folder / name).string(), std::move(book));
  (void)hub.orders(kPerTurn);
  return hub.orders(count) / static_cast<double>(count) * 1e6;
}

}  // namespace
}  // namespace dockline::server

int main(int argc, char** argv) {
  using namespace dockline::server;
  std::int64_t count = 5'000;
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::strcmp(argv[i], "--orders") == 0) count = std::atoll(argv[i + 1]);
  }
  const char* dir = std::getenv("BENCH_DIR");
  const auto folder = std::filesystem::path(dir == nullptr ? "/var/tmp" : dir) /
                      ("dockline-routing-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  dockline::base::Prng prng(11);
  const double plain = measured(folder, "plain.db", count, nullptr);
  const double weighed = measured(folder, "weighed.db", count, rulebook(prng));
  std::filesystem::remove_all(folder);
  std::printf(
      "{\"bench\":\"routing_store\",\"orders\":%lld,\"sites\":%lld,\"lines\":3,"
      "\"unconfigured_us\":%.1f,\"weighed_us\":%.1f,\"more_us\":%.1f}\n",
      static_cast<long long>(count), static_cast<long long>(kSites), plain, weighed,
      weighed - plain);
  return 0;
}
