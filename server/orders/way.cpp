#include "server/orders/way.hpp"

#include <algorithm>
#include <array>

#include "shared/base/time.hpp"

namespace dockline::server::orders {
namespace {

constexpr std::int64_t kNoPromiseMs = std::int64_t{365} * 86'400'000;  // so far away that it holds
enum : std::size_t { kReceived, kChecked, kRouted, kPacked, kHanded, kDelivered };

std::string span(std::int64_t ms) {
  const auto all = std::max<std::int64_t>(0, ms) / 60'000;
  if (all < 120) return std::to_string(all) + " min";
  if (all < 2'880) return std::to_string(all / 60) + " h";
  return std::to_string(all / 1'440) + " days";
}

// "Fri 2026-10-23 16:30", by the clock of the site.
std::string local(const Collection& at) {
  constexpr std::array kDays = {"Thu ", "Fri ", "Sat ", "Sun ", "Mon ", "Tue ", "Wed "};
  const auto ms = at.at_ms + at.east_s * 1'000;
  auto text = base::to_rfc3339(ms).substr(0, 16);
  text[10] = ' ';
  return kDays[static_cast<std::size_t>(ms / 86'400'000 % 7)] + text;
}

struct Stages {
  Step pack, collect, carry;
};

Stages stages_of(const Leg& leg) {
  Stages out{.pack = {.name = "pack",
                      .takes_ms = leg.pack_ms,
                      .ahead = leg.site.empty() ? 0 : leg.ahead,
                      .each_ms = leg.pack_ms / std::max<std::int64_t>(1, leg.benches),
                      .collections_ms = {}},
             .collect = {.name = "collection", .collections_ms = {}},
             .carry = {.name = "hand over", .takes_ms = leg.transit_ms, .collections_ms = {}}};
  for (const auto& c : leg.collections) out.collect.collections_ms.push_back(c.at_ms);
  return out;
}

// What is left, forward from now; and, in the same words, all of it back from the promise.
struct Seen {
  const Leg* leg = nullptr;
  Forecast left, all;
};

class Walk {
 public:
  explicit Walk(const WayFacts& facts)
      : f_(facts),
        promised_(facts.promised_ms.value_or(facts.now_ms + kNoPromiseMs)),
        begins_(std::max(facts.now_ms, facts.begins_ms.value_or(facts.now_ms))),
        legs_(facts.legs) {
    if (legs_.empty()) legs_.emplace_back();
    for (auto& leg : legs_) {
      if (!f_.fetched) continue;
      leg.collections.clear();
      leg.transit_ms = 0;
    }
  }

  base::Result<Way> run() {
    Way out;
    if (wanted() == 0) return out;
    if (auto ok = look(); !ok) return base::pass(ok.error());
    out.outlook = f_.promised_ms ? seen_.left.outlook : Outlook::on_time;
    out.slack_ms = seen_.left.slack_ms;
    out.predicted_ms = promised_ - seen_.left.slack_ms;
    out.worst = seen_.left.worst;
    out.why = sentence();
    doubt(out);
    if (f_.promised_ms) out.pack_by_ms = seen_.all.steps[0].deadline_ms;
    steps(out);
    return out;
  }

 private:
  [[nodiscard]] domain::Quantity wanted() const {
    return f_.unrouted + f_.to_pack + f_.packed + f_.gone + f_.delivered;
  }
  [[nodiscard]] bool packing() const { return f_.unrouted + f_.to_pack > 0; }
  [[nodiscard]] bool no_stock() const { return f_.unrouted > 0 && begins_ == f_.now_ms; }

  base::Status look() {
    for (const auto& leg : legs_) {
      auto stages = stages_of(leg);
      const std::vector<Step> all{stages.pack, stages.collect, stages.carry};
      std::vector<Step> left{stages.carry};
      auto from = f_.handed_ms.value_or(f_.now_ms);
      if (f_.packed > 0 || packing()) {
        from = packing() ? begins_ : f_.now_ms;
        left.insert(left.begin(), stages.collect);
      }
      if (packing()) left.insert(left.begin(), stages.pack);
      auto ahead = forecast(left, promised_, f_.margin_ms, from);
      if (!ahead) return base::pass(ahead.error());
      auto back = forecast(all, promised_, f_.margin_ms, from);
      if (!back) return base::pass(back.error());
      if (seen_.leg != nullptr && ahead->slack_ms >= seen_.left.slack_ms) continue;
      seen_ = {.leg = &leg, .left = std::move(*ahead), .all = std::move(*back)};
    }
    return {};
  }

  [[nodiscard]] std::int64_t predicted(std::string_view stage) const {
    for (const auto& step : seen_.left.steps) {
      if (step.name == stage) return step.predicted_ms;
    }
    return f_.now_ms;
  }

  [[nodiscard]] std::string sentence() const {
    const auto& leg = *seen_.leg;
    return std::to_string(leg.site.empty() ? 0 : leg.ahead) + " orders go first at " + leg.site +
           ", one takes " + span(leg.pack_ms) + "; then " +
           (leg.collections.empty()
                ? ""
                : "collected in " + span(predicted("collection") - f_.now_ms) + ", ") +
           span(leg.transit_ms) + " on the way" +
           (leg.service.empty() ? "" : " by " + leg.service) + ". To be packed by " +
           base::to_rfc3339(seen_.all.steps[0].deadline_ms);
  }

  // Nobody knows how long a hold or missing stock lasts: it is a risk from now on.
  [[nodiscard]] bool unknown() const { return packing() && (f_.held || no_stock()); }
  void doubt(Way& out) const {
    if (!unknown()) return;
    if (out.outlook == Outlook::on_time && f_.promised_ms) out.outlook = Outlook::at_risk;
    const auto takes = span(seen_.leg->pack_ms + seen_.leg->transit_ms);
    out.worst = f_.held ? "hold" : "stock";
    out.why = f_.held ? "it is held; released now it would take " + takes
                      : std::to_string(f_.unrouted) +
                            " pieces wait for stock; with it there it would take " + takes;
  }

  // ---------------------------------------------------------------- steps
  // The first step that the risk is about.
  static std::size_t cause_of(std::string_view worst) {
    if (worst == "hold") return kChecked;
    if (worst == "stock") return kRouted;
    if (worst == "pack") return kPacked;
    return worst == "collection" ? kHanded : kDelivered;
  }

  void add(Way& out, std::string_view name, bool done, WayStep step) const {
    step.name = name;
    if (!f_.promised_ms) step.deadline_ms.reset();
    if (done) step.predicted_ms.reset();
    if (!done) step.done_ms.reset();
    const auto at = out.steps.size();
    const auto cause = std::min(cause_of(out.worst), static_cast<std::size_t>(last()));
    const auto due = step.deadline_ms;
    if (done) {
      step.state = StepState::done;
      if (due && step.done_ms && *step.done_ms > *due) {
        step.why += (step.why.empty() ? "" : "; ") + span(*step.done_ms - *due) + " too late";
      }
    } else if (due) {
      const auto then = step.predicted_ms.value_or(f_.now_ms);
      step.state = then > *due                                      ? StepState::late
                   : out.outlook != Outlook::on_time && at >= cause ? StepState::at_risk
                                                                    : StepState::on_time;
    }
    if (unknown()) step.predicted_ms.reset();
    out.steps.push_back(std::move(step));
  }
  [[nodiscard]] std::size_t last() const { return f_.fetched ? kHanded : kDelivered; }

  void steps(Way& out) const {
    const auto& leg = *seen_.leg;
    const auto& due = seen_.all.steps;
    const auto begin_by = due[0].deadline_ms - leg.pack_ms;
    add(out, "received", true, {.name = {}, .deadline_ms = begin_by, .done_ms = f_.received_ms});
    add(out, "checked", !f_.held,
        {.name = {},
         .deadline_ms = begin_by,
         .done_ms = f_.checked_ms.value_or(f_.received_ms),
         .why = f_.held ? "it is held until somebody releases it" : ""});
    add(out, "routed", f_.unrouted == 0,
        {.name = {},
         .deadline_ms = begin_by,
         .predicted_ms = begins_,
         .done_ms = f_.routed_ms,
         .why = routed_why()});
    add(out, "packed", !packing(),
        {.name = {},
         .deadline_ms = due[0].deadline_ms,
         .predicted_ms = predicted("pack"),
         .done_ms = f_.packed_ms,
         .why = packed_why()});
    add(out, "handed_over", !packing() && f_.packed == 0,
        {.name = {},
         .deadline_ms = due[1].deadline_ms,
         .predicted_ms = predicted("collection"),
         .done_ms = f_.handed_ms,
         .why = handed_why()});
    if (f_.fetched) return;
    add(out, "delivered", !packing() && f_.packed + f_.gone == 0,
        {.name = {},
         .deadline_ms = f_.promised_ms,
         .predicted_ms = out.predicted_ms,
         .done_ms = f_.delivered_ms,
         .why = delivered_why()});
  }

  [[nodiscard]] std::string routed_why() const {
    if (f_.unrouted == 0) return {};
    if (!no_stock()) return "not out before " + base::to_rfc3339(begins_).substr(0, 10);
    return f_.held ? "it is held" : std::to_string(f_.unrouted) + " pieces wait for stock";
  }

  [[nodiscard]] std::string packed_why() const {
    const auto& leg = *seen_.leg;
    if (!packing()) return {};
    if (leg.site.empty()) return "one takes " + span(leg.pack_ms) + "; no site is chosen so far";
    return std::to_string(leg.ahead) + " orders go first at " + leg.site + ", one takes " +
           span(leg.pack_ms);
  }

  [[nodiscard]] std::string handed_why() const {
    const auto& leg = *seen_.leg;
    if (f_.fetched) return "the buyer comes for it";
    if (leg.site.empty()) return "no site is chosen so far";
    if (leg.collections.empty()) {
      return "no hours of " + leg.site + " are known: taken to leave as soon as it is packed";
    }
    const auto named = [&](std::int64_t ms) {
      const auto at = std::ranges::find(leg.collections, ms, &Collection::at_ms);
      return at == leg.collections.end() ? std::string() : local(*at);
    };
    std::string text;
    if (f_.promised_ms) {
      const auto last = named(seen_.all.steps[1].deadline_ms);
      text = last.empty() ? "no carrier leaves " + leg.site + " in time for the promise"
                          : "last carrier in time leaves " + leg.site + " " + last;
    }
    if (!packing() && f_.packed == 0) return text;
    const auto next = named(predicted("collection"));
    if (next.empty()) return text;
    return text + (text.empty() ? "" : "; ") + "it goes with that of " + next;
  }

  [[nodiscard]] std::string delivered_why() const {
    const auto& leg = *seen_.leg;
    return span(leg.transit_ms) + " on the way" +
           (leg.service.empty() ? ", as the house assumes: no service is known"
                                : " by " + leg.service) +
           (waits_for_word() ? "; it should be there, nobody has said so" : "");
  }
  // It left, and its time is over. Not every carrier tells.
  [[nodiscard]] bool waits_for_word() const {
    return !packing() && f_.packed == 0 && f_.gone > 0 &&
           f_.now_ms > promised_ - seen_.left.slack_ms;
  }

  const WayFacts& f_;
  std::int64_t promised_, begins_;
  std::vector<Leg> legs_;
  Seen seen_;
};

}  // namespace

std::string_view name(StepState state) {
  switch (state) {
    case StepState::open:
      return "open";
    case StepState::done:
      return "done";
    case StepState::on_time:
      return "on_time";
    case StepState::at_risk:
      return "at_risk";
    case StepState::late:
      return "late";
  }
  return "";
}

base::Result<Way> way(const WayFacts& facts) { return Walk(facts).run(); }

}  // namespace dockline::server::orders
