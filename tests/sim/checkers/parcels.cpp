// Where each closed box is, from the facts alone: at its site, with its carrier, at the buyer's, or
// open again at its bench. And its pieces are where it is: units count as shipped, delivered or
// returned only of what left, came to the buyer, or came back, no fewer and no more.
#include <map>
#include <set>
#include <utility>

#include "tests/sim/checkers/boxes.hpp"
#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

class Parcels final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "parcels"; }

 private:
  using Key = std::pair<std::string, std::int64_t>;  // order, line

  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    boxes_.fact(fact);
    if (fact.is("dockline.order.returned.v1")) {
      for (const auto& line : fact.lines) back_[{fact.order, line.line}] += line.quantity;
    } else if (fact.is("dockline.order.cancelled.v1")) {
      cancelled_.insert(fact.order);
    } else if (fact.is("dockline.exception.raised.v1")) {
      for (const char* kind : {"overpacked", "cancelled_after_pack"}) {
        if (fact.kind == kind) cancelled_.insert(fact.subject.substr(0, fact.subject.find('#')));
      }
    }
  }
  void forget() override {
    boxes_.forget();
    back_.clear();
    cancelled_.clear();
  }

  void now(std::vector<Violation>& out) override {
    places(out);
    units(out);
    outside(out);
  }

  void places(std::vector<Violation>& out) {
    std::map<std::string, std::string> books;
    const bool whole = sql().each("SELECT box, state FROM p_handover", {},
                                  [&](const Row& row) { books[row.str(0)] = row.str(1); });
    if (!whole) return;
    const auto wrong = [&](const std::string& lease, const std::string& has,
                           const std::string& want) {
      say(out, "The box of " + lease + " is " + (has.empty() ? "nowhere" : has) +
                   " by the books; by the facts it is " + (want.empty() ? "nowhere" : want) + ".");
    };
    for (const auto& [lease, place] : boxes_.places()) {
      const auto found = books.find(lease);
      const auto has = found == books.end() ? std::string() : found->second;
      if (has != place) wrong(lease, has, place);
    }
    for (const auto& [lease, state] : books) {
      if (!boxes_.places().contains(lease)) wrong(lease, state, "");
    }
  }

  struct Way {
    std::int64_t boxed = 0, left = 0, arrived = 0;  // pieces in all boxes that count; in those with
                                                    // a carrier or beyond; at the buyer's
  };
  void units(std::vector<Violation>& out) {
    std::map<Key, Way> ways;
    for (const auto& box : boxes_.all()) {
      if (box.fenced) continue;
      for (const auto& [number, line] : box.lines) {
        auto& way = ways[{box.order, number}];
        way.boxed += line.pieces;
        if (box.gone()) way.left += line.pieces;
        if (box.place == "delivered") way.arrived += line.pieces;
      }
    }
    static_cast<void>(sql().each(
        "SELECT o.id, l.line, l.shipped, l.delivered, l.returned, l.packed FROM p_line l JOIN "
        "p_order o USING(ord)",
        {}, [&](const Row& row) {
          const Key key{row.str(0), row.integer(1)};
          judge(key, ways[key], {row.integer(2), row.integer(3), row.integer(4), row.integer(5)},
                out);
        }));
  }
  struct Line {
    std::int64_t shipped = 0, delivered = 0, returned = 0, packed = 0;
  };
  void judge(const Key& key, const Way& way, const Line& line, std::vector<Violation>& out) {
    const auto [shipped, delivered, returned, packed] = line;
    const auto came = back_.find(key);
    const auto back = came == back_.end() ? 0 : came->second;
    const auto of = "Of order " + key.first + ", line " + std::to_string(key.second) + ", ";
    const auto n = [](std::int64_t pieces) { return std::to_string(pieces); };
    if (returned != back) {
      say(out, of + n(returned) + " units are returned; " + n(back) + " pieces came back.");
    }
    if (delivered > way.arrived) {
      say(out, of + n(delivered) + " units are delivered; boxes with " + n(way.arrived) +
                   " pieces arrived.");
    }
    // A box that was opened after pieces of it had come back: one of the two is wrong, and nobody
    // can tell which.
    const bool both = boxes_.opened_gone().contains(key.first);
    const auto out_there = shipped + delivered + (both ? 0 : returned);
    if (out_there > way.left) {
      say(out, of + n(out_there) + " units are shipped, delivered or returned; boxes with " +
                   n(way.left) + " pieces left.");
    }
    if (packed + out_there > way.boxed) {
      say(out, of + n(packed + out_there) + " units are packed or beyond; in its boxes are " +
                   n(way.boxed) + " pieces.");
    }
    // What nobody wanted any more when its box left is no unit of the order.
    if (both || cancelled_.contains(key.first) || out_there == way.left) return;
    say(out, of + n(way.left) + " pieces left in their boxes; " + n(out_there) +
                 " units are shipped, delivered or returned.");
  }

  // Of what is not the house's, no lot is known.
  void outside(std::vector<Violation>& out) {
    static_cast<void>(sql().each(
        "SELECT sku, place, sum(quantity) FROM p_lot WHERE place NOT LIKE '%/%' GROUP BY 1, 2", {},
        [&](const Row& row) {
          say(out, "The books know lots of " + row.str(2) + " x " + row.str(0) + " at " +
                       row.str(1) + ".");
        }));
  }

  Boxes boxes_;
  std::map<Key, std::int64_t> back_;  // pieces that came back
  std::set<std::string> cancelled_;   // orders with pieces in their boxes that are not theirs
};

}  // namespace

OneChecker make_parcels(std::shared_ptr<Log> log) {
  return std::make_unique<Parcels>(std::move(log));
}

}  // namespace dockline::sim
