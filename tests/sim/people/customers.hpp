// The customers of one shop: they buy what it shows, and some change their mind.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/sim/people/catalogue.hpp"
#include "tests/sim/shops/shop.hpp"

namespace dockline::sim {

struct Appetite {
  std::int64_t every_ms = 60'000;  // mean time between two orders
  std::uint32_t cancel = 0;        // per mille of the orders
  std::uint32_t fickle = 0;        // per mille: takes off a piece, and perhaps another one
  std::uint32_t add = 0;           // per mille: wants a piece more, later
  std::uint32_t two_minds = 0;     // per mille: takes off a piece and adds one, several times
  std::int64_t cancel_most_ms = 900'000;
  std::size_t lines_most = 3;
  std::int64_t pieces_most = 2;
};

class Customers {
 public:
  Customers(World& world, Shop& shop, const Catalogue& goods);
  void begin(const Appetite& appetite);
  void stop() { open_ = false; }
  [[nodiscard]] std::uint64_t bought() const { return bought_; }

 private:
  void later();
  void buy();
  bool add_on(const std::string& number);
  void take_off(const std::string& number);
  bool of_two_minds(const std::string& number, const std::string& sku);
  void change_again(const std::string& number, const std::string& sku, std::int64_t changes);

  World& world_;
  Shop& shop_;
  const Catalogue& goods_;
  Appetite appetite_;
  bool open_ = false;
  std::uint64_t bought_ = 0;
};

// Exponentially distributed with this mean, at least 1.
[[nodiscard]] std::int64_t some_time(base::Prng& draw, std::int64_t mean_ms);

}  // namespace dockline::sim
