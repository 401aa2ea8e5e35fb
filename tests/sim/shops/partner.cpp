// A partner behind signed webhooks. It drops deliveries it has seen, believes absolute figures,
// sells what it was told and lowers its own figure until the next one comes, and sends each of its
// messages again until someone says 2xx.
#include <algorithm>
#include <set>
#include <utility>

#include <boost/json.hpp>

#include "shared/base/bytes.hpp"
#include "tests/sim/shops/shop.hpp"

namespace dockline::sim {
namespace {

namespace json = boost::json;

constexpr std::int64_t kResendFirstMs = 5'000, kResendMostMs = 300'000;

std::string text(const json::value& value) { return std::string(value.as_string()); }

class Partner final : public Shop {
 public:
  using Shop::Shop;

  std::string buy(const std::map<std::string, std::int64_t>& wanted) override {
    for (const auto& [sku, quantity] : wanted) {
      if (shown(sku) < quantity) {
        ++counters_.refused_sales;
        return {};
      }
    }
    const auto number = "W" + std::to_string(++numbers_);
    auto& order = orders_[number];
    json::array lines;
    for (const auto& [sku, quantity] : wanted) {
      take(sku, quantity);
      order.lines.push_back({sku, quantity});
      lines.push_back(
          {{"id", std::to_string(order.lines.size())}, {"sku", sku}, {"quantity", quantity}});
    }
    ++counters_.sold;
    report(ShopSold{config_.name, number, wanted});
    send("order.placed", {{"number", number},
                          {"placed_at", base::to_rfc3339(wall_ms())},
                          {"ship_to",
                           {{"name", "Ada " + number},
                            {"street1", "Kai 1"},
                            {"postal_code", "20457"},
                            {"city", "Hamburg"},
                            {"country", "DE"}}},
                          {"lines", std::move(lines)}});
    return number;
  }

  bool cancel(const std::string& number, bool whole) override {
    const auto found = orders_.find(number);
    if (found == orders_.end() || found->second.shipped || found->second.cancelled) return false;
    auto& order = found->second;
    ShopCancelled seen{config_.name, number, {}};
    if (whole) {
      for (auto& [sku, quantity] : order.lines) {
        seen.pieces[sku] += quantity;
        quantity = 0;
      }
      order.cancelled = true;
      send("order.cancelled", {{"number", number}, {"reason", "changed my mind"}});
    } else {
      auto& [sku, quantity] = order.lines.front();
      if (quantity == 0) return false;
      --quantity;
      seen.pieces[sku] = 1;
      json::array lines;
      for (std::size_t i = 0; i < order.lines.size(); ++i) {
        lines.push_back({{"id", std::to_string(i + 1)},
                         {"sku", order.lines[i].first},
                         {"quantity", order.lines[i].second}});
      }
      send("order.changed", {{"number", number}, {"lines", std::move(lines)}});
    }
    ++counters_.cancelled;
    report(seen);
    return true;
  }

  std::set<std::string> parcels(const std::string& number) const override {
    const auto found = orders_.find(number);
    return found == orders_.end() ? std::set<std::string>{} : found->second.parcels;
  }
  bool take_back(const std::string& number, const std::string& tracking) override {
    if (orders_[number].parcels.erase(tracking) == 1) {
      report(ShopParcelTakenBack{config_.name, number, tracking});
    }
    return true;
  }

  // As told: what it takes off by itself between two figures is its own affair.
  Shelf shows() const override { return told_; }

  void settle() override {
    for (auto& held : std::exchange(never_, {})) post(std::move(held), 0);
  }
  std::size_t unsent() const override { return under_way_ + never_.size(); }

 private:
  struct Order {
    std::vector<std::pair<std::string, std::int64_t>> lines;
    std::set<std::string> parcels;
    bool shipped = false, cancelled = false;
  };

  base::HttpResponse serve(const base::HttpRequest& request) override {
    base::HttpResponse out{.status = 200, .headers = {}, .body = "{}"};
    std::string signature;
    for (const auto& [name, value] : request.headers) {
      if (name == "x-dockline-signature") signature = value;
    }
    if (signature != sign(request.body)) {
      out.status = 401;
      return out;
    }
    const auto body = json::parse(request.body).as_object();
    if (!seen_.insert(text(body.at("delivery"))).second) {
      out.status = random().chance(500) ? 409 : 200;
      return out;
    }
    const auto type = text(body.at("type"));
    if (type == "stock.figure") {
      const auto& stock = body.at("stock").as_object();
      const auto sku = text(stock.at("sku")), location = text(stock.at("location"));
      available_[sku][location] = stock.at("available").as_int64();
      told_[sku][location] = stock.at("available").as_int64();
      report(ShopStockSet{config_.name, sku, location, stock.at("available").as_int64()});
    } else if (type == "order.shipped") {
      ship(body.at("order").as_object());
    }
    return out;
  }

  void ship(const json::object& in) {
    ShopFulfilled seen{config_.name, text(in.at("number")), text(in.at("tracking")), {}};
    for (const auto& line : in.at("lines").as_array()) {
      seen.pieces[text(line.at("sku"))] += line.at("quantity").as_int64();
    }
    if (const auto found = orders_.find(seen.number); found != orders_.end()) {
      found->second.shipped = true;
      found->second.parcels.insert(seen.tracking);
    }
    report(seen);
  }

  std::int64_t shown(const std::string& sku) const {
    const auto found = available_.find(sku);
    if (found == available_.end()) return 0;
    std::int64_t sum = 0;
    for (const auto& [location, pieces] : found->second) sum += pieces;
    return sum;
  }

  void take(const std::string& sku, std::int64_t quantity) {
    for (auto& [location, pieces] : available_[sku]) {
      const auto here = std::clamp<std::int64_t>(pieces, 0, quantity);
      pieces -= here;
      quantity -= here;
    }
  }

  std::string sign(std::string_view body) const {
    return "sha256=" + base::to_hex(base::hmac_sha256(config_.secret, body));
  }

  void send(const char* type, json::object order) {
    auto& draw = random();
    const auto delivery = config_.name + "-" + std::to_string(++deliveries_);
    server::channels::Hook hook;
    hook.body = json::serialize(
        json::object{{"type", type}, {"delivery", delivery}, {"order", std::move(order)}});
    hook.headers = {{"content-type", "application/json"},
                    {"x-dockline-signature", sign(hook.body)},
                    {"x-dockline-timestamp", std::to_string(wall_ms())}};
    ++counters_.hooks;
    if (draw.chance(faults_.hook_never)) {
      ++counters_.hooks_never;
      never_.push_back(std::move(hook));
      return;
    }
    auto delay_ms = draw.between(faults_.delay_min_ms, faults_.delay_max_ms);
    if (draw.chance(faults_.hook_late)) {
      ++counters_.hooks_late;
      delay_ms += draw.between(0, faults_.hook_late_ms);
    }
    if (draw.chance(faults_.hook_doubled)) {
      ++counters_.hooks_doubled;
      post(hook, delay_ms + draw.between(0, 2 * faults_.delay_max_ms));
    }
    post(std::move(hook), delay_ms);
  }

  void post(server::channels::Hook hook, std::int64_t delay_ms,
            std::int64_t resend_ms = kResendFirstMs) {
    ++under_way_;
    world_.after(delay_ms, [this, hook = std::move(hook), resend_ms] {
      const auto again = [this, hook, resend_ms](int status) {
        --under_way_;
        if (world_.tracing()) {
          world_.trace(config_.name, "webhook " + hook.body + " -> " + std::to_string(status));
        }
        if (status / 100 == 2) return;
        post(hook, random().between(resend_ms / 2, resend_ms),
             std::min(2 * resend_ms, kResendMostMs));
      };
      if (!post_) return again(0);
      post_(config_.name, hook, again);
    });
  }

  std::map<std::string, std::map<std::string, std::int64_t>> available_;
  Shelf told_;
  std::map<std::string, Order> orders_;
  std::set<std::string> seen_;
  std::vector<server::channels::Hook> never_;
  std::uint64_t numbers_ = 0, deliveries_ = 0;
  std::size_t under_way_ = 0;
};

}  // namespace

std::unique_ptr<Shop> make_webhook_partner(World& world, server::channels::Config config,
                                           std::int64_t wall_offset_ms, Shop::Report report) {
  return std::make_unique<Partner>(world, std::move(config), wall_offset_ms, std::move(report));
}

}  // namespace dockline::sim
