// All day: whether the pieces that are reserved are those that the orders count on, some hundred
// rows a second, a round again some minutes after the last one. What differs is one exception,
// which ends by itself with the first round that finds nothing.
//
// Where it is lives in memory only: after a restart it begins a round again.
#pragma once

#include <cstdint>
#include <string>

#include "server/app/core.hpp"
#include "server/stock/reservations.hpp"
#include "server/store/reserved_rows.hpp"

namespace dockline::server {

class ReservedCheck {
 public:
  explicit ReservedCheck(HubCore& core) : core_(core), rows_(core.store->db()) {}

  [[nodiscard]] base::Status tick();

 private:
  [[nodiscard]] base::Status finish_round();
  void found(const stock::Drift& first);

  HubCore& core_;
  store::ReservedRows rows_;
  store::LineKey at_;  // compared up to here
  std::int64_t next_ms_ = 0;
  bool differs_ = false;  // in this round
  std::string said_;      // raised in these words; a person may have closed it
};

}  // namespace dockline::server
