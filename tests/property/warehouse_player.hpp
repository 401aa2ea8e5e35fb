// The random hub of hub_player.hpp as a whole warehouse: besides, kits are defined and sold, goods
// come by delivery and with lots that expire, go between the sites, are counted, kept back by
// policies, handed to carriers, delivered and come back; orders are held, amended and split.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "server/stock/bounds.hpp"
#include "tests/property/hub_player.hpp"

namespace dockline::server::testing {

class Warehouse : public Player {
 public:
  explicit Warehouse(std::uint64_t seed, decltype(HubConfig::make_channels) channels = {})
      : Player(seed, std::move(channels)) {
    // A kit, and a kit of it that shares its part.
    (void)w.ask(RegisterItem{{"SET", "Set", std::nullopt, {}, 100}, {}});
    (void)w.ask(RegisterItem{{"HAMPER", "Hamper", std::nullopt, {}, 100}, {}});
    (void)w.ask(DefineKit{"SET", {{"MUG", 2}, {"CUP", 1}}, "ann"});
    (void)w.ask(DefineKit{"HAMPER", {{"SET", 1}, {"MUG", 1}, {"JAR", 2}}, "ann"});
    w.settle();
  }

  void act() {
    switch (prng.below(16)) {
      case 0:
        return sell_kits();
      case 1:
        return receive();
      case 2:
        return deliver_in();
      case 3:
      case 4:
        return transfer();
      case 5:
        return keep_back();
      case 6:
      case 7:
        return gate();
      case 8:
        return come_back();
      case 9:
        return hold();
      case 10:
        return amend();
      case 11:
        return hours_pass();
      default:
        return step();
    }
  }

  const std::string& sku() { return kSkus[prng.below(kSkus.size())]; }
  std::string site() { return prng.chance(600) ? "leipzig" : "ulm"; }
  void say(StockCommand command) {
    (void)w.ask(std::move(command));
    w.settle();
  }
  void sell_kits() {
    orders.push_back(w.order(
        std::to_string(orders.size() + 1),
        {{prng.chance(500) ? "SET" : "HAMPER", prng.between(1, 3)}, {sku(), prng.between(1, 2)}}));
  }
  std::optional<domain::Lot> lot() {
    if (prng.chance(300)) return std::nullopt;
    domain::Lot out;
    out.lot = "L" + std::to_string(prng.between(1, 4));
    if (prng.chance(700)) out.expires_ms = w.now.wall_ms + prng.between(-6, 72) * 3'600'000;
    if (prng.chance(100)) {
      out.ownership = "customer";
      out.owner = "acme";
    } else if (prng.chance(150)) {
      out.ownership = "consignment";
      out.owner = "potters";
    }
    return out;
  }
  void receive() {
    const auto pieces = prng.between(1, 12);
    say(ReceiveGoods{std::nullopt, site(), sku(), "", pieces, prng.chance(200) ? 1 : 0, lot(),
                     "ada"});
  }
  void deliver_in() {
    if (deliveries.empty() || prng.chance(300)) {
      const auto id = "ASN-" + std::to_string(deliveries.size() + 1);
      deliveries.push_back(id);
      return say(AnnounceDelivery{
          id, "POTTERS", site(), {}, {{sku(), prng.between(1, 9)}, {"JAR", prng.between(1, 9)}}});
    }
    const auto& id = deliveries[prng.below(deliveries.size())];
    if (prng.chance(150)) return say(CloseDelivery{id, "the rest is lost", "ada"});
    say(ReceiveGoods{id, "", prng.chance(500) ? "JAR" : sku(), "", prng.between(1, 6), 0, lot(),
                     "ada"});
  }
  // Also a leg before the other, too much, and too little.
  void transfer() {
    if (transfers.empty() || prng.chance(250)) {
      const bool there = prng.chance(500);
      const auto reply = w.ask(StockCommand(OrderTransfer{sku(),
                                                          there ? "leipzig" : "ulm",
                                                          there ? "ulm" : "leipzig",
                                                          prng.between(1, 6),
                                                          {},
                                                          "they sell there",
                                                          "ada"}));
      if (!reply.error) transfers.push_back(reply.id);
      return w.settle();
    }
    const auto& id = transfers[prng.below(transfers.size())];
    if (prng.chance(400)) return say(SendTransfer{id, prng.between(1, 4), lot(), "ada"});
    if (prng.chance(800)) {
      return say(ReceiveTransfer{id, prng.between(0, 4), prng.chance(200) ? 1 : 0, lot(), "bob"});
    }
    say(CloseTransfer{id, "nothing more comes", "bob"});
  }
  void keep_back() {
    SetStockPolicy policy;
    policy.site = site();
    if (prng.chance(600)) policy.sku = sku();
    if (prng.chance(700)) policy.safety = prng.between(0, 4);
    if (prng.chance(700)) policy.quota = prng.between(0, 6);
    policy.why = "tried";
    policy.by = "ann";
    (void)w.ask(std::move(policy));
    w.settle();
  }
  std::string a_parcel(const std::string& state) {
    auto db = sqlite::Db::open(w.config.db_path, {.read_only = true}).value();
    auto query = db.prepare(
        "SELECT tracking FROM p_handover WHERE state = ?1 ORDER BY "
        "(closed_ms * ?2) % 97, box LIMIT 1");
    query.bind(state, prng.between(1, 90));
    return query.step().value() ? query.str(0) : "";
  }
  void gate() {
    if (prng.chance(300)) {
      (void)w.ask(HandOver{site(), "", {}, std::nullopt, "", "kim"});
    } else if (const auto waiting = a_parcel("waiting"); !waiting.empty() && prng.chance(700)) {
      (void)w.ask(HandOver{"", "", {waiting}, std::nullopt, "", "kim"});
    } else if (const auto gone = a_parcel("handed_over"); !gone.empty()) {
      if (prng.chance(700)) {
        (void)w.ask(DeliverParcel{gone, std::nullopt, "kim"});
      } else {
        (void)w.ask(TakeBackParcel{gone, "the driver forgot it", "kim"});
      }
    }
    w.settle();
  }
  void come_back() {
    if (orders.empty()) return;
    static const std::vector<std::string> kTo = {"shelf", "quarantine", "damaged"};
    (void)w.ask(ReturnGoods{orders[prng.below(orders.size())],
                            site(),
                            {{prng.between(1, 3), prng.between(1, 2), kTo[prng.below(3)], {}}},
                            "did not fit",
                            "kim"});
    w.settle();
  }
  void hold() {
    if (orders.empty()) return;
    const auto& order = orders[prng.below(orders.size())];
    if (prng.chance(400)) {
      (void)w.ask(HoldOrder{order, "person", "", "wait", "ann"});
    } else {
      (void)w.ask(ReleaseHold{order, "", "", "go on", "ann"});
    }
    w.settle();
  }
  void amend() {
    if (orders.empty()) return;
    const auto& order = orders[prng.below(orders.size())];
    const auto line = prng.between(1, 3), pieces = prng.between(0, 5);
    if (prng.chance(300)) {
      (void)w.ask(SplitOrder{order, {{line, 1}}, "sooner", "ann"});
    } else {
      (void)w.ask(AmendOrder{order, {{line, pieces, "", "", {}, {}}}, {}, {}, {}, "asked", "ann"});
    }
    w.settle();
  }
  // Lots expire; a bench without its cable falls silent.
  void hours_pass() {
    w.now.wall_ms += prng.between(1, 12) * 3'600'000;
    w.pass(1'500);
    w.settle();
  }

  void check_goods() {
    check();
    EXPECT_EQ(count("SELECT count(*) FROM (SELECT sku, place, sum(quantity) AS q FROM p_lot GROUP "
                    "BY sku, place) l WHERE q > max(0, coalesce((SELECT quantity FROM p_balance b "
                    "WHERE b.sku = l.sku AND b.place = l.place), 0)) AND NOT EXISTS(SELECT 1 FROM "
                    "(SELECT sum(iif(to_place = l.place, quantity, -quantity)) OVER (ORDER BY "
                    "position, n) AS run FROM p_move m WHERE m.sku = l.sku AND l.place IN "
                    "(from_place, to_place) AND from_place <> to_place) WHERE run < 0 AND l.place "
                    "NOT LIKE '%/transit')"),
              0)
        << "the lots of a place, which never was below nothing, are more than lies there";
    EXPECT_EQ(count("SELECT count(*) FROM p_lot WHERE place LIKE '%/shelf' AND expires_ms > 0 AND "
                    "expires_ms <= " +
                    std::to_string(w.now.wall_ms - 2'000)),
              0)
        << "expired pieces lie where they are sold from";
    EXPECT_EQ(count("SELECT count(*) FROM p_lot WHERE place LIKE '%/shelf' AND ownership = "
                    "'customer'"),
              0)
        << "a customer's own pieces lie where they are sold from";
    // A box may hold more than its order wants by now: all of it went, and the buyer has it.
    EXPECT_EQ(count("SELECT count(*) FROM (SELECT sku, sum(q) AS q FROM (SELECT p.sku, p.quantity "
                    "AS q FROM p_handover h JOIN p_parcel p ON p.lease = h.box WHERE h.state IN "
                    "('handed_over', 'delivered') UNION ALL SELECT sku, -returned FROM p_line) "
                    "GROUP BY sku) l WHERE q <> coalesce((SELECT quantity FROM p_balance b WHERE "
                    "b.sku = l.sku AND b.place = 'customer'), 0)"),
              0)
        << "what buyers have is not what left in boxes and did not come back";
    EXPECT_EQ(count("SELECT count(*) FROM (SELECT sku, to_site, sum(sent - received - damaged - "
                    "settled) AS q FROM p_transfer GROUP BY sku, to_site) t WHERE q <> "
                    "coalesce((SELECT quantity FROM p_balance b WHERE b.sku = t.sku AND b.place = "
                    "t.to_site || '/transit'), 0)"),
              0)
        << "what is on the road is not what was sent and not received";
    EXPECT_EQ(count("SELECT count(*) FROM p_kit_part k JOIN p_line l USING(ord, line) JOIN "
                    "p_kit_line s ON s.ord = k.ord AND s.line = k.kit_line WHERE l.quantity <> "
                    "k.pieces * s.quantity"),
              0)
        << "the parts of a kit are not its recipe";
    EXPECT_EQ(count("SELECT count(*) FROM p_line WHERE min(open, backordered, allocated, released, "
                    "packed, shipped, delivered, cancelled, returned) < 0 OR open + backordered + "
                    "allocated + released + packed + shipped + delivered + cancelled + returned "
                    "<> quantity"),
              0)
        << "a piece of a line is in no state, or in two";
  }

  std::vector<std::string> deliveries, transfers;
};

}  // namespace dockline::server::testing
