#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {

std::vector<std::unique_ptr<Checker>> make_checkers() {
  const auto log = std::make_shared<Log>();
  std::vector<std::unique_ptr<Checker>> out;
  for (const auto make :
       {make_facts,     make_answers,  make_counts,    make_ledger,  make_shelves,   make_bins,
        make_lots,      make_tasks,    make_units,     make_parcels, make_leases,    make_labels,
        make_shown,     make_policies, make_effects,   make_queues,  make_limits,    make_window,
        make_routes,    make_replay,   make_life,      make_flow,    make_kits,      make_promises,
        make_purchases, make_sites,    make_addresses, make_owners,  make_forecasts, make_arrivals,
        make_cases}) {
    out.push_back(make(log));
  }
  return out;
}

}  // namespace dockline::sim
