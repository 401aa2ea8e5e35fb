// Who sells kits: takes them over the telephone, buys them at the shops that list them, cancels
// some of a kit, and now and then makes a kit of other parts. All of them share parts, with each
// other and with what is sold piece by piece.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/people/officer.hpp"
#include "tests/sim/shops/shop.hpp"

namespace dockline::sim {

class KitSeller final : public Officer {
 public:
  KitSeller(Desk desk, const std::vector<std::unique_ptr<Shop>>& shops)
      : Officer(std::move(desk), "kits"), shops_(shops) {}

 private:
  void one() override;
  void define(const std::string& sku, std::vector<std::pair<std::string, std::int64_t>> parts,
              const char* done);
  void define_first();
  void change();
  void take_order();
  void buy();
  void cancel();
  [[nodiscard]] std::string some_kit();

  const std::vector<std::unique_ptr<Shop>>& shops_;
  bool defined_ = false;
  std::uint64_t taken_ = 0;
};

}  // namespace dockline::sim
