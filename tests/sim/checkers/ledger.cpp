// Units are conserved: the moves are those that the facts say, each once; balances are the sum of
// the moves; all places of a SKU sum to zero.
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

struct Move {
  std::string sku, from, to;
  std::int64_t quantity = 0;
  auto operator<=>(const Move&) const = default;
};

std::string words(const Move& move) {
  return std::to_string(move.quantity) + " x " + move.sku + " from " + move.from + " to " + move.to;
}

class Ledger final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "ledger"; }

 private:
  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    auto& want = wanted_[fact.position];
    const std::string site = fact.station.substr(0, fact.station.find('/'));
    if (fact.is("dockline.stock.moved.v1")) {
      want.moves = {{fact.sku, fact.from, fact.to, fact.quantity}};
    } else if (fact.is("dockline.delivery.received.v1")) {
      const auto good = fact.quantity - fact.damaged;
      if (!fact.sku.empty() && good > 0) {
        const auto place = fact.site + (fact.not_sold ? "/quarantine" : "/shelf");
        want.moves.push_back({fact.sku, "supplier", place, good});
      }
      if (!fact.sku.empty() && fact.damaged > 0) {
        want.moves.push_back({fact.sku, "supplier", fact.site + "/damaged", fact.damaged});
      }
    } else if (fact.is("dockline.transfer.ordered.v1")) {
      transfers_.try_emplace(fact.transfer, Transfer{fact.sku, fact.from_site, fact.to_site});
    } else if (fact.type.starts_with("dockline.transfer.")) {
      want.moves = leg(fact);
    } else if (fact.is("dockline.pack.closed.v1")) {
      for (const auto& line : fact.lines) {
        if (line.packed < 1) continue;
        want.moves.push_back({line.sku, site + "/shelf", site + "/packed", line.packed});
      }
      boxes_[{fact.lease, fact.epoch, fact.station}].push_back(
          {fact.order + "#" + fact.id, want.moves});
    } else if (fact.is("dockline.pack.reopened.v1")) {
      auto& boxes = boxes_[{fact.lease, fact.epoch, fact.station}];
      if (boxes.empty()) return;
      // By the books it was on the road: it never left, or came back to its bench.
      if (boxes.back().gone) carry(boxes.back(), false, want.moves);
      for (const auto& move : boxes.back().moves) {
        want.moves.push_back({move.sku, move.to, move.from, move.quantity});
      }
      boxes.pop_back();
    } else if (fact.is("dockline.parcel.handed.over.v1") ||
               fact.is("dockline.parcel.taken.back.v1")) {
      const bool out = fact.is("dockline.parcel.handed.over.v1");
      for (auto at = boxes_.lower_bound({fact.box, 0, ""});
           at != boxes_.end() && std::get<0>(at->first) == fact.box; ++at) {
        for (auto& box : at->second) {
          if (fenced_.contains(box.subject) || box.gone == out) continue;
          carry(box, out, want.moves);
          box.gone = out;
        }
      }
    } else if (fact.is("dockline.order.returned.v1")) {
      for (const auto& line : fact.lines) {
        const bool kept = line.not_sold && line.to == "shelf";
        const auto place = fact.site + "/" + (kept ? "quarantine" : line.to);
        want.moves.push_back({line.sku, "customer", place, line.quantity});
      }
    } else if (fact.is("dockline.pack.put.back.v1")) {
      for (const auto& line : fact.lines) {
        const auto pieces = line.quantity;
        want.moves.push_back({line.sku, fact.site + "/packed", fact.site + "/shelf", pieces});
        for (auto& [key, boxes] : boxes_) {
          for (auto& box : boxes) {
            const bool is_it =
                fact.box.empty() ? std::get<0>(key) == fact.lease && !fenced_.contains(box.subject)
                                 : box.subject == fact.order + "#" + fact.box;
            if (is_it) put_back(box.moves, line.sku, pieces);
          }
        }
      }
      for (auto& [key, boxes] : boxes_) {
        std::erase_if(boxes, [](const Box& box) { return box.moves.empty(); });
      }
    } else if (fact.is("dockline.pack.accepted.v1")) {
      wanted_.erase(fact.position);
      fenced_.erase(fact.order + "#" + fact.box);
    } else {
      wanted_.erase(fact.position);
      const bool fenced = fact.is("dockline.exception.raised.v1") &&
                          (fact.kind == "fenced_work" || fact.kind == "packed_twice");
      if (fenced) fenced_.insert(fact.subject);
    }
  }
  // All that is in a box, from its site to the road, or back.
  static void carry(const auto& box, bool out, std::vector<Move>& moves) {
    for (const auto& move : box.moves) {
      moves.push_back(
          {move.sku, out ? move.to : "customer", out ? "customer" : move.to, move.quantity});
    }
  }
  // Goods between two sites lie on no shelf: they are on the road to the second.
  std::vector<Move> leg(const Fact& fact) {
    auto& t = transfers_[fact.transfer];
    const std::string road = t.to + "/transit";
    std::vector<Move> out;
    const auto add = [&](const std::string& from, const std::string& to, std::int64_t pieces) {
      if (pieces > 0) out.push_back({t.sku, from, to, pieces});
    };
    if (fact.is("dockline.transfer.sent.v1")) {
      add(t.from + "/shelf", road, fact.quantity);
      t.road += fact.quantity;
    } else if (fact.is("dockline.transfer.received.v1")) {
      add(road, t.to + (fact.not_sold ? "/quarantine" : "/shelf"), fact.quantity);
      add(road, t.to + "/damaged", fact.damaged);
      t.road -= fact.quantity + fact.damaged;
    } else {
      add(road, "adjustment", t.road);
      add("adjustment", road, -t.road);
      t.road = 0;
    }
    return out;
  }
  // The office put some of a closed box back: a bench that opens it later cannot take those out
  // once more. Of a box under a fenced epoch, named by `box`, all pieces are put back.
  static void put_back(std::vector<Move>& box, const std::string& sku, std::int64_t pieces) {
    for (auto& move : box) {
      if (move.sku != sku) continue;
      const auto out = std::min(move.quantity, pieces);
      move.quantity -= out;
      pieces -= out;
    }
    std::erase_if(box, [](const Move& move) { return move.quantity == 0; });
  }
  void forget() override {
    wanted_.clear();
    boxes_.clear();
    fenced_.clear();
    transfers_.clear();
    sums_.clear();
    position_ = 0;
  }

  // Our own reading meets the disk's faults as well: books half read say nothing, and are read
  // again at the next look. After the end they must be readable.
  void now(std::vector<Violation>& out) override {
    std::map<std::int64_t, std::vector<Move>> found;
    std::vector<Move> added;
    const bool whole = sql().each(
        "SELECT position, sku, from_place, to_place, quantity, reason FROM p_move "
        "WHERE position > ?1 ORDER BY position, n",
        {position_}, [&](const Row& row) {
          const Move move{row.str(1), row.str(2), row.str(3), row.integer(4)};
          added.push_back(move);
          // What a count corrects is judged by the checker `shelves`, from its outcome; what
          // comes out of a bin because its shelf fell below it, by the checker `bins`.
          const auto want = wanted_.find(row.integer(0));
          const bool said = want != wanted_.end() && std::ranges::count(want->second.moves, move);
          const bool follows = row.str(5) == "count" || row.str(5) == "bin";
          if (!follows || said) found[row.integer(0)].push_back(move);
        });
    if (!whole) return;
    for (const auto& move : added) {
      sums_[{move.sku, move.from}] -= move.quantity;
      sums_[{move.sku, move.to}] += move.quantity;
    }
    compare(found, out);
    position_ = log_->last_position();
    balances(out);
  }

  void compare(std::map<std::int64_t, std::vector<Move>>& found, std::vector<Violation>& out) {
    for (auto at = wanted_.upper_bound(position_); at != wanted_.end(); ++at) {
      auto moves = found[at->first];
      auto want = at->second.moves;
      sum_up(moves);  // pieces of a line move lot by lot
      sum_up(want);
      found.erase(at->first);
      if (moves == want) continue;
      say(out, "Fact at position " + std::to_string(at->first) + " says " + text(want) +
                   "; the books moved " + text(moves) + ".");
    }
    for (const auto& [at, moves] : found) {
      if (!moves.empty()) {
        say(out, "The books moved " + text(moves) + " for the fact at position " +
                     std::to_string(at) + ", which says nothing of it.");
      }
    }
    wanted_.erase(wanted_.begin(), wanted_.upper_bound(log_->last_position()));
  }

  static void sum_up(std::vector<Move>& moves) {
    std::ranges::sort(moves);
    std::vector<Move> sums;
    for (auto& move : moves) {
      const bool same = !sums.empty() && sums.back().sku == move.sku &&
                        sums.back().from == move.from && sums.back().to == move.to;
      if (same) {
        sums.back().quantity += move.quantity;
      } else {
        sums.push_back(std::move(move));
      }
    }
    moves = std::move(sums);
  }

  static std::string text(const std::vector<Move>& moves) {
    std::string out;
    for (const auto& move : moves) out += (out.empty() ? "" : "; ") + words(move);
    return out.empty() ? "nothing" : out;
  }

  void balances(std::vector<Violation>& out) {
    std::map<std::pair<std::string, std::string>, std::int64_t> shown;
    std::map<std::string, std::int64_t> total;
    const bool whole =
        sql().each("SELECT sku, place, quantity FROM p_balance", {}, [&](const Row& row) {
          shown[{row.str(0), row.str(1)}] = row.integer(2);
          total[row.str(0)] += row.integer(2);
        });
    if (!whole) return;
    for (const auto& [sku, sum] : total) {
      if (sum != 0) say(out, "All places of " + sku + " sum to " + std::to_string(sum) + ".");
    }
    for (const auto& [key, quantity] : sums_) {
      const auto found = shown.find(key);
      const auto has = found == shown.end() ? 0 : found->second;
      if (has == quantity) continue;
      say(out, "The books show " + std::to_string(has) + " of " + key.first + " at " + key.second +
                   "; the moves sum to " + std::to_string(quantity) + ".");
    }
  }

  struct Want {
    std::vector<Move> moves;
  };
  struct Transfer {
    std::string sku, from, to;
    std::int64_t road = 0;
  };
  std::map<std::string, Transfer> transfers_;
  struct Box {
    std::string subject;  // of an exception about it
    std::vector<Move> moves;
    bool gone = false;  // with its carrier
  };
  std::map<std::int64_t, Want> wanted_;  // by position, until compared
  // Closed and not opened again, by lease, epoch and bench; more than one when an old image packed
  // it once more. The newest that is not empty is the one that stands there.
  std::map<std::tuple<std::string, std::int64_t, std::string>, std::vector<Box>> boxes_;
  std::set<std::string> fenced_;
  std::map<std::pair<std::string, std::string>, std::int64_t> sums_;
  std::int64_t position_ = 0;
};

}  // namespace

OneChecker make_ledger(std::shared_ptr<Log> log) {
  return std::make_unique<Ledger>(std::move(log));
}

}  // namespace dockline::sim
