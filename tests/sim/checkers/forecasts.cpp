// A delay is predicted before it happens: what is said of an order agrees with itself and with its
// promise, an order that is not packed when its promise passes was told late before that, and a
// person has a case of it exactly as long as it is late and something is left to pack.
#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "tests/sim/checkers/boxes.hpp"
#include "tests/sim/checkers/judge.hpp"
#include "tests/sim/checkers/recipes.hpp"

namespace dockline::sim {
namespace {

// All orders with a promise are looked at so often, so many at a time. What is not packed so
// shortly before its promise is late by any reckoning: carriers take a day here.
constexpr std::int64_t kLookMs = 10'000, kShortlyMs = 10 * 60'000;
constexpr std::size_t kAtATime = 50;

class Forecasts final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "forecasts"; }

  // Between two times of the log from before and after a jump nobody knows how much time went by.
  void on(std::int64_t, const Observation& seen, std::vector<Violation>&) override {
    if (const auto* committed = std::get_if<HubCommitted>(&seen)) {
      committed_ = std::max(committed_, committed->position);
    } else if (const auto* mishap = std::get_if<HubMishap>(&seen)) {
      if (mishap->what == Mishap::clock_jump) jumps_.insert(committed_);
    }
  }

 private:
  struct Order {
    std::optional<std::int64_t> promised_ms;
    std::int64_t since = 0;    // position of the fact that promised it
    bool passed = false;       // the promise, by the server's clock
    std::int64_t pieces = 0;   // wanted, and not in any box that was ever closed: at least so many
    std::int64_t wanted = 0;   // at least so many, wherever they are
    std::string outlook;       // as it was told last; empty: nothing was
    std::int64_t told_ms = 0;  // the promise that was about
    bool case_missing = false, case_stays = false;
  };
  // The server has looked at some of those with a promise after `after`, and not after `until_ms`.
  struct Look {
    std::int64_t after = 0, after_ms = 0, until_ms = 0;
  };

  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    see_time(fact);
    recipes_.fact(fact);
    if (fact.is("dockline.pack.reopened.v1")) return reopened(fact);
    boxes_.fact(fact);
    still_again(fact);
    if (fact.is("dockline.order.received.v1")) {
      auto& order = orders_[fact.order];
      const auto* kits = recipes_.order(fact.order);
      if (kits == nullptr) {
        for (const auto& line : fact.lines) order.pieces += line.quantity;
      } else {
        for (const auto& [sku, n] : Recipes::in_pieces(*kits, kits->lines)) order.pieces += n;
      }
      order.wanted = order.pieces;
      promise(fact, order);
    } else if (fact.is("dockline.order.amended.v1")) {
      promise(fact, orders_[fact.order]);
    } else if (fact.is("dockline.order.cancelled.v1")) {
      auto& order = orders_[fact.order];
      if (fact.lines.empty()) order.pieces = order.wanted = 0;
      for (const auto& line : fact.lines) {
        order.pieces -= line.quantity;
        order.wanted -= line.quantity;
      }
    } else if (fact.is("dockline.pack.closed.v1")) {
      for (const auto& line : fact.lines) orders_[fact.order].pieces -= line.packed;
    } else if (fact.is("dockline.order.forecast.v1")) {
      forecast(fact, orders_[fact.order]);
    } else if (fact.is("dockline.exception.raised.v1") && fact.kind == "delay_predicted") {
      raised(fact, orders_[fact.subject]);
    } else if (fact.is("dockline.exception.resolved.v1")) {
      const auto found = cases_.find(fact.exception);
      if (found == cases_.end()) return;
      orders_[found->second].case_stays = false;
      if (fact.by == "server") done_.insert(found->second);
      open_.erase(found->second);
      cases_.erase(found);
    }
  }

  void promise(const Fact& fact, Order& order) {
    if (!fact.promised_ms) return;
    if (order.promised_ms) due_.erase({*order.promised_ms, fact.order});
    // Said once more is not promised anew.
    if (order.promised_ms != fact.promised_ms) order.since = fact.position;
    order.promised_ms = fact.promised_ms;
    order.passed = *fact.promised_ms < fact.heard_ms;
    promised_.insert(fact.order);
    if (!order.passed) due_.insert({*order.promised_ms, fact.order});
  }

  // ---------------------------------------------------------------- what it says
  void forecast(const Fact& fact, Order& order) {
    const auto bad = [&](const std::string& what) {
      problems_.push_back("Order " + fact.order + " was told " + fact.outlook + " (fact " +
                          std::to_string(fact.position) + ") " + what);
    };
    const bool late = fact.outlook == "late";
    if (!late && fact.outlook != "at_risk" && fact.outlook != "on_time") {
      bad("which is no outlook.");
    }
    if (!order.promised_ms) {
      bad("without any promise.");
    } else if (fact.promised_ms != order.promised_ms) {
      bad("against a promise of " + std::to_string(fact.promised_ms.value_or(0)) +
          ", the order's is " + std::to_string(*order.promised_ms) + ".");
    }
    const auto promised = fact.promised_ms.value_or(0);
    if (late != (fact.predicted_ms > promised)) {
      bad("with " + std::to_string(fact.predicted_ms) + " predicted and " +
          std::to_string(promised) + " promised.");
    }
    if (late && (fact.worst.empty() || fact.why.empty())) bad("without a reason.");
    if (fact.outlook == order.outlook && promised == order.told_ms) {
      bad("once more, and nothing had changed.");
    }
    order.outlook = fact.outlook;
    order.told_ms = promised;
    order.case_missing = late && !open_.contains(fact.order);
    order.case_stays = !late && open_.contains(fact.order);
    if (order.case_missing || order.case_stays) stirred_.insert(fact.order);
  }

  void raised(const Fact& fact, Order& order) {
    cases_[fact.exception] = fact.subject;
    open_.insert(fact.subject);
    done_.erase(fact.subject);
    again_.erase(fact.subject);
    order.case_missing = false;
    if (order.outlook == "late" && order.told_ms == order.promised_ms) return;
    problems_.push_back("Order " + fact.subject + " has a case of its delay, and was told " +
                        (order.outlook.empty() ? "nothing" : order.outlook) + ".");
  }

  // The box that counted is open: some pieces are in none.
  void reopened(const Fact& fact) {
    const auto* box = boxes_.of(fact.lease);
    const auto id = box == nullptr ? "" : box->id;
    boxes_.fact(fact);
    const auto* left = boxes_.of(fact.lease);
    if (id.empty() || !done_.contains(fact.order) || (left != nullptr && left->id == id)) return;
    const auto& order = orders_[fact.order];
    if (order.outlook != "late" || order.told_ms != order.promised_ms) return;
    std::int64_t packed = 0;
    for (const auto& other : boxes_.all()) packed += other.order == fact.order ? other.pieces() : 0;
    if (order.wanted > packed) again_[fact.order] = fact.heard_ms;
  }

  // What was silent tells all in one breath: before anybody looks it is closed, or not wanted.
  void still_again(const Fact& fact) {
    const auto found = again_.find(fact.order);
    const bool ends = fact.is("dockline.pack.closed.v1") || fact.is("dockline.order.cancelled.v1");
    if (ends && found != again_.end() && found->second == fact.heard_ms) again_.erase(found);
  }

  // ---------------------------------------------------------------- before it happens
  void see_time(const Fact& fact) {
    const auto jump = jumps_.lower_bound(seen_), end = jumps_.lower_bound(fact.position);
    const bool jumped = jump != end || fact.heard_ms < anchor_.after_ms;
    seen_ = fact.position;
    if (jumped || anchor_.after == 0) {
      looks_.clear();
      anchor_ = {.after = fact.position, .after_ms = fact.heard_ms};
    } else if (fact.heard_ms >= anchor_.after_ms + kLookMs) {
      anchor_.until_ms = fact.heard_ms;
      looks_.push_back(std::exchange(anchor_, {fact.position, fact.heard_ms, 0}));
    }
    while (!due_.empty() && due_.begin()->first < fact.heard_ms) {
      passed(due_.begin()->second);
      due_.erase(due_.begin());
    }
  }

  void passed(const std::string& id) {
    auto& order = orders_[id];
    const auto promised = *order.promised_ms;
    order.passed = true;
    if (order.pieces <= 0 || (order.outlook == "late" && order.told_ms == promised)) return;
    std::size_t looks = 0;
    for (auto look = looks_.rbegin(); look != looks_.rend(); ++look) {
      if (look->after < order.since || look->after_ms < promised - kShortlyMs) break;
      looks += look->until_ms <= promised ? 1U : 0U;
    }
    // The next ones first, then all anew.
    const auto rounds = promised_.size() / kAtATime;
    if (looks < (rounds == 0 ? 1 : 2 + rounds)) return;
    problems_.push_back("Order " + id + " was promised for " + std::to_string(promised) + " and " +
                        std::to_string(order.pieces) + " of its pieces were in no box then; it " +
                        (order.outlook.empty()       ? "was told nothing"
                         : order.told_ms != promised ? "was told of another promise"
                                                     : "was told " + order.outlook) +
                        ", the server had looked " + std::to_string(looks) +
                        " times shortly before.");
  }

  void forget() override {
    orders_.clear();
    due_.clear();
    promised_.clear();
    cases_.clear();
    open_.clear();
    done_.clear();
    again_.clear();
    boxes_.forget();
    stirred_.clear();
    looks_.clear();
    recipes_.forget();
    problems_.clear();
    anchor_ = {};
    seen_ = 0;
  }

  // Turns are whole here: what belongs to a forecast is in the log as well.
  void now(std::vector<Violation>& out) override {
    for (const auto& id : std::exchange(stirred_, {})) {
      const auto& order = orders_[id];
      if (order.case_missing) say(out, "Order " + id + " was told late, and nobody has a case.");
      if (order.case_stays) {
        say(out, "Order " + id + " was told " + order.outlook + ", and its case of delay stays.");
      }
    }
    for (const auto& problem : std::exchange(problems_, {})) say(out, problem);
    for (const auto& [id, since] : std::exchange(again_, {})) {
      say(out, "Order " + id + " was told late, a box of it was opened again after its case was " +
                   "settled, and nobody has a case.");
    }
    for (const auto& id : open_) {
      static_cast<void>(sql().each(
          "SELECT o.state FROM p_order o WHERE o.id = ?1 AND NOT EXISTS(SELECT 1 FROM p_line l "
          "WHERE l.ord = o.ord AND l.open + l.backordered + l.allocated + l.released > 0)",
          {id}, [&](const Row& row) {
            say(out, "Order " + id + " is " + row.str(0) +
                         ", nothing of it is left to pack, and its case of delay stays.");
          }));
    }
  }

  std::map<std::string, Order> orders_;
  std::set<std::pair<std::int64_t, std::string>> due_;  // promises that have not passed so far
  std::set<std::string> promised_, open_, stirred_;     // orders
  std::set<std::string> done_;                          // whose newest case the server settled
  std::map<std::string, std::int64_t> again_;  // of them, with pieces to pack again: since then
  Boxes boxes_;
  std::map<std::string, std::string> cases_;  // open ones: order
  std::set<std::int64_t> jumps_;              // of the server's clock, behind these positions
  std::int64_t committed_ = 0, seen_ = 0;
  Look anchor_;
  std::vector<Look> looks_;  // since the last jump
  Recipes recipes_;
  std::vector<std::string> problems_;
};

}  // namespace

OneChecker make_forecasts(std::shared_ptr<Log> log) {
  return std::make_unique<Forecasts>(std::move(log));
}

}  // namespace dockline::sim
