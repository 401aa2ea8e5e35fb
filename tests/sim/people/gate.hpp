// The person at the gate: drivers come and take what waits, or what was scanned one by one; some of
// it stays after all or is brought back, the carrier says what has arrived, and goods come back. As
// people are, they scan a parcel twice, one that nobody knows, and one that should have stayed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/store/reader_handover.hpp"
#include "tests/sim/people/officer.hpp"

namespace dockline::sim {

class Gate final : public Officer {
 public:
  explicit Gate(Desk desk) : Officer(std::move(desk), "gate") {}

 private:
  using Rows = std::vector<server::store::HandoverRow>;
  void one() override;
  void heard(const server::Reply& reply) override;
  void load_all();
  void scan_some();
  void take_back();
  void deliver();
  void bring_goods();
  [[nodiscard]] std::optional<domain::Lot> lot_on(const std::string& sku);
  [[nodiscard]] Rows parcels(bool gone);

  std::int64_t serials_ = 0;
};

}  // namespace dockline::sim
