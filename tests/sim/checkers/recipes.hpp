// What kits are made of: by the facts alone, with what each order was made of when it was received;
// or by the books, for what is judged before the log is read.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "tests/sim/checkers/log.hpp"

namespace dockline::sim {

// What each kit is made of, kits within kits too.
class KitParts {
 public:
  using Pieces = std::map<std::string, std::int64_t>;  // by SKU

  void define(const std::string& sku, Pieces parts) { kits_[sku] = std::move(parts); }
  // As the books have them now. False: they cannot be read.
  [[nodiscard]] bool read(Sql& sql) {
    kits_.clear();
    return sql.each("SELECT kit, part, pieces FROM p_kit", {},
                    [&](const Row& row) { kits_[row.str(0)][row.str(1)] = row.integer(2); });
  }
  [[nodiscard]] bool is_kit(const std::string& sku) const {
    const auto found = kits_.find(sku);
    return found != kits_.end() && !found->second.empty();
  }
  // The pieces of one of it; of what is no kit, itself.
  [[nodiscard]] Pieces parts_of(const std::string& sku) const {
    Pieces out;
    take_apart(sku, 1, 0, out);
    return out;
  }

 private:
  static constexpr int kDeep = 10;  // the office refuses circles
  void take_apart(const std::string& sku, std::int64_t times, int depth, Pieces& out) const {
    if (!is_kit(sku) || depth > kDeep) {
      out[sku] += times;
      return;
    }
    for (const auto& [part, each] : kits_.at(sku)) take_apart(part, times * each, depth + 1, out);
  }

  std::map<std::string, Pieces> kits_;
};

class Recipes {
 public:
  using Pieces = KitParts::Pieces;
  struct Order {
    Pieces lines;                         // as it was sold
    std::map<std::string, Pieces> parts;  // of one piece of each kit in it, as made at that time
  };

  void fact(const Fact& fact) {
    if (fact.is("dockline.kit.defined.v1")) {
      kits_.define(fact.sku, Pieces(fact.parts.begin(), fact.parts.end()));
      ever_.insert(fact.sku);
    } else if (fact.is("dockline.order.received.v1")) {
      Order order;
      for (const auto& line : fact.lines) {
        order.lines[line.sku] += line.quantity;
        if (kits_.is_kit(line.sku)) order.parts[line.sku] = kits_.parts_of(line.sku);
      }
      if (!order.parts.empty()) orders_.emplace(fact.order, std::move(order));
    }
  }
  void forget() { *this = {}; }

  [[nodiscard]] bool ever_kit(const std::string& sku) const { return ever_.contains(sku); }
  // Orders with kits in them; null: it has none.
  [[nodiscard]] const Order* order(const std::string& id) const {
    const auto found = orders_.find(id);
    return found == orders_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const std::map<std::string, Order>& orders() const { return orders_; }
  // So many of each as pieces that lie on shelves, as this order has them.
  [[nodiscard]] static Pieces in_pieces(const Order& order, const Pieces& sold) {
    Pieces out;
    for (const auto& [sku, quantity] : sold) {
      const auto kit = order.parts.find(sku);
      if (kit == order.parts.end()) {
        out[sku] += quantity;
        continue;
      }
      for (const auto& [part, each] : kit->second) out[part] += quantity * each;
    }
    return out;
  }

 private:
  KitParts kits_;  // as they are made now
  std::set<std::string> ever_;
  std::map<std::string, Order> orders_;
};

}  // namespace dockline::sim
