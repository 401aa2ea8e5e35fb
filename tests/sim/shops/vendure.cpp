// The Vendure-like shop: tests/channels/shop_model.hpp on the World.
#include <utility>

#include "tests/channels/shop_model.hpp"
#include "tests/sim/shops/shop.hpp"

namespace dockline::sim {
namespace {

using server::channels::vendure::ShopModel;

class VendureShop final : public Shop {
 public:
  VendureShop(World& world, server::channels::Config config, std::int64_t wall_offset_ms,
              const std::vector<std::string>& skus, Report report_to)
      : Shop(world, std::move(config), wall_offset_ms, std::move(report_to)) {
    model_.user = config_.user;
    model_.password = config_.secret;
    model_.prefix = "V";
    model_.locations.clear();
    for (const auto& [site, location] : config_.locations) model_.locations.push_back(location);
    for (const auto& sku : skus) {
      for (const auto& location : model_.locations) model_.stock[sku][location] = {};
    }
    // As in every shop: what nobody entered a SKU for, and what nobody here has heard of.
    model_.oddities = {{"odd-1", {"", "Nameless"}}, {"odd-2", {"NOBODY'S", "Nobody's"}}};
    model_.on_stock_set = [this](const std::string& sku, const std::string& location,
                                 std::int64_t saleable) {
      report(ShopStockSet{config_.name, sku, location, saleable});
    };
    model_.on_fulfilled = [this](const ShopModel::Order& order,
                                 const ShopModel::Fulfilment& parcel) {
      ShopFulfilled seen{config_.name, order.code, parcel.tracking, {}};
      for (const auto& [id, quantity] : parcel.lines) {
        for (const auto& line : order.lines) {
          if (line.id == id) seen.pieces[line.sku] += quantity;
        }
      }
      report(seen);
    };
  }

  std::string buy(const std::map<std::string, std::int64_t>& wanted) override {
    for (const auto& [sku, quantity] : wanted) {
      if (!model_.stock.contains(sku)) return {};
    }
    if (!model_.buy(wanted, wall_ms())) {
      ++counters_.refused_sales;
      return {};
    }
    ++counters_.sold;
    const auto& order = model_.orders.back();
    report(ShopSold{config_.name, order.code, wanted});
    return order.code;
  }

  bool cancel(const std::string& number, bool whole) override {
    for (auto& order : model_.orders) {
      if (order.code != number || !order.fulfilments.empty() || order.state == "Cancelled") {
        continue;
      }
      ShopCancelled seen{config_.name, number, {}};
      for (auto& line : order.lines) {
        if (line.quantity == 0 || (!whole && !seen.pieces.empty())) continue;
        const auto pieces = whole ? line.quantity : 1;
        model_.cancel(order, line, pieces);
        seen.pieces[line.sku] += pieces;
      }
      ++counters_.cancelled;
      report(seen);
      return true;
    }
    return false;
  }

  bool add(const std::string& number, const std::string& sku) override {
    for (auto& order : model_.orders) {
      if (order.code != number || !order.fulfilments.empty() || order.state == "Cancelled") {
        continue;
      }
      if (!model_.stock.contains(sku) || !model_.add(order, sku, 1)) return false;
      ++counters_.added;
      report(ShopAdded{config_.name, number, {{sku, 1}}});
      return true;
    }
    return false;
  }

  // Also when its parcel has left.
  bool move(std::size_t back, const std::string& street) override {
    if (back >= model_.orders.size()) return false;
    auto& order = model_.orders[model_.orders.size() - 1 - back];
    if (order.state == "Cancelled") return false;
    order.street = street;
    report(ShopMoved{config_.name, order.code, street});
    return true;
  }

  std::set<std::string> parcels(const std::string& number) const override {
    std::set<std::string> out;
    for (const auto& order : model_.orders) {
      if (order.code != number) continue;
      for (const auto& parcel : order.fulfilments) out.insert(parcel.tracking);
    }
    return out;
  }

  Shelf shows() const override {
    Shelf out;
    for (const auto& [sku, locations] : model_.stock) {
      for (const auto& [location, level] : locations) {
        out[sku][location] = level.on_hand - level.allocated;
      }
    }
    return out;
  }

 private:
  base::HttpResponse serve(const base::HttpRequest& request) override {
    return model_.answer(request);
  }

  ShopModel model_;
};

}  // namespace

std::unique_ptr<Shop> make_vendure_shop(World& world, server::channels::Config config,
                                        std::int64_t wall_offset_ms,
                                        const std::vector<std::string>& skus, Shop::Report report) {
  return std::make_unique<VendureShop>(world, std::move(config), wall_offset_ms, skus,
                                       std::move(report));
}

}  // namespace dockline::sim
