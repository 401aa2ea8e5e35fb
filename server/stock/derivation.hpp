// What a site may promise and what a channel is told, term by term. A figure is the sum of its
// terms and nothing else: every deduction, limit and rounding is an addend of its own, so that the
// console can show it line by line and anybody can add it up again.
//
// Invariants (derivation_test.cpp): a figure told is never negative; it never exceeds what can
// still be shipped when every reservation is kept, every routed-elsewhere shortage comes here and
// every silent station uses its whole quota; it never rises when a deduction does, and never falls
// when stock is found.
//
// Pure; any thread. Pieces, wall-clock milliseconds, shares in per mille.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/stock/bounds.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::stock {

struct Term {
  std::string name;  // "on_hand", "reserved", ...: the closed list is in README.md
  std::string of;    // the site, station, channel or part it speaks of; may be empty
  Quantity value = 0;
  std::string_view unit = "pieces";
  std::int64_t as_of_ms = 0;  // when it was last known to be true; 0: never moved, or a setting
  std::string why;            // in words, where a number alone does not say it
};

struct Figure {
  std::vector<Term> terms;
  Quantity value = 0;  // the sum of the terms, always
  // The oldest "as of" of the terms that have one: the figure is no younger than that. 0: none has.
  std::int64_t as_of_ms = 0;
};
// Adds the terms up again: value and age of a figure that is made of them.
[[nodiscard]] Figure figure_of(std::vector<Term> terms);

// A value with its age.
struct Seen {
  Quantity value = 0;
  std::int64_t as_of_ms = 0;
};

// What a station may have done that the server has not heard of.
struct StationRisk {
  std::string station;
  bool silent = false;  // server/fleet says so
  std::int64_t heard_ms = 0;
  Quantity quota_left = 0;             // leased for unplanned work, as last heard
  std::int64_t use_milli_per_day = 0;  // its usual unplanned use of this SKU
};
// Nothing while the station is heard. While it is silent
//     max(quota left, use per day x time since it was last heard, rounded up):
// it may use its quota at any moment without asking, so all of that counts from the first silent
// moment; reality does not stop at a quota, so expected use overtakes it in a long silence.
[[nodiscard]] Quantity offline_risk(const StationRisk& station, std::int64_t now_ms);

struct SiteFacts {
  std::string site;
  Seen on_hand;         // of sellable places; below zero where the books are wrong
  Seen reserved;        // the sum of the reservation rows
  Quantity safety = 0;  // setting
  std::vector<StationRisk> stations;
  bool serves = true;  // the channel asked about sells from this site
};
// on hand - reserved - offline risk - safety stock. Offline risk takes no more than lies there, nor
// does safety stock take more than is left: a shelf that is empty owes no safety stock. What is
// reserved beyond the shelf stays negative: somebody else must ship it.
// Fault::reject: a quantity out of bounds, with its name.
[[nodiscard]] base::Result<Figure> available_to_promise(const SiteFacts& facts,
                                                        std::int64_t now_ms);

// Settings of a channel, and what a listing says otherwise.
struct Policy {
  std::int64_t share_pm = 1'000;  // of the sum, per mille
  Quantity buffer = 0;
  std::optional<Quantity> cap;
};
struct ListingPolicy {
  std::optional<std::int64_t> share_pm;
  std::optional<Quantity> buffer, cap;
};
[[nodiscard]] Policy effective(const Policy& channel, const ListingPolicy& listing);

// Sales of a channel that no order shows yet.
struct Unseen {
  std::string channel;
  Quantity known = 0;                   // it says so itself, but the orders are not imported
  std::int64_t sold_milli_per_day = 0;  // its usual sales of the SKU
  std::int64_t imported_ms = 0;         // up to when its orders are all here
};
[[nodiscard]] Quantity unseen_sales(const Unseen& unseen, std::int64_t now_ms);

struct ChannelFacts {
  std::vector<SiteFacts> sites;  // all of them: a shortage where it does not sell counts as well
  Seen unrouted;                 // bought, with no site yet: open and backordered pieces
  std::vector<Unseen> unseen;    // of every channel that sells the SKU
  Policy policy;
};
// The terms before share, buffer and cap: available to promise of the sites that serve the channel,
// less what other sites are short of, less what is bought and not routed or not even seen.
[[nodiscard]] base::Result<Figure> sellable(const ChannelFacts& facts, std::int64_t now_ms);
// Share of the sum (rounded down), less buffer, at most the cap, never negative. `sum` may come
// from sellable() or, for a kit, from its parts. Fault::reject: share not within 0 to 1000, buffer
// or cap out of bounds.
[[nodiscard]] base::Result<Figure> told(Figure sum, const Policy& policy);
// told(sellable()).
[[nodiscard]] base::Result<Figure> published(const ChannelFacts& facts, std::int64_t now_ms);

// Whether a figure goes ahead of all others. A channel that was never told is no matter for the
// express lane: a new shop would fill it.
enum class Express { no, to_zero, back_from_zero };
[[nodiscard]] std::string_view name(Express express);
[[nodiscard]] Express express(std::optional<Quantity> told_before, Quantity next);

}  // namespace dockline::server::stock
