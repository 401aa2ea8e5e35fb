// The whole warehouse at random (warehouse_player.hpp): after each step the books of lots, kits,
// transfers, hand-overs and units agree with the ledger, and what a channel is told is there; at
// the end the audit finds nothing and replay is equal.
#include <gtest/gtest.h>

#include "server/audit/audit.hpp"
#include "server/rehearse/channel.hpp"
#include "tests/property/warehouse_player.hpp"

namespace dockline::server {
namespace {

using testing::kSteps;
using testing::Warehouse;

std::vector<std::unique_ptr<channels::Channel>> one_channel() {
  channels::Config config;
  config.name = "shop";
  config.kind = "rehearsal";
  config.locations = {{"leipzig", "1"}, {"ulm", "2"}};
  std::vector<std::unique_ptr<channels::Channel>> out;
  out.push_back(rehearse::make_channel(std::move(config)));
  return out;
}

class HubWarehouse : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  static void answer_all(Warehouse& house) {
    auto& w = house.w;
    for (int round = 0; round < 100; ++round) {
      const auto asked = std::exchange(w.requests, {});
      for (const auto& request : asked) {
        w.put(ChannelResult{request.request, base::HttpResponse{200, {}, "{}"}});
      }
      w.settle();
      if (asked.empty() && w.requests.empty() && house.count("SELECT count(*) FROM outbox") == 0) {
        return;
      }
      if (asked.empty()) w.pass(2'500);
    }
    ADD_FAILURE() << "the outbox does not come to rest";
  }
  // Of a site as the channel's location: what lies there less what is reserved there.
  static void check_told(Warehouse& house) {
    const std::string free =
        "max(0, coalesce((SELECT quantity FROM p_balance b WHERE b.sku = x.sku AND b.place = "
        "s.site || '/shelf'), 0) - coalesce((SELECT sum(quantity) FROM p_reservation r WHERE "
        "r.sku = x.sku AND r.site = s.site), 0))";
    const std::string places =
        "(SELECT 'leipzig' AS site, '1' AS location UNION ALL SELECT 'ulm', '2') s";
    EXPECT_EQ(house.count("SELECT count(*) FROM p_told x JOIN " + places +
                          " USING(location) WHERE x.sku NOT IN (SELECT kit FROM p_kit) AND "
                          "x.quantity > " +
                          free),
              0)
        << "more is published than can be shipped";
    EXPECT_EQ(house.count("SELECT count(*) FROM p_told t JOIN " + places +
                          " USING(location) JOIN (SELECT 'SET' AS kit, 'MUG' AS sku, 2 AS n UNION "
                          "ALL SELECT 'SET', 'CUP', 1 UNION ALL SELECT 'HAMPER', 'MUG', 3 UNION "
                          "ALL SELECT 'HAMPER', 'CUP', 1 UNION ALL SELECT 'HAMPER', 'JAR', 2) x ON "
                          "x.kit = t.sku WHERE t.quantity * x.n > " +
                          free),
              0)
        << "more kits are published than their parts make";
  }
};

TEST_P(HubWarehouse, EveryBookAgreesWithTheLedger) {
  Warehouse house(GetParam(), one_channel);
  std::int64_t kits = 0;
  for (int i = 0; i < kSteps && !HasFailure(); ++i) {
    house.act();
    if (i % 40 == 39) house.restart();
    house.check_goods();
    if (i % 6 != 0) continue;
    answer_all(house);
    check_told(house);
    kits += house.count(
        "SELECT count(*) FROM p_told WHERE quantity > 0 AND sku IN (SELECT kit FROM p_kit)");
  }
  EXPECT_GT(kits, 0) << "no kit was ever offered";
  EXPECT_GT(house.count("SELECT count(*) FROM p_lot"), 0);
  EXPECT_GT(house.count("SELECT count(*) FROM p_transfer"), 0);
  const auto books = audit::check_files(house.w.config.db_path, {}, "").value();
  EXPECT_TRUE(books.clean()) << to_text(books);
  const auto report = house.w.verify();
  EXPECT_TRUE(report.equal);
  for (const auto& table : report.tables) EXPECT_TRUE(table.equal) << table.table;
  if (HasFailure()) std::printf("seed %llu\n", static_cast<unsigned long long>(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Seeds, HubWarehouse, ::testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace dockline::server
