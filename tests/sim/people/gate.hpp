// The person at the gate: drivers come and take what waits, or what was scanned one by one; some of
// it stays after all or is brought back, the carrier says what has arrived, and goods come back. As
// people are, they scan a parcel twice, one that nobody knows, and one that should have stayed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/store/reader_handover.hpp"
#include "tests/sim/nodes/hub_node.hpp"
#include "tests/sim/people/catalogue.hpp"

namespace dockline::sim {

class Gate {
 public:
  using Count = std::function<void(const char* kind)>;
  Gate(World& world, HubNode& hub, const Catalogue& goods, std::vector<std::string> sites,
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
  using Rows = std::vector<server::store::HandoverRow>;
  void next();
  void one();
  void load_all();
  void scan_some();
  void take_back();
  void deliver();
  void bring_goods();
  [[nodiscard]] std::optional<domain::Lot> lot_on(const std::string& sku);
  [[nodiscard]] Rows parcels(bool gone);
  void ask(server::Command command, const char* kind,
           std::function<void(const server::Reply&)> then = {});

  World& world_;
  HubNode& hub_;
  const Catalogue& goods_;
  std::vector<std::string> sites_;
  Count count_;
  std::int64_t every_ms_ = 0, serials_ = 0;
  bool calm_ = false, away_ = false;
};

}  // namespace dockline::sim
