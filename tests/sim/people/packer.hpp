// A packer at a bench: looks at the page, listens, and scans. Knows nothing of the program but what
// the page's JSON and the sounds say, and what lies in the box and in the printer's tray.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/nodes/station_node.hpp"
#include "tests/sim/people/catalogue.hpp"

namespace dockline::sim {

// Per mille of the occasions that offer themselves.
struct Habits {
  std::uint32_t wrong_item = 0, foreign_code = 0, undo = 0, undo_closed = 0, short_pick = 0,
                hold = 0, problem = 0, walk_away = 0, other_order = 0, quantity = 0, reprint = 0,
                typed = 0, wrong_label = 0, impatient = 0;
  std::uint32_t doubled = 0, garbled = 0, cut = 0, no_read = 0, run_together = 0;
  std::int64_t away_most_ms = 3'600'000;
  std::int64_t pace_min_ms = 900, pace_max_ms = 4'000;
  bool bulk = false;  // several of one article are counted at once, as where trade is wholesale
};

class Packer {
 public:
  using Report = std::function<void(const Observation&)>;
  using Count = std::function<void(const char* kind)>;  // a mistake that was made
  // A promise was broken before the packer's eyes.
  using Protest = std::function<void(const std::string& what)>;
  Packer(World& world, StationNode& node, const Catalogue& goods, Report report, Count count,
         Protest protest);

  // How many pieces of an article lie on the shelf of this packer's site, for whoever looks.
  using Shelf = std::function<std::int64_t(const std::string& sku)>;
  void see_shelves(Shelf shelf) { on_shelf_ = std::move(shelf); }

  void begin(const Habits& habits);
  void settle();  // works on with care until nothing is left
  void leave();   // goes home
  // The screen may know less than before: the disk is an old or an empty one.
  void disk_was_changed();
  // Takes the order with this number in hand, as a colleague asked.
  void take(const std::string& number) { wanted_.push_back(number); }

  // For so long: counts and takes back, again and again, and calls for help when there is nothing
  // to count. Makes many facts.
  void count_without_rest(std::int64_t ms);
  // Does nothing for so long; what was begun lies there.
  void rest(std::int64_t ms);

  [[nodiscard]] bool at_work() const { return working_; }  // something lies open on the bench
  [[nodiscard]] std::string doing() const;                 // for a person
  [[nodiscard]] std::uint64_t closed() const { return closed_; }
  [[nodiscard]] std::uint64_t scans() const { return scans_; }

 private:
  struct Look;
  using Box = std::map<std::string, std::int64_t>;  // sku -> pieces
  void step();
  void next(std::int64_t in_ms);
  void next() { next(think()); }
  [[nodiscard]] std::int64_t think();
  [[nodiscard]] bool restless() const;
  void on_view();
  void look(const Look& view);
  void idle(const Look& view);
  void pack(const Look& view);
  void several(const Look& view);
  void take_out(const Look& view);
  [[nodiscard]] bool goes_counting(const Look& view, bool orders_wait);
  void count_shelf(const Look& view);
  [[nodiscard]] bool count_case(const std::string& sku, std::int64_t left);
  void label(const Look& view);
  void no_label(const Look& view, const std::string& tracking);
  void switch_order(const std::string& number);
  void compare(const Look& view);
  void hear_tick();
  void take_back_acts(std::int64_t done);
  [[nodiscard]] std::int64_t pieces_in_box() const;
  [[nodiscard]] bool counted() const;
  void box_closed();
  void scan(const std::string& code);
  void scan_item(const std::string& sku, std::int64_t pieces = 1);
  [[nodiscard]] bool scan_case(const std::string& sku, std::int64_t room);
  void scan_again();
  [[nodiscard]] std::string code_on(const Goods& goods);
  void sheet(const std::string& word);
  [[nodiscard]] bool mistake(std::uint32_t per_mille, const char* kind);
  void collect_sheets();

  World& world_;
  StationNode& node_;
  const Catalogue& goods_;
  Report report_;
  Count count_;
  Protest protest_;
  Habits habits_;
  Shelf on_shelf_;
  struct Counting {
    std::string sku;
    std::int64_t pieces = 0;  // that this packer finds there
  };
  Counting shelf_;
  EventId due_ = 0;
  bool here_ = false, working_ = false, careful_ = false;
  struct Motion {
    std::string code, sku;  // sku: of the pieces in hand
    std::int64_t pieces = 0;
  };
  std::deque<Motion> script_;  // scans to come without looking
  std::vector<std::string> wanted_;
  std::string number_, banner_, body_, body_before_;  // as last seen
  bool just_opened_ = false;                          // what the screen says of the box is news
  bool unsure_ = false;      // took back: what the screen says now is right
  bool unanswered_ = false;  // looked again after a scan, at a full disk
  std::pair<std::string, Box> closed_box_;
  std::string closed_label_;
  bool reopening_ = false;
  std::set<std::string> asked_about_;  // boxes aside, in the calm
  Box box_;
  std::vector<std::pair<std::string, std::int64_t>> acts_;  // counted into it, oldest first
  bool whole_known_ = true;                                 // box_ holds every piece by its article
  std::map<std::string, Box> aside_;                        // boxes on hold, by order number
  std::set<std::string> sheets_;                    // labels in hand or on boxes, by tracking
  std::vector<std::string> fresh_;                  // the last of them
  std::string hand_;                                // the piece just scanned
  std::map<std::string, std::string> last_serial_;  // by article, of this box
  std::int64_t hand_pieces_ = 1;
  std::string hand_case_;      // the code of the case that these are; empty: single pieces
  std::string label_scanned_;  // tracking of the label just scanned
  std::vector<std::string> heard_;
  std::set<std::string> seen_numbers_;  // totes that stand here
  std::int64_t waited_since_ms_ = 0, restless_until_ms_ = 0, back_at_ms_ = 0;
  std::uint64_t closed_ = 0, scans_ = 0;
};

}  // namespace dockline::sim
