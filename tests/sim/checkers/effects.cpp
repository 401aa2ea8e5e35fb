// Every outside effect happens at most once, and after the calm at least once: a parcel is told to
// its channel with the pieces that lie in it, stock that was booked is booked once.
#include <algorithm>
#include <map>

#include "tests/sim/checkers/boxes.hpp"
#include "tests/sim/checkers/judge.hpp"
#include "tests/sim/checkers/recipes.hpp"

namespace dockline::sim {
namespace {

using Pieces = std::map<std::string, std::int64_t>;

class Effects final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "effects"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>& out) override {
    now_ms_ = at_ms;
    if (const auto* done = std::get_if<ShopFulfilled>(&seen)) {
      shops_.insert(done->channel);
      auto& parcel = told_[{done->channel, done->number, done->tracking}];
      if (++parcel.times > 1) {
        say(out, done->channel + " was told twice that " + done->number + " left as " +
                     done->tracking + ".");
      }
      parcel.pieces = done->pieces;
      if (waiters_.contains(done->channel)) told_when_gone(*done, out);
    } else if (const auto* back = std::get_if<ShopParcelTakenBack>(&seen)) {
      told_[{back->channel, back->number, back->tracking}].taken_back = true;
    } else if (const auto* sold = std::get_if<ShopSold>(&seen)) {
      shops_.insert(sold->channel);
      sold_[{sold->channel, sold->number}] = sold->pieces;
    } else if (const auto* added = std::get_if<ShopAdded>(&seen)) {
      auto& sum = sold_[{added->channel, added->number}];
      for (const auto& [sku, pieces] : added->pieces) sum[sku] += pieces;
    } else if (const auto* booked = std::get_if<StockBooked>(&seen)) {
      ++booked_[{booked->sku, booked->site, booked->quantity}];
    }
  }

 private:
  using Label = std::pair<std::string, std::string>;  // order, tracking

  // A channel that hears of what has left: it had left by then, and holds no less than it was told.
  // Read at that moment, for it may be back a second later.
  void told_when_gone(const ShopFulfilled& done, std::vector<Violation>& out) {
    const auto order = done.channel + ":" + done.number;
    std::vector<Fact> fresh;
    const bool whole =
        sql().each("SELECT position, body, id FROM events WHERE position > ?1 ORDER BY position",
                   {read_}, [&](const Row& row) {
                     auto& fact = fresh.emplace_back();
                     fact.position = row.integer(0);
                     static_cast<void>(read_fact(row.text(1), fact));
                   });
    if (!whole) return;
    for (const auto& fact : fresh) {
      read_ = fact.position;
      boxes_.fact(fact);
      if (fact.is("dockline.kit.defined.v1")) kits_.insert(fact.sku);
      if (!fact.is("dockline.parcel.handed.over.v1")) continue;
      const auto* box = boxes_.of(fact.box);
      if (box == nullptr) continue;
      auto& most = left_[{fact.order, fact.tracking}];
      Pieces inside;
      for (const auto& [number, line] : box->lines) inside[line.sku] += line.pieces;
      for (const auto& [sku, pieces] : inside) most[sku] = std::max(most[sku], pieces);
    }
    const auto left = left_.find({order, done.tracking});
    if (left == left_.end()) {
      say(out, done.channel + " hears of what has left, and was told of " + done.tracking + " of " +
                   done.number + ", which stands at its site.");
      return;
    }
    for (const auto& [sku, pieces] : done.pieces) {
      if (kits_.contains(sku)) continue;  // told of as a kit: kits.cpp
      const auto most = left->second.find(sku);
      const auto held = most == left->second.end() ? 0 : most->second;
      if (pieces <= held) continue;
      say(out, done.channel + " was told of " + std::to_string(pieces) + " x " + sku + " in " +
                   done.tracking + " of " + done.number + "; " + std::to_string(held) +
                   " left in it.");
    }
  }

  void look(const Evidence& evidence, std::vector<Violation>& out) override {
    waiters_ = evidence.tell_at_handover();
    Judge::look(evidence, out);
  }

  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    recipes_.fact(fact);
    if (fact.is("dockline.stock.moved.v1")) {
      const bool in = fact.from == "adjustment";
      if (!in && fact.to != "adjustment") return;
      const auto& place = in ? fact.to : fact.from;
      const auto site = place.substr(0, place.find('/'));
      const auto quantity = in ? fact.quantity : -fact.quantity;
      ++moved_[{fact.sku, site, quantity}];
    } else if (fact.is("dockline.exception.raised.v1") && fact.kind == "dead_letter") {
      dead_.insert(fact.subject);
    } else if (fact.is("dockline.exception.raised.v1") && fact.kind == "told_twice") {
      asked_[fact.exception] = fact.subject;
    } else if (fact.is("dockline.exception.resolved.v1") && fact.action == "keep_first") {
      const auto about = asked_.find(fact.exception);
      if (about != asked_.end()) kept_.insert(about->second);
    }
  }
  void forget() override {
    moved_.clear();
    dead_.clear();
    asked_.clear();
    kept_.clear();
    boxes_.forget();
    left_.clear();
    kits_.clear();
    recipes_.forget();
    read_ = 0;
  }

  void last(const Evidence& evidence, std::vector<Violation>& out) override {
    waiters_ = evidence.tell_at_handover();
    parcels(out);
    for (const auto& [key, times] : booked_) {
      const auto found = moved_.find(key);
      const auto kept = found == moved_.end() ? 0 : found->second;
      if (kept == times) continue;
      const auto& [sku, site, quantity] = key;
      say(out, std::to_string(quantity) + " of " + sku + " at " + site + " were booked and " +
                   "answered " + std::to_string(times) + " times; the log has it " +
                   std::to_string(kept) + " times.");
    }
    pieces(out);
  }

  // Every parcel that counts, at the channel it belongs to.
  void parcels(std::vector<Violation>& out) {
    struct Parcel {
      std::string channel, number, order, tracking;
      Pieces pieces;
    };
    std::map<std::string, Parcel> parcels;
    static_cast<void>(sql().each(
        "SELECT p.lease, o.channel, o.number, o.id, b.tracking, p.sku, p.accepted, h.state FROM "
        "p_parcel p JOIN p_lease b USING(lease) JOIN p_order o USING(ord) LEFT JOIN p_handover h "
        "ON h.box = p.lease WHERE p.accepted > 0 AND b.state = 'done'",
        {}, [&](const Row& row) {
          const bool stands = row.text(7) != "handed_over" && row.text(7) != "delivered";
          if (stands && waiters_.contains(row.str(1))) return;  // it need not be told
          auto& one = parcels[row.str(0)];
          one.channel = row.str(1);
          one.number = row.str(2);
          one.order = row.str(3);
          one.tracking = row.str(4);
          one.pieces[row.str(5)] += row.integer(6);
        }));
    for (const auto& [lease, parcel] : parcels) {
      if (!shops_.contains(parcel.channel) || dead_.contains(parcel.order)) continue;
      // What only completes the kits of other parcels is told with them: kits.cpp.
      if (recipes_.order(parcel.order) != nullptr) continue;
      const auto found = told_.find({parcel.channel, parcel.number, parcel.tracking});
      if (found == told_.end() && kept_.contains(parcel.order + "#" + parcel.tracking)) {
        stand_elsewhere(parcel.channel, parcel.number, parcel.tracking, parcel.pieces, out);
      } else if (found == told_.end()) {
        say(out, parcel.channel + " was never told that " + parcel.number + " left as " +
                     parcel.tracking + ".");
      }
    }
  }

  // A person left it at what was told of an earlier parcel: of all these pieces, then.
  void stand_elsewhere(const std::string& channel, const std::string& number,
                       const std::string& tracking, const Pieces& pieces,
                       std::vector<Violation>& out) {
    Pieces stand;
    for (const auto& [key, parcel] : told_) {
      if (std::get<0>(key) != channel || std::get<1>(key) != number || parcel.taken_back) continue;
      for (const auto& [sku, quantity] : parcel.pieces) stand[sku] += quantity;
    }
    for (const auto& [sku, quantity] : pieces) {
      if (stand[sku] >= quantity) continue;
      say(out, channel + " was told that " + std::to_string(stand[sku]) + " x " + sku + " of " +
                   number + " left; parcel " + tracking + ", kept from it, has " +
                   std::to_string(quantity) + ".");
    }
  }

  // Never more pieces than the order has.
  void pieces(std::vector<Violation>& out) {
    std::map<std::pair<std::string, std::string>, Pieces> sums;
    for (const auto& [key, parcel] : told_) {
      if (parcel.taken_back) continue;
      auto& sum = sums[{std::get<0>(key), std::get<1>(key)}];
      for (const auto& [sku, quantity] : parcel.pieces) sum[sku] += quantity;
    }
    for (const auto& [key, sum] : sums) {
      const auto order = sold_.find(key);
      if (order == sold_.end()) continue;
      for (const auto& [sku, quantity] : sum) {
        const auto wanted = order->second.find(sku);
        const auto most = wanted == order->second.end() ? 0 : wanted->second;
        if (quantity <= most) continue;
        say(out, key.first + " was told that " + std::to_string(quantity) + " x " + sku + " of " +
                     key.second + " left; " + std::to_string(most) + " were sold.");
      }
    }
  }

  struct Told {
    int times = 0;
    bool taken_back = false;
    Pieces pieces;
  };
  std::map<std::tuple<std::string, std::string, std::string>, Told> told_;
  std::map<std::pair<std::string, std::string>, Pieces> sold_;
  std::map<std::tuple<std::string, std::string, std::int64_t>, int> booked_, moved_;
  std::set<std::string> waiters_;  // channels that hear of what has left
  Boxes boxes_;                    // as of read_
  std::map<Label, Pieces> left_;   // with a carrier, ever
  std::int64_t read_ = 0;
  std::set<std::string> shops_, dead_;
  Recipes recipes_;
  std::set<std::string> kits_;  // as of the newest fact read for a hand-over: ahead of the others
  std::map<std::string, std::string> asked_;  // told_twice, by its exception
  std::set<std::string> kept_;                // decided so: "order#tracking"
};

}  // namespace

OneChecker make_effects(std::shared_ptr<Log> log) {
  return std::make_unique<Effects>(std::move(log));
}

}  // namespace dockline::sim
