// Whose goods are whose: a customer's own never lie where they are sold or in a box; nothing comes
// back to a shelf out of a quarantine that holds no more than customers' own; and of what is sold
// for others there is never more in the books than came, or than a person said.
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

using Key = std::pair<std::string, std::string>;  // SKU and site, SKU and owner

class Owners final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "owners"; }

 private:
  // What lies in the quarantine of a site, and how many pieces of it certainly are customers' own.
  struct Aside {
    std::int64_t all = 0, theirs = 0;
    // No place holds less than nothing: what was taken beyond the books is not set off against what
    // is put there afterwards.
    std::int64_t lie = 0;
  };

  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    if (fact.is("dockline.delivery.received.v1")) {
      came(fact.ownership, fact.owner, fact.sku, fact.quantity);
      if (fact.not_sold)
        put_aside(fact.sku, fact.site, fact.quantity - fact.damaged, fact.ownership);
    } else if (fact.is("dockline.order.returned.v1")) {
      for (const auto& line : fact.lines) {
        came(line.ownership, line.owner, line.sku, line.quantity);
        const bool aside = line.to == "quarantine" || (line.to == "shelf" && line.not_sold);
        if (aside) put_aside(line.sku, fact.site, line.quantity, line.ownership);
      }
    } else if (fact.is("dockline.transfer.ordered.v1")) {
      roads_[fact.transfer] = {fact.sku, fact.to_site};
    } else if (fact.is("dockline.transfer.received.v1")) {
      const auto& [sku, site] = roads_[fact.transfer];
      came(fact.ownership, fact.owner, sku, fact.quantity + fact.damaged);
      if (fact.not_sold) put_aside(sku, site, fact.quantity, fact.ownership);
    } else if (fact.is("dockline.stock.moved.v1")) {
      came(fact.ownership, fact.owner, fact.sku, fact.quantity);
      moved(fact);
    }
  }

  void moved(const Fact& fact) {
    constexpr std::string_view kAside = "/quarantine";
    if (fact.to.ends_with(kAside)) {
      put_aside(fact.sku, fact.to.substr(0, fact.to.find('/')), fact.quantity, fact.ownership);
    }
    if (!fact.from.ends_with(kAside)) return;
    auto& here = aside_[{fact.sku, fact.from.substr(0, fact.from.find('/'))}];
    const auto others = std::max<std::int64_t>(0, here.lie - here.theirs);
    if (fact.to.ends_with("/shelf") && here.theirs > 0 && fact.quantity > others) {
      problems_.push_back(std::to_string(fact.quantity) + " x " + fact.sku + " went from " +
                          fact.from + " to the shelf, where " + std::to_string(here.lie) +
                          " lay and " + std::to_string(here.theirs) + " are customers' own.");
    }
    here.all -= fact.quantity;
    here.lie = std::max<std::int64_t>(0, here.lie - fact.quantity);
    // What went elsewhere may have been theirs.
    if (!fact.to.ends_with("/shelf")) {
      here.theirs = std::max<std::int64_t>(0, here.theirs - fact.quantity);
    }
    here.theirs = std::clamp<std::int64_t>(here.theirs, 0, std::max<std::int64_t>(0, here.all));
  }

  void came(const std::string& ownership, const std::string& owner, const std::string& sku,
            std::int64_t pieces) {
    if (ownership == "consignment") lent_[{sku, owner}] += pieces;
  }
  void put_aside(const std::string& sku, const std::string& site, std::int64_t pieces,
                 const std::string& ownership) {
    auto& here = aside_[{sku, site}];
    here.all += pieces;
    here.lie += pieces;
    if (ownership == "customer") here.theirs += pieces;
    // More was taken out than the books had put in: whose the rest is, nobody can say.
    here.theirs = std::clamp<std::int64_t>(here.theirs, 0, std::max<std::int64_t>(0, here.all));
  }

  void forget() override {
    aside_.clear();
    lent_.clear();
    roads_.clear();
    problems_.clear();
  }

  void now(std::vector<Violation>& out) override {
    for (const auto& problem : problems_) say(out, problem);
    problems_.clear();
    static_cast<void>(
        sql().each("SELECT sku, place, sum(quantity), owner FROM p_lot WHERE ownership = "
                   "'customer' AND (place "
                   "LIKE '%/shelf' OR place LIKE '%/packed') GROUP BY 1, 2, 4",
                   {}, [&](const Row& row) {
                     say(out, row.str(2) + " x " + row.str(0) + " at " + row.str(1) +
                                  " belong to customer " + row.str(3) + ".");
                   }));
    static_cast<void>(
        sql().each("SELECT sku, owner, sum(quantity) FROM p_lot WHERE ownership = 'consignment' "
                   "GROUP BY 1, 2",
                   {}, [&](const Row& row) {
                     const auto came = lent_.find({row.str(0), row.str(1)});
                     const auto most = came == lent_.end() ? 0 : came->second;
                     if (row.integer(2) <= most) return;
                     say(out, row.str(2) + " x " + row.str(0) + " are sold for " + row.str(1) +
                                  ", from whom " + std::to_string(most) + " came.");
                   }));
  }

  std::map<Key, Aside> aside_;
  std::map<Key, std::int64_t> lent_;
  std::map<std::string, Key> roads_;  // article and receiving site of each transfer
  std::vector<std::string> problems_;
};

}  // namespace

OneChecker make_owners(std::shared_ptr<Log> log) {
  return std::make_unique<Owners>(std::move(log));
}

}  // namespace dockline::sim
