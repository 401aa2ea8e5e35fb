// A hub with two benches to which everything happens at random, and its books asked with SQL of our
// own after each step.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "shared/sqlite/db.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server::testing {

inline constexpr int kSteps = 120;
inline const std::vector<std::string> kSkus = {"MUG", "CUP", "JAR", "TIN"};

class Player {
 public:
  explicit Player(std::uint64_t seed, decltype(HubConfig::make_channels) channels = {})
      : prng(seed) {
    w.seed = seed;
    w.config.make_channels = std::move(channels);
    w.start();
    for (const auto& sku : kSkus) w.stock(sku, "leipzig", prng.between(1, 30));
    w.bench("leipzig", "bench-1");
    w.bench("ulm", "bench-2");
  }

  void step() {
    switch (prng.below(12)) {
      case 0:
      case 1:
      case 2:
        return place();
      case 3:
        return cancel();
      case 4:
        return adjust();
      case 5:
      case 6:
      case 7:
        return work();
      case 8:
        return cable();
      case 9:
        return reopen();
      case 10:
        return tidy();
      case 11:
        return look_into_a_bin();
      default:
        return;
    }
  }

  void place() {
    std::vector<std::pair<std::string, domain::Quantity>> lines;
    const auto n = prng.between(1, 3);
    for (std::int64_t i = 0; i < n; ++i) {
      lines.emplace_back(kSkus[prng.below(kSkus.size())], prng.between(1, 6));
    }
    orders.push_back(w.order(std::to_string(orders.size() + 1), lines));
  }
  void cancel() {
    if (orders.empty()) return;
    CancelOrder command{orders[prng.below(orders.size())], "changed mind", {}};
    if (prng.chance(500)) command.lines.emplace_back(1, 1);
    (void)w.ask(std::move(command));
    w.settle();
  }
  void adjust() {
    (void)w.ask(AdjustStock{kSkus[prng.below(kSkus.size())], prng.chance(500) ? "leipzig" : "ulm",
                            prng.chance(700) ? prng.between(1, 20) : -prng.between(1, 8), "found"});
    w.settle();
  }
  // Between bins, into them from outside, out of them; and now and then another one is home.
  void tidy() {
    static const std::vector<std::string> kBins = {"", "A", "B", "C"};
    const auto& sku = kSkus[prng.below(kSkus.size())];
    const std::string site = prng.chance(600) ? "leipzig" : "ulm";
    const auto bin = [&] { return kBins[prng.below(kBins.size())]; };
    if (prng.chance(150)) {
      (void)w.ask(
          RegisterItem{{sku, sku, std::nullopt, {}, 100}, {{site, kBins[prng.between(1, 3)]}}});
    } else {
      const char* from = prng.chance(800) ? "shelf" : "supplier";
      const char* to = prng.chance(800) ? "shelf" : "damaged";
      MoveStock move{sku, site, from, to, prng.between(1, 6), "tidied", {}};
      if (move.from == "shelf") move.from_bin = bin();
      if (move.to == "shelf") move.to_bin = bin();
      (void)w.ask(StockCommand(std::move(move)));
    }
    w.settle();
  }
  void look_into_a_bin() {
    static const std::vector<std::string> kBins = {"", "A", "B", "C"};
    (void)w.ask(StockCommand(CountStock{kSkus[prng.below(kSkus.size())],
                                        prng.chance(600) ? "leipzig" : "ulm", prng.between(0, 9),
                                        kBins[prng.below(kBins.size())], "ada"}));
    w.settle();
  }
  Bench& any_bench() {
    return prng.chance(500) ? w.bench("leipzig", "bench-1") : w.bench("ulm", "bench-2");
  }
  // Packs some lease the bench was ever given, also one it has lost meanwhile.
  void work() {
    auto& bench = any_bench();
    if (bench.leases.empty()) return;
    const auto lease = bench.leases[prng.below(bench.leases.size())];
    if (!packed.insert(lease.work.lease + std::to_string(lease.work.epoch)).second) return;
    if (prng.chance(150)) {
      bench.say(w.now, wire::LeaseReturned{lease.order, lease.work, "revoked"}, lease.order);
      return w.settle();
    }
    w.pack(bench, lease, prng.chance(300) ? 1 : 0);
  }
  void cable() {
    auto& bench = any_bench();
    bench.connected = !bench.connected;
    if (bench.connected) w.pass(5'000);
  }
  void reopen() {
    auto& bench = any_bench();
    if (bench.leases.empty() || prng.chance(700)) return;
    const auto lease = bench.leases[prng.below(bench.leases.size())];
    if (packed.erase(lease.work.lease + std::to_string(lease.work.epoch)) == 0) return;
    bench.say(w.now, wire::PackReopened{lease.order, lease.work}, lease.order);
    w.settle();
  }
  void restart() {
    w.reader.reset();
    w.turn.reset();
    w.start();
    w.settle();
  }

  std::int64_t count(std::string_view sql) {
    auto db = sqlite::Db::open(w.config.db_path, {.read_only = true}).value();
    auto query = db.prepare(sql);
    return query.step().value() ? query.integer(0) : 0;
  }
  void check() {
    EXPECT_EQ(count("SELECT count(*) FROM (SELECT sku FROM p_balance GROUP BY sku HAVING "
                    "sum(quantity) <> 0)"),
              0)
        << "places of a SKU do not sum to zero";
    EXPECT_EQ(count("SELECT count(*) FROM (SELECT sku, place, quantity FROM p_balance EXCEPT "
                    "SELECT sku, place, sum(q) FROM (SELECT sku, to_place AS place, quantity AS q "
                    "FROM p_move UNION ALL SELECT sku, from_place, -quantity FROM p_move) "
                    "GROUP BY sku, place)"),
              0)
        << "a balance is not the sum of its moves";
    EXPECT_EQ(count("SELECT count(*) FROM p_line WHERE allocated + released <> coalesce((SELECT "
                    "sum(quantity) FROM p_reservation r WHERE r.ord = p_line.ord AND "
                    "r.line = p_line.line), 0)"),
              0)
        << "reserved is not what is allocated and released";
    EXPECT_EQ(count("SELECT count(*) FROM p_line WHERE released <> coalesce((SELECT "
                    "sum(quantity) FROM p_reservation r WHERE r.ord = p_line.ord AND "
                    "r.line = p_line.line AND r.lease <> ''), 0)"),
              0)
        << "released pieces without a lease";
    EXPECT_EQ(count("SELECT count(*) FROM p_reservation r LEFT JOIN p_lease l USING(lease) WHERE "
                    "r.lease <> '' AND (l.state IS NULL OR l.state NOT IN ('held', 'revoking'))"),
              0)
        << "pieces are released under a lease that nobody holds";
    EXPECT_EQ(count("SELECT count(*) FROM (SELECT sku, site, sum(quantity) AS q FROM p_bin_stock "
                    "GROUP BY sku, site) s WHERE q > max(0, coalesce((SELECT quantity FROM "
                    "p_balance b WHERE b.sku = s.sku AND b.place = s.site || '/shelf'), 0))"),
              0)
        << "the bins of a shelf hold more than it does";
    EXPECT_EQ(
        count("SELECT count(*) FROM (SELECT sku, place, bin, sum(q) AS pieces FROM ("
              "SELECT sku, to_place AS place, to_bin AS bin, quantity AS q FROM p_move UNION ALL "
              "SELECT sku, from_place, from_bin, -quantity FROM p_move) WHERE bin <> '' GROUP BY "
              "sku, place, bin) m FULL JOIN p_bin_stock s ON s.sku = m.sku AND s.bin = m.bin AND "
              "s.site || '/shelf' = m.place WHERE coalesce(m.pieces, 0) <> "
              "coalesce(s.quantity, 0)"),
        0)
        << "a bin is not the sum of its movements";
    EXPECT_TRUE(w.rejected.empty()) << w.rejected.front();
  }

  World w;
  base::Prng prng;
  std::vector<std::string> orders;
  std::set<std::string> packed;
};

}  // namespace dockline::server::testing
