// What the office does with single bins: puts goods into them and takes them out, receives straight
// into one, counts one, gives an article another home bin. As people are, it reads the wrong label,
// counts a piece too many, and comes to the desk with what it saw minutes ago; then it is told so.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/sim/nodes/hub_node.hpp"
#include "tests/sim/people/catalogue.hpp"

namespace dockline::sim {

// An article as it is entered; without bins.
[[nodiscard]] server::RegisterItem entry(const Goods& goods);

class BinKeeper {
 public:
  using Count = std::function<void(const char* kind)>;
  BinKeeper(World& world, HubNode& hub, const Catalogue& goods, std::vector<std::string> sites,
            Count count)
      : world_(world),
        hub_(hub),
        goods_(goods),
        sites_(std::move(sites)),
        count_(std::move(count)) {}

  void begin(std::int64_t every_ms);
  void settle() { calm_ = true; }
  void away(bool away) { away_ = away; }

 private:
  using Figures = std::vector<server::store::BinFigure>;
  void next();
  void one();
  void put(const std::string& sku, const std::string& site, const Figures& here);
  void take_out(const std::string& sku, const std::string& site, const Figures& here);
  void receive(const std::string& sku, const std::string& site);
  void fetch(const std::string& sku, const std::string& site);
  void count(const std::string& sku, const std::string& site, const Figures& here);
  void rename(const Goods& goods, const std::string& site);
  [[nodiscard]] Figures bins_of(const std::string& sku, const std::string& site);
  [[nodiscard]] std::string some_bin();
  void ask(server::Command command, const char* kind,
           std::function<void(const std::string& id)> then = {});

  World& world_;
  HubNode& hub_;
  const Catalogue& goods_;
  std::vector<std::string> sites_;
  Count count_;
  std::int64_t every_ms_ = 0;
  bool calm_ = false, away_ = false;
};

}  // namespace dockline::sim
