// What the office does with stock beside booking deliveries of goods: it moves pieces to quarantine
// and back and from bin to bin, announces and receives, sends goods between sites, counts and asks
// for counts. Nothing is tried twice: an answer that never came is one more way in which the books
// may know more than the people.
#pragma once

#include <cstdint>
#include <string>

#include "tests/sim/people/officer.hpp"

namespace dockline::sim {

class Errands final : public Officer {
 public:
  explicit Errands(Desk desk) : Officer(std::move(desk), "errands") {}

 private:
  void one() override;
  void move(const std::string& sku, const std::string& site);
  void tidy(const std::string& sku, const std::string& site);
  void deliver(const std::string& sku, const std::string& site);
  void transfer(const std::string& sku);
  void count(const std::string& sku, const std::string& site);
  void answer();

  std::int64_t deliveries_ = 0;
};

}  // namespace dockline::sim
