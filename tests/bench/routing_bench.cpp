// How many orders a second one core decides, and how long one large order takes, beside the bare
// scan over the same figures that takes the cheapest single site. Facts lie in memory: reading them
// from the store is not part of it. Processor time of this thread, so that others on the computer
// do not count. One JSON line.
//
//   routing_bench [--orders N]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "server/routing/routing.hpp"
#include "shared/base/prng.hpp"

namespace dockline::server::routing {
namespace {

constexpr std::int64_t kNow = 1'790'000'000'000, kHour = 3'600'000;
constexpr std::int64_t kZones = 6, kSteps = 6;

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

struct Shape {
  std::int64_t sites, lines;
  std::uint32_t in_stock_per_mille;  // of each SKU at each site
};

std::vector<Service> services(base::Prng& prng) {
  std::vector<Service> made;
  for (int n = 0; n < 3; ++n) {
    Service service{.carrier = "carrier" + std::to_string(n),
                    .service = n == 2 ? "express" : "parcel"};
    service.countries = {"AT", "BE", "CH", "DE", "FR", "NL"};
    service.hazardous = n != 2;
    service.cold_chain = false;
    service.transit_ms = (n == 2 ? 24 : 48 + 12 * n) * kHour;
    service.reliability_per_mille = prng.between(930, 995);
    service.disruption_per_mille = 0;
    for (std::int64_t zone = 1; zone <= kZones; ++zone) {
      for (std::int64_t step = 1; step <= kSteps; ++step) {
        service.rates.push_back({std::to_string(zone), step * 2'000,
                                 300 + zone * 40 + step * 70 + (n == 2 ? 600 : n * 15)});
      }
    }
    made.push_back(std::move(service));
  }
  return made;
}

// An order of a shop: all facts are known; its buyer is somewhere, so each site has another zone.
Facts order(base::Prng& prng, const Shape& shape) {
  Facts facts{.order = "web:1", .needs = {}, .sites = {}, .again = "", .now_ms = kNow};
  facts.channel = "web";
  facts.country = "DE";
  facts.region = "BW";
  facts.currency = "EUR";
  facts.placed_ms = kNow;
  facts.promised_ms = kNow + 72 * kHour;
  facts.margin_minor = prng.between(500, 6'000);
  facts.services = services(prng);
  for (std::int64_t line = 1; line <= shape.lines; ++line) {
    const std::string sku = "SKU-" + std::to_string(10'000 + line);
    facts.needs.push_back({line, sku, prng.between(1, 3)});
    facts.goods.push_back({sku, prng.between(80, 1'500), false, false});
  }
  for (std::int64_t n = 0; n < shape.sites; ++n) {
    const std::int64_t km = prng.between(5, 900);
    Site site{.site = "site-" + std::to_string(100 + n), .priority = prng.between(1, 5)};
    site.zone = std::to_string(1 + km * kZones / 901);
    site.distance_km = km;
    site.windows = {{kNow - 4 * kHour, kNow + prng.between(-2, 6) * kHour},
                    {kNow + 20 * kHour, kNow + 30 * kHour}};
    site.capacity_left = prng.between(0, 40);
    site.load_per_mille = prng.between(100, 1'000);
    site.alive = Alive{prng.between(1, 6), prng.between(1, 4), kNow - prng.between(0, 300'000)};
    site.hazardous = site.cold_chain = false;
    site.services = {0, 1, 2};
    site.handling_parcel_minor = prng.between(80, 200);
    site.handling_piece_minor = prng.between(5, 30);
    for (const auto& need : facts.needs) {
      const bool there = prng.chance(shape.in_stock_per_mille);
      site.figures.push_back({need.sku, there ? prng.between(1, 12) : 0, kNow - 60'000});
    }
    facts.sites.push_back(std::move(site));
  }
  std::sort(facts.sites.begin(), facts.sites.end(), [](const Site& a, const Site& b) {
    return a.priority != b.priority ? a.priority < b.priority : a.site < b.site;
  });
  return facts;
}

// The limit: nothing but the figures, and one rate for each site that has everything.
std::size_t bare_scan(const Facts& facts) {
  std::size_t best = facts.sites.size();
  Minor least = kTermMax;
  for (std::size_t n = 0; n < facts.sites.size(); ++n) {
    const Site& site = facts.sites[n];
    std::int64_t grams = 0;
    bool all = true;
    for (std::size_t i = 0; i < facts.needs.size() && all; ++i) {
      all = site.figures[i].sku == facts.needs[i].sku &&
            site.figures[i].atp >= facts.needs[i].quantity;
      grams += *facts.goods[i].weight_g * facts.needs[i].quantity;
    }
    if (!all) continue;
    for (const auto& rate : facts.services[0].rates) {
      if (rate.zone != *site.zone || rate.up_to_g < grams) continue;
      if (rate.minor < least) {
        least = rate.minor;
        best = n;
      }
      break;
    }
  }
  return best;
}

struct Times {
  std::vector<double> each_us;
  double total_s = 0;

  [[nodiscard]] double at(std::size_t per_mille) {
    std::sort(each_us.begin(), each_us.end());
    return each_us[std::min(each_us.size() - 1, each_us.size() * per_mille / 1'000)];
  }
  [[nodiscard]] double per_s() const { return static_cast<double>(each_us.size()) / total_s; }
};

template <class Work>
Times timed(const std::vector<Facts>& orders, std::size_t count, Work work) {
  Times times;
  times.each_us.reserve(count);
  const double began = cpu_seconds();
  double last = began;
  for (std::size_t n = 0; n < count; ++n) {
    work(orders[n % orders.size()]);
    const double now = cpu_seconds();
    times.each_us.push_back((now - last) * 1e6);
    last = now;
  }
  times.total_s = last - began;
  return times;
}

struct Found {
  std::int64_t orders = 0, proved = 0, plans = 0, split = 0, gap_per_mille = 0, expanded = 0;

  void add(const Answer& answer) {
    ++orders;
    proved += answer.proved ? 1 : 0;
    expanded += answer.expanded;
    if (!answer.plan.found()) return;
    ++plans;
    const auto& shares = answer.plan.shares;
    split += std::any_of(shares.begin(), shares.end(),
                         [&](const Share& s) { return s.site != shares[0].site; })
                 ? 1
                 : 0;
    const Minor cost = minor_of(answer.plan.score);
    gap_per_mille += (cost - minor_of(answer.bound)) * 1'000 / std::max<Minor>(1, cost);
  }
};

void part(const char* name, const Shape& shape, std::size_t count, bool last) {
  base::Prng prng(11);
  std::vector<Facts> orders;
  for (int n = 0; n < 200; ++n) orders.push_back(order(prng, shape));
  const Chain chain = bind(all_things_weighed()).value();
  std::size_t sink = 0;
  Found found;
  for (const auto& facts : orders) found.add(choose(facts, chain).answer);
  Times choice = timed(orders, count,
                       [&](const Facts& f) { sink += choose(f, chain).answer.plan.shares.size(); });
  Times record =
      timed(orders, count, [&](const Facts& f) { sink += decide(f, chain, "d").inputs.size(); });
  Times bare = timed(orders, count, [&](const Facts& f) { sink += bare_scan(f); });
  std::printf(
      "\"%s\":{\"choice_per_s\":%.1f,\"choice_p50_us\":%.2f,\"choice_p99_us\":%.2f,"
      "\"record_per_s\":%.1f,\"record_p99_us\":%.2f,\"bare_per_s\":%.1f,"
      "\"bare_p99_us\":%.2f,",
      name, choice.per_s(), choice.at(500), choice.at(990), record.per_s(), record.at(990),
      bare.per_s(), bare.at(990));
  std::printf(
      "\"orders\":%lld,\"proved\":%lld,\"plans\":%lld,\"split\":%lld,"
      "\"gap_per_mille\":%.1f,\"expanded\":%.1f,\"sink\":%d}%s",
      static_cast<long long>(found.orders), static_cast<long long>(found.proved),
      static_cast<long long>(found.plans), static_cast<long long>(found.split),
      static_cast<double>(found.gap_per_mille) /
          static_cast<double>(std::max<std::int64_t>(1, found.plans)),
      static_cast<double>(found.expanded) / static_cast<double>(found.orders), sink == 0,
      last ? "}\n" : ",");
}

}  // namespace
}  // namespace dockline::server::routing

int main(int argc, char** argv) {
  std::size_t orders = 40'000;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--orders") != 0) {
      std::fprintf(stderr, "usage: routing_bench [--orders N]\n");
      return 2;
    }
    orders = static_cast<std::size_t>(std::atoll(argv[i + 1]));
  }
  using dockline::server::routing::part;
  std::printf("{");
  part("small", {50, 3, 700}, orders, false);
  part("scarce", {50, 3, 250}, orders, false);
  part("large", {200, 20, 850}, orders / 10, false);
  part("large_scarce", {200, 20, 500}, orders / 10, true);
  return 0;
}
