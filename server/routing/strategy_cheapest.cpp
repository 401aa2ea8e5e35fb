// The plan of the least cost, proved for small orders (solver.hpp).
#include "server/routing/strategy.hpp"

namespace dockline::server::routing {

Strategy strategy_cheapest() {
  return {"cheapest", "The least cost by the chain's rules, one site or several", solve};
}

}  // namespace dockline::server::routing
