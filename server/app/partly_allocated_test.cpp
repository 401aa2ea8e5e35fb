// vendure 565, 1558: what a partial allocation leaves over leads on. In the books it is
// backordered, so that found stock routes it again; nothing stays open and unseen.
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "server/app/projector.hpp"
#include "server/routing/routing.hpp"

namespace dockline::server {
namespace {

using orders::UnitState;

struct PartlyAllocated : ::testing::Test {
  PartlyAllocated()
      : folder(std::filesystem::temp_directory_path() /
               ("dockline-partly-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder);
    store = store::Store::open((folder / "server.db").string(), "").value();
  }
  ~PartlyAllocated() override {
    store.reset();
    std::filesystem::remove_all(folder);
  }

  void fold(wire::EventData data) {
    wire::Event event;
    event.id = "id" + std::to_string(++position);
    event.source = "/server";
    event.subject = "web:1";
    event.data = std::move(data);
    Projector projector(*store);
    ASSERT_TRUE(store->begin().has_value());
    projector.fold({.position = position,
                    .time_ms = position,
                    .heard_ms = position,
                    .source = event.source,
                    .subject = event.subject},
                   event);
    ASSERT_TRUE(store->commit().has_value());
  }

  void decide(std::vector<routing::Need> needs, domain::Quantity leipzig, domain::Quantity ulm) {
    auto spec = routing::nearest_with_everything();
    spec.split = "pieces";
    spec.sites_max = 2;
    spec.partial = true;
    const routing::Facts facts{
        .order = "web:1",
        .needs = std::move(needs),
        .sites = {{"leipzig", 1, {{"MUG", leipzig, 1}}}, {"ulm", 2, {{"MUG", ulm, 1}}}},
        .again = ""};
    fold(routing::decide(facts, routing::bind(spec).value(), "d" + std::to_string(position)));
  }

  domain::Quantity units(UnitState state) {
    domain::Quantity sum = 0;
    for (const auto& line : store->orders.lines(*store->orders.ord_of("web:1"))) {
      sum += line.units.at(state);
    }
    return sum;
  }

  std::filesystem::path folder;
  std::unique_ptr<store::Store> store;
  std::int64_t position = 0;
};

TEST_F(PartlyAllocated, Vendure565And1558TheRestIsBackorderedAndServedLater) {
  wire::OrderReceived order;
  order.order = "web:1";
  order.channel = "web";
  order.number = "1";
  order.lines = {{.line = 1, .sku = "MUG", .title = "Mug", .quantity = 5},
                 {.line = 2, .sku = "MUG", .title = "Mug", .quantity = 1}};
  fold(order);
  decide({{1, "MUG", 5}, {2, "MUG", 1}}, 2, 1);
  EXPECT_EQ(units(UnitState::allocated), 3);
  EXPECT_EQ(units(UnitState::backordered), 3);
  EXPECT_EQ(units(UnitState::open), 0);
  std::vector<routing::Need> rest;
  for (const auto& line : store->orders.lines(*store->orders.ord_of("web:1"))) {
    if (line.units.unrouted() > 0) rest.push_back({line.line, line.sku, line.units.unrouted()});
  }
  decide(rest, 0, 9);
  EXPECT_EQ(units(UnitState::allocated), 6);
  EXPECT_EQ(units(UnitState::backordered), 0);
  domain::Quantity reserved = 0;
  for (const auto& r : store->orders.reservations(*store->orders.ord_of("web:1"))) {
    reserved += r.quantity;
  }
  EXPECT_EQ(reserved, 6);
}

}  // namespace
}  // namespace dockline::server
