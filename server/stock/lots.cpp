#include "server/stock/lots.hpp"

#include "shared/base/time.hpp"

namespace dockline::server::stock {

Ownership ownership_of(std::string_view name) {
  if (name == "consignment") return Ownership::consignment;
  return name == "customer" ? Ownership::customer : Ownership::own;
}

std::string withheld(const Lot& lot, std::int64_t now_ms) {
  if (!sellable(lot.kind)) return std::string("lies in ").append(name(lot.kind));
  if (lot.ownership == Ownership::customer) {
    return "belongs to " + (lot.owner.empty() ? "a customer who is not named" : lot.owner);
  }
  if (lot.expires_ms && *lot.expires_ms <= now_ms) {
    return "expired on " + base::to_rfc3339(*lot.expires_ms);
  }
  return "";
}

}  // namespace dockline::server::stock
