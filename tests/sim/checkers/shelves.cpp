// What lies on each shelf, from the facts alone and by rules of our own: pieces in transit lie on
// none, a count says what lay there when it was counted, and what was moved before it and heard of
// after it does not change it a second time. What was heard before a count at the desk, or before
// the question that a bench's count answers, lies before that count, whatever the clocks say, and
// nothing was done after it was heard.
#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

class Shelves final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "shelves"; }

 private:
  using Shelf = std::pair<std::string, std::string>;  // SKU, site
  struct Transfer {
    std::string sku, from, to;
  };
  struct When {
    std::int64_t moment = 0;
    std::string source;
    auto operator<=>(const When&) const = default;
  };

  // A count at the desk that names a bin is of that bin alone where pieces lie in several, of the
  // whole shelf else (the checker `bins` says which): what it found is asked of the books' moves,
  // and all that comes after it waits until they can be read.
  static bool names_bin(const Fact& fact) {
    return fact.is("dockline.stock.counted.v1") && fact.station.empty() && fact.task.empty() &&
           !fact.bin.empty();
  }
  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    if (waiting_.empty() && !names_bin(fact)) {
      take(fact);
    } else {
      waiting_.push_back(fact);
    }
  }
  bool take_waiting() {
    for (; !waiting_.empty(); waiting_.pop_front()) {
      const auto& fact = waiting_.front();
      if (!names_bin(fact)) {
        take(fact);
        continue;
      }
      bool one_bin = false;
      std::int64_t change = 0;
      const bool whole =
          sql().each("SELECT counts FROM p_count WHERE position = ?1", {fact.position},
                     [&](const Row& row) { one_bin = row.integer(0) == 2; }) &&
          sql().each("SELECT from_place, quantity FROM p_move WHERE position = ?1", {fact.position},
                     [&](const Row& row) {
                       change += row.text(0) == "adjustment" ? row.integer(1) : 0;
                       change -= on_shelf(row.str(0)).empty() ? 0 : row.integer(1);
                     });
      if (!whole) return false;
      if (one_bin) {
        shelves_[{fact.sku, fact.site}].pieces += change;
      } else {
        take(fact);
      }
    }
    return true;
  }

  void take(const Fact& fact) {
    heard_at_ = fact.position;
    const std::string bench = fact.station.substr(0, fact.station.find('/'));
    const auto heard = (fact.heard_ms << 16) + 0xffff;  // its counter may have any value then
    const When when{std::min(fact.moment, heard), fact.source};
    if (fact.is("dockline.stock.moved.v1")) {
      change(fact.sku, on_shelf(fact.from), -fact.quantity, when);
      change(fact.sku, on_shelf(fact.to), fact.quantity, when);
    } else if (fact.is("dockline.delivery.received.v1")) {
      if (!fact.sku.empty() && !fact.not_sold)
        change(fact.sku, fact.site, fact.quantity - fact.damaged, when);
    } else if (fact.is("dockline.transfer.ordered.v1")) {
      transfers_.try_emplace(fact.transfer, Transfer{fact.sku, fact.from_site, fact.to_site});
    } else if (fact.is("dockline.transfer.sent.v1")) {
      const auto& t = transfers_[fact.transfer];
      change(t.sku, t.from, -fact.quantity, when);
    } else if (fact.is("dockline.transfer.received.v1")) {
      const auto& t = transfers_[fact.transfer];
      if (!fact.not_sold) change(t.sku, t.to, fact.quantity, when);
    } else if (fact.is("dockline.count.asked.v1")) {
      open_.emplace(fact.task, Question{fact.heard_ms, fact.position});
    } else if (fact.is("dockline.count.dropped.v1")) {
      open_.erase(fact.task);
    } else if (fact.is("dockline.stock.counted.v1")) {
      counted(fact, when);
    } else if (fact.is("dockline.pack.closed.v1")) {
      for (const auto& line : fact.lines) change(line.sku, bench, -line.packed, when);
    } else if (fact.is("dockline.pack.put.back.v1")) {
      for (const auto& line : fact.lines) change(line.sku, fact.site, line.quantity, when);
    } else if (fact.is("dockline.order.returned.v1")) {
      for (const auto& line : fact.lines) {
        if (line.to == "shelf" && !line.not_sold) change(line.sku, fact.site, line.quantity, when);
      }
    } else if (fact.is("dockline.pack.reopened.v1")) {
      reopened_.push_back({fact.position, when});
    }
  }

  static std::string on_shelf(const std::string& place) {
    return place.ends_with("/shelf") ? place.substr(0, place.size() - 6) : std::string();
  }

  void change(const std::string& sku, const std::string& site, std::int64_t pieces, When when) {
    if (site.empty() || pieces == 0) return;
    auto& shelf = shelves_[{sku, site}];
    // Its own count was before it, by the clock of that bench, and was taken as later than that.
    if (shelf.said != 0 && !shelf.counts.empty() && shelf.counts.rbegin()->source == when.source &&
        when.moment > shelf.said) {
      when.moment = std::max(when.moment, shelf.counts.rbegin()->moment + 1);
    }
    if (!shelf.counts.empty() && when < *shelf.counts.rbegin()) return;  // the counter saw it
    shelf.pieces += pieces;
    shelf.moves.emplace(when, Move{pieces, heard_at_});
  }

  void counted(const Fact& fact, When when) {
    const auto task = open_.find(fact.task);
    if (!fact.station.empty() && task == open_.end()) return;  // nobody waited for it
    std::int64_t said = 0, asked_at = 0;
    if (!fact.station.empty()) {
      asked_at = task->second.position;
      // A count is not before its question, whatever a clock that is behind says.
      const auto asked = (task->second.heard_ms << 16) + 0xffff;
      if (when.moment < asked) {
        said = std::max<std::int64_t>(when.moment, 1);
        when.moment = std::max(asked, (std::min(fact.time_ms, fact.heard_ms) << 16) + 0xffff);
      }
    }
    if (task != open_.end()) open_.erase(task);
    auto& shelf = shelves_[{fact.sku, fact.site}];
    if (fact.station.empty()) {
      auto moment = when.moment;
      if (!shelf.counts.empty()) moment = std::max(moment, shelf.counts.rbegin()->moment + 1);
      shelf = {fact.counted, {}, {{moment, when.source}}, fact.position};
      return;
    }
    if (!shelf.counts.empty() && when < *shelf.counts.rbegin()) return;  // counted again since
    shelf.pieces = fact.counted;
    std::erase_if(shelf.moves, [&](const auto& move) {
      return move.first < when || move.second.heard_at < asked_at;
    });
    for (auto at = shelf.moves.upper_bound(when); at != shelf.moves.end(); ++at) {
      shelf.pieces += at->second.pieces;
    }
    shelf.counts.insert(when);
    shelf.said = said;
  }

  void forget() override {
    shelves_.clear();
    transfers_.clear();
    open_.clear();
    reopened_.clear();
    waiting_.clear();
  }

  // What a reopened box held is asked of the books' moves (the checker `ledger` holds these): it
  // takes more than a shelf's rules to know it.
  bool take_reopened() {
    for (; !reopened_.empty(); reopened_.erase(reopened_.begin())) {
      const auto [position, when] = reopened_.front();
      heard_at_ = position;
      const bool whole = sql().each(
          "SELECT sku, to_place, quantity FROM p_move WHERE position = ?1 AND "
          "reason = 'reopened'",
          {position}, [&](const Row& row) {
            const auto site = on_shelf(row.str(1));
            if (shelves_[{row.str(0), site}].desk > position) return;  // counted there since
            change(row.str(0), site, row.integer(2), when);
          });
      if (!whole) return false;
    }
    return true;
  }

  void now(std::vector<Violation>& out) override {
    if (!take_waiting() || !take_reopened()) return;
    std::map<Shelf, std::int64_t> books;
    const bool whole = sql().each(
        "SELECT sku, place, quantity FROM p_balance WHERE place LIKE '%/shelf'", {},
        [&](const Row& row) { books[{row.str(0), on_shelf(row.str(1))}] = row.integer(2); });
    if (!whole) return;
    for (const auto& [key, shelf] : shelves_) {
      const auto found = books.find(key);
      const auto has = found == books.end() ? 0 : found->second;
      if (has == shelf.pieces) continue;
      say(out, "The books show " + std::to_string(has) + " of " + key.first + " on the shelf of " +
                   key.second + "; by the facts there are " + std::to_string(shelf.pieces) + ".");
    }
  }

  struct Question {
    std::int64_t heard_ms = 0, position = 0;
  };
  struct Move {
    std::int64_t pieces = 0, heard_at = 0;  // position
  };
  struct Book {
    std::int64_t pieces = 0;
    std::multimap<When, Move> moves;  // since the newest count
    std::set<When> counts;
    std::int64_t desk = 0;  // position of the newest count there
    std::int64_t said = 0;  // by the newest count's bench, if it was taken as later
  };
  std::map<Shelf, Book> shelves_;
  std::map<std::string, Transfer> transfers_;
  std::map<std::string, Question> open_;  // count tasks
  std::int64_t heard_at_ = 0;             // position of what is read
  std::vector<std::pair<std::int64_t, When>> reopened_;
  std::deque<Fact> waiting_;  // from a count on that may be of one bin
};

}  // namespace

OneChecker make_shelves(std::shared_ptr<Log> log) {
  return std::make_unique<Shelves>(std::move(log));
}

}  // namespace dockline::sim
