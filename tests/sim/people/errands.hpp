// What the office does with stock beside booking deliveries of goods: it moves pieces to quarantine
// and back and from bin to bin, announces and receives, sends goods between sites, counts and asks
// for counts. Nothing is tried twice: an answer that never came is one more way in which the books
// may know more than the people.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/sim/nodes/hub_node.hpp"
#include "tests/sim/people/catalogue.hpp"

namespace dockline::sim {

class Errands {
 public:
  using Count = std::function<void(const char* kind)>;
  Errands(World& world, HubNode& hub, const Catalogue& goods, std::vector<std::string> sites,
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
  void next();
  void one();
  void move(const std::string& sku, const std::string& site);
  void tidy(const std::string& sku, const std::string& site);
  void deliver(const std::string& sku, const std::string& site);
  void transfer(const std::string& sku);
  void count(const std::string& sku, const std::string& site);
  void answer();
  [[nodiscard]] std::int64_t on_hand(const std::string& sku, const std::string& site);
  void ask(server::StockCommand command, const char* kind,
           std::function<void(const std::string& id)> then = {});

  World& world_;
  HubNode& hub_;
  const Catalogue& goods_;
  std::vector<std::string> sites_;
  Count count_;
  std::int64_t every_ms_ = 0, deliveries_ = 0;
  bool calm_ = false, away_ = false;
};

}  // namespace dockline::sim
