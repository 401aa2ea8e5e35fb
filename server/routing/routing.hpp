// Which site ships an order. A rule is a pure function from facts to a verdict with a reason; the
// rules are listed in rules.cpp, one line each. `decide` turns a verdict into the record that is
// kept (law 6): candidates, figures with their ages, rule and version, outcome.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/wire/events.hpp"

namespace dockline::server::routing {

struct Need {
  std::int64_t line = 0;
  std::string sku;
  domain::Quantity quantity = 0;
};
// What one site can promise of one SKU.
struct Figure {
  std::string sku;
  domain::Quantity atp = 0;
  std::int64_t as_of_ms = 0;  // of the newest move behind it; 0: never moved there
};
struct Site {
  std::string site;
  std::int64_t priority = 100;  // the lowest number is tried first
  std::vector<Figure> figures;  // one per needed SKU, sorted by SKU
};
struct Facts {
  std::string order;
  std::vector<Need> needs;  // what is open or backordered
  std::vector<Site> sites;  // by priority, then name
  std::string again;        // why it is decided again; empty the first time
};

struct Verdict {
  bool allocated = false;
  std::string site;
  std::string reason;
  std::vector<wire::Candidate> candidates;
};

struct Rule {
  std::string_view name;
  std::int64_t version;
  Verdict (*judge)(const Facts&);
};
[[nodiscard]] std::span<const Rule> rules();
// The rule in force.
[[nodiscard]] const Rule& current();

[[nodiscard]] wire::DecisionMade decide(const Facts& facts, const Rule& rule, std::string id);

// The rules.
[[nodiscard]] Verdict nearest_with_everything(const Facts& facts);

}  // namespace dockline::server::routing
