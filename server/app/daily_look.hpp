// Once a day, or when somebody asks: a look at all shelves, some of them per turn. It finds shelves
// that the books may be wrong about (and asks for counts), what has to be bought, and what one site
// can send another. Every few minutes: deliveries and transfers that are late, count tasks that
// nobody answers. At once: what has expired.
//
// What it gathers lives in memory only: after a restart it begins again.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "server/app/core.hpp"
#include "server/app/stations.hpp"
#include "server/app/stock_desk.hpp"
#include "server/app/tally.hpp"
#include "server/stock/ghost.hpp"
#include "server/stock/reorder.hpp"

namespace dockline::server {

class DailyLook {
 public:
  DailyLook(HubCore& core, Stations& stations, StockDesk& desk)
      : core_(core), stations_(stations), desk_(desk), tally_(core) {}

  [[nodiscard]] base::Status tick();
  [[nodiscard]] bool running() const { return running_; }
  // Expired pieces are sold until they are off the shelf: the next turn is not waited for.
  [[nodiscard]] bool has_expired() const { return more_expired_; }

 private:
  void begin();
  [[nodiscard]] base::Status watch();
  [[nodiscard]] base::Status set_expired_aside();
  void gather(const store::BuyingBook::Shelf& shelf);
  [[nodiscard]] bool gather_without_shelf();
  [[nodiscard]] const Tally::Demand& demand(const std::string& sku);
  void keep_need(stock::Need need);
  [[nodiscard]] base::Status finish();
  [[nodiscard]] base::Status suspects();
  [[nodiscard]] base::Status buy();
  [[nodiscard]] base::Status keep_purchase(const stock::Purchase& purchase);

  HubCore& core_;
  Stations& stations_;
  StockDesk& desk_;
  Tally tally_;
  bool running_ = false, more_expired_ = false;
  bool counted_ = false;   // what left the shelves, up to now
  std::string wanted_;     // articles without a shelf, looked at up to here
  std::string demand_of_;  // whose demand is at hand
  Tally::Demand demand_;
  std::int64_t watched_ms_ = 0;
  std::string sku_, place_;  // looked at up to here
  struct Traced {
    std::vector<std::int64_t> shorts_ms;
    std::int64_t negative_ms = 0;
  };
  std::map<std::string, Traced> traced_;  // by "SKU@site"
  std::vector<stock::Traces> traces_;
  std::vector<stock::Need> needs_;
  std::map<std::string, std::string> currencies_;  // by supplier
};

}  // namespace dockline::server
