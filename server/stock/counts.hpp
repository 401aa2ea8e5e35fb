// A count is an observation, not an order to the books: it becomes the difference to what lay there
// by the books at the moment of counting. A movement that was made before the count but is heard of
// after it was seen by the counter; it must not change the count a second time. One made after it
// must. So a late movement takes back as much of the next count's difference as it brings.
//
// Moments are hybrid logical clock stamps: whatever a station knew when it counted has a lower one.
// Invariant: whatever the order of arrival, balance and differences are those of the true order.
//
// One SKU at one place. One lane; not shared.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "server/stock/bounds.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::stock {

struct Moment {
  std::int64_t ms = 0;  // wall part of the stamp
  std::int64_t counter = 0;
  std::string station;
  friend auto operator<=>(const Moment&, const Moment&) = default;
};

struct Moved {
  std::string id;  // of the event
  Moment at;
  Quantity change = 0;  // of this place; negative: taken away
};
struct Counted {
  std::string id;
  Moment at;
  Quantity pieces = 0;  // that lay there
  Quantity known = 0;   // that lay there by the station's own books
};

// A movement to or from "adjustment" that a fact brings with it. What is posted stays posted:
// corrections are further movements.
struct Adjustment {
  std::string count;    // the id of the count it belongs to
  Quantity change = 0;  // of this place
};

struct CountView {
  std::string id;
  Moment at;
  Quantity pieces = 0;
  Quantity difference = 0;  // to the books at that moment, as they are known now
  // Pieces that others had moved before the count and its station had not heard of. Beyond zero the
  // moments of two stations decide, not one station's own order.
  Quantity unheard = 0;
};

class CountedPlace {
 public:
  // The adjustments to post in the same transaction as the fact itself. The same fact again brings
  // nothing. Fault::conflict: another fact with a known id, or two facts at one moment.
  // Fault::reject: pieces out of bounds.
  [[nodiscard]] base::Result<std::vector<Adjustment>> apply(const Moved& moved);
  [[nodiscard]] base::Result<std::vector<Adjustment>> apply(const Counted& counted);

  // All movements and all adjustments handed out, summed.
  [[nodiscard]] Quantity balance() const { return balance_; }
  [[nodiscard]] std::vector<CountView> counts() const;
  // Counts with another station's movement so close by that clocks apart by `slack_ms` could have
  // put them in the wrong order: to be counted again.
  [[nodiscard]] std::vector<std::string> doubtful(std::int64_t slack_ms) const;

  // Forgets what lies before the last count at or before `at`: it has no say any more. A movement
  // from before that comes still later changes nothing in the end, as it must; a count from before
  // is history. Repeated facts from before are then the caller's to recognise, by their ids.
  void settle(const Moment& at);
  [[nodiscard]] std::size_t size() const { return log_.size(); }

 private:
  struct Entry {
    std::string id;
    bool count = false;
    Quantity value = 0;  // change, or pieces counted
    Quantity known = 0, difference = 0;
  };
  using Log = std::map<Moment, Entry>;

  [[nodiscard]] base::Result<bool> is_new(const Moment& at, const Entry& entry) const;
  [[nodiscard]] Quantity before(Log::const_iterator at) const;
  void correct_next(Log::iterator after, Quantity by, std::vector<Adjustment>& out);

  Log log_;
  std::map<std::string, Moment> moments_;
  bool settled_ = false;  // the first entry is a count, and older facts were forgotten
  Quantity balance_ = 0;
};

}  // namespace dockline::server::stock
