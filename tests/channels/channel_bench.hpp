// Books of a few sites and a store in memory, and a bench around them that runs the ChannelEngine
// as HubApp does. Who carries the requests is the derived class's business: a faulty model network
// (channel_world.hpp) or the real one (tests/storefront).
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "server/publish/channel_engine.hpp"
#include "server/publish/channel_words.hpp"
#include "shared/base/check.hpp"
#include "shared/base/prng.hpp"

namespace dockline::server::publish {

// The line of this number: what was taken off before the order was heard of leaves a gap.
auto& by_number(auto& lines, std::int64_t number) {
  return *std::ranges::find_if(lines, [&](const auto& line) { return line.line == number; });
}

class ModelBooks final : public Books, public ChannelWords {
 public:
  struct Order {
    wire::OrderReceived received;
    std::vector<KnownLine> lines;
    std::map<std::int64_t, std::string> site;  // line -> where its pieces are reserved
    bool packed = false, told = false;
  };
  std::map<std::string, std::map<std::string, domain::Quantity>> shelf;  // sku -> site
  std::map<std::string, Order> orders;
  std::map<std::string, domain::Quantity> shown;  // "channel|sku|location"

  static domain::Quantity open(const KnownLine& line) { return line.received - line.cancelled; }

  base::Result<SkuFacts> facts(const std::string& sku) override {
    SkuFacts out;
    for (const auto& [site, pieces] : shelf[sku]) {
      stock::SiteFacts one{.site = site, .on_hand = {pieces, 0}, .stations = {}};
      one.reserved.value = pieces - available(sku, site);
      out.sites.push_back(std::move(one));
    }
    return out;
  }
  // What the channel shows at a site when all is told, with arithmetic of its own: what lies there
  // and is free, less what is promised beyond the shelf at the sites before it and behind it.
  domain::Quantity sellable(const std::string& sku, const std::string& at) {
    domain::Quantity owed = 0;
    for (const auto& [site, pieces] : shelf[sku]) {
      owed += std::max<domain::Quantity>(0, -available(sku, site));
    }
    for (const auto& [site, pieces] : shelf[sku]) {
      const auto free = std::max<domain::Quantity>(0, available(sku, site));
      const auto left = std::max<domain::Quantity>(0, free - owed);
      owed -= free - left;
      if (site == at) return left;
    }
    return 0;
  }

  // Of one site's shelf; below zero when more is promised there than lies there.
  domain::Quantity available(const std::string& sku, const std::string& site) {
    auto left = shelf[sku][site];
    for (auto& [id, order] : orders) {
      if (order.packed) continue;
      for (const auto& line : order.lines) {
        if (by_number(order.received.lines, line.line).sku == sku &&
            order.site[line.line] == site) {
          left -= open(line);
        }
      }
    }
    return left;
  }
  base::Result<domain::Quantity> held(const std::string& channel, const std::string& sku) override {
    domain::Quantity sum = 0;
    for (const auto& [id, order] : orders) {
      if (order.told || order.received.channel != channel) continue;
      for (const auto& line : order.lines) {
        if (by_number(order.received.lines, line.line).sku == sku) {
          sum += open(line);
        }
      }
    }
    return sum;
  }
  base::Result<std::optional<domain::Quantity>> told(const std::string& channel,
                                                     const std::string& sku,
                                                     const std::string& location) override {
    const auto found = shown.find(channel + "|" + sku + "|" + location);
    if (found == shown.end()) return std::optional<domain::Quantity>();
    return std::optional(found->second);
  }
  base::Result<std::optional<std::vector<KnownLine>>> order(const std::string& id) override {
    const auto found = orders.find(id);
    if (found == orders.end()) return std::optional<std::vector<KnownLine>>();
    auto lines = found->second.lines;
    for (auto& line : lines) line.held = found->second.told ? 0 : open(line);
    return std::optional(std::move(lines));
  }
  base::Result<std::vector<std::string>> open_orders(const std::string& channel,
                                                     const std::string& after,
                                                     std::size_t limit) override {
    std::set<std::string> numbers;
    for (const auto& [id, order] : orders) {
      const bool live = std::ranges::any_of(order.lines, [](const auto& l) { return open(l) > 0; });
      if (!order.told && live && order.received.channel == channel &&
          order.received.number > after) {
        numbers.insert(order.received.number);
      }
    }
    std::vector<std::string> page(numbers.begin(), numbers.end());
    if (page.size() > limit) page.resize(limit);
    return page;
  }
  base::Result<bool> moved(const std::string& order, const domain::Address& now) override {
    const auto found = orders.find(order);
    return found != orders.end() && !same_place(found->second.received.ship_to, now);
  }
  base::Result<Page> told_lately(const std::string& channel, std::int64_t, std::int64_t,
                                 std::size_t limit) override {
    Page page;
    for (const auto& [id, order] : orders) {
      if (!order.told || order.received.channel != channel) continue;
      if (page.numbers.size() < limit) page.numbers.push_back(order.received.number);
    }
    return page;
  }
  base::Result<bool> knows(const std::string& sku) override { return shelf.contains(sku); }
  base::Result<std::vector<std::string>> skus(const std::string& after,
                                              std::size_t limit) override {
    std::vector<std::string> page;
    for (const auto& [sku, sites] : shelf) {
      if (sku > after && page.size() < limit) page.push_back(sku);
    }
    return page;
  }
};

class ModelStore final : public OutboxStore {
 public:
  std::map<std::int64_t, Row> rows;
  std::map<std::string, std::string> cursors;
  base::Result<std::vector<Row>> outbox_rows() override {
    std::vector<Row> out;
    for (const auto& [id, row] : rows) out.push_back(row);
    return out;
  }
  base::Status outbox_put(const Row& row) override {
    rows[row.id] = row;
    return {};
  }
  base::Status outbox_remove(std::int64_t id) override {
    rows.erase(id);
    return {};
  }
  base::Result<std::string> cursor(const std::string& name) override { return cursors[name]; }
  base::Status set_cursor(const std::string& name, const std::string& value) override {
    cursors[name] = value;
    return {};
  }
};

class ChannelBench {
 public:
  explicit ChannelBench(std::uint64_t seed) : prng(seed) {}
  virtual ~ChannelBench() = default;

  base::Instant now{.mono_ms = 1'000, .wall_ms = 1'795'000'000'000};
  base::Prng prng;
  ModelBooks books;
  ModelStore store;
  std::vector<channels::Config> configs;
  std::unique_ptr<ChannelEngine> engine;
  std::vector<wire::EventData> facts;

  // Also after a crash: everything in memory is gone.
  void open() {
    std::vector<std::unique_ptr<channels::Channel>> made;
    for (const auto& config : configs) {
      auto one = channels::make(config);
      CHECK(one.has_value());
      made.push_back(std::move(*one));
    }
    engine = std::make_unique<ChannelEngine>(std::move(made), prng.next());
    check(engine->load(now, store));
  }

  void touch(const std::string& sku) {
    engine->touch(sku, now.wall_ms);
    EngineOut out;
    turn(out);
  }

  // A box with everything of an order is closed.
  void pack(ModelBooks::Order& order) {
    channels::FulfilmentPush push{.order = order.received.order,
                                  .number = order.received.number,
                                  .external_id = order.received.external_id,
                                  .carrier = "House",
                                  .tracking = "DL" + order.received.number,
                                  .caused_ms = now.wall_ms};
    for (const auto& line : order.lines) {
      const auto& sold = by_number(order.received.lines, line.line);
      const auto pieces = ModelBooks::open(line);
      if (pieces == 0) continue;
      push.lines.push_back({line.line, sold.sku, sold.external_id, pieces});
      books.shelf[sold.sku][order.site[line.line]] -= pieces;
      engine->touch(sold.sku, now.wall_ms);
    }
    if (push.lines.empty()) return;
    order.packed = true;
    check(engine->fulfil(now, store, order.received.channel, push));
    EngineOut out;
    turn(out);
  }

  HookReply hook(const std::string& channel, const channels::Hook& hook) {
    return hooks(channel, {hook}).front();
  }
  // All in one turn.
  std::vector<HookReply> hooks(const std::string& channel, const std::vector<channels::Hook>& all) {
    std::vector<HookReply> replies;
    EngineOut out;
    for (const auto& one : all) {
      auto reply = engine->on_hook(now, books, channel, one, out);
      CHECK(reply.has_value());
      replies.push_back(std::move(*reply));
      for (auto& fact : std::exchange(out.facts, {})) apply(fact);
    }
    turn(out);
    return replies;
  }

  template <class Fact>
  std::vector<Fact> told_of() const {
    std::vector<Fact> out;
    for (const auto& fact : facts) {
      if (const auto* one = std::get_if<Fact>(&fact)) out.push_back(*one);
    }
    return out;
  }

 protected:
  virtual void send(ChannelRequest request) = 0;

  static void check(const base::Status& status) { CHECK(status.has_value()); }

  // As HubApp: facts into the books, then the engine's last word.
  void turn(EngineOut& out) {
    for (auto& fact : std::exchange(out.facts, {})) apply(fact);
    check(engine->flush(now, books, store, out));
    for (auto& fact : std::exchange(out.facts, {})) apply(fact);
    for (auto& request : out.requests) send(std::move(request));
  }

  void apply(const wire::EventData& fact) {
    facts.push_back(fact);
    if (const auto* received = std::get_if<wire::OrderReceived>(&fact)) {
      CHECK(!books.orders.contains(received->order));  // never a second time
      receive(*received);
    } else if (const auto* cancelled = std::get_if<wire::OrderCancelled>(&fact)) {
      auto& order = books.orders.at(cancelled->order);
      for (const auto& line : cancelled->lines) {
        by_number(order.lines, line.line).cancelled += line.quantity;
        engine->touch(by_number(order.received.lines, line.line).sku, now.wall_ms);
      }
    } else if (const auto* amended = std::get_if<wire::OrderAmended>(&fact)) {
      amend(*amended);
    } else if (const auto* stock = std::get_if<wire::ChannelStockConfirmed>(&fact)) {
      books.shown[stock->channel + "|" + stock->sku + "|" + stock->location] = stock->quantity;
    } else if (const auto* parcel = std::get_if<wire::ChannelFulfilmentConfirmed>(&fact)) {
      books.orders.at(parcel->order).told = true;
    }
  }

  void amend(const wire::OrderAmended& amended) {
    auto& order = books.orders.at(amended.order);
    if (amended.ship_to && !order.packed) order.received.ship_to = *amended.ship_to;
    for (const auto& line : amended.lines) {
      if (line.line != 0) {
        auto& known = by_number(order.lines, line.line);
        known.received = known.cancelled + line.quantity;
        by_number(order.received.lines, line.line).quantity = known.received;
        engine->touch(by_number(order.received.lines, line.line).sku, now.wall_ms);
        continue;
      }
      const auto number = static_cast<std::int64_t>(order.received.lines.size()) + 1;
      order.received.lines.push_back({.line = number,
                                      .sku = *line.sku,
                                      .title = line.title.value_or(""),
                                      .quantity = line.quantity,
                                      .external_id = line.external_id});
      order.lines.push_back({number, line.external_id.value_or(""), line.quantity, 0});
      order.site[number] = books.shelf.at(*line.sku).begin()->first;
      engine->touch(*line.sku, now.wall_ms);
    }
  }

  void receive(const wire::OrderReceived& received) {
    ModelBooks::Order order{.received = received};
    for (const auto& line : received.lines) {
      order.lines.push_back({line.line, line.external_id.value_or(""), line.quantity, 0});
      auto& sites = books.shelf.at(line.sku);
      order.site[line.line] = sites.begin()->first;
      for (const auto& [site, pieces] : sites) {
        const auto atp = books.available(line.sku, site);
        if (atp >= line.quantity) order.site[line.line] = site;  // not where the shop takes it
      }
      engine->touch(line.sku, now.wall_ms);
    }
    books.orders.emplace(received.order, std::move(order));
  }
};

}  // namespace dockline::server::publish
