// What is sold before it is there: nothing leaves before its release; no more preorders are
// promised than may be; of those who wait, important buyers come first, then the earlier promise,
// then who ordered first; and at rest nobody waits for what lies there.
#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "tests/sim/checkers/judge.hpp"
#include "tests/sim/checkers/recipes.hpp"

namespace dockline::sim {
namespace {

class Promises final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "promises"; }

  void look(const Evidence& evidence, std::vector<Violation>& out) override {
    rules_ = evidence.routing().on;
    Judge::look(evidence, out);
  }

 private:
  struct Limit {
    std::int64_t most = 0, released_ms = 0, preorder_most = 0;
    bool preorder = false;
  };
  struct Order {
    std::map<std::int64_t, std::string> sku;   // by line
    std::map<std::string, std::int64_t> left;  // not given to a site
    std::set<std::pair<std::string, std::string>> holds;
    bool vip = false, decided = false, given = false, left_site = false, was_held = false;
    bool exact = true;     // what it waits for is known
    bool stirred = false;  // somebody changed something since it was last decided
    std::int64_t promised_ms = std::numeric_limits<std::int64_t>::max(), placed_ms = 0;

    [[nodiscard]] auto rank(const std::string& id) const {
      return std::tuple(!vip, promised_ms, placed_ms, id);
    }
  };

  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    recipes_.fact(fact);
    clock_ms_ = fact.heard_ms;  // its clock may be set back behind a release
    if (fact.is("dockline.order.received.v1")) return received(fact);
    if (fact.is("dockline.backorder.policy.set.v1")) {
      limits_.erase(fact.sku);
      if (!fact.ended) {
        limits_[fact.sku] = {fact.most, fact.released_ms, fact.preorder_most, fact.preorder};
      }
      return;
    }
    if (fact.is("dockline.site.described.v1")) rules_said_ = true;
    if (fact.is("dockline.decision.made.v1")) return decided(fact);
    const auto found = orders_.find(fact.order);
    if (found == orders_.end()) return;
    auto& order = found->second;
    order.stirred = true;
    if (fact.is("dockline.order.held.v1")) {
      order.was_held = true;
      order.holds.emplace(fact.reason, fact.about);
    } else if (fact.is("dockline.order.hold.released.v1")) {
      order.holds.erase({fact.reason, fact.about});
    } else if (fact.is("dockline.order.amended.v1")) {
      order.vip = fact.vip.value_or(order.vip);
      order.promised_ms = fact.promised_ms.value_or(order.promised_ms);
      if (!fact.lines.empty()) lost_sight_of(fact.order);
    } else if (fact.is("dockline.order.released.v1")) {
      order.left_site = true;
    } else if (fact.is("dockline.order.cancelled.v1") || fact.is("dockline.order.split.v1")) {
      lost_sight_of(fact.order);
    }
  }

  void received(const Fact& fact) {
    auto& order = orders_[fact.order];
    for (const auto& line : fact.lines) {
      order.sku[line.line] = line.sku;
      order.left[line.sku] += line.quantity;
    }
    order.vip = fact.vip.value_or(false);
    order.promised_ms = fact.promised_ms.value_or(order.promised_ms);
    order.placed_ms = fact.placed_ms;
    if (recipes_.order(fact.order) != nullptr) lost_sight_of(fact.order);
  }
  void lost_sight_of(const std::string& id) {
    orders_[id].exact = false;
    for (auto& [sku, waits] : waits_) waits.erase(id);
  }

  [[nodiscard]] const Limit* unreleased(const std::string& sku, const Fact& at) const {
    const auto found = limits_.find(sku);
    const auto now = std::max(at.heard_ms, at.time_ms);
    return found == limits_.end() || found->second.released_ms <= now ? nullptr : &found->second;
  }

  void decided(const Fact& fact) {
    const auto found = orders_.find(fact.subject);
    if (fact.kind != "routing" || found == orders_.end()) return;
    auto& order = found->second;
    std::map<std::pair<std::string, std::string>, std::int64_t> given;  // SKU, site
    for (const auto& line : fact.lines) given[{line.sku, line.site}] += line.quantity;
    if (fact.rule != "person") {
      for (const auto& [at, pieces] : given) {
        if (unreleased(at.first, fact) == nullptr || pieces == 0) continue;
        problems_.push_back(std::to_string(pieces) + " x " + at.first + " were given to order " +
                            fact.subject + " at " + at.second + " before their release.");
      }
      in_turn(fact, order, given);
    }
    const bool first = !std::exchange(order.decided, true);
    order.stirred = false;
    for (const auto& [at, pieces] : given) {
      order.left[at.first] -= pieces;
      order.given = order.given || pieces > 0;
    }
    if (!order.exact) return;
    for (const auto& [sku, pieces] : order.left) wait(fact, first, order, sku, pieces);
  }

  // A preorder more than may be promised must have been held for it.
  void wait(const Fact& fact, bool first, const Order& order, const std::string& sku,
            std::int64_t pieces) {
    auto& waits = waits_[sku];
    waits.erase(fact.subject);
    if (pieces <= 0) return;
    std::int64_t before = 0;
    for (const auto& [other, waiting] : waits) before += waiting;
    waits[fact.subject] = pieces;
    const auto* limit = unreleased(sku, fact);
    if (!first || order.was_held || limit == nullptr) return;
    const auto most = limit->preorder ? limit->preorder_most : 0;
    if (before + pieces <= most) return;
    problems_.push_back("Order " + fact.subject + " was promised " + std::to_string(pieces) +
                        " x " + sku + " before its release, " + std::to_string(before) +
                        " were promised before, at most " + std::to_string(most) + " may be.");
  }

  // Who waited for the same article alone, and could have had it, comes before who comes later.
  // Where sites have rules, these may speak against one of the two.
  void in_turn(const Fact& fact, const Order& order,
               const std::map<std::pair<std::string, std::string>, std::int64_t>& given) {
    if (rules_ || rules_said_ || !order.decided || order.given || order.stirred || !order.exact)
      return;
    for (const auto& [at, pieces] : given) {
      for (const auto& [id, wanted] : waits_[at.first]) {
        const auto& other = orders_[id];
        if (id == fact.subject || wanted > pieces || other.left.size() != 1 || other.stirred ||
            other.given || other.left_site || !other.decided || !other.holds.empty() ||
            other.rank(id) >= order.rank(fact.subject)) {
          continue;
        }
        problems_.push_back("Order " + fact.subject + " was given " + std::to_string(pieces) +
                            " x " + at.first + " at " + at.second + " while " + id +
                            ", which comes before it, waits for " + std::to_string(wanted) + ".");
      }
    }
  }

  void forget() override {
    orders_.clear();
    limits_.clear();
    waits_.clear();
    recipes_.forget();
    problems_.clear();
    clock_ms_ = 0;
    rules_said_ = false;
  }
  void now(std::vector<Violation>& out) override {
    for (const auto& problem : problems_) say(out, problem);
    problems_.clear();
  }

  void last(const Evidence& evidence, std::vector<Violation>& out) override {
    if (evidence.routing().on) return;
    static_cast<void>(sql().each(
        "SELECT o.id, l.sku, l.backordered FROM p_line l JOIN p_order o USING(ord) WHERE "
        "l.backordered > 0 AND o.held = 0 AND o.state = 'backordered' AND (SELECT count(*) FROM "
        "p_line WHERE ord = o.ord) = 1",
        {}, [&](const Row& row) { alone_.emplace_back(row.str(0), row.str(1), row.integer(2)); }));
    for (const auto& [id, sku, wanted] : std::exchange(alone_, {}))
      nobody_waits(id, sku, wanted, out);
  }
  void nobody_waits(const std::string& id, const std::string& sku, std::int64_t wanted,
                    std::vector<Violation>& out) {
    const auto limit = limits_.find(sku);
    const auto order = orders_.find(id);
    if (limit != limits_.end() && limit->second.released_ms > clock_ms_) return;
    if (order == orders_.end() || order->second.left_site || order->second.given) return;
    static_cast<void>(sql().each(
        "SELECT b.place, b.quantity - (SELECT coalesce(sum(quantity), 0) FROM p_reservation r "
        "WHERE r.sku = b.sku AND r.site || '/shelf' = b.place) AS n FROM p_balance b WHERE b.sku = "
        "?1 AND b.place LIKE '%/shelf' AND n >= ?2",
        {sku, wanted}, [&](const Row& row) {
          say(out, "Order " + id + " waits for " + std::to_string(wanted) + " x " + sku + ", of " +
                       "which " + row.str(1) + " are free at " + row.str(0) + " after the calm.");
        }));
  }

  bool rules_ = false, rules_said_ = false;  // of sites; what people say of them
  std::map<std::string, Order> orders_;
  std::map<std::string, Limit> limits_;
  std::map<std::string, std::map<std::string, std::int64_t>> waits_;  // SKU, order: pieces
  std::vector<std::tuple<std::string, std::string, std::int64_t>> alone_;
  Recipes recipes_;
  std::int64_t clock_ms_ = 0;
  std::vector<std::string> problems_;
};

}  // namespace

OneChecker make_promises(std::shared_ptr<Log> log) {
  return std::make_unique<Promises>(std::move(log));
}

}  // namespace dockline::sim
