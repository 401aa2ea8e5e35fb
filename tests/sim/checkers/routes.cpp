// Who ships what, where the fleet has rules: no machine's decision sends an order from a site that
// they forbid, none leaves it waiting while a site could ship it, and what was chosen is the least
// that anybody could have chosen. The arithmetic is our own; of the record we take what was known,
// not what was made of it.
#include <algorithm>
#include <map>
#include <optional>

#include <boost/json.hpp>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

namespace json = boost::json;
using Pieces = std::map<std::string, std::int64_t>;  // by SKU

constexpr std::int64_t kPieceGrams = 250, kSmallGrams = 5'000, kLargeGrams = 30'000;
constexpr std::int64_t kFurtherMinor = 300;  // each site after the first
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kUnknownLoad = 1'000;  // per mille: counted as a full day

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
  return out;
}

// How long until the site's carrier leaves next.
std::int64_t until_cut_off_ms(const RoutingTruth::Site& site, std::int64_t now_ms) {
  const std::int64_t today = (now_ms + site.east_s * 1'000) % kDayMs;
  const std::int64_t left = site.cut_off_min * 60'000 - today;
  return left > 0 ? left : left + kDayMs;
}

// "Etc/GMT-3" is three hours east.
std::int64_t east_of(const std::string& zone) {
  constexpr std::size_t kName = 7;
  return zone.size() <= kName ? 0 : -std::stoll(zone.substr(kName)) * 3'600;
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
    rules_ = evidence.routing();
    Judge::look(evidence, out);
  }
  void end(const Evidence& evidence, std::vector<Violation>& out) override {
    rules_ = evidence.routing();
    Judge::end(evidence, out);
  }

 private:
  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    if (fact.is("dockline.item.registered.v1") && fact.hazardous) hazardous_.insert(fact.sku);
    if (fact.is("dockline.site.described.v1")) described(fact);
    if (!fact.is("dockline.decision.made.v1") || fact.kind != "routing") return;
    if (fact.rule == "person" || fact.facts.empty() || !rules_.on) return;
    if (const auto asked = read_asked(fact.facts)) judge(fact, *asked);
  }
  void forget() override {
    hazardous_.clear();
    described_.clear();
    found_.clear();
  }
  void now(std::vector<Violation>& out) override {
    for (auto& what : found_) say(out, std::move(what));
    found_.clear();
  }

  // From here on what is said of the site holds, instead of its rules as drawn.
  void described(const Fact& fact) {
    described_.erase(fact.site);
    const auto drawn = rules_.sites.find(fact.site);
    if (fact.values.empty() || drawn == rules_.sites.end()) return;
    RoutingTruth::Site site;
    site.rate_minor = drawn->second.rate_minor;
    site.spare_minor = drawn->second.spare_minor;
    site.hazardous = false;
    for (const auto& [key, value] : fact.values) {
      if (key == "hazardous") site.hazardous = value == "true";
      if (key == "handling_parcel_minor") site.parcel_minor = std::stoll(value);
      if (key == "handling_piece_minor") site.piece_minor = std::stoll(value);
      if (key == "time_zone") site.east_s = east_of(value);
      if (!key.starts_with("hours.")) continue;
      const auto dash = value.find('-') + 1;
      site.hours = true;
      site.cut_off_min =
          std::stoll(value.substr(dash, 2)) * 60 + std::stoll(value.substr(dash + 3, 2));
    }
    described_[fact.site] = site;
  }
  [[nodiscard]] const RoutingTruth::Site* rules_of(const std::string& name) const {
    if (const auto said = described_.find(name); said != described_.end()) return &said->second;
    const auto drawn = rules_.sites.find(name);
    return drawn == rules_.sites.end() ? nullptr : &drawn->second;
  }

  // Why this site may not ship these pieces; empty: it may.
  [[nodiscard]] std::string forbidden(const std::string& name, const Pieces& pieces,
                                      const Asked& asked) const {
    const auto* rules = rules_of(name);
    const auto known = asked.sites.find(name);
    if (rules == nullptr || known == asked.sites.end()) return "nobody knows it";
    const auto& site = *rules;
    const auto& facts = known->second;
    if (facts.excluded) return "it takes no part";
    if (!facts.heard || facts.stations < 1) return "no station is at work there";
    if (facts.printers < 1) return "no printer is ready there";
    if (asked.now_ms - facts.heard_ms > rules_.silent_ms) {
      return "it was silent for " + std::to_string((asked.now_ms - facts.heard_ms) / 60'000) +
             " min";
    }
    if (site.hours && until_cut_off_ms(site, asked.now_ms) > rules_.wait_ms) {
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
    const auto& site = *rules_of(name);
    const auto load = asked.sites.at(name).load_per_mille * rules_.full_minor / 1'000;
    std::int64_t count = 0;
    for (const auto& [sku, quantity] : pieces) count += quantity;
    // By the carrier that may be disturbed, or by the other one, whichever costs less.
    auto carried = parcels_minor(site.rate_minor, count * kPieceGrams) + rules_.disturbed_minor;
    if (site.spare_minor > 0) {
      carried = std::min(carried, parcels_minor(site.spare_minor, count * kPieceGrams));
    }
    return carried + load + site.parcel_minor + count * site.piece_minor;
  }

  void judge(const Fact& fact, const Asked& asked) {
    std::map<std::string, Pieces> plan;
    for (const auto& line : fact.lines) plan[line.site][line.sku] += line.quantity;
    std::int64_t cost = -kFurtherMinor;
    for (const auto& [site, pieces] : plan) {
      if (const auto why = forbidden(site, pieces, asked); !why.empty()) {
        found_.push_back(fact.subject + " was given to " + site + ", but " + why + ".");
        return;
      }
      cost += minor_of(site, pieces, asked) + kFurtherMinor;
    }
    if (fact.method != "exact" && !plan.empty()) return;
    if (!plan.empty() && cost != fact.cost_minor) {
      found_.push_back(fact.subject + " costs " + std::to_string(cost) + ", the record says " +
                       std::to_string(fact.cost_minor) + ".");
    }
    for (const auto& [site, known] : asked.sites) {
      if (!forbidden(site, asked.wanted, asked).empty()) continue;
      const auto alone = minor_of(site, asked.wanted, asked);
      if (plan.empty()) {
        found_.push_back(fact.subject + " waits, but " + site + " has everything and may ship it.");
      } else if (alone < cost) {
        found_.push_back(fact.subject + " costs " + std::to_string(cost) + ", but " + site +
                         " alone would ship it for " + std::to_string(alone) + ".");
      }
    }
  }

  RoutingTruth rules_;
  std::map<std::string, RoutingTruth::Site> described_;
  std::set<std::string> hazardous_;
  std::vector<std::string> found_;
};

}  // namespace

OneChecker make_routes(std::shared_ptr<Log> log) { return std::make_unique<Routes>(log); }

}  // namespace dockline::sim
