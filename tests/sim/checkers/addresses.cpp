// Another address at a shop: at rest the order has the one that the shop shows, unless a person
// gave it one here, or was told that it is too late; and a box whose label was made for a former
// address was told to a person.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

// Shops are asked about what they were told of for two days; who moves later is not heard of.
constexpr std::int64_t kAskedForMs = 86'400'000;

// As the log's addresses are written: letters and digits alone.
std::string plain(const std::string& street) {
  std::string out = "|";
  for (const char c : street) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out + "|";
}

class Addresses final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "addresses"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>&) override {
    now_ms_ = at_ms;
    if (const auto* moved = std::get_if<ShopMoved>(&seen)) {
      streets_[moved->channel + ":" + moved->number] = {moved->street, at_ms};
    } else if (const auto* off = std::get_if<ShopCancelled>(&seen)) {
      cancelled_.insert(off->channel + ":" + off->number);
    }
  }

 private:
  struct Order {
    std::string address;                         // as the books have it
    std::map<std::string, std::int64_t> given;   // lease: position of what gave it
    std::map<std::string, std::int64_t> closed;  // lease: of what closed its box, which stands
    std::int64_t changed = 0, told = 0;          // positions of the newest
    std::int64_t boxed_ms = 0;                   // its first box, by the server's clock
    bool by_person = false;
    bool asked = false;    // a person was told, and has not answered
    bool covered = false;  // that was so when it was changed
  };

  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    newest_ms_ = std::max(newest_ms_, fact.heard_ms);
    if (fact.is("dockline.order.received.v1")) {
      orders_[fact.order].address = fact.address;
    } else if (fact.is("dockline.order.amended.v1") && fact.has_address) {
      auto& order = orders_[fact.order];
      order.address = fact.address;
      order.changed = fact.position;
      order.covered = order.asked;
      order.by_person = fact.by != fact.order.substr(0, fact.order.find(':'));
    } else if (fact.is("dockline.order.released.v1")) {
      orders_[fact.order].given[fact.lease] = fact.position;
    } else if (fact.is("dockline.pack.closed.v1")) {
      auto& order = orders_[fact.order];
      order.closed[fact.lease] = fact.position;
      if (order.boxed_ms == 0) order.boxed_ms = fact.heard_ms;
    } else if (fact.is("dockline.pack.reopened.v1")) {
      orders_[fact.order].closed.erase(fact.lease);
    } else if (fact.is("dockline.exception.raised.v1")) {
      if (fact.kind == "order_differs") differ_.insert(fact.subject);
      if (fact.kind != "amended_after_pack" && fact.kind != "fenced_work") return;
      const auto id = fact.subject.substr(0, fact.subject.find('#'));
      cases_[fact.exception] = id;
      orders_[id].told = fact.position;
      orders_[id].asked = true;
    } else if (fact.is("dockline.exception.resolved.v1")) {
      const auto about = cases_.find(fact.exception);
      if (about != cases_.end()) orders_[about->second].asked = false;
    }
  }
  void forget() override {
    orders_.clear();
    cases_.clear();
    newest_ms_ = 0;
    differ_.clear();
  }

  void last(const Evidence&, std::vector<Violation>& out) override {
    for (const auto& [id, moved] : streets_) {
      const auto& [street, at_ms] = moved;
      if (now_ms_ - at_ms > kAskedForMs) continue;
      const auto order = orders_.find(id);
      if (order != orders_.end() && order->second.boxed_ms != 0 &&
          newest_ms_ - order->second.boxed_ms > kAskedForMs) {
        continue;
      }
      if (order == orders_.end() || order->second.by_person || cancelled_.contains(id) ||
          differ_.contains(id)) {
        continue;
      }
      if (order->second.address.find(plain(street)) != std::string::npos) continue;
      say(out, "The buyer of " + id + " moved to " + street +
                   " at the shop; after the calm the order still goes elsewhere.");
    }
    for (const auto& [id, order] : orders_) {
      for (const auto& [lease, closed] : order.closed) boxed(id, order, lease, out);
    }
  }

  // Closed under a label of before the change: somebody was told, once it was changed or closed.
  void boxed(const std::string& id, const Order& order, const std::string& lease,
             std::vector<Violation>& out) {
    const auto given = order.given.find(lease);
    if (given == order.given.end() || order.changed == 0 || given->second > order.changed) return;
    bool counts = false;
    static_cast<void>(sql().each("SELECT state FROM p_lease WHERE lease = ?1", {lease},
                                 [&](const Row& row) { counts = row.text(0) == "done"; }));
    if (!counts || order.covered || order.told > order.changed) return;
    say(out, "The box of " + id + " under lease " + lease +
                 " bears an address of before position " + std::to_string(order.changed) +
                 ", and no person was told.");
  }

  std::map<std::string, std::pair<std::string, std::int64_t>> streets_;  // by order: at its shop
  std::set<std::string> cancelled_;
  std::map<std::string, Order> orders_;
  std::int64_t newest_ms_ = 0;                // that the log heard of
  std::map<std::string, std::string> cases_;  // orders, by exception
  std::set<std::string> differ_;              // orders that are not as their shop shows them: told
};

}  // namespace

OneChecker make_addresses(std::shared_ptr<Log> log) {
  return std::make_unique<Addresses>(std::move(log));
}

}  // namespace dockline::sim
