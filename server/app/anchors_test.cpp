// Each open defect of the projects this one is measured against, in the place of this issue, as a
// test with its number: the whole HubApp over real SQLite, benches that speak the real protocol.
// The table with what happened there is in server/README.md.
#include <gmock/gmock.h>

#include "server/audit/audit.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

struct Anchor : ::testing::Test {
  void SetUp() override { w.start(); }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    EXPECT_TRUE(w.verify().equal);
    const auto report = audit::check_files(w.config.db_path, {}, "");
    ASSERT_TRUE(report.has_value());
    for (const auto& f : report->findings) ADD_FAILURE() << f.check << ": " << f.what;
  }
  store::SiteFigure at(const std::string& sku, const std::string& site) {
    const auto detail = w.reader->stock_of(sku).value().value();
    for (const auto& figure : detail.stock.sites) {
      if (figure.site == site) return figure;
    }
    return {};
  }
  void move(const std::string& sku, const std::string& site, domain::Quantity pieces) {
    EXPECT_FALSE(w.ask(AdjustStock{sku, site, pieces, "found"}).error.has_value());
    w.settle();
  }
  // The newest lease a bench was given of an order.
  static wire::LeaseGranted last_of(const testing::Bench& bench, const std::string& order) {
    for (auto at = bench.leases.rbegin(); at != bench.leases.rend(); ++at) {
      if (at->order == order) return *at;
    }
    ADD_FAILURE() << order << " was never given out";
    return {};
  }
  testing::World w;
};

// odoo 62139: the reserved quantity of a quant went its own way when moves were unreserved, done in
// part or cancelled, until nothing could be reserved any more.
TEST_F(Anchor, Odoo62139ReservedThatDriftsFromReality) {
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 30);
  base::Prng draw(62139);
  std::vector<std::string> orders;
  domain::Quantity wanted = 0, left = 0;
  for (int i = 0; i < 12; ++i) {
    orders.push_back(w.order(std::to_string(i), {{"MUG", draw.between(1, 3)}}));
  }
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (i % 4 == 0) {
      EXPECT_FALSE(w.ask(CancelOrder{orders[i], "no longer wanted", {}}).error.has_value());
      w.settle();
    } else if (i % 4 == 1) {
      w.pack(bench, last_of(bench, orders[i]));
    } else if (i % 4 == 2) {
      w.pack(bench, last_of(bench, orders[i]), 1);  // one piece is not on the shelf
    }
    domain::Quantity promised = 0;
    for (const auto& order : orders) {
      for (const auto& line : w.look(order).lines) promised += line.allocated + line.released;
    }
    ASSERT_EQ(at("MUG", "leipzig").reserved, promised) << "after order " << i;
  }
  for (const auto& order : orders) {  // what is left is given up: nothing stays reserved
    (void)w.ask(CancelOrder{order, "the end", {}});
    w.settle();
    for (const auto& line : w.look(order).lines) {
      wanted += line.quantity;
      left += line.cancelled + line.packed;
    }
  }
  for (const auto& lease : bench.revoked) {
    bench.say(w.now, wire::LeaseReturned{lease.order, lease.work, "revoked"}, lease.order);
  }
  w.settle();
  EXPECT_EQ(wanted, left);
  EXPECT_EQ(at("MUG", "leipzig").reserved, 0);
  EXPECT_EQ(at("MUG", "leipzig").atp, at("MUG", "leipzig").on_hand);
}

// medusa 12401: pieces stayed reserved after their order was fulfilled or cancelled, so that stock
// which lay on the shelf could not be sold.
TEST_F(Anchor, Medusa12401ReservationsThatOutliveTheirOrder) {
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 4);
  const auto packed = w.order("1", {{"MUG", 2}});
  w.pack(bench, last_of(bench, packed));
  EXPECT_EQ(at("MUG", "leipzig").reserved, 0);
  EXPECT_EQ(at("MUG", "leipzig").atp, 2);
  const auto waits = w.order("2", {{"MUG", 3}});  // too many: backordered, nothing is reserved
  EXPECT_EQ(w.look(waits).order.state, "backordered");
  EXPECT_EQ(at("MUG", "leipzig").reserved, 0);
  const auto cancelled = w.order("3", {{"MUG", 2}});
  EXPECT_EQ(at("MUG", "leipzig").reserved, 2);
  EXPECT_FALSE(w.ask(CancelOrder{cancelled, "changed my mind", {}}).error.has_value());
  w.settle();
  EXPECT_EQ(at("MUG", "leipzig").reserved, 0);
  EXPECT_EQ(at("MUG", "leipzig").atp, 2);
  const auto sold = w.order("4", {{"MUG", 2}});  // and it can be sold again
  EXPECT_EQ(w.look(sold).order.state, "released");
}

// medusa 16338: an order reserved at one site was fulfilled from another; the first kept its
// reservation for ever, the other's stock fell below what was reserved there.
TEST_F(Anchor, Medusa16338TheWrongSiteFulfillingAndCorruptingBoth) {
  auto& near = w.bench("leipzig", "bench-1");
  auto& far = w.bench("ulm", "bench-2");
  w.stock("MUG", "leipzig", 2);
  w.stock("MUG", "ulm", 5);
  const auto id = w.order("1", {{"MUG", 2}});
  const auto first = last_of(near, id);
  const auto other = w.order("2", {{"MUG", 4}});  // ulm has promised its pieces to somebody else
  EXPECT_FALSE(w.ask(AdjustStock{"MUG", "leipzig", -2, "not on the shelf"}).error.has_value());
  w.pack(near, first, 2);
  EXPECT_EQ(at("MUG", "ulm").reserved, 4);
  move("MUG", "ulm", 2);
  const auto second = last_of(far, id);
  EXPECT_EQ(second.lines[0].quantity, 2);
  EXPECT_EQ(at("MUG", "leipzig").reserved, 0) << "the site that gave up keeps no reservation";
  move("MUG", "leipzig", 2);
  // Leipzig finds them after all and packs under the lease it no longer has.
  w.pack(near, first);
  w.pack(far, second);
  w.pack(far, last_of(far, other));
  const auto order = w.look(id);
  EXPECT_EQ(order.lines[0].packed, 2) << "each piece counts once";
  EXPECT_EQ(order.order.site, "ulm");
  EXPECT_THAT(w.open_exceptions(), Contains(::testing::AnyOf("fenced_work", "packed_twice")));
  EXPECT_EQ(at("MUG", "ulm").on_hand, 1);
  EXPECT_EQ(at("MUG", "ulm").reserved, 0);
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 0) << "what lies in its box is no longer on its shelf";
  EXPECT_EQ(at("MUG", "leipzig").packed, 2);
  EXPECT_EQ(at("MUG", "leipzig").reserved, 0);
}

// vendure 565: an order of which a part was fulfilled could not be moved on: neither the rest
// fulfilled nor the order finished.
TEST_F(Anchor, Vendure565APartThatWasFulfilledLeadsOn) {
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 5);
  const auto id = w.order("1", {{"MUG", 5}});
  w.pack(bench, last_of(bench, id), 3);
  // The books still show three there, so they are looked for again; that parcel is of its own.
  EXPECT_EQ(w.look(id).lines[0].packed, 2);
  EXPECT_FALSE(w.ask(AdjustStock{"MUG", "leipzig", -3, "not found"}).error.has_value());
  w.settle();
  move("MUG", "leipzig", 3);
  for (int parcel = 0; parcel < 3 && w.look(id).order.state != "packed"; ++parcel) {
    w.pack(bench, last_of(bench, id));
  }
  EXPECT_EQ(w.look(id).order.state, "packed");
  EXPECT_EQ(w.look(id).lines[0].packed, 5);
  EXPECT_EQ(at("MUG", "leipzig").on_hand, 0);
  EXPECT_EQ(at("MUG", "leipzig").reserved, 0);
}

// vendure 1558: after a part was cancelled or shipped, the order stayed in a state from which
// nothing led to the end.
TEST_F(Anchor, Vendure1558APartThatWasCancelledIsNoDeadEnd) {
  auto& bench = w.bench("leipzig", "bench-1");
  w.stock("MUG", "leipzig", 2);
  w.stock("CUP", "leipzig", 1);
  const auto id = w.order("1", {{"MUG", 2}, {"CUP", 1}});
  const auto lease = last_of(bench, id);
  w.pack(bench, lease, 1);  // one mug is missing
  CancelOrder rest{id, "without the second mug, please", {{1, 1}}};
  EXPECT_FALSE(w.ask(rest).error.has_value());
  w.settle();
  for (const auto& revoked : bench.revoked) {
    bench.say(w.now, wire::LeaseReturned{revoked.order, revoked.work, "revoked"}, revoked.order);
  }
  w.settle();
  const auto order = w.look(id);
  EXPECT_EQ(order.order.state, "packed") << "nothing is open any more";
  EXPECT_EQ(order.lines[0].packed, 1);
  EXPECT_EQ(order.lines[0].cancelled, 1);
  EXPECT_EQ(order.lines[1].packed, 1);
  EXPECT_EQ(at("MUG", "leipzig").reserved, 0);
}

// Splits nobody wanted: an order that one site could soon send whole went out in two parcels.
TEST_F(Anchor, SplitsNobodyWanted) {
  auto& near = w.bench("leipzig", "bench-1");
  auto& far = w.bench("ulm", "bench-2");
  w.stock("MUG", "leipzig", 3);
  w.stock("CUP", "ulm", 3);
  const auto apart = w.order("1", {{"MUG", 1}, {"CUP", 1}});
  EXPECT_EQ(w.look(apart).order.state, "backordered") << "no chain was told that it may split";
  EXPECT_THAT(near.leases, IsEmpty());
  EXPECT_THAT(far.leases, IsEmpty());
  EXPECT_EQ(at("MUG", "leipzig").reserved + at("CUP", "ulm").reserved, 0);
  move("MUG", "ulm", 1);
  EXPECT_EQ(last_of(far, apart).lines.size(), 2U) << "whole, from the one site that has it";
  // A site that has everything is taken, though another of higher priority has a part of it.
  const auto whole = w.order("2", {{"CUP", 1}});
  EXPECT_EQ(w.look(whole).order.site, "ulm");
  EXPECT_THAT(near.leases, IsEmpty());
}

}  // namespace
}  // namespace dockline::server
