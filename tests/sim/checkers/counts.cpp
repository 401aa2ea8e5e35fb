// What lies in a box when it is closed is what was counted into it, less what was taken out: over
// orders put aside, restarts, takings back. And each opening of a closed box is in the log.
#include <algorithm>
#include <limits>
#include <map>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

class Counts final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "counts"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>&) override {
    now_ms_ = at_ms;
    if (const auto* again = std::get_if<BoxReopened>(&seen)) {
      ++heard_[{again->station, again->tracking}];
    } else if (const auto* recorded = std::get_if<StationRecorded>(&seen)) {
      born_[recorded->station].insert(recorded->inc);
    } else if (const auto* mishap = std::get_if<StationMishap>(&seen)) {
      const bool disk = mishap->what == Mishap::restored_image ||
                        mishap->what == Mishap::replaced_disk || mishap->what == Mishap::cloned;
      if (disk) another_disk(mishap->station);
    }
  }

 private:
  // Station and lease, of whatever epoch: an order that is taken back and granted to the same bench
  // again before the bench hears of it goes on in the same box (PROTOCOL.md section 10: own facts
  // are folded by lease). What was taken out in between was counted out, or given back; after a
  // closed one a later epoch begins another box.
  using Box = std::pair<std::string, std::string>;

  void fact(const Fact& fact) override {
    if (fact.position == 0 || fact.station.empty()) return;
    follow(lives_[fact.station], fact);
    const Box box{fact.station, fact.lease};
    if (const auto done = done_.find(box); done != done_.end() && fact.epoch > done->second) {
      empty(fact, box);
      done_.erase(done);
    }
    if (fact.is("dockline.pack.item.counted.v1")) {
      count(fact, box, fact.line, fact.quantity);
      ever_[{fact.station, fact.lease}][fact.line] += fact.quantity;
    } else if (fact.is("dockline.pack.item.uncounted.v1")) {
      count(fact, box, fact.line, -fact.quantity);
      ever_[{fact.station, fact.lease}][fact.line] -= fact.quantity;
    } else if (fact.is("dockline.lease.returned.v1")) {
      empty(fact, box);  // taken out, not counted one by one
    } else if (fact.is("dockline.pack.closed.v1")) {
      label_of_[{fact.station, fact.lease}] = fact.tracking;
      closed(fact, box);
      done_[box] = fact.epoch;
    } else if (fact.is("dockline.pack.reopened.v1")) {
      ++kept_[{fact.station, label_of_[{fact.station, fact.lease}]}];
    }
  }
  void forget() override {
    counted_.clear();
    fresh_.clear();
    lives_.clear();
    done_.clear();
    ever_.clear();
    label_of_.clear();
    kept_.clear();
    problems_.clear();
  }

  // From here on the bench may know of a box only what it counts itself.
  void another_disk(const std::string& station) {
    new_disk_.insert(station);
    old_incs_[station] = born_[station];
    std::erase_if(fresh_, [&](const auto& box) { return box.first.first == station; });
  }

  void count(const Fact& fact, const Box& box, std::int64_t line, std::int64_t pieces) {
    counted_[box][line] += pieces;
    const auto old = old_incs_.find(fact.station);
    if (old != old_incs_.end() && !old->second.contains(fact.inc)) fresh_[box][line] += pieces;
    auto& life = lives_[fact.station];
    life.all[life.now].counts.push_back({fact.seq, box, line, pieces});
  }

  void empty(const Fact& fact, const Box& box) {
    const auto inside = counted_[box];
    for (const auto& [line, pieces] : inside) count(fact, box, line, -pieces);
    fresh_.erase(box);
  }

  // One bench's disk as the log shows it. An old image goes on counting facts where it stood: what
  // was counted after it was made never happened to that disk; and a newer image than that one, put
  // in later, knows again what the older one did not.
  struct Count {
    std::uint64_t seq = 0;
    Box box;
    std::int64_t line = 0, pieces = 0;
  };
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  // Facts that one disk counted on end, under the numbers of one incarnation.
  struct Stretch {
    std::string inc;
    std::size_t after = kNone;    // the one that it goes on from,
    std::uint64_t after_seq = 0;  // whose facts up to this number it knows
    std::uint64_t newest = 0;
    std::vector<Count> counts{};
  };
  struct Life {
    std::vector<Stretch> all;
    std::size_t now = kNone;
  };
  void follow(Life& life, const Fact& fact) {
    if (life.now != kNone) {
      auto& now = life.all[life.now];
      if (now.inc == fact.inc && fact.seq > now.newest) {
        now.newest = fact.seq;
        return;
      }
    }
    // The newest that has the fact before this one; another incarnation goes on where the disk is.
    std::size_t from = kNone;
    for (std::size_t i = 0; i < life.all.size(); ++i) {
      if (life.all[i].inc == fact.inc && life.all[i].newest + 1 >= fact.seq) from = i;
    }
    const bool went_back = from != kNone;
    Stretch next{.inc = fact.inc, .after = went_back ? from : life.now, .newest = fact.seq};
    if (went_back) {
      next.after_seq = fact.seq - 1;
    } else if (life.now != kNone) {
      next.after_seq = life.all[life.now].newest;
    }
    life.now = life.all.size();
    life.all.push_back(std::move(next));
    if (went_back) know_again(life, fact.station);
  }
  // What the station has counted, of all its disk knows.
  void know_again(const Life& life, const std::string& station) {
    std::erase_if(counted_, [&](const auto& box) { return box.first.first == station; });
    auto until = std::numeric_limits<std::uint64_t>::max();
    for (std::size_t i = life.now; i != kNone; i = life.all[i].after) {
      for (const auto& c : life.all[i].counts) {
        if (c.seq <= until) counted_[c.box][c.line] += c.pieces;
      }
      const auto& it = life.all[i];
      const bool same = it.after != kNone && life.all[it.after].inc == it.inc;
      until = same ? std::min(until, it.after_seq) : it.after_seq;
    }
  }

  void closed(const Fact& fact, const Box& box) {
    for (const auto& line : fact.lines) {
      const auto pieces = counted_[box][line.line];
      if (pieces == line.packed) continue;
      // The server told a disk that had lost it what had been counted, and granted the lease anew
      // with a higher epoch; or the lease had been elsewhere meanwhile, and the box began anew.
      const auto ever = ever_[{fact.station, fact.lease}][line.line];
      const bool explained = ever == line.packed || fresh_[box][line.line] == line.packed;
      if (new_disk_.contains(fact.station) && explained) continue;
      problems_.push_back("Box of " + fact.lease + " closed at " + fact.station + " (position " +
                          std::to_string(fact.position) + ") holds " + std::to_string(line.packed) +
                          " of " + line.sku + "; " + std::to_string(pieces) +
                          " were counted into it.");
    }
  }

  void now(std::vector<Violation>& out) override {
    for (const auto& problem : problems_) say(out, problem);
    problems_.clear();
  }

  void last(const Evidence&, std::vector<Violation>& out) override {
    for (const auto& [key, times] : heard_) {
      const auto kept = kept_.find(key);
      const auto in_log = kept == kept_.end() ? 0 : kept->second;
      if (in_log >= times || new_disk_.contains(key.first)) continue;
      say(out, key.first + " opened the box under label " + key.second + " again " +
                   std::to_string(times) + " times, the log says it " + std::to_string(in_log) +
                   " times.");
    }
  }

  using Pieces = std::map<std::int64_t, std::int64_t>;  // by line
  std::map<Box, Pieces> counted_;
  std::map<Box, std::int64_t> done_;                            // closed under this epoch
  std::map<std::string, Life> lives_;                           // by station
  std::map<std::pair<std::string, std::string>, Pieces> ever_;  // by station and lease
  std::map<std::pair<std::string, std::string>, std::string> label_of_;
  std::map<std::pair<std::string, std::string>, int> heard_, kept_;  // by station and label
  std::set<std::string> new_disk_;
  // By station: every incarnation it ever had, and those of the disks before the present one.
  std::map<std::string, std::set<std::string>> born_, old_incs_;
  std::map<Box, Pieces> fresh_;  // counted on the present disk
  std::vector<std::string> problems_;
};

}  // namespace

OneChecker make_counts(std::shared_ptr<Log> log) {
  return std::make_unique<Counts>(std::move(log));
}

}  // namespace dockline::sim
