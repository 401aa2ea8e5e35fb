// What the server does about a fact it has just kept: route, release, tell stations and channels,
// raise what a person should see. Every reaction that matters writes further facts, which are
// folded and reacted to in turn. Replay never comes here.
#pragma once

#include <cstdint>
#include <string>

#include "server/app/core.hpp"
#include "server/app/stations.hpp"

namespace dockline::server {

class Reactions {
 public:
  Reactions(HubCore& core, Stations& stations) : core_(core), stations_(stations) {}

  // Reacts until nothing is left to react to.
  [[nodiscard]] base::Status run();
  // Work that was put aside: orders to be routed again, orders that waited for a station. Bounded.
  [[nodiscard]] base::Status work();
  [[nodiscard]] bool has_work();

  // Routes what is open or backordered of an order. `again`: why it is decided again.
  [[nodiscard]] base::Status route(std::int64_t ord, const std::string& again);
  // Gives what is allocated of an order to a station.
  [[nodiscard]] base::Status release(std::int64_t ord);
  // Takes the leases of an order back. `forced`: from a silent station, by a person.
  [[nodiscard]] base::Status revoke(std::int64_t ord, const std::string& reason, bool forced);

 private:
  template <class T>
  [[nodiscard]] base::Status on(const Fresh&, const T&) {
    return {};
  }
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::OrderReceived& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::DecisionMade& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::OrderCancelled& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::PackClosed& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::PackReopened& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::LeaseReturned& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::StockMoved& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::ItemRegistered& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::BinAssigned& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::ProblemNoted& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::StationTrouble& data);

  [[nodiscard]] base::Status fulfil(const Fresh& fresh, const wire::PackClosed& data,
                                    const store::OrderHead& head);
  void judge_box(const Fresh& fresh, const wire::PackClosed& data, const store::OrderHead& head);
  void check_negative(const std::string& sku, const std::string& site);
  void touch_order(std::int64_t ord, std::int64_t caused_ms);
  void tell_status(std::int64_t ord, std::int64_t caused_ms);
  [[nodiscard]] base::Result<domain::ShippingLabel> new_label();
  [[nodiscard]] wire::LeaseGranted granted(const store::OrderHead& head, const std::string& site,
                                           const domain::LeaseRef& work,
                                           const domain::ShippingLabel& label);

  HubCore& core_;
  Stations& stations_;
};

}  // namespace dockline::server
