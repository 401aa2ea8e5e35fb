// Nobody is told more than the policies leave, and at rest each channel shows exactly what they do:
// safety stock, share, buffer and cap, kits made of their parts, and what is bought without a site
// taken off once; of a quota what is the part of a silent station. With arithmetic of its own, from
// the tables that replay and audit vouch for.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include <boost/json.hpp>

#include "tests/sim/checkers/judge.hpp"
#include "tests/sim/checkers/recipes.hpp"
#include "tests/sim/checkers/silence.hpp"

namespace dockline::sim {
namespace {

namespace json = boost::json;

// After so long a policy holds for everything that leaves: it reaches all figures in pages, and a
// server that has just started has not gone on yet.
constexpr std::int64_t kInForceMs = 15'000;

class Policies final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "policies"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>& out) override {
    now_ms_ = at_ms;
    if (const auto* hub = std::get_if<HubMishap>(&seen)) {
      log_->close();
      if (hub->what == Mishap::clock_jump) silence_.clock_set(hub->by_ms);
      mishap_ms_ = at_ms;
      stamp_.reset();
    } else if (const auto* asked = std::get_if<ChannelAsked>(&seen)) {
      on_asked(*asked, out);
    }
  }
  void look(const Evidence& evidence, std::vector<Violation>& out) override {
    evidence_ = &evidence;
    sites_ = evidence.site_of_location();
    Judge::look(evidence, out);
  }

 private:
  struct Row5 {
    std::optional<std::int64_t> safety, quota, share, buffer, cap;
  };
  struct Known {
    std::string text;
    std::int64_t since_ms = 0;
    Row5 row;
  };
  struct Shelf {
    std::int64_t on_hand = 0, free = 0;  // free: on hand less reserved
  };
  struct Sku {
    std::map<std::string, Shelf> at;  // by site
    std::int64_t unrouted = 0;
  };

  // Each change of a row has a position of its own in the log, and one that is gone is one less:
  // only then all rows are read before a figure is judged. At each look they are read anyway.
  [[nodiscard]] bool know_policies() {
    std::pair<std::int64_t, std::int64_t> stamp;
    const bool read = sql().each("SELECT count(*), ifnull(max(position), 0) FROM p_policy", {},
                                 [&](const Row& r) { stamp = {r.integer(0), r.integer(1)}; });
    if (!read || stamp_ == stamp) return read;
    stamp_.reset();
    if (!read_policies()) return false;
    stamp_ = stamp;
    return true;
  }
  // The rows as they are, and since when they have been seen unchanged.
  [[nodiscard]] bool read_policies() {
    std::set<std::string> there;
    const bool read = sql().each(
        "SELECT site || '|' || channel || '|' || sku, ifnull(safety, -1), ifnull(quota, -1), "
        "ifnull(share_pm, -1), ifnull(buffer, -1), ifnull(cap, -1), position FROM p_policy",
        {}, [&](const Row& r) {
          const auto key = r.str(0);
          std::string text;
          for (int i = 1; i <= 6; ++i) text += std::to_string(r.integer(i)) + "|";
          there.insert(key);
          auto& known = rows_[key];
          if (known.text == text) return;
          const auto value = [&](int i) {
            return r.integer(i) < 0 ? std::optional<std::int64_t>() : r.integer(i);
          };
          known = {text, now_ms_, {value(1), value(2), value(3), value(4), value(5)}};
        });
    std::erase_if(rows_, [&](const auto& one) { return !there.contains(one.first); });
    return read;
  }
  // Of a site or channel: the row of the SKU, and for what it does not say that without one.
  // Nothing while one of them is new.
  [[nodiscard]] std::optional<Row5> policy(const std::string& site, const std::string& channel,
                                           const std::string& sku, bool at_rest) const {
    Row5 out;
    for (const auto& of : {sku, std::string()}) {
      const auto at = rows_.find(site + "|" + channel + "|" + of);
      if (at == rows_.end()) continue;
      if (!at_rest && now_ms_ - at->second.since_ms < kInForceMs) return std::nullopt;
      const auto& row = at->second.row;
      if (!out.safety) out.safety = row.safety;
      if (!out.quota) out.quota = row.quota;
      if (!out.share) out.share = row.share;
      if (!out.buffer) out.buffer = row.buffer;
      if (!out.cap) out.cap = row.cap;
    }
    return out;
  }

  [[nodiscard]] std::optional<Sku> read_sku(const std::string& sku) {
    Sku out;
    const bool read =
        sql().each(
            "SELECT substr(place, 1, length(place) - 6), quantity FROM p_balance WHERE "
            "sku = ?1 AND place LIKE '%/shelf'",
            {sku},
            [&](const Row& r) {
              out.at[r.str(0)].on_hand += r.integer(1);
              out.at[r.str(0)].free += r.integer(1);
            }) &&
        sql().each("SELECT site, quantity FROM p_reservation WHERE sku = ?1", {sku},
                   [&](const Row& r) { out.at[r.str(0)].free -= r.integer(1); }) &&
        sql().each("SELECT ifnull(sum(open + backordered), 0) FROM p_line WHERE sku = ?1", {sku},
                   [&](const Row& r) { out.unrouted = r.integer(0); });
    return read ? std::optional(out) : std::nullopt;
  }

  // What a site may promise: nobody can take more than lies there, and a shelf owes no more safety
  // stock than it has.
  [[nodiscard]] static std::int64_t promise(const Shelf& shelf, std::int64_t kept,
                                            std::int64_t safety) {
    const auto left = shelf.free - std::min(kept, std::max<std::int64_t>(0, shelf.on_hand));
    return left <= 0 ? left : std::max<std::int64_t>(0, left - safety);
  }
  [[nodiscard]] static std::int64_t shown_of(std::int64_t pieces, const Row5& channel) {
    auto out = std::max<std::int64_t>(0, pieces) * channel.share.value_or(1'000) / 1'000;
    out = std::max<std::int64_t>(0, out - channel.buffer.value_or(0));
    return std::min(out, channel.cap.value_or(out));
  }

  // Pieces of a SKU, or sets of a kit, at a site: between least and most, by what is owed.
  struct Range {
    std::int64_t least = 0, most = 0;
  };
  [[nodiscard]] std::optional<Range> at_site(const std::string& sku, const std::string& site,
                                             bool at_rest) {
    const auto known = read_sku(sku);
    if (!known) return std::nullopt;
    std::int64_t owed = known->unrouted;
    Range out;
    for (const auto& [here, shelf] : known->at) {
      if (here != site && !at_rest) continue;
      const auto policies = policy(here, "", sku, at_rest);
      if (!policies) return std::nullopt;
      const auto quota = policies->quota.value_or(0), safety = policies->safety.value_or(0);
      Silence::Kept kept{.least = silence_.least_kept(here, quota, kInForceMs), .most = 0};
      if (at_rest) {
        const auto all = silence_.kept_at_rest(sql(), here, sku, quota);
        if (!all) return std::nullopt;
        kept = *all;
      }
      const auto least = promise(shelf, kept.most, safety);
      owed += std::max<std::int64_t>(0, -least);
      if (here == site) out = {least, promise(shelf, kept.least, safety)};
    }
    return Range{std::max<std::int64_t>(0, out.least - owed), std::max<std::int64_t>(0, out.most)};
  }
  [[nodiscard]] std::optional<Range> sets_at(const std::string& sku, const std::string& site,
                                             bool at_rest) {
    if (!kits_.is_kit(sku)) return at_site(sku, site, at_rest);
    std::optional<Range> out;
    for (const auto& [part, pieces] : kits_.parts_of(sku)) {
      const auto range = at_site(part, site, at_rest);
      if (!range) return std::nullopt;
      const Range made{range->least / pieces, range->most / pieces};
      out = out ? Range{std::min(out->least, made.least), std::min(out->most, made.most)} : made;
    }
    return out;
  }

  void on_asked(const ChannelAsked& asked, std::vector<Violation>& out) {
    if (evidence_ == nullptr || asked.body.find("stock.figure") == std::string::npos) return;
    if (!sql().open(evidence_->server_db(), evidence_->vfs()) || !know_policies() ||
        !kits_.read(sql()) || !silence_.read(sql(), now_ms_)) {
      return;
    }
    if (now_ms_ - mishap_ms_ < kInForceMs) return;
    boost::system::error_code failed;
    const auto body = json::parse(asked.body, failed);
    const auto* figure =
        failed || !body.is_object() ? nullptr : body.get_object().if_contains("stock");
    if (figure == nullptr) return;
    const auto& in = figure->as_object();
    const std::string sku(in.at("sku").as_string()), location(in.at("location").as_string());
    const auto site = sites_.find(location);
    if (site == sites_.end() || kits_.is_kit(sku)) return;
    const auto range = at_site(sku, site->second, false);
    const auto channel = policy("", asked.channel, sku, false);
    if (!range || !channel) return;
    const auto most = shown_of(range->most, *channel);
    const auto told = in.at("available").as_int64();
    if (told <= most) return;
    say(out, asked.channel + " is told " + std::to_string(told) + " of " + sku + " at " +
                 site->second + "; the policies leave " + std::to_string(most) + ".");
  }

  void now(std::vector<Violation>&) override {
    if (!read_policies() || !kits_.read(sql()) || !silence_.read(sql(), now_ms_)) return;
  }

  void last(const Evidence& evidence, std::vector<Violation>& out) override {
    evidence_ = &evidence;
    if (!read_policies() || !kits_.read(sql()) || !silence_.read(sql(), now_ms_)) return;
    for (const auto& shows : evidence.shown()) {
      const auto range = sets_at(shows.sku, shows.site, true);
      const auto channel = policy("", shows.channel, shows.sku, true);
      if (!range || !channel) continue;
      const auto least = shown_of(range->least, *channel), most = shown_of(range->most, *channel);
      if (shows.quantity >= least && shows.quantity <= most) continue;
      say(out, shows.channel + " shows " + std::to_string(shows.quantity) + " of " + shows.sku +
                   " at " + shows.site + "; after the calm the policies leave " +
                   std::to_string(least) + (least == most ? "" : " to " + std::to_string(most)) +
                   ".");
    }
  }

  const Evidence* evidence_ = nullptr;
  std::map<std::string, std::string> sites_;
  std::map<std::string, Known> rows_;
  std::optional<std::pair<std::int64_t, std::int64_t>> stamp_;  // rows and newest change, as read
  KitParts kits_;  // as in the books: this reads ahead of the log
  std::int64_t mishap_ms_ = -kInForceMs;
  Silence silence_;
};

}  // namespace

OneChecker make_policies(std::shared_ptr<Log> log) {
  return std::make_unique<Policies>(std::move(log));
}

}  // namespace dockline::sim
