// What the office does with single bins: puts goods into them and takes them out, receives straight
// into one, counts one, gives an article another home bin. As people are, it reads the wrong label,
// counts a piece too many, and comes to the desk with what it saw minutes ago; then it is told so.
#pragma once

#include <string>
#include <vector>

#include "tests/sim/people/officer.hpp"

namespace dockline::sim {

// An article as it is entered; without bins.
[[nodiscard]] server::RegisterItem entry(const Goods& goods);

class BinKeeper final : public Officer {
 public:
  explicit BinKeeper(Desk desk) : Officer(std::move(desk), "bins") {}

 private:
  using Figures = std::vector<server::store::BinFigure>;
  void one() override;
  void heard(const server::Reply& reply) override;
  void put(const std::string& sku, const std::string& site, const Figures& here);
  void take_out(const std::string& sku, const std::string& site, const Figures& here);
  void receive(const std::string& sku, const std::string& site);
  void fetch(const std::string& sku, const std::string& site);
  void count(const std::string& sku, const std::string& site, const Figures& here);
  void rename(const Goods& goods, const std::string& site);
  [[nodiscard]] Figures bins_of(const std::string& sku, const std::string& site);
  [[nodiscard]] std::string some_bin();
};

}  // namespace dockline::sim
