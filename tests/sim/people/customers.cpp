#include "tests/sim/people/customers.hpp"

#include <cmath>

namespace dockline::sim {
namespace {

constexpr int kTries = 4;

}  // namespace

std::int64_t some_time(base::Prng& draw, std::int64_t mean_ms) {
  // Whole numbers of the random stream only: the same on every machine.
  const double u = (static_cast<double>(draw.below(1'000'000)) + 1.0) / 1'000'001.0;
  return 1 + static_cast<std::int64_t>(-std::log(u) * static_cast<double>(mean_ms));
}

Customers::Customers(World& world, Shop& shop, const Catalogue& goods)
    : world_(world), shop_(shop), goods_(goods) {}

void Customers::begin(const Appetite& appetite) {
  appetite_ = appetite;
  open_ = true;
  later();
}

void Customers::later() {
  auto& draw = world_.random("customers " + shop_.config().name);
  world_.after(some_time(draw, appetite_.every_ms), [this] {
    if (!open_) return;
    buy();
    later();
  });
}

void Customers::buy() {
  auto& draw = world_.random("customers " + shop_.config().name);
  std::string number, first;
  // What is sold out is left out; some go away.
  for (int tries = 0; tries < kTries && number.empty(); ++tries) {
    std::map<std::string, std::int64_t> wanted;
    const auto lines = 1 + draw.below(appetite_.lines_most);
    for (std::uint64_t i = 0; i < lines; ++i) {
      // The first articles are bought more often than the last.
      const auto n = goods_.all().size();
      const auto pick = std::min(draw.below(n), draw.below(n));
      const auto& goods = goods_.all()[pick];
      wanted[goods.sku] = draw.between(1, appetite_.pieces_most);
      if (goods.cases.empty()) continue;
      auto& many = world_.random("cases " + shop_.config().name);
      if (many.chance(350)) wanted[goods.sku] = many.between(4, 15);
    }
    number = shop_.buy(wanted);
    first = wanted.begin()->first;
  }
  if (number.empty()) return;
  ++bought_;
  world_.mix(number);
  if (world_.tracing()) world_.trace("customer", "bought " + number + " at " + shop_.config().name);
  if (appetite_.two_minds > 0 && of_two_minds(number, first)) return;
  if (appetite_.fickle > 0) take_off(number);
  // From a stream of its own, so that runs of before buy the same.
  if (appetite_.fickle == 0 && add_on(number)) return;
  if (!draw.chance(appetite_.cancel)) return;
  const bool whole = draw.chance(700);
  world_.after(draw.between(1'000, appetite_.cancel_most_ms), [this, number, whole] {
    if (open_ && shop_.cancel(number, whole) && world_.tracing()) {
      world_.trace("customer", "cancelled " + number + (whole ? "" : " in part"));
    }
  });
}

bool Customers::add_on(const std::string& number) {
  auto& draw = world_.random("adding " + shop_.config().name);
  if (!draw.chance(appetite_.add)) return false;
  const auto sku = goods_.all()[draw.below(goods_.all().size())].sku;
  world_.after(draw.between(1'000, appetite_.cancel_most_ms), [this, number, sku] {
    if (open_ && shop_.add(number, sku) && world_.tracing()) {
      world_.trace("customer", "adds a piece of " + sku + " to " + number);
    }
  });
  return true;
}

bool Customers::of_two_minds(const std::string& number, const std::string& sku) {
  auto& draw = world_.random("two minds " + shop_.config().name);
  if (!draw.chance(appetite_.two_minds)) return false;
  change_again(number, sku, draw.between(2, 5));
  return true;
}

// Pieces are taken off the first line first.
void Customers::change_again(const std::string& number, const std::string& sku,
                             std::int64_t changes) {
  auto& draw = world_.random("two minds " + shop_.config().name);
  world_.after(draw.between(1'000, appetite_.cancel_most_ms / 5), [this, number, sku, changes] {
    if (!open_) return;
    const bool fewer = world_.random("two minds " + shop_.config().name).chance(500);
    if (!(fewer ? shop_.cancel(number, false) : shop_.add(number, sku))) return;
    if (world_.tracing()) {
      world_.trace("customer", number + (fewer ? ": a piece less" : ": a piece more"));
    }
    if (changes > 1) change_again(number, sku, changes - 1);
  });
}

void Customers::take_off(const std::string& number) {
  auto& draw = world_.random("fickle " + shop_.config().name);
  if (!draw.chance(appetite_.fickle)) return;
  world_.after(draw.between(1'000, appetite_.cancel_most_ms / 3), [this, number] {
    if (!open_ || !shop_.cancel(number, false)) return;
    if (world_.tracing()) world_.trace("customer", "takes a piece off " + number);
    take_off(number);
  });
}

}  // namespace dockline::sim
