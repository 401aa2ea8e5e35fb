// Who ships what, where the fleet has rules: no machine's decision sends an order from a site that
// they forbid, none leaves it waiting while one site or two could ship it, and what was chosen is
// what the house's strategy wants: the least that anybody could have chosen, the least of the
// fewest parcels, or the first by the house's order. The arithmetic is our own; of the record we
// take what was known, not what was made of it.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "tests/sim/checkers/house_rules.hpp"
#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

namespace json = boost::json;
using Pieces = std::map<std::string, std::int64_t>;  // by SKU
using Shares = std::map<std::string, Pieces>;        // by site

constexpr std::int64_t kPieceGrams = 250, kSmallGrams = 5'000, kLargeGrams = 30'000;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kUnknownLoad = 1'000;    // per mille: counted as a full day
constexpr std::int64_t kUnknownArrivals = 900;  // per mille: assumed to come as said
constexpr std::size_t kSharedMost = 6;          // articles of which every share of two is tried
constexpr std::size_t kSitesMost = 2;           // that ship one order

std::int64_t number(const json::object& in, const char* key, std::int64_t otherwise = 0) {
  const auto* found = in.if_contains(key);
  return found != nullptr && found->is_int64() ? found->get_int64() : otherwise;
}
std::string text(const json::object& in, const char* key) {
  const auto* found = in.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}
template <class Each>
void each(const json::object& in, const char* key, Each row) {
  const auto* found = in.if_contains(key);
  if (found == nullptr || !found->is_array()) return;
  for (const auto& one : found->get_array()) {
    if (one.is_object()) row(one.get_object());
  }
}

struct Known {
  Pieces atp;
  bool excluded = false, heard = false;
  std::int64_t heard_ms = 0, stations = 0, printers = 0;
  std::int64_t load_per_mille = 0;  // of what it packs in a day
};
struct Asked {
  std::int64_t now_ms = 0;
  Pieces wanted;
  std::map<std::string, Known> sites;
  std::map<std::string, std::int64_t> arrivals;  // of a carrier, per mille that came as said
};

std::optional<Asked> read_asked(const std::string& facts) {
  boost::system::error_code failed;
  const auto value = json::parse(facts, failed);
  if (failed || !value.is_object()) return std::nullopt;
  const auto& all = value.get_object();
  Asked out;
  out.now_ms = number(all, "now_ms");
  each(all, "needs", [&](const json::object& need) {
    out.wanted[text(need, "sku")] += number(need, "quantity");
  });
  each(all, "sites", [&](const json::object& site) {
    auto& known = out.sites[text(site, "site")];
    known.excluded = site.contains("excluded");
    known.load_per_mille = number(site, "load_per_mille", kUnknownLoad);
    each(site, "figures", [&](const json::object& figure) {
      known.atp[text(figure, "sku")] = number(figure, "atp");
    });
    const auto* alive = site.if_contains("alive");
    known.heard = alive != nullptr && alive->is_object();
    if (!known.heard) return;
    known.heard_ms = number(alive->get_object(), "heard_ms");
    known.stations = number(alive->get_object(), "stations");
    known.printers = number(alive->get_object(), "printers");
  });
  each(all, "services", [&](const json::object& service) {
    out.arrivals[text(service, "carrier")] =
        number(service, "reliability_per_mille", kUnknownArrivals);
  });
  return out;
}

// How long until the site's carrier leaves next.
std::int64_t until_cut_off_ms(const RoutingTruth::Site& site, std::int64_t now_ms) {
  const std::int64_t today = (now_ms + site.east_s * 1'000) % kDayMs;
  const std::int64_t left = site.cut_off_min * 60'000 - today;
  return left > 0 ? left : left + kDayMs;
}

std::int64_t parcels_minor(std::int64_t rate_minor, std::int64_t grams) {
  std::int64_t minor = 0;
  while (grams > kLargeGrams) {
    minor += 2 * rate_minor;
    grams -= kLargeGrams;
  }
  return minor + (grams <= kSmallGrams ? rate_minor : 2 * rate_minor);
}

class Routes final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "routes"; }

  void look(const Evidence& evidence, std::vector<Violation>& out) override {
    house_.as_drawn(evidence.routing());
    Judge::look(evidence, out);
  }
  void end(const Evidence& evidence, std::vector<Violation>& out) override {
    house_.as_drawn(evidence.routing());
    Judge::end(evidence, out);
  }

 private:
  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    if (fact.is("dockline.item.registered.v1") && fact.hazardous) hazardous_.insert(fact.sku);
    if (fact.is("dockline.site.described.v1")) house_.described(fact);
    if (!fact.is("dockline.decision.made.v1") || fact.kind != "routing") return;
    if (fact.rule == "person" || fact.facts.empty() || !rules().on) return;
    if (const auto asked = read_asked(fact.facts)) judge(fact, *asked);
  }
  void forget() override {
    hazardous_.clear();
    house_.forget();
    found_.clear();
  }
  void now(std::vector<Violation>& out) override {
    for (auto& what : found_) say(out, std::move(what));
    found_.clear();
  }

  [[nodiscard]] const RoutingTruth& rules() const { return house_.drawn(); }

  // Why this site may not ship these pieces; empty: it may.
  [[nodiscard]] std::string forbidden(const std::string& name, const Pieces& pieces,
                                      const Asked& asked) const {
    const auto* known_rules = house_.of(name);
    const auto known = asked.sites.find(name);
    if (known_rules == nullptr || known == asked.sites.end()) return "nobody knows it";
    const auto& site = *known_rules;
    const auto& facts = known->second;
    if (facts.excluded) return "it takes no part";
    if (!facts.heard || facts.stations < 1) return "no station is at work there";
    if (facts.printers < 1) return "no printer is ready there";
    if (asked.now_ms - facts.heard_ms > rules().silent_ms) {
      return "it was silent for " + std::to_string((asked.now_ms - facts.heard_ms) / 60'000) +
             " min";
    }
    if (site.hours && until_cut_off_ms(site, asked.now_ms) > rules().wait_ms) {
      return "its carrier leaves in " +
             std::to_string(until_cut_off_ms(site, asked.now_ms) / 60'000) + " min";
    }
    for (const auto& [sku, quantity] : pieces) {
      const auto there = facts.atp.find(sku);
      if (there == facts.atp.end() || there->second < quantity) return "it has not " + sku;
      if (hazardous_.contains(sku) && !site.hazardous) return "it may not handle " + sku;
    }
    return "";
  }

  [[nodiscard]] std::int64_t minor_of(const std::string& name, const Pieces& pieces,
                                      const Asked& asked) const {
    const auto& site = *house_.of(name);
    const auto load = asked.sites.at(name).load_per_mille * rules().full_minor / 1'000;
    std::int64_t count = 0;
    for (const auto& [sku, quantity] : pieces) count += quantity;
    const auto by = [&](const char* carrier, std::int64_t rate_minor) {
      const auto known = asked.arrivals.find(carrier);
      const auto as_said = known == asked.arrivals.end() ? kUnknownArrivals : known->second;
      return parcels_minor(rate_minor, count * kPieceGrams) +
             (1'000 - as_said) * rules().never_minor / 1'000;
    };
    // By the carrier that may be disturbed, or by the other one, whichever costs less.
    auto carried = by("Drawn", site.rate_minor) + rules().disturbed_minor;
    if (site.spare_minor > 0) carried = std::min(carried, by("Spare", site.spare_minor));
    return carried + load + site.parcel_minor + count * site.piece_minor;
  }

  // What it costs when each ships this; nothing: one of them may not.
  [[nodiscard]] std::optional<std::int64_t> minor_of(const Shares& shares,
                                                     const Asked& asked) const {
    std::int64_t cost = -rules().further_minor;
    for (const auto& [site, pieces] : shares) {
      if (!forbidden(site, pieces, asked).empty()) return std::nullopt;
      cost += minor_of(site, pieces, asked) + rules().further_minor;
    }
    return cost;
  }

  // A way to ship all that is wanted.
  struct Way {
    std::int64_t minor = 0;
    Shares shares;
  };
  void better(std::optional<Way>& least, Shares shares, const Asked& asked) const {
    const auto minor = minor_of(shares, asked);
    if (minor && (!least || *minor < least->minor)) least = Way{*minor, std::move(shares)};
  }
  [[nodiscard]] std::optional<Way> least_alone(const Asked& asked) const {
    std::optional<Way> least;
    for (const auto& [site, known] : asked.sites) better(least, {{site, asked.wanted}}, asked);
    return least;
  }
  // Every share of the articles between two sites; one article stays together.
  [[nodiscard]] std::optional<Way> least_of_two(const Asked& asked) const {
    std::optional<Way> least;
    const auto articles = asked.wanted.size();
    if (!rules().split || articles > kSharedMost) return least;
    for (auto a = asked.sites.begin(); a != asked.sites.end(); ++a) {
      for (auto b = std::next(a); b != asked.sites.end(); ++b) {
        for (std::size_t first = 1; first + 1 < std::size_t{1} << articles; ++first) {
          Shares shares;
          std::size_t n = 0;
          for (const auto& [sku, pieces] : asked.wanted) {
            shares[(first >> n++ & 1U) != 0 ? a->first : b->first][sku] = pieces;
          }
          better(least, std::move(shares), asked);
        }
      }
    }
    return least;
  }
  // Who comes first in the house's order gives what it has.
  [[nodiscard]] std::optional<Way> in_order(const Asked& asked) const {
    std::vector<std::pair<std::int64_t, std::string>> order;
    for (const auto& [site, known] : asked.sites) {
      if (const auto* said = house_.of(site)) order.emplace_back(said->priority, site);
    }
    std::ranges::sort(order);
    for (const auto& [priority, site] : order) {
      std::optional<Way> alone;
      better(alone, {{site, asked.wanted}}, asked);
      if (alone) return alone;
    }
    auto left = asked.wanted;
    Shares shares;
    for (const auto& [priority, site] : order) {
      std::erase_if(left, [&](const auto& one) {
        if (!forbidden(site, {one}, asked).empty()) return false;
        shares[site].insert(one);
        return true;
      });
    }
    std::optional<Way> out;
    if (rules().split && left.empty() && shares.size() <= kSitesMost) better(out, shares, asked);
    return out;
  }

  void judge(const Fact& fact, const Asked& asked) {
    Way chosen;
    for (const auto& line : fact.lines) chosen.shares[line.site][line.sku] += line.quantity;
    for (const auto& [site, pieces] : chosen.shares) {
      if (const auto why = forbidden(site, pieces, asked); !why.empty()) {
        found_.push_back(fact.subject + " was given to " + site + ", but " + why + ".");
        return;
      }
    }
    const bool waits = chosen.shares.empty();
    chosen.minor = minor_of(chosen.shares, asked).value_or(0);
    if (!waits && chosen.minor != fact.cost_minor) {
      found_.push_back(fact.subject + " costs " + std::to_string(chosen.minor) +
                       ", the record says " + std::to_string(fact.cost_minor) + ".");
    }
    if (rules().strategy == "in-order") return judge_order(fact.subject, chosen, asked);
    const auto alone = least_alone(asked);
    // A large order's search may have ended before it had seen everything.
    const bool all_seen = waits || fact.method == "exact";
    if (rules().strategy == "fewest-sites" && alone && !waits && chosen.shares.size() > 1) {
      found_.push_back(fact.subject + " goes in " + std::to_string(chosen.shares.size()) +
                       " parcels, but " + in_words(*alone) + ".");
    }
    const bool one_is_enough = rules().strategy == "fewest-sites" && alone;
    dearer(fact.subject, chosen, alone, one_is_enough || all_seen);
    if (!one_is_enough) dearer(fact.subject, chosen, least_of_two(asked), all_seen);
  }
  void dearer(const std::string& order, const Way& chosen, const std::optional<Way>& least,
              bool judged) {
    if (!least || !judged) return;
    if (chosen.shares.empty()) {
      found_.push_back(order + " waits, but " + in_words(*least) + ".");
    } else if (least->minor < chosen.minor) {
      found_.push_back(order + " costs " + std::to_string(chosen.minor) + ", but " +
                       in_words(*least) + " for " + std::to_string(least->minor) + ".");
    }
  }
  void judge_order(const std::string& order, const Way& chosen, const Asked& asked) {
    const auto first = in_order(asked);
    if (first && first->shares != chosen.shares) {
      found_.push_back(order + (chosen.shares.empty() ? " waits" : " goes elsewhere") + ", but " +
                       in_words(*first) + " and comes first.");
    } else if (!first && !chosen.shares.empty()) {
      found_.push_back(order + " is given away, but by the house's order nobody has all of it.");
    }
  }
  [[nodiscard]] static std::string in_words(const Way& way) {
    std::string out;
    for (const auto& [site, pieces] : way.shares) out += (out.empty() ? "" : " and ") + site;
    return out + (way.shares.size() == 1 ? " has everything" : " together have everything");
  }

  HouseRules house_;
  std::set<std::string> hazardous_;
  std::vector<std::string> found_;
};

}  // namespace

OneChecker make_routes(std::shared_ptr<Log> log) { return std::make_unique<Routes>(log); }

}  // namespace dockline::sim
