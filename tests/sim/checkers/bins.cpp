// Bins of a shelf, from the facts that name them: what was put into a bin lies there until a fact
// takes it out or the shelf falls below what its other bins hold; the home bin has the rest. How
// the shelf as a whole moved is asked of the books' moves (`ledger` and `shelves` hold these); into
// which bin, and out of which, is judged here by rules of our own.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <utility>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

constexpr std::int64_t kBinsMost = 200;            // of one SKU at a site, beside its home
constexpr std::int64_t kSnapshotMs = 15 * 60'000;  // a snapshot may be so old when it is told
constexpr auto kOpen = std::numeric_limits<std::int64_t>::max();

std::string on_shelf(const std::string& place) {
  return place.ends_with("/shelf") ? place.substr(0, place.size() - 6) : std::string();
}

// "A-1, B-2, C-3 +2": the names, and how many more there are.
std::pair<std::vector<std::string>, std::int64_t> read_names(std::string text) {
  std::int64_t more = 0;
  if (const auto plus = text.rfind(" +"); plus != std::string::npos) {
    more = std::strtoll(text.c_str() + plus + 2, nullptr, 10);
    text.resize(plus);
  }
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(", ", at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return {std::move(out), more};
}

class Bins final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "bins"; }

 private:
  using Key = std::pair<std::string, std::string>;  // SKU, site
  struct Span {
    std::int64_t from_ms = 0, to_ms = kOpen;
  };
  struct Shelf {
    std::int64_t pieces = 0;
    std::string home;
    std::map<std::string, std::int64_t> others;
    std::map<std::string, std::vector<Span>> was;  // home, or held something, by the server's clock

    [[nodiscard]] std::int64_t in_others() const {
      std::int64_t sum = 0;
      for (const auto& [bin, held] : others) sum += held;
      return sum;
    }
    [[nodiscard]] std::int64_t held(const std::string& bin) const {
      if (bin.empty()) return pieces - in_others();
      const auto found = others.find(bin);
      return found == others.end() ? 0 : found->second;
    }
    // As its home is not named.
    [[nodiscard]] std::string own_name(const std::string& bin) const {
      return bin == home ? std::string() : bin;
    }
  };
  struct Moved {
    std::string sku, from, to, reason;
    std::int64_t position = 0, quantity = 0;
  };

  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    if (fact.heard_ms < clock_ms_) clock_went_back_ = true;
    clock_ms_ = fact.heard_ms;
    heard_[fact.position] = fact.heard_ms;
    const bool names = !fact.bin.empty() || !fact.from_bin.empty() || !fact.to_bin.empty();
    if (names) saying_[fact.position] = fact;
  }

  void forget() override {
    saying_.clear();
    heard_.clear();
    shelves_.clear();
    sums_.clear();
    problems_.clear();
    position_ = clock_ms_ = 0;
    clock_went_back_ = false;
  }

  // ---- our own books
  Shelf& shelf(const std::string& sku, const std::string& site) { return shelves_[{sku, site}]; }

  static void begin(Shelf& shelf, const std::string& bin, std::int64_t ms) {
    auto& spans = shelf.was[bin];
    if (spans.empty() || spans.back().to_ms != kOpen) spans.push_back({ms, kOpen});
  }
  void ended(Shelf& shelf, const std::string& bin) const {
    if (bin == shelf.home) return;
    const auto spans = shelf.was.find(bin);
    if (spans != shelf.was.end()) spans->second.back().to_ms = now_is_;
  }
  void put(Shelf& shelf, const std::string& bin, std::int64_t pieces) const {
    if (bin.empty() || pieces == 0) return;
    auto& held = shelf.others[bin];
    held += pieces;
    if (held > 0) return begin(shelf, bin, now_is_);
    shelf.others.erase(bin);
    ended(shelf, bin);
  }
  // What the home bin does not hold came out of the others, by their names.
  void settle(Shelf& shelf) const {
    auto missing = shelf.in_others() - std::max<std::int64_t>(0, shelf.pieces);
    while (missing > 0 && !shelf.others.empty()) {
      const auto [bin, held] = *shelf.others.begin();
      const auto out = std::min(held, missing);
      missing -= out;
      put(shelf, bin, -out);
    }
  }
  // Out of a bin what it has, the rest out of the home bin.
  void out_of(Shelf& shelf, const std::string& bin, std::int64_t pieces) const {
    put(shelf, bin, -std::min(pieces, shelf.held(bin)));
  }

  void assigned(const Fact& fact) {
    auto& here = shelf(fact.sku, fact.site);
    const auto old = std::exchange(here.home, fact.bin);
    if (!old.empty() && old != here.home) ended(here, old);
    here.others.erase(here.home);
    begin(here, here.home, now_is_);
  }

  void tidied(const Fact& fact) {
    const auto site = on_shelf(fact.from);
    if (site.empty()) return;
    auto& here = shelf(fact.sku, site);
    const auto from = here.own_name(fact.from_bin), to = here.own_name(fact.to_bin);
    if (from == to) return;
    out_of(here, from, fact.quantity);
    put(here, to, fact.quantity);
    settle(here);
  }

  // A count of one bin of several: the shelf moves by what that bin lacks or has too much.
  bool counted(const Fact& fact, const std::vector<Moved>& rows) {
    if (!fact.is("dockline.stock.counted.v1") || !fact.station.empty() || !fact.task.empty()) {
      return false;
    }
    auto& here = shelf(fact.sku, fact.site);
    if (here.others.empty()) return false;  // all of it lies in one: its name is a remark
    const auto bin = here.own_name(fact.bin);
    const auto found = fact.counted - here.held(bin);
    std::int64_t booked = 0;
    for (const auto& row : rows) {
      booked += row.from == "adjustment" ? row.quantity : 0;
      booked -= row.to == "adjustment" ? row.quantity : 0;
    }
    if (booked != found) {
      problems_.push_back("The count of bin " + fact.bin + " (position " +
                          std::to_string(fact.position) + ") found " +
                          std::to_string(fact.counted) + " of " + fact.sku + " at " + fact.site +
                          " where " + std::to_string(here.held(bin)) +
                          " were; the shelf moved by " + std::to_string(booked) + " for it.");
    }
    put(here, bin, found);
    here.pieces += booked;
    settle(here);
    return true;
  }

  void step(const Fact* said, const std::vector<Moved>& rows) {
    if (said != nullptr && said->is("dockline.bin.assigned.v1")) return assigned(*said);
    if (said != nullptr && counted(*said, rows)) return;
    const bool moved = said != nullptr && said->is("dockline.stock.moved.v1");
    if (moved && said->from == said->to) return tidied(*said);
    for (const auto& row : rows) {
      const bool own = said != nullptr && row.reason != "count";  // else a count's correction
      if (const auto site = on_shelf(row.from); !site.empty()) {
        auto& here = shelf(row.sku, site);
        if (own && moved) out_of(here, here.own_name(said->from_bin), row.quantity);
        here.pieces -= row.quantity;
        settle(here);
      }
      if (const auto site = on_shelf(row.to); !site.empty()) {
        auto& here = shelf(row.sku, site);
        const bool received = own && (said->is("dockline.delivery.received.v1") ||
                                      said->is("dockline.transfer.received.v1"));
        if (own && moved) put(here, here.own_name(said->to_bin), row.quantity);
        if (received) put(here, here.own_name(said->bin), row.quantity);
        here.pieces += row.quantity;
        settle(here);
      }
    }
  }

  // ---- against theirs
  void now(std::vector<Violation>& out) override {
    std::map<std::int64_t, std::vector<Moved>> moves;
    std::vector<std::pair<std::pair<Key, std::string>, std::int64_t>> inside;
    const bool whole = sql().each(
        "SELECT position, sku, from_place, to_place, reason, quantity, from_bin, to_bin "
        "FROM p_move WHERE position > ?1 AND position <= ?2 ORDER BY position, n",
        {position_, log_->last_position()}, [&](const Row& row) {
          Moved move{row.str(1), row.str(2),     row.str(3),
                     row.str(4), row.integer(0), row.integer(5)};
          const auto bin = [&](int column, const std::string& place, std::int64_t pieces) {
            if (row.text(column).empty()) return;
            inside.push_back({{{move.sku, on_shelf(place)}, row.str(column)}, pieces});
          };
          bin(6, move.from, -move.quantity);
          bin(7, move.to, move.quantity);
          if (move.from != move.to) moves[move.position].push_back(std::move(move));
        });
    if (!whole) return;
    for (const auto& [at, pieces] : inside) sums_[at] += pieces;
    walk(moves);
    for (const auto& problem : problems_) say(out, problem);
    problems_.clear();
    compare(out);
  }

  void walk(const std::map<std::int64_t, std::vector<Moved>>& moves) {
    static const std::vector<Moved> kNone;
    auto fact = saying_.begin();
    auto rows = moves.begin();
    while (fact != saying_.end() || rows != moves.end()) {
      const auto position = std::min(fact == saying_.end() ? kOpen : fact->first,
                                     rows == moves.end() ? kOpen : rows->first);
      const bool says = fact != saying_.end() && fact->first == position;
      const bool has = rows != moves.end() && rows->first == position;
      now_is_ = heard_[position];
      step(says ? &fact->second : nullptr, has ? rows->second : kNone);
      if (says) ++fact;
      if (has) ++rows;
    }
    saying_.clear();
    heard_.clear();
    position_ = log_->last_position();
  }

  void compare(std::vector<Violation>& out) {
    std::map<Key, std::map<std::string, std::int64_t>> theirs;
    std::map<Key, std::int64_t> shelf_of;
    const bool whole = sql().each(
        "SELECT b.sku, b.site, b.bin, b.quantity, coalesce((SELECT quantity FROM p_balance p "
        "WHERE p.sku = b.sku AND p.place = b.site || '/shelf'), 0) FROM p_bin_stock b",
        {}, [&](const Row& row) {
          theirs[{row.str(0), row.str(1)}][row.str(2)] = row.integer(3);
          shelf_of[{row.str(0), row.str(1)}] = row.integer(4);
        });
    if (!whole) return;
    for (const auto& [key, bins] : theirs) fits(key, bins, shelf_of[key], out);
    for (const auto& [key, here] : shelves_) {
      const auto found = theirs.find(key);
      static const std::map<std::string, std::int64_t> kNone;
      const auto& bins = found == theirs.end() ? kNone : found->second;
      if (bins == here.others) continue;
      say(out, "The bins of " + key.first + " at " + key.second + " hold " + words(bins) +
                   " by the books; by the facts " + words(here.others) + ".");
    }
    for (const auto& [at, pieces] : sums_) {
      const auto found = theirs.find(at.first);
      const auto bin = found == theirs.end() ? nullptr : &found->second;
      const auto has = bin == nullptr || !bin->contains(at.second) ? 0 : bin->at(at.second);
      if (has == pieces) continue;
      say(out, "Bin " + at.second + " holds " + std::to_string(has) + " of " + at.first.first +
                   " at " + at.first.second + " by the books; its moves sum to " +
                   std::to_string(pieces) + ".");
    }
  }

  void fits(const Key& key, const std::map<std::string, std::int64_t>& bins, std::int64_t on_hand,
            std::vector<Violation>& out) {
    const std::string of = " of " + key.first + " at " + key.second;
    std::int64_t sum = 0;
    for (const auto& [bin, pieces] : bins) {
      sum += pieces;
      if (pieces < 1) say(out, "Bin " + bin + " holds " + std::to_string(pieces) + of + ".");
    }
    if (sum > std::max<std::int64_t>(0, on_hand)) {
      say(out, "The bins hold " + std::to_string(sum) + of + " and their shelf " +
                   std::to_string(on_hand) + ".");
    }
    if (std::ssize(bins) > kBinsMost) {
      say(out, "There are " + std::to_string(bins.size()) + " bins" + of + "; " +
                   std::to_string(kBinsMost) + " are allowed.");
    }
  }

  static std::string words(const std::map<std::string, std::int64_t>& bins) {
    std::string out;
    for (const auto& [bin, pieces] : bins) {
      out += (out.empty() ? "" : ", ") + bin + ": " + std::to_string(pieces);
    }
    return out.empty() ? "nothing" : out;
  }

  // ---- at rest
  void last(const Evidence& evidence, std::vector<Violation>& out) override {
    shown(evidence.shown_bins(), out);
    for (const auto& [station, path] : evidence.agent_dbs()) {
      const auto site = station.substr(0, station.find('/'));
      Sql agent;
      const bool read =
          agent.open(path, evidence.vfs()) &&
          agent.each("SELECT sku, bin FROM item", {},
                     [&](const Row& row) { known(station, site, row.str(0), row.str(1), out); }) &&
          agent.each("SELECT document FROM work", {},
                     [&](const Row& row) { sent(station, site, row.text(0), out); });
      if (!read) say(out, "agent.db of " + station + " cannot be read: " + agent.trouble());
    }
  }

  // What a person sees at the desk: the home bin by its name with the rest, and the others.
  void shown(const std::vector<Evidence::ShownBin>& rows, std::vector<Violation>& out) {
    if (rows.empty()) return;
    std::map<Key, std::map<std::string, std::int64_t>> seen;
    std::map<Key, std::string> home;
    for (const auto& row : rows) {
      seen[{row.sku, row.site}][row.bin] += row.quantity;
      if (row.home) home[{row.sku, row.site}] = row.bin;
    }
    for (const auto& [key, here] : shelves_) {
      auto want = here.others;
      want[here.home] += here.held("");
      if (seen[key] == want && home[key] == here.home) continue;
      say(out, "The server shows " + words(seen[key]) + " of " + key.first + " at " + key.second +
                   " with home bin " + home[key] + "; by the facts it is " + words(want) +
                   " with home bin " + here.home + ".");
    }
  }

  [[nodiscard]] const Shelf* find(const std::string& sku, const std::string& site) const {
    const auto found = shelves_.find({sku, site});
    return found == shelves_.end() ? nullptr : &found->second;
  }

  // A bench knows an article's bins: those that hold something are among them. One that was emptied
  // by boxes may still be named, until something is put there again.
  void known(const std::string& station, const std::string& site, const std::string& sku,
             const std::string& text, std::vector<Violation>& out) {
    const auto* here = find(sku, site);
    if (here == nullptr || (text.empty() && here->home.empty() && here->others.empty())) return;
    const auto [names, more] = read_names(text);
    const auto say_it = [&](const std::string& what) {
      say(out, station + " finds " + sku + " at \"" + text + "\"; " + what + ".");
    };
    if (!here->home.empty() && names.front() != here->home) {
      say_it("its home bin is " + here->home);
    }
    for (const auto& bin : names) {
      if (!here->was.contains(bin)) say_it("nothing was ever put into " + bin);
    }
    for (const auto& [bin, pieces] : here->others) {
      if (more == 0 && std::ranges::find(names, bin) == names.end()) {
        say_it("bin " + bin + " holds " + std::to_string(pieces));
      }
    }
  }

  // The packer is sent to the home bin or to what held something when the order was given to the
  // bench. A snapshot says it as it was when it was begun.
  void sent(const std::string& station, const std::string& site, std::string_view document,
            std::vector<Violation>& out) {
    Fact grant;
    if (!read_fact(document, grant)) return;
    const auto age = grant.inc.empty() ? kSnapshotMs : 0;
    const auto made_ms = time_of(grant.time);
    for (const auto& [sku, bin] : grant.bins) {
      const auto* here = find(sku, site);
      if (bin.empty() || here == nullptr) continue;
      for (const auto& name : read_names(bin).first) {
        const auto spans = here->was.find(name);
        const bool was =
            spans != here->was.end() &&
            (clock_went_back_ || std::ranges::any_of(spans->second, [&](const Span& s) {
               return s.from_ms <= made_ms && (s.to_ms == kOpen || made_ms <= s.to_ms + age);
             }));
        if (was) continue;
        say(out, station + " is sent to \"" + bin + "\" for " + sku + " of " + grant.order +
                     " (epoch " + std::to_string(grant.epoch) + "), and there was nothing in " +
                     name + " then.");
      }
    }
  }

  // "2026-09-21T14:17:15.648Z"
  static std::int64_t time_of(const std::string& text) {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, milli = 0;
    if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3d", &year, &month, &day, &hour,
                    &minute, &second, &milli) != 7) {
      return 0;
    }
    const std::chrono::sys_days date{std::chrono::year(year) / month / day};
    return date.time_since_epoch().count() * 86'400'000LL +
           ((hour * 60LL + minute) * 60 + second) * 1'000 + milli;
  }

  std::map<std::int64_t, Fact> saying_;         // that name a bin, not walked yet
  std::map<std::int64_t, std::int64_t> heard_;  // position -> ms, not walked yet
  std::map<Key, Shelf> shelves_;
  std::map<std::pair<Key, std::string>, std::int64_t> sums_;  // of each bin's moves
  std::vector<std::string> problems_;
  std::int64_t position_ = 0, now_is_ = 0, clock_ms_ = 0;
  bool clock_went_back_ = false;
};

}  // namespace

OneChecker make_bins(std::shared_ptr<Log> log) { return std::make_unique<Bins>(std::move(log)); }

}  // namespace dockline::sim
