// The way of one order to its buyer, step by step: until when each must be done so that the promise
// holds, when it will be, and why. One function for the forecast that is recorded and for what the
// order's page shows, so that they cannot disagree. Pure; wall-clock milliseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/orders/deadlines.hpp"
#include "shared/base/result.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::orders {

// A carrier leaves the site.
struct Collection {
  std::int64_t at_ms = 0;
  std::int64_t east_s = 0;  // how far the site's clock is ahead of UTC then, to name its hour
};

// What one site still has to do, and the carrier after it.
struct Leg {
  std::string site;                     // empty: none is chosen so far
  std::int64_t pack_ms = 0;             // one box, as of late
  std::int64_t ahead = 0;               // orders that go first there
  std::int64_t benches = 1;             // that share them
  std::vector<Collection> collections;  // ascending, before and after now; none: hours not known
  std::int64_t transit_ms = 0;          // from there to the door
  std::string service;                  // whose time that is; empty: the house's own assumption
};

struct WayFacts {
  std::int64_t now_ms = 0, received_ms = 0;
  std::int64_t margin_ms = 0;               // less slack than this is a risk
  std::optional<std::int64_t> promised_ms;  // at the buyer's door
  bool held = false;
  bool fetched = false;  // the buyer comes for it: no carrier
  // Pieces that are wanted still, each in one of these.
  domain::Quantity unrouted = 0, to_pack = 0, packed = 0, gone = 0, delivered = 0;
  // When the last of what waits may be sold, where all of it waits for that alone.
  std::optional<std::int64_t> begins_ms;
  std::vector<Leg> legs;  // of the sites that have something to do, or had; none: not routed
  // The newest moment of each kind, as far as there is one.
  std::optional<std::int64_t> checked_ms, routed_ms, packed_ms, handed_ms, delivered_ms;
};

enum class StepState { open, done, on_time, at_risk, late };  // open: nothing is promised
[[nodiscard]] std::string_view name(StepState state);

struct WayStep {
  std::string_view name;  // received, checked, routed, packed, handed_over, delivered
  std::optional<std::int64_t> deadline_ms;   // none: nothing is promised
  std::optional<std::int64_t> predicted_ms;  // of what is not done; none: nobody knows how long a
                                             // hold or missing stock lasts
  std::optional<std::int64_t> done_ms;       // none: not done, or no moment of it is known
  StepState state = StepState::open;
  std::string why;  // plain words; empty: there is nothing to say
};

struct Way {
  Outlook outlook = Outlook::on_time;  // the state of the last step; on_time without a promise
  std::int64_t predicted_ms = 0;       // at the door
  std::int64_t slack_ms = 0;           // between prediction and promise
  std::string worst;  // what costs most: pack, collection, hand over, hold, stock; empty: nothing
  std::string why;    // all of it in one sentence
  std::optional<std::int64_t> pack_by_ms;  // the deadline of packing
  std::vector<WayStep> steps;              // empty: nothing of it is wanted any more
};

// Where several sites ship, the one with the least slack says when. Fault::reject: times out of
// bounds (deadlines.hpp).
[[nodiscard]] base::Result<Way> way(const WayFacts& facts);

}  // namespace dockline::server::orders
