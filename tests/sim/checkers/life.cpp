// Between its receipt and its boxes: a held order is given to no bench; no bench gets an order
// under a label that was made for a former address; no more is promised than its limit lets; only
// orders of one buyer and address go in one parcel, at one bench, and no others bear one label.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "tests/sim/checkers/judge.hpp"
#include "tests/sim/checkers/recipes.hpp"

namespace dockline::sim {
namespace {

class Life final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "life"; }

 private:
  // One order as the log tells of it.
  struct Order {
    std::set<std::pair<std::string, std::string>> holds;  // reason, subject
    std::set<std::string> labels, former;                 // given; those made for a former address
    std::map<std::int64_t, std::string> sku;              // by line
    std::map<std::int64_t, std::int64_t> wanted;
    bool was_held = false, decided = false, exact = true;
    std::string channel, buyer, address;
    std::int64_t parcel = 0;  // position of the fact that merged it; apart: with another address
    bool apart = false;
  };
  // A lease as the log tells of it.
  struct Work {
    std::string order, bench, tracking, holder;
    std::int64_t epoch = 0;
    bool open = true, closed = false;
  };

  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    recipes_.fact(fact);
    if (fact.is("dockline.order.received.v1")) {
      auto& order = orders_[fact.order];
      order.channel = fact.channel;
      order.buyer = fact.customer;
      order.address = fact.address;
      for (const auto& line : fact.lines) {
        order.sku[line.line] = line.sku;
        order.wanted[line.line] += line.quantity;
      }
      order.exact = recipes_.order(fact.order) == nullptr;  // decisions name the parts of kits
    } else if (fact.is("dockline.order.held.v1")) {
      auto& order = orders_[fact.order];
      order.was_held = true;
      order.holds.emplace(fact.reason, fact.about);
    } else if (fact.is("dockline.order.hold.released.v1")) {
      orders_[fact.order].holds.erase({fact.reason, fact.about});
    } else if (fact.is("dockline.order.amended.v1")) {
      auto& order = orders_[fact.order];
      if (!fact.lines.empty()) let_go(fact.order);
      if (fact.has_address) {
        order.former.insert(order.labels.begin(), order.labels.end());
        order.address = fact.address;
        order.apart = order.parcel != 0;
      }
    } else if (fact.is("dockline.orders.merged.v1")) {
      merged(fact);
    } else if (fact.is("dockline.lease.adopted.v1")) {
      begin(fact);
    } else if (fact.is("dockline.pack.closed.v1") || fact.is("dockline.pack.reopened.v1")) {
      auto* work = work_of(fact);
      if (work != nullptr) work->closed = fact.is("dockline.pack.closed.v1");
    } else if (fact.is("dockline.lease.returned.v1")) {
      auto* work = work_of(fact);
      if (work != nullptr) work->open = false;
    } else if (fact.is("dockline.lease.revoked.v1")) {
      const auto at = works_.find(fact.lease);
      const bool at_once = fact.reason == "forced" || fact.reason == "anew";
      if (at != works_.end() && at->second.epoch == fact.epoch && at_once) at->second.open = false;
    } else if (fact.is("dockline.order.released.v1")) {
      released(fact);
    } else if (fact.is("dockline.order.cancelled.v1")) {
      let_go(fact.order);
    } else if (fact.is("dockline.backorder.policy.set.v1")) {
      // Before its release other limits hold: promises.cpp.
      most_.erase(fact.sku);
      if (!fact.ended) most_[fact.sku] = {fact.most, fact.released_ms};
    } else if (fact.is("dockline.decision.made.v1")) {
      decided(fact);
    }
  }

  void released(const Fact& fact) {
    auto& order = orders_[fact.order];
    if (!order.holds.empty()) {
      problems_.push_back("Order " + fact.order + " was given to " + fact.site + "/" + fact.name +
                          " while it was held for " + order.holds.begin()->first + ".");
    }
    if (order.former.contains(fact.tracking)) {
      problems_.push_back("Order " + fact.order + " was given to " + fact.site + "/" + fact.name +
                          " under " + fact.tracking + ", made for its former address.");
    }
    order.labels.insert(fact.tracking);
    share(fact, order);
    begin(fact);
  }

  void begin(const Fact& fact) {
    works_[fact.lease] = {.order = fact.order,
                          .bench = fact.site + "/" + fact.name,
                          .tracking = fact.tracking,
                          .holder = fact.holder,
                          .epoch = fact.epoch};
    bearers_[fact.tracking].insert(fact.lease);
  }

  // What a bench does under a lease that is its own; else it is fenced.
  Work* work_of(const Fact& fact) {
    const auto at = works_.find(fact.lease);
    if (at == works_.end()) return nullptr;
    auto& work = at->second;
    const bool stream = work.holder.empty() || work.holder == fact.inc;
    return work.epoch == fact.epoch && work.bench == fact.station && stream ? &work : nullptr;
  }

  // Whose box bears the label that an order is given under: a fellow's, open, at the same bench.
  void share(const Fact& fact, const Order& order) {
    for (const auto& lease : bearers_[fact.tracking]) {
      const auto& work = works_[lease];
      if (work.tracking != fact.tracking || work.order == fact.order) continue;
      const auto& other = orders_[work.order];
      const bool fellows =
          order.parcel != 0 && order.parcel == other.parcel && !order.apart && !other.apart;
      const bool here = work.bench == fact.site + "/" + fact.name;
      if (fellows && !work.closed && (!work.open || here)) continue;
      problems_.push_back(
          "Order " + fact.order + " was given to " + fact.site + "/" + fact.name + " under " +
          fact.tracking + ", the label of " + work.order +
          (fellows ? ", whose box is closed or lies elsewhere." : ", with which it does not go."));
    }
  }

  void merged(const Fact& fact) {
    if (fact.orders.empty()) return;
    auto& first = orders_[fact.orders.front()];
    const auto parcel = first.parcel == 0 ? fact.position : first.parcel;
    for (const auto& id : fact.orders) {
      auto& order = orders_[id];
      if (order.parcel == 0) order.parcel = parcel;
      if (order.channel == first.channel && order.buyer == first.buyer && !order.buyer.empty() &&
          order.address == first.address && order.holds.empty()) {
        continue;
      }
      problems_.push_back("Order " + id + " was put in one parcel with " + fact.orders.front() +
                          ": another buyer, address or channel, or it is held.");
    }
  }

  // What an order still waits for is not known from here on: it counts for nothing.
  void let_go(const std::string& order) {
    orders_[order].exact = false;
    for (auto& [sku, waits] : waits_) waits.erase(order);
  }

  void decided(const Fact& fact) {
    const auto found = orders_.find(fact.subject);
    if (found == orders_.end() || !found->second.exact) return;
    auto& order = found->second;
    const bool first = !std::exchange(order.decided, true);
    std::map<std::string, std::int64_t> left, beyond;  // beyond what lies there, wherever it lies
    for (const auto& [line, pieces] : order.wanted) beyond[order.sku[line]] += pieces;
    for (const auto& [sku, pieces] : fact.free) beyond[sku] -= pieces;
    for (const auto& one : fact.lines) order.wanted[one.line] -= one.quantity;
    for (const auto& [line, pieces] : order.wanted) left[order.sku[line]] += pieces;
    for (const auto& [sku, pieces] : left) {
      const auto limit = most_.find(sku);
      auto& waits = waits_[sku];
      waits.erase(fact.subject);
      if (pieces <= 0) continue;
      std::int64_t before = 0;
      for (const auto& [other, waiting] : waits) before += waiting;
      waits[fact.subject] = pieces;
      // A hold is a person's to release: what follows then is their word.
      if (!first || order.was_held || limit == most_.end() || beyond[sku] <= 0) continue;
      const auto [most, released_ms] = limit->second;
      if (released_ms > fact.heard_ms || before + beyond[sku] <= most) continue;
      problems_.push_back("Order " + fact.subject + " was promised " + std::to_string(beyond[sku]) +
                          " of " + sku + " that are not there, " + std::to_string(before) +
                          " were promised before, at most " + std::to_string(most) + " may be.");
    }
  }

  void forget() override {
    orders_.clear();
    recipes_.forget();
    most_.clear();
    waits_.clear();
    works_.clear();
    bearers_.clear();
    problems_.clear();
  }
  void now(std::vector<Violation>& out) override {
    for (const auto& problem : problems_) say(out, problem);
    problems_.clear();
  }
  void last(const Evidence&, std::vector<Violation>& out) override {
    for (const auto& [id, order] : orders_) {
      bool held = false;
      static_cast<void>(sql().each("SELECT held FROM p_order WHERE id = ?1", {id},
                                   [&](const Row& row) { held = row.integer(0) != 0; }));
      if (held == !order.holds.empty()) continue;
      say(out, "Order " + id +
                   (held ? " is held, nobody holds it any more."
                         : " is not held, though nobody released it."));
    }
  }

  std::map<std::string, Order> orders_;
  std::map<std::string, Work> works_;                     // by lease
  std::map<std::string, std::set<std::string>> bearers_;  // leases, by label
  // By SKU: at most so many, from when on it can be shipped.
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> most_;
  std::map<std::string, std::map<std::string, std::int64_t>> waits_;  // SKU, order: at least
  Recipes recipes_;
  std::vector<std::string> problems_;
};

}  // namespace

OneChecker make_life(std::shared_ptr<Log> log) { return std::make_unique<Life>(std::move(log)); }

}  // namespace dockline::sim
