// Who keeps goods that are not the house's: some are sold for their owner, some belong to a
// customer and are only stored. They come and go by their lot, lie in quarantine beside pieces of
// the house, and somebody always tries to put one of them on the shelf.
#pragma once

#include <cstdint>
#include <string>

#include "tests/sim/people/officer.hpp"

namespace dockline::sim {

class Consignee final : public Officer {
 public:
  explicit Consignee(Desk desk) : Officer(std::move(desk), "consignment") {}

 private:
  void one() override;
  void receive(const std::string& sku, const std::string& site);
  void move(const std::string& sku, const std::string& site);
  void send(const std::string& sku);
  [[nodiscard]] domain::Lot some_lot();
};

}  // namespace dockline::sim
