// Every unit of every order is in exactly one state, and the state is the one that its history
// says: what was sold at a shop is an order here, what lies in a box that counts is packed, and
// what is promised is reserved, no more and no less.
#include <algorithm>
#include <map>

#include "tests/sim/checkers/judge.hpp"
#include "tests/sim/checkers/recipes.hpp"

namespace dockline::sim {
namespace {

using Pieces = std::map<std::string, std::int64_t>;

class Units final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "units"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>&) override {
    now_ms_ = at_ms;
    if (const auto* sold = std::get_if<ShopSold>(&seen)) {
      sold_[{sold->channel, sold->number}] = sold->pieces;
    } else if (const auto* added = std::get_if<ShopAdded>(&seen)) {
      auto& sum = sold_[{added->channel, added->number}];
      for (const auto& [sku, pieces] : added->pieces) sum[sku] += pieces;
    } else if (const auto* cancelled = std::get_if<ShopCancelled>(&seen)) {
      auto& sum = cancelled_[{cancelled->channel, cancelled->number}];
      for (const auto& [sku, pieces] : cancelled->pieces) sum[sku] += pieces;
    }
  }

 private:
  void now(std::vector<Violation>& out) override {
    const auto rows = [&](std::string_view query, const std::string& what) {
      static_cast<void>(sql().each(query, {}, [&](const Row& row) {
        say(out, "Order " + row.str(0) + ", line " + std::to_string(row.integer(1)) + ": " +
                     std::to_string(row.integer(2)) + what + std::to_string(row.integer(3)) + ".");
      }));
    };
    rows(
        "SELECT o.id, l.line, l.open + l.backordered + l.allocated + l.released + l.packed + "
        "l.shipped + l.delivered + l.cancelled + l.returned AS n, l.quantity FROM p_line l JOIN "
        "p_order o USING(ord) WHERE n <> l.quantity OR min(l.open, l.backordered, l.allocated, "
        "l.released, l.packed, l.shipped, l.delivered, l.cancelled, l.returned) < 0",
        " units are in a state, the order has ");
    rows(
        "SELECT o.id, l.line, l.allocated, (SELECT coalesce(sum(quantity), 0) FROM p_reservation "
        "r WHERE r.ord = l.ord AND r.line = l.line AND r.lease = '') AS n FROM p_line l JOIN "
        "p_order o USING(ord) WHERE n <> l.allocated",
        " units are allocated, reserved for nobody's lease are ");
    rows(
        "SELECT o.id, l.line, l.released, (SELECT coalesce(sum(quantity), 0) FROM p_reservation r "
        "WHERE r.ord = l.ord AND r.line = l.line AND r.lease <> '') AS n FROM p_line l JOIN "
        "p_order o USING(ord) WHERE n <> l.released",
        " units are released, reserved for leases are ");
    rows(
        "SELECT o.id, l.line, l.packed + l.shipped + l.delivered, (SELECT coalesce(sum(accepted), "
        "0) "
        "FROM p_parcel p JOIN p_lease b USING(lease) WHERE b.ord = l.ord AND p.line = l.line) AS n "
        "FROM p_line l JOIN p_order o USING(ord) WHERE n < l.packed + l.shipped + l.delivered",
        " units are packed or on their way, in boxes that count are ");
    static_cast<void>(sql().each(
        "SELECT channel || ':' || number, count(*) FROM p_order GROUP BY 1 HAVING count(*) > 1", {},
        [&](const Row& row) {
          say(out,
              "Order " + row.str(0) + " is " + std::to_string(row.integer(1)) + " times here.");
        }));
    static_cast<void>(sql().each(
        "SELECT r.sku || ' at ' || r.site, sum(r.quantity), (SELECT quantity FROM p_balance b "
        "WHERE b.sku = r.sku AND b.place = r.site || '/shelf') AS n FROM p_reservation r WHERE "
        "NOT EXISTS (SELECT 1 FROM p_order o WHERE o.ord = r.ord) GROUP BY 1",
        {}, [&](const Row& row) {
          say(out, std::to_string(row.integer(1)) + " of " + row.str(0) +
                       " are reserved for orders that do not exist.");
        }));
  }

  void last(const Evidence&, std::vector<Violation>& out) override {
    for (const auto& [key, pieces] : sold_) {
      const auto order = key.first + ":" + key.second;
      Pieces here, packed, open;
      static_cast<void>(sql().each(
          "SELECT l.sku, l.quantity, l.packed + l.shipped + l.delivered, l.quantity - l.cancelled "
          "FROM p_line l JOIN p_order o USING(ord) WHERE o.id = ?1",
          {order}, [&](const Row& row) {
            here[row.str(0)] += row.integer(1);
            packed[row.str(0)] += row.integer(2);
            open[row.str(0)] += row.integer(3);
          }));
      const auto off = cancelled_.find(key);
      const auto* kits = recipes_.order(order);
      const auto as_here = [&](const Pieces& sold) {
        return kits == nullptr ? sold : Recipes::in_pieces(*kits, sold);
      };
      const auto cancelled = off == cancelled_.end() ? Pieces() : as_here(off->second);
      const auto cut = [&](const std::string& sku) -> std::int64_t {
        const auto found = cancelled.find(sku);
        return found == cancelled.end() ? 0 : found->second;
      };
      // What was cancelled before we heard of the order need not be here at all; of what is here,
      // exactly the rest is still wanted.
      for (const auto& [sku, quantity] : as_here(pieces)) {
        const bool all = here[sku] >= quantity - cut(sku) && here[sku] <= quantity;
        if (all && open[sku] == quantity - cut(sku)) continue;
        if (differs_.contains(order)) continue;  // a person was told
        say(out, key.first + " sold " + std::to_string(quantity) + " x " + sku + " as " +
                     key.second + ", " + std::to_string(cut(sku)) +
                     " of them cancelled; the order here has " + std::to_string(here[sku]) + ", " +
                     std::to_string(open[sku]) + " of them wanted.");
      }
    }
    boxes(out);
  }

  // All boxes of an order together hold no more than it has, unless a person was told.
  void boxes(std::vector<Violation>& out) {
    std::map<std::string, Pieces> in_boxes;
    for (const auto& [lease, box] : boxes_) {
      for (const auto& [sku, quantity] : box.pieces) in_boxes[box.order][sku] += quantity;
    }
    for (const auto& [order, pieces] : in_boxes) {
      Pieces has;
      static_cast<void>(sql().each(
          "SELECT l.sku, l.quantity FROM p_line l JOIN p_order o USING(ord) WHERE o.id = ?1",
          {order}, [&](const Row& row) { has[row.str(0)] += row.integer(1); }));
      for (const auto& [sku, quantity] : pieces) {
        if (quantity <= has[sku] || told_.contains(order)) continue;
        say(out, "Order " + order + " has " + std::to_string(has[sku]) + " x " + sku + ", " +
                     std::to_string(quantity) +
                     " lie in its closed boxes, and no person was told.");
      }
    }
  }

  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    recipes_.fact(fact);
    if (fact.is("dockline.pack.closed.v1")) {
      auto& box = boxes_[{fact.station, fact.lease}];
      box = {fact.order, {}};
      for (const auto& line : fact.lines) box.pieces[line.sku] += line.packed;
    } else if (fact.is("dockline.pack.reopened.v1")) {
      boxes_.erase({fact.station, fact.lease});
    } else if (fact.is("dockline.exception.raised.v1")) {
      if (fact.kind == "order_differs" || fact.kind == "cancelled_after_handover") {
        differs_.insert(fact.subject);
      }
      for (const char* kind :
           {"fenced_work", "packed_twice", "overpacked", "cancelled_after_pack"}) {
        if (fact.kind == kind) told_.insert(fact.subject.substr(0, fact.subject.find('#')));
      }
    }
  }
  void forget() override {
    boxes_.clear();
    told_.clear();
    differs_.clear();
    recipes_.forget();
  }

  struct Box {
    std::string order;
    Pieces pieces;
  };
  std::map<std::pair<std::string, std::string>, Pieces> sold_, cancelled_;
  std::map<std::pair<std::string, std::string>, Box> boxes_;  // by station and lease
  // Orders with an exception: about their boxes, about other goods shown by their channel, or about
  // a cancellation of what had left.
  std::set<std::string> told_, differs_;
  Recipes recipes_;
};

}  // namespace

OneChecker make_units(std::shared_ptr<Log> log) { return std::make_unique<Units>(std::move(log)); }

}  // namespace dockline::sim
