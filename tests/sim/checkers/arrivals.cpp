// What routing reckons a carrier to be worth is what its parcels showed: of those whose arrival was
// told in the last weeks, how many came on the day that was said or before. Counted from the facts;
// of a decision's record we take the figure that it used. It may be some minutes old, no older.
#include <deque>
#include <map>
#include <optional>
#include <set>

#include <boost/json.hpp>

#include "tests/sim/checkers/house_rules.hpp"
#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

namespace json = boost::json;

constexpr std::int64_t kDayMs = 86'400'000, kDays = 28;
constexpr std::int64_t kEnough = 20;          // fewer parcels say nothing
constexpr std::int64_t kOldMs = 11 * 60'000;  // the server looks every ten minutes
constexpr std::int64_t kGapMs = 120'000;      // between two facts: its clock was set, or it slept
constexpr std::int64_t kBackMs = 1'000;

class Arrivals final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "arrivals"; }

  void look(const Evidence& evidence, std::vector<Violation>& out) override {
    house_.as_drawn(evidence.routing());
    Judge::look(evidence, out);
  }
  void end(const Evidence& evidence, std::vector<Violation>& out) override {
    house_.as_drawn(evidence.routing());
    Judge::end(evidence, out);
  }

 private:
  struct Sum {
    std::int64_t parcels = 0, in_time = 0;
  };
  using Seen = std::map<std::string, std::map<std::int64_t, Sum>>;  // by service and day
  struct Span {
    std::int64_t until_ms = 0;  // by the server's clock
    Seen seen;                  // as it was until then
  };
  struct Left {
    std::int64_t handed_ms = 0;
    std::string site;
  };

  void fact(const Fact& fact) override {
    if (fact.position == 0 || house_.drawn().never_minor == 0) return;
    if (fact.station.empty() && fact.time_ms > 0) clock(fact.time_ms);
    if (fact.is("dockline.site.described.v1")) house_.described(fact);
    if (fact.is("dockline.order.released.v1")) service_[fact.tracking] = fact.service;
    if (fact.is("dockline.parcel.handed.over.v1")) {
      left_[fact.tracking] = {fact.handed_ms, fact.site};
    }
    if (fact.is("dockline.parcel.taken.back.v1")) arrived_.erase(fact.tracking);
    if (fact.is("dockline.parcel.delivered.v1")) delivered(fact);
    const bool decided = fact.is("dockline.decision.made.v1") && fact.kind == "routing";
    if (decided && fact.rule != "person" && !fact.facts.empty()) judge(fact);
  }
  void forget() override {
    house_.forget();
    service_.clear();
    left_.clear();
    arrived_.clear();
    seen_.clear();
    before_.clear();
    newest_ms_ = sure_ms_ = 0;
    found_.clear();
  }
  void now(std::vector<Violation>& out) override {
    for (auto& what : found_) say(out, std::move(what));
    found_.clear();
  }

  // After its clock was set, or a silence, nobody knows for a while how old a figure is.
  void clock(std::int64_t time_ms) {
    const auto on = time_ms - newest_ms_;
    if (on < -kBackMs || on > kGapMs) {
      sure_ms_ = time_ms + kOldMs;
      before_.clear();
    }
    newest_ms_ = time_ms;
    while (!before_.empty() && before_.front().until_ms < time_ms - kOldMs) before_.pop_front();
  }

  void delivered(const Fact& fact) {
    const auto left = left_.find(fact.tracking);
    const auto service = service_.find(fact.tracking);
    if (left == left_.end() || service == service_.end()) return;
    // Orders that go in one parcel arrive once.
    if (!arrived_.insert(fact.tracking).second) return;
    const auto said_ms = left->second.handed_ms + house_.drawn().transit_ms;
    const auto* site = house_.of(left->second.site);
    const auto east_ms = site == nullptr || !site->hours ? 0 : site->east_s * 1'000;
    const auto said_day = (said_ms + east_ms) / kDayMs;
    const bool in_time = (fact.delivered_ms + east_ms) / kDayMs <= said_day;
    before_.push_back({newest_ms_, seen_});
    auto& sum = seen_[service->second][fact.delivered_ms / kDayMs];
    ++sum.parcels;
    sum.in_time += in_time ? 1 : 0;
  }

  // Per mille; nothing: too few have arrived.
  [[nodiscard]] static std::optional<std::int64_t> worth(const Seen& seen,
                                                         const std::string& service,
                                                         std::int64_t today) {
    const auto days = seen.find(service);
    Sum all;
    if (days == seen.end()) return std::nullopt;
    for (const auto& [day, sum] : days->second) {
      if (day < today - kDays || day > today + 1) continue;
      all.parcels += sum.parcels;
      all.in_time += sum.in_time;
    }
    if (all.parcels < kEnough) return std::nullopt;
    return all.in_time * 1'000 / all.parcels;
  }

  void judge(const Fact& fact) {
    boost::system::error_code failed;
    const auto value = json::parse(fact.facts, failed);
    if (failed || !value.is_object() || fact.time_ms < sure_ms_) return;
    const auto* services = value.get_object().if_contains("services");
    if (services == nullptr || !services->is_array()) return;
    const auto today = fact.time_ms / kDayMs;
    for (const auto& one : services->get_array()) {
      const auto& service = one.as_object();
      const auto called = std::string(service.at("carrier").as_string()) + " " +
                          std::string(service.at("service").as_string());
      const auto* named = service.if_contains("reliability_per_mille");
      const auto used = named != nullptr && named->is_int64() ? std::optional(named->get_int64())
                                                              : std::optional<std::int64_t>();
      const auto right = worth(seen_, called, today);
      bool known = used == right;
      for (const auto& span : before_) {
        for (const auto day : {today, today - 1}) {
          known = known || worth(span.seen, called, day) == used;
        }
      }
      if (known) continue;
      found_.push_back(fact.subject + " was routed as if " + in_words(used) + " by " + called +
                       " came as said; its parcels showed " + in_words(right) + ".");
    }
  }
  [[nodiscard]] static std::string in_words(std::optional<std::int64_t> per_mille) {
    return per_mille ? std::to_string(*per_mille) + " of 1000"
                     : std::string("nobody knows how many");
  }

  HouseRules house_;
  std::map<std::string, std::string> service_;  // by tracking, as the label says
  std::map<std::string, Left> left_;            // by tracking
  std::set<std::string> arrived_;
  Seen seen_;
  std::deque<Span> before_;
  std::int64_t newest_ms_ = 0, sure_ms_ = 0;
  std::vector<std::string> found_;
};

}  // namespace

OneChecker make_arrivals(std::shared_ptr<Log> log) {
  return std::make_unique<Arrivals>(std::move(log));
}

}  // namespace dockline::sim
