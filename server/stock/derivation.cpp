#include "server/stock/derivation.hpp"

#include <algorithm>
#include <utility>

#include "shared/base/plant.hpp"

namespace dockline::server::stock {
namespace {

base::Status check(const SiteFacts& facts) {
  if (auto ok = check_pieces(facts.on_hand.value, facts.site + ": on hand"); !ok) return ok;
  if (auto ok = check_amount(facts.reserved.value, facts.site + ": reserved"); !ok) return ok;
  if (auto ok = check_amount(facts.safety, facts.site + ": safety stock"); !ok) return ok;
  for (const auto& station : facts.stations) {
    if (auto ok = check_amount(station.quota_left, station.station + ": quota"); !ok) return ok;
  }
  return {};
}

base::Status check(const Policy& policy) {
  if (policy.share_pm < 0 || policy.share_pm > 1'000) {
    return base::fail(base::Fault::reject, "share: " + std::to_string(policy.share_pm) +
                                               " per mille is not within 0 to 1000");
  }
  if (auto ok = check_amount(policy.buffer, "buffer"); !ok) return ok;
  return policy.cap ? check_amount(*policy.cap, "cap") : base::Status{};
}

void add(Figure& figure, Term term) {
  figure.value += term.value;
  if (term.as_of_ms != 0 && (figure.as_of_ms == 0 || term.as_of_ms < figure.as_of_ms)) {
    figure.as_of_ms = term.as_of_ms;
  }
  figure.terms.push_back(std::move(term));
}

// An addend that changes nothing is not worth a line.
void add_if(Figure& figure, Term term) {
  if (term.value != 0) add(figure, std::move(term));
}

void append(Figure& figure, Figure other) {
  for (auto& term : other.terms) add(figure, std::move(term));
}

}  // namespace

Figure figure_of(std::vector<Term> terms) {
  Figure figure;
  for (auto& term : terms) add(figure, std::move(term));
  return figure;
}

Quantity offline_risk(const StationRisk& station, std::int64_t now_ms) {
  if (!station.silent) return 0;
  const auto expected = expected_pieces(station.use_milli_per_day, now_ms - station.heard_ms);
  return std::max(station.quota_left, expected);
}

base::Result<Figure> available_to_promise(const SiteFacts& facts, std::int64_t now_ms) {
  if (auto ok = check(facts); !ok) return base::pass(ok.error());
  Figure out;
  add(out, {.name = "on_hand",
            .of = facts.site,
            .value = facts.on_hand.value,
            .as_of_ms = facts.on_hand.as_of_ms});
  add(out, {.name = "reserved",
            .of = facts.site,
            .value = -facts.reserved.value,
            .as_of_ms = facts.reserved.as_of_ms});
  Quantity risk = 0;
  for (const auto& station : facts.stations) {
    const auto taken = std::min(offline_risk(station, now_ms), kPiecesMax);
    risk += taken;
    add_if(out, {.name = "offline_risk",
                 .of = station.station,
                 .value = -taken,
                 .as_of_ms = station.heard_ms,
                 .why = "silent: its quota, or what it usually takes if that is more"});
  }
  const auto there = std::max<Quantity>(0, facts.on_hand.value);
  add_if(out, {.name = "offline_risk_not_there",
               .of = facts.site,
               .value = std::max<Quantity>(0, risk - there),
               .why = "nobody can take more than lies there"});
  const auto left = std::max<Quantity>(0, out.value);
  add_if(out, {.name = "safety_stock", .of = facts.site, .value = -facts.safety});
  add_if(out, {.name = "safety_stock_not_there",
               .of = facts.site,
               .value = std::max<Quantity>(0, facts.safety - left),
               .why = "a shelf that is empty owes no safety stock"});
  return out;
}

Policy effective(const Policy& channel, const ListingPolicy& listing) {
  return {.share_pm = listing.share_pm.value_or(channel.share_pm),
          .buffer = listing.buffer.value_or(channel.buffer),
          .cap = listing.cap ? listing.cap : channel.cap};
}

Quantity unseen_sales(const Unseen& unseen, std::int64_t now_ms) {
  return std::clamp<Quantity>(unseen.known, 0, kPiecesMax) +
         expected_pieces(unseen.sold_milli_per_day, now_ms - unseen.imported_ms);
}

base::Result<Figure> sellable(const ChannelFacts& facts, std::int64_t now_ms) {
  if (auto ok = check_amount(facts.unrouted.value, "unrouted"); !ok) return base::pass(ok.error());
  Figure out;
  for (const auto& site : facts.sites) {
    auto here = available_to_promise(site, now_ms);
    if (!here) return here;
    if (!site.serves && here->value >= 0) continue;
    if (site.serves) {
      append(out, std::move(*here));
    } else {
      add(out, {.name = "short_elsewhere",
                .of = site.site,
                .value = here->value,
                .as_of_ms = here->as_of_ms,
                .why = "reserved there beyond its shelf: it may have to be shipped from here"});
    }
  }
  add_if(out, {.name = "unrouted",
               .value = -facts.unrouted.value,
               .as_of_ms = facts.unrouted.as_of_ms,
               .why = "bought, no site chosen yet"});
  for (const auto& unseen : facts.unseen) {
    if (auto ok = check_amount(unseen.known, unseen.channel + ": unseen"); !ok) {
      return base::pass(ok.error());
    }
    add_if(out, {.name = "unseen_sales",
                 .of = unseen.channel,
                 .value = -unseen_sales(unseen, now_ms),
                 .as_of_ms = unseen.imported_ms,
                 .why = "sold there since its orders were last read"});
  }
  return out;
}

base::Result<Figure> told(Figure sum, const Policy& policy) {
  if (auto ok = check(policy); !ok) return base::pass(ok.error());
  const auto there = std::max<Quantity>(0, sum.value);
  // In two parts: a thousand times the sum of many sites need not fit.
  const auto up = PLANT("share-rounded-up") ? 999 : 0;
  const auto share =
      there / 1'000 * policy.share_pm + (there % 1'000 * policy.share_pm + up) / 1'000;
  add_if(sum, {.name = "not_its_share",
               .value = share - there,
               .why = "its share is " + std::to_string(policy.share_pm) + " per mille"});
  add_if(sum, {.name = "buffer", .value = -policy.buffer});
  add_if(sum, {.name = "below_zero",
               .value = std::max<Quantity>(0, -sum.value),
               .why = "no channel is told less than nothing"});
  if (policy.cap) {
    add_if(sum, {.name = "over_the_cap",
                 .value = std::min<Quantity>(0, *policy.cap - sum.value),
                 .why = "at most " + std::to_string(*policy.cap) + " are shown"});
  }
  return sum;
}

base::Result<Figure> published(const ChannelFacts& facts, std::int64_t now_ms) {
  auto sum = sellable(facts, now_ms);
  return sum ? told(std::move(*sum), facts.policy) : sum;
}

std::string_view name(Express express) {
  switch (express) {
    case Express::no:
      return "no";
    case Express::to_zero:
      return "to_zero";
    case Express::back_from_zero:
      return "back_from_zero";
  }
  return "";
}

Express express(std::optional<Quantity> told_before, Quantity next) {
  if (!told_before || (*told_before > 0) == (next > 0)) return Express::no;
  return next > 0 ? Express::back_from_zero : Express::to_zero;
}

}  // namespace dockline::server::stock
