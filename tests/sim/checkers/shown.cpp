// No channel is told more than could be shipped at that moment, nor shows more at rest. Whether it
// shows what its policies leave of that is judged in policies.cpp.
#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

namespace json = boost::json;

// A request may be under way for so long: its time-out, and what a slow network adds after it.
constexpr std::int64_t kUnderWayMs = 25'000;

using Key = std::pair<std::string, std::string>;  // sku, site

class Shown final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "shown"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>& out) override {
    now_ms_ = at_ms;
    if (const auto* hub = std::get_if<HubMishap>(&seen)) {
      log_->close();
      stale_ = true;
      if (hub->what == Mishap::restored_image) restored_ = true;
    } else if (const auto* asked = std::get_if<ChannelAsked>(&seen)) {
      on_asked(*asked, out);
    } else if (const auto* set = std::get_if<ShopStockSet>(&seen)) {
      on_set(*set, out);
    } else if (const auto* cancelled = std::get_if<ShopCancelled>(&seen)) {
      for (const auto& [sku, pieces] : cancelled->pieces) {
        given_back_[{cancelled->channel, sku}].push_back({at_ms, cancelled->number, pieces});
        wanted_[{cancelled->channel, cancelled->number}][sku] -= pieces;
      }
    } else if (const auto* sold = std::get_if<ShopSold>(&seen)) {
      for (const auto& [sku, pieces] : sold->pieces) {
        wanted_[{sold->channel, sold->number}][sku] += pieces;
      }
    }
  }

  void look(const Evidence& evidence, std::vector<Violation>& out) override {
    evidence_ = &evidence;
    sites_ = evidence.site_of_location();
    now_ms_ = evidence.now_ms();
    count();
    Judge::look(evidence, out);
  }

 private:
  // Shippable at each site now, counted from balances and reservation rows.
  void count() {
    const bool read = evidence_ != nullptr &&
                      sql().open(evidence_->server_db(), evidence_->vfs()) && count_anew();
    if (!read) {
      stale_ = gap_ = true;
    } else if (std::exchange(gap_, false)) {
      known_since_ms_ = now_ms_;
    }
  }
  [[nodiscard]] bool count_anew() {
    // Another number whenever somebody else has committed since, on this connection; another
    // checker's failed read may have closed the one before.
    std::int64_t version = 0;
    if (!sql().each("PRAGMA data_version", {}, [&](const Row& row) { version = row.integer(0); })) {
      return false;
    }
    const auto connection = sql().connection();
    if (!stale_ && version == version_ && connection == connection_) return true;
    version_ = version;
    connection_ = connection;
    stale_ = true;
    const bool read =
        take(balances_, "SELECT seen(sku, place, quantity) FROM p_balance", "/shelf", 1) &&
        take(reserved_, "SELECT seen(sku, site, quantity) FROM p_reservation", "", -1);
    if (!read) return false;
    stale_ = false;
    for (const auto& key : std::exchange(touched_, {})) keep(key, now_[key]);
    return true;
  }

  struct Counted {
    std::string sku, where;
    Key key;
    std::int64_t quantity = 0;
  };

  // Rows come in the order they came in last time: mostly nothing but a figure differs. Places
  // with another ending are of no matter here.
  [[nodiscard]] bool take(std::vector<Counted>& kept, std::string_view query,
                          std::string_view ending, std::int64_t sign) {
    std::size_t at = 0;
    const bool read = sql().sweep(query, [&](const Sweep& row) {
      const auto sku = row.text(0), where = row.text(1);
      if (!where.ends_with(ending)) return;
      if (at == kept.size()) kept.emplace_back();
      auto& one = kept[at++];
      if (one.sku != sku || one.where != where) {
        change(one, 0, sign);
        one.sku = sku;
        one.where = where;
        one.key = {one.sku, one.where.substr(0, one.where.size() - ending.size())};
        touched_.insert(one.key);
      }
      change(one, row.integer(2), sign);
    });
    for (; kept.size() > at; kept.pop_back()) change(kept.back(), 0, sign);
    return read;
  }
  void change(Counted& one, std::int64_t quantity, std::int64_t sign) {
    if (one.quantity == quantity) return;
    now_[one.key] += sign * (quantity - one.quantity);
    one.quantity = quantity;
    touched_.insert(one.key);
  }
  void keep(const Key& key, std::int64_t quantity) {
    auto& past = past_[key];
    if (!past.empty() && past.back().quantity == quantity) return;
    if (!past.empty()) past.back().until_ms = now_ms_;
    past.push_back({quantity, now_ms_ + kFarMs});
    while (past.size() > 1 && past.front().until_ms < now_ms_ - kUnderWayMs) past.pop_front();
  }

  // Most that could be shipped at any moment since a request still under way can have left.
  [[nodiscard]] std::optional<std::int64_t> most(const Key& key) {
    const auto found = past_.find(key);
    if (found == past_.end()) return std::nullopt;
    std::int64_t most = 0;
    for (const auto& one : found->second) {
      if (one.until_ms >= now_ms_ - kUnderWayMs) most = std::max(most, one.quantity);
    }
    return most;
  }

  void on_asked(const ChannelAsked& asked, std::vector<Violation>& out) {
    const bool stock = asked.body.find("stock.figure") != std::string::npos;
    const bool vendure = asked.body.find("stockOnHand") != std::string::npos;
    if (!stock && !vendure) return;
    if (vendure) counting_.insert(asked.channel);
    count();
    if (!stock) return;
    boost::system::error_code failed;
    const auto body = json::parse(asked.body, failed);
    const auto* figure =
        failed || !body.is_object() ? nullptr : body.get_object().if_contains("stock");
    if (figure == nullptr) return;
    const auto& in = figure->as_object();
    const std::string sku(in.at("sku").as_string()), location(in.at("location").as_string());
    const auto told = in.at("available").as_int64();
    const auto site = site_of(location);
    const auto can = past_.find({sku, site});
    if (can == past_.end() || stale_ || restored_) return;
    const auto now = std::max<std::int64_t>(0, can->second.back().quantity);
    if (told <= now) return;
    say(out, asked.channel + " is told " + std::to_string(told) + " of " + sku + " at " + site +
                 " at " + std::to_string(now_ms_) + " ms; " + std::to_string(now) +
                 " can be shipped.");
  }

  void on_set(const ShopStockSet& set, std::vector<Violation>& out) {
    const auto site = site_of(set.location);
    count();
    const auto can = most({set.sku, site});
    if (!can || stale_ || restored_) return;
    // What could be shipped when this may have left was not seen: before the first look, or while
    // a read of ours failed.
    if (now_ms_ - known_since_ms_ < kUnderWayMs) return;
    auto at_most = std::max<std::int64_t>(0, *can);
    if (set.quantity <= at_most) return;
    const auto back = given_back(set.channel, set.sku);
    if (!back) return;  // the books could not be read: not known
    at_most += *back;
    if (set.quantity <= at_most) return;
    say(out, set.channel + " shows " + std::to_string(set.quantity) + " of " + set.sku + " at " +
                 site + " from " + std::to_string(now_ms_) + " ms on; at most " +
                 std::to_string(at_most) + " could be shipped.");
  }

  // Pieces that customers gave back, at a shop that counts for itself. Its own count has them back
  // at once and they are free: no customer waits for them any more. The server cannot know of them
  // between its reading and its write, nor before it has heard of the cancellation, which takes as
  // long as the shop is away or wants no requests: a kept piece less may as well be one that left
  // in a parcel under way, so the figure is written as if that had been so, and shows one more.
  [[nodiscard]] std::optional<std::int64_t> given_back(const std::string& channel,
                                                       const std::string& sku) {
    if (!counting_.contains(channel)) return 0;
    auto& all = given_back_[{channel, sku}];
    std::map<std::string, std::int64_t> lately;  // by order
    for (const auto& one : all) {
      lately[one.number] += one.at_ms < now_ms_ - kUnderWayMs ? 0 : one.pieces;
    }
    std::int64_t sum = 0;
    std::set<std::string> heard;
    for (const auto& [number, pieces] : lately) {
      const auto unheard = not_heard_of(channel, number, sku);
      if (!unheard) return std::nullopt;
      sum += std::max(pieces, *unheard);
      if (pieces == 0 && *unheard == 0) heard.insert(number);
    }
    std::erase_if(all, [&](const GivenBack& one) { return heard.contains(one.number); });
    return sum;
  }

  // Pieces that the server still thinks are wanted and the shop knows are not.
  [[nodiscard]] std::optional<std::int64_t> not_heard_of(const std::string& channel,
                                                         const std::string& number,
                                                         const std::string& sku) {
    std::int64_t unheard = 0;  // none of an order that the server does not know
    const bool read = sql().each(
        "SELECT sum(quantity - cancelled) FROM p_line JOIN p_order USING(ord) "
        "WHERE channel = ?1 AND number = ?2 AND sku = ?3 HAVING count(*) > 0",
        {channel, number, sku},
        [&](const Row& row) { unheard = row.integer(0) - wanted_[{channel, number}][sku]; });
    if (!read) return std::nullopt;
    return std::max<std::int64_t>(0, unheard);
  }

  [[nodiscard]] std::string site_of(const std::string& location) const {
    const auto known = sites_.find(location);
    return known == sites_.end() ? location : known->second;
  }

  // At rest: not more than can be shipped. A kit does not lie anywhere.
  void last(const Evidence& evidence, std::vector<Violation>& out) override {
    evidence_ = &evidence;
    stale_ = true;
    count();
    for (const auto& shows : evidence.shown()) {
      const auto can = past_.find({shows.sku, shows.site});
      const auto now =
          can == past_.end() ? 0 : std::max<std::int64_t>(0, can->second.back().quantity);
      if (shows.quantity <= now || can == past_.end()) continue;
      say(out, shows.channel + " shows " + std::to_string(shows.quantity) + " of " + shows.sku +
                   " at " + shows.site + ", and " + std::to_string(now) +
                   " can be shipped after the calm.");
    }
  }

  static constexpr std::int64_t kFarMs = 1'000'000'000'000;
  struct Past {
    std::int64_t quantity = 0, until_ms = 0;
  };
  const Evidence* evidence_ = nullptr;
  std::int64_t version_ = 0;
  std::uint64_t connection_ = 0;
  bool stale_ = true, restored_ = false;
  bool gap_ = true;  // a read failed: what there was meanwhile is not in past_
  std::int64_t known_since_ms_ = 0;
  std::vector<Counted> balances_, reserved_;  // as read last
  std::map<Key, std::int64_t> now_;
  std::set<Key> touched_;  // not looked at since they changed
  std::map<Key, std::deque<Past>> past_;
  std::map<std::string, std::string> sites_;
  std::set<std::string> counting_;  // channels that keep pieces for their orders themselves
  struct GivenBack {
    std::int64_t at_ms = 0;
    std::string number;
    std::int64_t pieces = 0;
  };
  std::map<Key, std::vector<GivenBack>> given_back_;  // channel, sku
  // Channel, order: what its customer still wants.
  std::map<Key, std::map<std::string, std::int64_t>> wanted_;
};

}  // namespace

OneChecker make_shown(std::shared_ptr<Log> log) { return std::make_unique<Shown>(std::move(log)); }

}  // namespace dockline::sim
