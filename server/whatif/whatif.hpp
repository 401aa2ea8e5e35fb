// What other rules would have done: every routing decision since a moment is made again, with what
// was known then, under another rulebook. Both plans are priced by the new rules, so that they can
// be compared. Reads, never writes. What people described of sites holds instead of the rulebook's,
// as it would when it were in force.
//
// Each decision stands for itself: stock is as it was then, also where an earlier order would have
// taken it from elsewhere.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/routing/rulebook.hpp"
#include "server/store/reader.hpp"
#include "shared/wire/events.hpp"

namespace dockline::server::whatif {

struct Side {
  std::int64_t allocated = 0, partly = 0, backordered = 0;
  std::int64_t splits = 0;  // decisions over more than one site
  std::int64_t parcels = 0;
  std::int64_t cost_minor = 0, cash_minor = 0;
  std::int64_t late = 0, late_hours = 0;  // of those with a promise and a known arrival
  std::int64_t margin_minor = 0;          // of those whose contribution is known
};

struct Moved {
  std::string order, decision, from, to;  // "leipzig, ulm"; empty: nothing allocated
  std::int64_t from_minor = 0, to_minor = 0;
  std::string why;
};

struct Report {
  std::int64_t since_ms = 0, decisions = 0, orders = 0;
  std::int64_t of_facts = 0;   // decided from the facts their records hold
  std::int64_t rebuilt = 0;    // from the record's figures, the order and the catalogue of today
  std::int64_t assumed = 0;    // with stations taken for heard, or load for none
  std::int64_t unread = 0;     // no figures on record
  std::int64_t forbidden = 0;  // done then, and forbidden by the new rules
  std::int64_t margins = 0;    // decisions whose contribution is known
  std::string currency;
  std::vector<std::string> described;  // sites that are taken as people described them
  Side was, would;
  std::int64_t moved_total = 0;
  std::vector<Moved> moved;
};

struct Options {
  std::int64_t since_ms = 0;
  std::int64_t now_ms = 0;  // carriers are taken for what their parcels showed until then
  std::size_t moved_max = 20;
  std::int64_t decisions_max = 1'000'000;
};

[[nodiscard]] base::Result<Report> run(store::Reader& reader, const routing::Rulebook& book,
                                       const Options& options);

[[nodiscard]] std::string to_json(const Report& report);

// ---------------------------------------------------------------- parts
// Facts of a decision whose record has none: figures from its inputs, sites from its candidates.
// `received`: the fact the order came with. Nothing: no figures on record.
[[nodiscard]] std::optional<routing::Facts> rebuilt(const wire::DecisionMade& made,
                                                    const wire::OrderReceived* received,
                                                    std::int64_t made_ms);

// What a plan costs under a chain, whatever its musts say.
struct Priced {
  std::int64_t minor = 0, cash = 0, late_ms = 0, parcels = 0;
  bool late_known = false;
};
[[nodiscard]] Priced price(const routing::Facts& facts, const routing::Chain& chain,
                           const std::vector<wire::Allocation>& allocations);

}  // namespace dockline::server::whatif
