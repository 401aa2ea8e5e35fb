// Sites as people describe them while everything runs, where no routing file is configured: no
// machine gives an order to a site that is closed for days, nor to one that has as many as it packs
// in a day. Where there is a file, routes.cpp follows the descriptions.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "shared/base/time.hpp"
#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kWaitDays = 3;          // a carrier must leave within so many
constexpr std::int64_t kCountedForMs = 1'500;  // the server counts anew after a second

class Sites final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "sites"; }

  void look(const Evidence& evidence, std::vector<Violation>& out) override {
    rules_ = evidence.routing().on;
    Judge::look(evidence, out);
  }

 private:
  struct Known {
    std::optional<std::int64_t> capacity;
    std::string closed;  // dates
  };
  struct Given {
    std::string site;
    std::int64_t at_ms = 0;
    bool by_person = false;
  };

  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    if (fact.is("dockline.site.described.v1")) {
      auto& known = sites_[fact.site] = {};
      for (const auto& [key, value] : fact.values) {
        if (key == "capacity_per_day") known.capacity = std::stoll(value);
        if (key == "closed") known.closed = value;
      }
    } else if (fact.is("dockline.decision.made.v1") && fact.kind == "routing") {
      decided(fact);
    } else if (!fact.is("dockline.order.released.v1") && !fact.is("dockline.lease.adopted.v1")) {
      // Whatever else happens to an order may have taken it off its site.
      given_.erase(fact.order.empty() ? fact.subject : fact.order);
      given_.erase(fact.lease.substr(0, fact.lease.rfind('/')));
      for (const auto& order : fact.orders) given_.erase(order);
    }
  }

  void decided(const Fact& fact) {
    given_.erase(fact.subject);
    std::set<std::string> sites;
    for (const auto& line : fact.lines) sites.insert(line.site);
    const bool person = fact.rule == "person";
    for (const auto& site : sites) {
      if (!person && !rules_) judge(fact, site);
    }
    if (sites.size() == 1) given_[fact.subject] = {*sites.begin(), fact.heard_ms, person};
  }

  void judge(const Fact& fact, const std::string& site) {
    const auto found = sites_.find(site);
    if (found == sites_.end()) return;
    const auto& known = found->second;
    bool closed = !known.closed.empty();
    for (std::int64_t day = 0; day <= kWaitDays && closed; ++day) {
      const auto date = base::to_rfc3339(fact.heard_ms + day * kDayMs).substr(0, 10);
      closed = known.closed.find(date) != std::string::npos;
    }
    if (closed) {
      problems_.push_back("Order " + fact.subject + " was given to " + site +
                          ", which is closed: " + known.closed + ".");
    }
    if (!known.capacity) return;
    const auto there = std::ranges::count_if(given_, [&](const auto& one) {
      const auto& at = one.second;
      return at.site == site && (!at.by_person || fact.heard_ms - at.at_ms > kCountedForMs);
    });
    if (there < *known.capacity) return;
    problems_.push_back("Order " + fact.subject + " was given to " + site + ", which packs " +
                        std::to_string(*known.capacity) + " in a day and has " +
                        std::to_string(there) + ".");
  }

  void forget() override {
    sites_.clear();
    given_.clear();
    problems_.clear();
  }
  void now(std::vector<Violation>& out) override {
    for (const auto& problem : problems_) say(out, problem);
    problems_.clear();
  }

  bool rules_ = false;
  std::map<std::string, Known> sites_;
  std::map<std::string, Given> given_;  // orders that are certainly at a site
  std::vector<std::string> problems_;
};

}  // namespace

OneChecker make_sites(std::shared_ptr<Log> log) { return std::make_unique<Sites>(std::move(log)); }

}  // namespace dockline::sim
