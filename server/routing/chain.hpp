// A chain is data: which rules, in which versions, with which parameters, and how far an order may
// be split. Channels have one each. bind() finds the rules and checks the parameters; what it
// returns decides. Without any configuration the standard chain is in force.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/routing/rule.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::routing {

struct Setting {
  std::string name;
  std::int64_t value = 0;
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("name", s.name);
    v("value", s.value);
  }
};

struct Link {
  std::string rule;
  std::int64_t version = 1;
  std::vector<Setting> settings = {};  // those that differ from the rule's standard
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("rule", s.rule);
    v("version", s.version);
    v("settings", s.settings);
  }
};

struct ChainSpec {
  std::string name;
  std::int64_t version = 1;
  std::string split = "none";             // none; lines: each SKU whole from one site; pieces: any
  std::string strategy = "cheapest";      // how it chooses among the plans (strategy.hpp)
  bool partial = false;                   // ship what exists when the rest is nowhere to be had
  std::int64_t sites_max = 1;             // of one order
  std::int64_t unknown_weight_g = 1'000;  // of a piece whose weight nobody knows
  std::vector<Link> rules = {};
  template <class S, class V>
  static void visit(S& s, V& v) {
    v("name", s.name);
    v("version", s.version);
    v("split", s.split);
    v("strategy", s.strategy);
    v("partial", s.partial);
    v("sites_max", s.sites_max);
    v("unknown_weight_g", s.unknown_weight_g);
    v("rules", s.rules);
  }
};

enum class Split { none, lines, pieces };
struct Strategy;

struct Bound {
  const Rule* rule;
  std::vector<std::int64_t> values;
};
struct Chain {
  std::string name;
  std::int64_t version = 1;
  Split split = Split::none;
  const Strategy* strategy = nullptr;  // bind() sets it
  bool partial = false;
  std::size_t sites_max = 1;
  std::int64_t unknown_weight_g = 1'000;
  std::vector<Bound> musts, costs, guards;  // each in the chain's order

  std::uint32_t asks = 0;  // of all its rules

  // Without costs the first site that can is taken, and records are as short as that decision.
  [[nodiscard]] bool weighs() const { return !costs.empty(); }
};

// Fault::reject names what is wrong: an unknown rule, version or parameter.
[[nodiscard]] base::Result<Chain> bind(const ChainSpec& spec);

// Which chain decides for which channel.
struct Chains {
  Chain standard;
  std::vector<std::pair<std::string, Chain>> by_channel;

  [[nodiscard]] const Chain& of(std::string_view channel) const;
};

// nearest-with-everything: stock is the only rule, nothing is weighed, nothing is split.
[[nodiscard]] ChainSpec nearest_with_everything();
// Every rule, with its standard parameters; lines may be split over three sites.
[[nodiscard]] ChainSpec all_things_weighed();
// What is in force where nothing is configured.
[[nodiscard]] const Chains& unconfigured();

}  // namespace dockline::server::routing
