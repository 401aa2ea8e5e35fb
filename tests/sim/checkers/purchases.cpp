// What is bought: nothing is proposed again while it is on its way and nothing else has changed; a
// proposal is decided once, and what was ordered is announced once, whole; what is still to come is
// what was announced less what came, and what came differently was told to a person.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "tests/sim/checkers/judge.hpp"
#include "tests/sim/checkers/recipes.hpp"

namespace dockline::sim {
namespace {

using Pieces = std::map<std::string, std::int64_t>;  // by SKU

class Purchases final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "purchases"; }

 private:
  struct Purchase {
    Pieces lines;
    std::string supplier, site, state = "proposed";
    bool announced = false;
  };
  struct Delivery {
    Pieces lines, came;
    bool closed = false, damaged = false;
  };

  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    recipes_.fact(fact);
    if (fact.is("dockline.purchase.proposed.v1")) return proposed(fact);
    touch(fact);
    if (fact.is("dockline.purchase.decided.v1")) {
      decided(fact);
    } else if (fact.is("dockline.delivery.announced.v1")) {
      announced(fact);
    } else if (fact.is("dockline.delivery.received.v1") && !fact.delivery.empty()) {
      auto& delivery = deliveries_[fact.delivery];
      delivery.came[fact.sku] += fact.quantity;
      delivery.damaged = delivery.damaged || fact.damaged > 0;
    } else if (fact.is("dockline.delivery.closed.v1")) {
      deliveries_[fact.delivery].closed = true;
    } else if (fact.is("dockline.exception.raised.v1") && fact.kind == "delivery_differs") {
      told_.insert(fact.subject);
    }
  }

  // A second time for the same shelf: something must have happened to the article since.
  void proposed(const Fact& fact) {
    auto& purchase = purchases_[fact.purchase];
    purchase.supplier = fact.supplier;
    purchase.site = fact.site;
    for (const auto& line : fact.lines) {
      purchase.lines[line.sku] += line.quantity;
      const auto [last, fresh] = asked_.emplace(std::pair(line.sku, fact.site), fact.purchase);
      if (fresh) continue;
      problems_.push_back(line.sku + " is to be bought for " + fact.site + " as " + fact.purchase +
                          ", and is already as " + last->second +
                          "; nothing has happened to it since.");
    }
  }

  // Whatever names the article, or an order with it, may be why it is wanted again.
  void touch(const Fact& fact) {
    std::set<std::string> skus{fact.sku};
    for (const auto& line : fact.lines) skus.insert(line.sku);
    for (const auto& part : fact.parts) skus.insert(part.first);
    const auto& order = fact.order.empty() ? fact.subject : fact.order;
    if (!order.empty()) {
      auto& has = orders_[order];
      has.insert(skus.begin(), skus.end());
      if (const auto* kits = recipes_.order(order); kits != nullptr) {
        for (const auto& [sku, n] : Recipes::in_pieces(*kits, kits->lines)) has.insert(sku);
      }
      skus.insert(has.begin(), has.end());
    }
    if (!fact.transfer.empty()) {
      auto& of = transfers_[fact.transfer];
      if (!fact.sku.empty()) of = fact.sku;
      skus.insert(of);
    }
    if (const auto bought = purchases_.find(fact.purchase); bought != purchases_.end()) {
      for (const auto& [sku, pieces] : bought->second.lines) skus.insert(sku);
    }
    if (const auto on_way = deliveries_.find(fact.delivery); on_way != deliveries_.end()) {
      for (const auto& [sku, pieces] : on_way->second.lines) skus.insert(sku);
    }
    const bool all = fact.is("dockline.supplier.set.v1");
    std::erase_if(asked_, [&](const auto& one) { return all || skus.contains(one.first.first); });
  }

  void decided(const Fact& fact) {
    const auto found = purchases_.find(fact.purchase);
    if (found == purchases_.end()) {
      problems_.push_back(fact.purchase + " was decided and never proposed.");
      return;
    }
    auto& state = found->second.state;
    const bool first = fact.action == "sent" || fact.action == "dropped";
    if (state != (first ? "proposed" : "sent")) {
      problems_.push_back(fact.purchase + " was " + state + " and became " + fact.action + ".");
    }
    if (first) state = fact.action;
  }

  void announced(const Fact& fact) {
    Pieces lines;
    for (const auto& line : fact.lines) lines[line.sku] += line.quantity;
    deliveries_[fact.delivery].lines = lines;
    if (fact.purchase.empty()) return;
    auto& purchase = purchases_[fact.purchase];
    const bool again = std::exchange(purchase.announced, true);
    if (!again && purchase.state == "sent" && lines == purchase.lines &&
        fact.supplier == purchase.supplier && fact.site == purchase.site) {
      return;
    }
    problems_.push_back("Delivery " + fact.delivery + " is not what was ordered as " +
                        fact.purchase + ": " + std::to_string(sum(lines)) + " pieces of " +
                        std::to_string(sum(purchase.lines)) + ", which is " + purchase.state +
                        (again ? " and was announced before." : "."));
  }
  [[nodiscard]] static std::int64_t sum(const Pieces& pieces) {
    std::int64_t out = 0;
    for (const auto& [sku, n] : pieces) out += n;
    return out;
  }

  void forget() override {
    purchases_.clear();
    deliveries_.clear();
    asked_.clear();
    orders_.clear();
    transfers_.clear();
    told_.clear();
    recipes_.forget();
    problems_.clear();
  }
  void now(std::vector<Violation>& out) override {
    for (const auto& problem : problems_) say(out, problem);
    problems_.clear();
  }

  void last(const Evidence&, std::vector<Violation>& out) override {
    for (const auto& [id, purchase] : purchases_) {
      std::string state;
      static_cast<void>(sql().each("SELECT state FROM p_purchase WHERE purchase = ?1", {id},
                                   [&](const Row& row) { state = row.str(0); }));
      if (state != purchase.state) {
        say(out, id + " is " + purchase.state + " by its facts, the books have it as " +
                     (state.empty() ? "nothing" : state) + ".");
      }
      if (purchase.state == "sent" && !purchase.announced) {
        say(out, id + " was ordered and nobody expects it.");
      }
    }
    for (const auto& [id, delivery] : deliveries_) still_to_come(id, delivery, out);
  }
  void still_to_come(const std::string& id, const Delivery& delivery, std::vector<Violation>& out) {
    if (delivery.lines.empty()) return;
    Pieces expected, came;
    std::int64_t open = 0;
    const bool read =
        sql().each("SELECT sku, quantity FROM p_delivery_line WHERE delivery = ?1", {id},
                   [&](const Row& row) { expected[row.str(0)] += row.integer(1); }) &&
        sql().each("SELECT sku, quantity FROM p_receipt WHERE delivery = ?1", {id},
                   [&](const Row& row) { came[row.str(0)] += row.integer(1); }) &&
        sql().each("SELECT closed_ms IS NULL FROM p_delivery WHERE delivery = ?1", {id},
                   [&](const Row& row) { open = row.integer(0); });
    if (!read) return;
    bool differs = delivery.damaged, whole = true;
    for (const auto& [sku, pieces] : delivery.lines) {
      const auto at = delivery.came.find(sku);
      const auto here = at == delivery.came.end() ? 0 : at->second;
      differs = differs || here > pieces || (delivery.closed && here < pieces);
      whole = whole && here == pieces;
      if (pieces - here == expected[sku] - came[sku]) continue;
      say(out, "Of delivery " + id + " " + std::to_string(pieces - here) + " x " + sku +
                   " are still to come, the books say " +
                   std::to_string(expected[sku] - came[sku]) + ".");
    }
    for (const auto& [sku, pieces] : delivery.came) {
      differs = differs || !delivery.lines.contains(sku);
    }
    if (differs && !told_.contains(id)) {
      say(out, "Delivery " + id + " is not what was announced, and no person was told.");
    }
    if ((open == 0) != delivery.closed || (whole && !differs && !delivery.closed)) {
      say(out, "Delivery " + id + (open != 0 ? " is open" : " is closed") +
                   " in the books; by its facts it is " + (delivery.closed ? "closed" : "open") +
                   (whole ? ", and all of it came." : "."));
    }
  }

  std::map<std::string, Purchase> purchases_;
  std::map<std::string, Delivery> deliveries_;
  std::map<std::pair<std::string, std::string>, std::string> asked_;  // untouched since
  std::map<std::string, std::set<std::string>> orders_;               // articles in each
  std::map<std::string, std::string> transfers_;                      // article of each
  std::set<std::string> told_;                                        // deliveries
  Recipes recipes_;
  std::vector<std::string> problems_;
};

}  // namespace

OneChecker make_purchases(std::shared_ptr<Log> log) {
  return std::make_unique<Purchases>(std::move(log));
}

}  // namespace dockline::sim
