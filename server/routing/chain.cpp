#include "server/routing/chain.hpp"

#include <algorithm>

#include "server/routing/strategy.hpp"
#include "shared/base/check.hpp"

namespace dockline::server::routing {
namespace {

base::Result<Split> split_of(const ChainSpec& spec) {
  if (spec.split == "none") return Split::none;
  if (spec.split == "lines") return Split::lines;
  if (spec.split == "pieces") return Split::pieces;
  return base::fail(base::Fault::reject, "chain " + spec.name + ": split is none, lines or pieces");
}

base::Result<Bound> bound(const ChainSpec& spec, const Link& link) {
  const std::string where =
      "chain " + spec.name + ": rule " + link.rule + " v" + std::to_string(link.version);
  const Rule* rule = find_rule(link.rule, link.version);
  if (rule == nullptr) return base::fail(base::Fault::reject, where + " does not exist");
  Bound made{rule, {}};
  for (const auto& parameter : rule->parameters) made.values.push_back(parameter.standard);
  for (const auto& setting : link.settings) {
    const auto at = std::find_if(rule->parameters.begin(), rule->parameters.end(),
                                 [&](const Parameter& p) { return p.name == setting.name; });
    if (at == rule->parameters.end()) {
      return base::fail(base::Fault::reject, where + " has no setting " + setting.name);
    }
    if (setting.value < 0 || setting.value > kTermMax) {
      return base::fail(base::Fault::reject, where + ": " + setting.name + " is out of range");
    }
    made.values[static_cast<std::size_t>(at - rule->parameters.begin())] = setting.value;
  }
  return made;
}

bool has(const std::vector<Bound>& among, const Rule* rule) {
  return std::any_of(among.begin(), among.end(),
                     [&](const Bound& b) { return b.rule->name == rule->name; });
}

}  // namespace

base::Result<Chain> bind(const ChainSpec& spec) {
  Chain chain;
  chain.name = spec.name;
  chain.version = spec.version;
  chain.partial = spec.partial;
  const auto split = split_of(spec);
  if (!split) return base::pass(split.error());
  chain.split = *split;
  chain.strategy = find_strategy(spec.strategy);
  if (chain.strategy == nullptr) {
    std::string known;
    for (const auto& one : strategies())
      known += (known.empty() ? "" : ", ") + std::string(one.name);
    return base::fail(base::Fault::reject, "chain " + spec.name + ": strategy " + spec.strategy +
                                               " does not exist; known: " + known);
  }
  const auto most = static_cast<std::int64_t>(kSitesPerOrderMax);
  if (spec.sites_max < 1 || spec.sites_max > most) {
    return base::fail(base::Fault::reject,
                      "chain " + spec.name + ": sites_max is 1 to " + std::to_string(most));
  }
  chain.sites_max = chain.split == Split::none ? 1 : static_cast<std::size_t>(spec.sites_max);
  if (spec.unknown_weight_g < 1 || spec.unknown_weight_g > kTermMax) {
    return base::fail(base::Fault::reject,
                      "chain " + spec.name + ": unknown_weight_g is 1 or more");
  }
  chain.unknown_weight_g = spec.unknown_weight_g;
  for (const auto& link : spec.rules) {
    auto made = bound(spec, link);
    if (!made) return base::pass(made.error());
    auto& among = made->rule->kind == Rule::Kind::must   ? chain.musts
                  : made->rule->kind == Rule::Kind::cost ? chain.costs
                                                         : chain.guards;
    if (has(among, made->rule)) {
      return base::fail(base::Fault::reject,
                        "chain " + spec.name + ": rule " + link.rule + " stands twice");
    }
    chain.asks |= made->rule->asks;
    among.push_back(std::move(*made));
  }
  // Without it a site could promise what it does not have.
  if (!has(chain.musts, find_rule("stock", 1))) {
    return base::fail(base::Fault::reject, "chain " + spec.name + " lacks the rule stock");
  }
  return chain;
}

const Chain& Chains::of(std::string_view channel) const {
  for (const auto& [name, chain] : by_channel) {
    if (name == channel) return chain;
  }
  return standard;
}

ChainSpec nearest_with_everything() {
  ChainSpec spec;
  spec.name = "nearest-with-everything";
  spec.rules = {{.rule = "stock"}};
  return spec;
}

ChainSpec all_things_weighed() {
  ChainSpec spec;
  spec.name = "all-things-weighed";
  spec.split = "lines";
  spec.sites_max = 3;
  for (const auto& rule : rules()) spec.rules.push_back({std::string(rule.name), rule.version, {}});
  return spec;
}

const Chains& unconfigured() {
  static const Chains chains = [] {
    auto chain = bind(nearest_with_everything());
    CHECK(chain.has_value());
    return Chains{std::move(*chain), {}};
  }();
  return chains;
}

}  // namespace dockline::server::routing
