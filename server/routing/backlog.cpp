#include "server/routing/backlog.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "shared/base/check.hpp"

namespace dockline::server::routing {
namespace {

constexpr std::string_view words(By by) {
  switch (by) {
    case By::priority_class:
      return "priority class";
    case By::promised:
      return "promised date";
    case By::placed:
      return "age";
  }
  return "";
}

std::int64_t key(const Facts& facts, By by) {
  switch (by) {
    case By::priority_class:
      return facts.priority_class.value_or(INT64_MAX);
    case By::promised:
      return facts.promised_ms.value_or(INT64_MAX);
    case By::placed:
      return facts.placed_ms.value_or(INT64_MAX);
  }
  return 0;
}

// What earlier orders of this backlog have got.
struct Taken {
  std::map<std::pair<std::string, std::string>, Quantity> pieces;  // site, SKU
  std::map<std::string, std::int64_t> orders;                      // site

  void from(Facts& facts) const {
    for (auto& site : facts.sites) {
      for (auto& figure : site.figures) {
        const auto at = pieces.find({site.site, figure.sku});
        if (at != pieces.end()) figure.atp -= at->second;
      }
      const auto packed = orders.find(site.site);
      if (site.capacity_left && packed != orders.end()) *site.capacity_left -= packed->second;
    }
  }

  void add(const wire::DecisionMade& made) {
    std::set<std::string> sites;
    for (const auto& a : made.allocations) {
      pieces[{a.site, a.sku}] += a.quantity;
      sites.insert(a.site);
    }
    for (const auto& site : sites) ++orders[site];
  }
};

std::string named(const Policy& policy, std::size_t place, std::size_t of) {
  std::string text = policy.name + " v" + std::to_string(policy.version) + ": place " +
                     std::to_string(place) + " of " + std::to_string(of) + " by ";
  for (const auto by : policy.by) text += std::string(words(by)) + ", ";
  return text + "number";
}

}  // namespace

Policy standard_policy() {
  return {"class-promised-age", 1, {By::priority_class, By::promised, By::placed}};
}

std::vector<Turn> decide_backlog(const std::vector<Facts>& orders, const Chains& chains,
                                 const Policy& policy, const std::vector<std::string>& ids) {
  CHECK(ids.size() == orders.size());
  std::vector<std::size_t> queue(orders.size());
  std::iota(queue.begin(), queue.end(), std::size_t{0});
  std::stable_sort(queue.begin(), queue.end(), [&](std::size_t a, std::size_t b) {
    for (const auto by : policy.by) {
      const auto x = key(orders[a], by), y = key(orders[b], by);
      if (x != y) return x < y;
    }
    return orders[a].order < orders[b].order;
  });
  Taken taken;
  std::vector<Turn> turns;
  turns.reserve(queue.size());
  for (const auto n : queue) {
    Facts facts = orders[n];
    taken.from(facts);
    Turn turn{n, decide(facts, chains.of(facts.channel), ids[n])};
    turn.made.policy = named(policy, turns.size() + 1, queue.size());
    taken.add(turn.made);
    turns.push_back(std::move(turn));
  }
  return turns;
}

}  // namespace dockline::server::routing
