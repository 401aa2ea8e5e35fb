// Every fact that a station has durably recorded is in the server's log exactly once, in the order
// recorded. Only what a destroyed disk or an old image truly took may be missing, and then an
// exception must say so.
#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

constexpr std::uint64_t kTurnFactsMax = 300;

// One disk's life within one incarnation: it has recorded numbers after `from` through `last`.
struct Era {
  std::uint64_t from = 0, last = 0, acked = 0;
  std::uint64_t more = 0;  // that the turn which ended the incarnation may have recorded before
  std::optional<std::uint64_t> lost_after;  // its disk went; what was not acked may be gone
  std::int64_t since_ms = 0;
};
struct Incarnation {
  std::string station;
  std::vector<Era> eras;
  bool first_of_disk = false;  // births begin at 1; else at what the log shows first
};
struct Births {
  std::map<std::uint64_t, int> times;  // number -> in the log
  std::map<std::uint64_t, int> parked;
  std::set<std::uint64_t> nameless;  // of those: cannot be read, so the number is the journey's
  std::set<std::uint64_t> repeated;
  std::uint64_t newest = 0;
  bool disorder = false;
};
struct Loss {
  std::string station;
  std::string inc;
  std::uint64_t image = 0;
  std::int64_t made_ms = 0;  // the image
  Mishap what = Mishap::restored_image;
  std::int64_t at_ms = 0;
};

class Facts final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "facts"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>& out) override {
    now_ms_ = at_ms;
    if (const auto* recorded = std::get_if<StationRecorded>(&seen)) return on_recorded(*recorded);
    if (const auto* mishap = std::get_if<StationMishap>(&seen)) return on_mishap(*mishap);
    if (const auto* hub = std::get_if<HubMishap>(&seen)) {
      hub_restored_ = hub_restored_ || hub->what == Mishap::restored_image;
    }
    static_cast<void>(out);
  }

 private:
  void on_recorded(const StationRecorded& seen) {
    auto& inc = incs_[seen.inc];
    if (inc.station.empty()) {
      inc.station = seen.station;
      inc.first_of_disk = !current_.contains(seen.station) || fresh_.contains(seen.station);
      inc.eras.push_back({});
      fresh_.erase(seen.station);
    }
    auto& current = current_[seen.station];
    if (!current.empty() && current != seen.inc) incs_.at(current).eras.back().more = kTurnFactsMax;
    current = seen.inc;
    auto& era = inc.eras.back();
    era.last = std::max(era.last, seen.last);
    if (seen.waiting <= seen.last) era.acked = std::max(era.acked, seen.last - seen.waiting);
  }

  void on_mishap(const StationMishap& seen) {
    const bool image = seen.what == Mishap::restored_image || seen.what == Mishap::cloned;
    if (!image && seen.what != Mishap::replaced_disk) return;
    Loss loss{seen.station, {}, 0, 0, seen.what, now_ms_};
    std::istringstream(seen.detail) >> loss.inc >> loss.image >> loss.made_ms;
    if (seen.what == Mishap::replaced_disk) fresh_.insert(seen.station);
    // An empty disk on which nothing ran before an image took its place.
    if (seen.what == Mishap::restored_image) fresh_.erase(seen.station);
    const auto found = current_.find(seen.station);
    if (found != current_.end() && seen.what != Mishap::cloned) {
      auto& era = incs_.at(found->second).eras.back();
      era.lost_after = era.acked;
      // An image of a life before this one, with the same incarnation, has other facts under the
      // numbers that this one gave: it keeps none of them.
      if (image && loss.inc == found->second && loss.made_ms >= era.since_ms) {
        era.lost_after = std::max(era.acked, std::min(era.last, loss.image));
      }
    }
    // The image goes on counting where it stood, under the same incarnation.
    if (image && incs_.contains(loss.inc)) {
      incs_.at(loss.inc).eras.push_back({loss.image, loss.image, 0, 0, std::nullopt, now_ms_});
    }
    losses_.push_back(std::move(loss));
  }

  void fact(const Fact& fact) override {
    if (fact.is("dockline.exception.raised.v1")) raised_.push_back({fact.kind, fact.subject});
    if (fact.station.empty() || fact.inc.empty()) return;
    auto& births = births_[fact.inc];
    if (births.times.empty() && births.parked.empty()) station_of_[fact.inc] = fact.station;
    if (fact.position == 0) {
      ++births.parked[fact.seq];
      if (fact.id.empty()) births.nameless.insert(fact.seq);
      return;
    }
    if (++births.times[fact.seq] > 1) births.repeated.insert(fact.seq);
    births.disorder = births.disorder || fact.seq <= births.newest;
    if (fact.seq > births.newest) births.newest = fact.seq;
  }
  void forget() override {
    births_.clear();
    raised_.clear();
  }

  void now(std::vector<Violation>& out) override {
    for (const auto& [name, births] : births_) {
      const auto found = incs_.find(name);
      if (found == incs_.end()) {
        say(out, "The log has facts of incarnation " + name + " of " + station_of_[name] +
                     ", under which no station has committed anything.");
        continue;
      }
      const auto& inc = found->second;
      std::uint64_t last = 0;
      for (const auto& era : inc.eras) last = std::max(last, era.last + era.more);
      if (births.newest > last) {
        say(out, "The server has fact " + std::to_string(births.newest) + " of " + inc.station +
                     " (" + name + "), but that station has durably recorded only " +
                     std::to_string(last) + ".");
      }
      if (births.disorder && inc.eras.size() == 1) {
        say(out, "Facts of " + inc.station + " (" + name + ") are not in the order recorded.");
      }
      for (const auto seq : births.repeated) {
        const auto times = births.times.at(seq);
        if (times <= lives(inc, seq)) continue;
        say(out, "Fact " + std::to_string(seq) + " of " + inc.station + " (" + name + ") is " +
                     std::to_string(times) + " times in the log, recorded " +
                     std::to_string(lives(inc, seq)) + " times.");
      }
    }
  }

  // On how many disks this number was given.
  static int lives(const Incarnation& inc, std::uint64_t seq) {
    int count = 0;
    for (const auto& era : inc.eras) count += seq > era.from && seq <= era.last + era.more;
    return count;
  }

  void last(const Evidence&, std::vector<Violation>& out) override {
    count_moved();
    for (const auto& [name, inc] : incs_) missing(name, inc, out);
    for (const auto& loss : losses_) announced(loss, out);
    for (const auto& [kind, subject] : raised_) {
      if (kind != "two_computers" && kind != "store_restored") continue;
      const bool reason = hub_restored_ || std::ranges::any_of(losses_, [&](const Loss& loss) {
                            return subject.starts_with(loss.station);
                          });
      if (reason) continue;
      say(out, "An exception " + kind + " was raised about " + subject +
                   ", and nobody touched its disk.");
    }
  }

  // What cannot be read and was sent again after a fork lies under the number it came by: below the
  // first fact that was born in the new incarnation.
  void count_moved() {
    moved_.clear();
    for (const auto& [name, births] : births_) {
      const auto inc = incs_.find(name);
      if (inc == incs_.end() || inc->second.first_of_disk) continue;
      for (const auto seq : births.nameless) {
        if (births.times.empty() || seq < births.times.begin()->first)
          ++moved_[inc->second.station];
      }
    }
  }

  void missing(const std::string& name, const Incarnation& inc, std::vector<Violation>& out) {
    const auto& births = births_[name];
    std::uint64_t last = 0;
    for (const auto& era : inc.eras) last = std::max(last, era.last);
    std::uint64_t first = 1;
    if (!inc.first_of_disk) {
      first = births.times.empty() ? last + 1 : births.times.begin()->first;
    }
    std::uint64_t gone = 0;
    for (std::uint64_t seq = first; seq <= last; ++seq) {
      const auto there = births.times.find(seq);
      const auto parked = births.parked.find(seq);
      const int kept = (there == births.times.end() ? 0 : there->second) +
                       (parked == births.parked.end() ? 0 : parked->second);
      // An image that went on counting under the same numbers made facts of its own.
      const auto needed = std::ranges::count_if(inc.eras, [&](const Era& era) {
        return seq > era.from && seq <= era.last && !(era.lost_after && seq > *era.lost_after);
      });
      if (kept > 0 && kept >= needed) continue;
      const bool excused = std::ranges::any_of(inc.eras, [&](const Era& era) {
        return era.lost_after && seq > *era.lost_after && seq <= era.last;
      });
      if (excused && needed == 0) {
        ++gone;
        continue;
      }
      if (needed == 0 || reported_gap(name, seq)) continue;
      if (auto& moved = moved_[inc.station]; moved > 0) {
        --moved;
        continue;
      }
      say(out, "Fact " + std::to_string(seq) + " of " + inc.station + " (" + name +
                   ") was durably recorded " + std::to_string(needed) + " times and is " +
                   std::to_string(kept) + " times in the server's log. The station recorded " +
                   std::to_string(last) + ", the log has " + std::to_string(births.times.size()) +
                   ".");
      return;  // the first tells enough
    }
  }

  // The server itself went back and said so: PROTOCOL.md section 9.
  bool reported_gap(const std::string& inc, std::uint64_t seq) {
    if (!hub_restored_) return false;
    bool said = false;
    static_cast<void>(sql().each(
        "SELECT gap_through FROM stream_in WHERE inc = ?1", {inc},
        [&](const Row& row) { said = row.integer(0) >= static_cast<std::int64_t>(seq); }));
    return said && is_raised("gap", "");
  }

  // What the server could know: it has more of that incarnation than the image had.
  void announced(const Loss& loss, std::vector<Violation>& out) {
    const auto births = births_.find(loss.inc);
    const auto used = incs_.find(loss.inc);
    if (births == births_.end() || used == incs_.end()) return;
    if (births->second.repeated.empty()) return;
    for (const char* kind : {"store_restored", "two_computers", "gap", "station_trouble"}) {
      if (is_raised(kind, loss.station)) return;
    }
    say(out, loss.station + " started from an older disk (" + loss.inc + " through " +
                 std::to_string(loss.image) +
                 ") and recorded other facts under numbers used before; no exception says so.");
  }

  [[nodiscard]] bool is_raised(std::string_view kind, const std::string& subject) const {
    return std::ranges::any_of(raised_, [&](const auto& one) {
      return one.first == kind && one.second.starts_with(subject);
    });
  }

  std::map<std::string, Incarnation> incs_;
  std::map<std::string, std::string> current_, station_of_;
  std::set<std::string> fresh_;  // stations with an empty disk
  std::map<std::string, Births> births_;
  std::vector<std::pair<std::string, std::string>> raised_;
  std::vector<Loss> losses_;
  std::map<std::string, int> moved_;  // by station
  bool hub_restored_ = false;
};

}  // namespace

OneChecker make_facts(std::shared_ptr<Log> log) { return std::make_unique<Facts>(std::move(log)); }

}  // namespace dockline::sim
