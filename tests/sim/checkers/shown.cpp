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
    } else if (const auto* added = std::get_if<ShopAdded>(&seen)) {
      for (const auto& [sku, pieces] : added->pieces) {
        wanted_[{added->channel, added->number}][sku] += pieces;
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
    if (!stale_) agree(out);
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
    const bool whole = stale_ || connection != connection_;
    if (!whole && version == version_) return true;
    version_ = version;
    connection_ = connection;
    stale_ = true;
    if (!(whole ? count_whole() : count_changed())) return false;
    stale_ = false;
    for (const auto& key : std::exchange(touched_, {})) keep(key, now_[key]);
    return true;
  }

  // Counted as of a fact: pieces on shelves, and what each order has reserved.
  struct Books {
    std::map<Key, std::int64_t> on_hand;
    std::map<std::string, std::map<Key, std::int64_t>> reserved;  // by order
    std::int64_t position = 0;
  };
  [[nodiscard]] std::optional<Books> read_whole() {
    Books out;
    const bool read =
        sql().sweep("SELECT seen(sku, place, quantity) FROM p_balance",
                    [&](const Sweep& row) {
                      if (const auto site = site_of_shelf(row.text(1)); !site.empty()) {
                        out.on_hand[{std::string(row.text(0)), std::string(site)}] = row.integer(2);
                      }
                    }) &&
        sql().sweep(
            "SELECT seen(ifnull(o.id, ''), r.sku, r.site, r.quantity) FROM p_reservation r "
            "LEFT JOIN p_order o USING(ord)",
            [&](const Sweep& row) {
              out.reserved[std::string(row.text(0))]
                          [{std::string(row.text(1)), std::string(row.text(2))}] += row.integer(3);
            }) &&
        sql().each("SELECT ifnull(max(position), 0) FROM events", {},
                   [&](const Row& row) { out.position = row.integer(0); });
    return read ? std::optional(std::move(out)) : std::nullopt;
  }
  [[nodiscard]] static std::string_view site_of_shelf(std::string_view place) {
    constexpr std::string_view kShelf = "/shelf";
    return place.ends_with(kShelf) ? place.substr(0, place.size() - kShelf.size())
                                   : std::string_view();
  }
  [[nodiscard]] bool count_whole() {
    auto read = read_whole();
    if (!read) return false;
    for (const auto& [key, quantity] : books_.on_hand) change(key, -quantity);
    for (const auto& [order, rows] : books_.reserved) {
      for (const auto& [key, quantity] : rows) change(key, quantity);
    }
    books_ = std::move(*read);
    for (const auto& [key, quantity] : books_.on_hand) change(key, quantity);
    for (const auto& [order, rows] : books_.reserved) {
      for (const auto& [key, quantity] : rows) change(key, -quantity);
    }
    return true;
  }

  // Only what the facts since name: the articles that were moved, the reservations of the orders.
  // That nothing else changes is held against the tables at each figure and each look (agree()).
  [[nodiscard]] bool count_changed() {
    std::set<std::string> skus, orders;
    auto position = books_.position;
    const auto name = [&](const std::string& order) {
      if (!order.empty()) orders.insert(order);
    };
    bool read =
        sql().each("SELECT position, body FROM events WHERE position > ?1 ORDER BY position",
                   {books_.position},
                   [&](const Row& row) {
                     position = row.integer(0);
                     Fact fact;
                     static_cast<void>(read_fact(row.text(1), fact));
                     name(fact.order);
                     name(fact.subject);
                     name(fact.lease.substr(0, fact.lease.rfind('/')));
                     for (const auto& order : fact.orders) name(order);
                   }) &&
        sql().each("SELECT sku FROM p_move WHERE position > ?1", {books_.position},
                   [&](const Row& row) { skus.insert(row.str(0)); });
    for (const auto& sku : skus) read = read && count_article(sku);
    for (const auto& order : orders) read = read && count_order(order);
    if (read) books_.position = position;
    return read;
  }
  [[nodiscard]] bool count_article(const std::string& sku) {
    return sql().each("SELECT place, quantity FROM p_balance WHERE sku = ?1", {sku},
                      [&](const Row& row) {
                        const auto site = site_of_shelf(row.text(0));
                        if (site.empty()) return;
                        const Key key{sku, std::string(site)};
                        auto& kept = books_.on_hand[key];
                        change(key, row.integer(1) - kept);
                        kept = row.integer(1);
                      });
  }
  [[nodiscard]] bool count_order(const std::string& order) {
    std::map<Key, std::int64_t> rows;
    const bool read = sql().each(
        "SELECT sku, site, quantity FROM p_reservation WHERE ord = (SELECT ord FROM p_order "
        "WHERE id = ?1)",
        {order}, [&](const Row& row) { rows[{row.str(0), row.str(1)}] += row.integer(2); });
    if (!read) return false;
    auto& kept = books_.reserved[order];
    for (const auto& [key, quantity] : kept) change(key, quantity);
    for (const auto& [key, quantity] : rows) change(key, -quantity);
    kept = std::move(rows);
    if (kept.empty()) books_.reserved.erase(order);
    return true;
  }
  void change(const Key& key, std::int64_t by) {
    if (by == 0) return;
    now_[key] += by;
    touched_.insert(key);
  }

  // What was counted by changes is what the tables say: of one article, or of all.
  void agree(const Key& key, std::vector<Violation>& out) {
    std::int64_t free = 0;
    const bool read =
        sql().each("SELECT quantity FROM p_balance WHERE sku = ?1 AND place = ?2",
                   {key.first, key.second + "/shelf"},
                   [&](const Row& row) { free += row.integer(0); }) &&
        sql().each("SELECT quantity FROM p_reservation WHERE sku = ?1 AND site = ?2",
                   {key.first, key.second}, [&](const Row& row) { free -= row.integer(0); });
    if (read) agree(key, free, out);
  }
  void agree(std::vector<Violation>& out) {
    const auto read = read_whole();
    if (!read) return;
    std::map<Key, std::int64_t> free;
    for (const auto& [key, quantity] : now_) free[key] = 0;
    for (const auto& [key, quantity] : read->on_hand) free[key] += quantity;
    for (const auto& [order, rows] : read->reserved) {
      for (const auto& [key, quantity] : rows) free[key] -= quantity;
    }
    for (const auto& [key, quantity] : free) agree(key, quantity, out);
  }
  void agree(const Key& key, std::int64_t free, std::vector<Violation>& out) {
    const auto found = now_.find(key);
    const auto counted = found == now_.end() ? 0 : found->second;
    if (counted == free) return;
    say(out, std::to_string(free) + " of " + key.first + " can be shipped at " + key.second +
                 " by the tables; the facts up to " + std::to_string(books_.position) +
                 " changed them to " + std::to_string(counted) + ".");
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
    if (stale_ || restored_) return;
    agree({sku, site}, out);
    if (can == past_.end()) return;
    const auto now = std::max<std::int64_t>(0, can->second.back().quantity);
    if (told <= now) return;
    say(out, asked.channel + " is told " + std::to_string(told) + " of " + sku + " at " + site +
                 " at " + std::to_string(now_ms_) + " ms; " + std::to_string(now) +
                 " can be shipped.");
  }

  void on_set(const ShopStockSet& set, std::vector<Violation>& out) {
    const auto site = site_of(set.location);
    count();
    if (stale_ || restored_) return;
    agree({set.sku, site}, out);
    const auto can = most({set.sku, site});
    if (!can) return;
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
  Books books_;
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
