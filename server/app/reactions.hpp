// What the server does about a fact it has just kept: route, release, tell stations and channels,
// raise what a person should see. Every reaction that matters writes further facts, which are
// folded and reacted to in turn. Replay never comes here.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/app/core.hpp"
#include "server/app/routing_facts.hpp"
#include "server/app/stations.hpp"
#include "server/orders/backorders.hpp"
#include "server/routing/person.hpp"
#include "server/stock/asn.hpp"

namespace dockline::server {

class Reactions {
 public:
  Reactions(HubCore& core, Stations& stations)
      : core_(core), stations_(stations), facts_(core, stations) {}

  // Reacts until nothing is left to react to.
  [[nodiscard]] base::Status run();
  // Work that was put aside: orders to be routed again, orders that waited for a station. Bounded.
  [[nodiscard]] base::Status work();
  [[nodiscard]] bool has_work();

  // Routes what is open or backordered of an order. `again`: why it is decided again.
  [[nodiscard]] base::Status route(std::int64_t ord, const std::string& again);
  // A person says who ships what can still go anywhere; the id of the decision. Fault::reject,
  // Fault::conflict: the answer to that person.
  [[nodiscard]] base::Result<std::string> route_as(std::int64_t ord,
                                                   const std::vector<routing::Wish>& wishes,
                                                   const routing::Word& word);
  // Gives what is allocated of an order to stations, each part and site in a parcel of its own;
  // `at`: to this one of its site, if it can. Nothing of an order that is held.
  [[nodiscard]] base::Status release(std::int64_t ord, const std::string& at = {});
  // Takes the leases of an order back: the holder may finish first.
  [[nodiscard]] base::Status revoke(std::int64_t ord, const std::string& reason);

  // ---- what a person decides about leases (reactions_leases.cpp). Fault::reject, Fault::conflict:
  // the answer to that person.
  struct Word {
    std::string why, by;
  };
  // Takes the leases of an order back at once: whatever their holder still does is fenced.
  [[nodiscard]] base::Status force(std::int64_t ord, const Word& word);
  // A station will not come back (or not answer the census): all its leases are free.
  [[nodiscard]] base::Status write_off(const std::string& site, const std::string& station,
                                       const Word& word);
  // The same for all stations that the census waits for.
  [[nodiscard]] base::Status write_off_waiting(const Word& word);
  // The newest computer of a station works from now on; what the former one held is free.
  // `subject`: of a `lease_holder` exception, "site/station#inc".
  [[nodiscard]] base::Status use_new(const std::string& subject, const Word& word);
  // A box closed under a fenced lease counts for its order after all.
  [[nodiscard]] base::Status accept(const std::string& box, const Word& word);

  // Once a tick: stations that fell silent, or came back, change the figures of their site that
  // carry a quota, and those of what they use beside orders.
  [[nodiscard]] base::Status see_silence();

  [[nodiscard]] bool can_take(const std::string& site, const std::string& station) {
    return stations_.can_take(site, station);
  }

  // Last of a turn: channels are told of the boxes that were closed in it and still are.
  [[nodiscard]] base::Status tell_closed();

  // May a `told_twice` exception be decided now? Fault::conflict: the first parcel is on its way.
  [[nodiscard]] base::Status may_decide(const std::string& subject);

  // At start: is this a restored server, and does everybody know?
  [[nodiscard]] base::Status open();
  // No grants are made until every station has said what it holds.
  [[nodiscard]] bool restored() const { return restored_; }

 private:
  template <class T>
  [[nodiscard]] base::Status on(const Fresh&, const T&) {
    return {};
  }
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::OrderReceived& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::DecisionMade& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::OrderCancelled& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::OrderHeld& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::OrderHoldReleased& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::OrderAmended& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::OrderSplit& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::OrdersMerged& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::OrderReleased& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::BackorderPolicySet& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::PackClosed& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::PackReopened& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::LeaseReturned& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::StockMoved& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::ItemRegistered& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::BinAssigned& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::ProblemNoted& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::StationTrouble& data);
  // reactions_handover.cpp
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::ParcelHandedOver& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::ParcelTakenBack& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::ParcelDelivered& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::OrderReturned& data);

  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::StockPolicySet& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::KitDefined& data);
  // reactions_stock.cpp
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::DeliveryReceived& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::DeliveryClosed& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::TransferSent& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::TransferReceived& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::TransferClosed& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::PurchaseDecided& data);
  [[nodiscard]] base::Status supplier_told(const wire::PurchaseDecided& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::CountAsked& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::CountDropped& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::StockCounted& data);
  // The station that was asked need not count any more, if that is so.
  [[nodiscard]] base::Status end_question(const std::string& task, const std::string& why);
  [[nodiscard]] base::Status stock_found(const std::string& sku);
  [[nodiscard]] base::Status shelf_changed(const Fresh& fresh, const std::string& sku,
                                           const std::string& site, domain::Quantity change);
  [[nodiscard]] static std::string differences(const stock::Outcome& outcome);
  [[nodiscard]] static bool differs_by(const stock::Outcome& outcome,
                                       const wire::DeliveryReceived& receipt);
  // `receipt`: the newest, or null when it was closed.
  [[nodiscard]] base::Status judge_delivery(const std::string& id,
                                            const wire::DeliveryReceived* receipt);
  // Closes the exception of this kind and subject, if one is open.
  [[nodiscard]] base::Status settle_as(std::string_view kind, const std::string& subject,
                                       std::string_view action, const std::string& by);

  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::ChannelStockConfirmed& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::PackAccepted& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::PackPutBack& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::ExceptionResolved& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::LeaseHeld& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::ServerRestoredSeen& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::SyncDigest& data);
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::SyncListing& data);
  [[nodiscard]] base::Status mend(Divergence::Difference difference);

  // reactions_routing.cpp
  [[nodiscard]] base::Status on(const Fresh& fresh, const wire::SiteDescribed& data);
  [[nodiscard]] base::Status keep_decision(const store::OrderHead& head, wire::DecisionMade made);
  [[nodiscard]] base::Status reroute();
  [[nodiscard]] base::Status ask_again();
  [[nodiscard]] base::Status route_together(const std::vector<std::int64_t>& ords,
                                            const std::string& again);
  [[nodiscard]] bool is_dark(const std::string& site) const;
  [[nodiscard]] base::Status see_dark();
  [[nodiscard]] base::Status leave_dark(std::int64_t ord, const std::string& site);

  // reactions_leases.cpp
  [[nodiscard]] base::Status begin_restore(const std::string& reason, const std::string& detail);
  [[nodiscard]] base::Status end_restore();
  [[nodiscard]] base::Status see_forked();
  [[nodiscard]] base::Status see_successors();
  void raise_holder(const std::string& site, const std::string& station, const std::string& inc,
                    const std::string& process, std::size_t orders);
  [[nodiscard]] base::Status release_all();
  [[nodiscard]] base::Status free_lease(const store::Lease& lease, const std::string& reason,
                                        const Word& word, bool tell);
  [[nodiscard]] base::Status held_at_census(const Fresh& fresh, const wire::HeldLease& held);
  [[nodiscard]] base::Status adopt(const Fresh& fresh, const wire::HeldLease& held);
  [[nodiscard]] base::Status adopt_order(const wire::LeaseGranted& grant);
  [[nodiscard]] base::Status compare_leases(const Fresh& fresh, const wire::LeaseHeld& data);
  [[nodiscard]] base::Status new_incarnation(const Fresh& fresh, const wire::LeaseHeld& data);
  void see_epoch(std::int64_t epoch);
  void see_label(const domain::ShippingLabel& label);
  [[nodiscard]] std::int64_t fence();
  [[nodiscard]] base::Status fenced(const Fresh& fresh, const wire::PackClosed& data,
                                    const store::OrderHead* head);
  [[nodiscard]] base::Status settle_fenced(const std::string& subject);
  void raise_fenced(const std::string& box, const std::string& order, const std::string& context);

  [[nodiscard]] base::Status settle(std::string_view kind, const std::string& subject,
                                    const std::string& action = "opened",
                                    const std::string& by = "the bench");

  // reactions_release.cpp: one parcel of an order. False: there is nothing to give, or it waits.
  struct Wanted {
    std::string site;
    std::int64_t part = 1;
    std::map<std::int64_t, domain::Quantity> lines;  // pieces by line
    bool some = false;                               // not all that is allocated there
  };
  [[nodiscard]] std::vector<Wanted> wanted(const store::OrderHead& head);
  [[nodiscard]] base::Status release_one(const store::OrderHead& head, const Wanted& want,
                                         const std::string& at);
  [[nodiscard]] base::Status grant(const store::OrderHead& head, const Wanted& want,
                                   const std::string& station, const std::string& lease,
                                   domain::ShippingLabel label);

  // reactions_merge.cpp: the open box of an order that this one is merged with, to which it goes.
  [[nodiscard]] std::optional<store::Lease> box_for(const store::OrderHead& head,
                                                    const std::string& site, const std::string& at);
  // Whether a merged order's box that is closed, or at another bench, bears this label.
  [[nodiscard]] bool is_others(const store::OrderHead& head, const domain::ShippingLabel& label,
                               const std::string& site, const std::string& station);

  // reactions_life.cpp, reactions_forecast.cpp
  [[nodiscard]] base::Status examine(std::int64_t ord, const wire::OrderReceived* received);
  [[nodiscard]] base::Status examine_stock(std::int64_t ord, bool fresh);
  [[nodiscard]] base::Status hold_for_stock(const store::OrderHead& head, const std::string& sku,
                                            const orders::Admission& admission);
  [[nodiscard]] base::Status end_if_done(std::int64_t ord);
  [[nodiscard]] base::Status see_released_items();
  void judge_closed(const wire::PackClosed& data, const store::OrderHead& head);
  void note_pack_time(const Fresh& fresh, const wire::PackClosed& data, std::int64_t ord);
  [[nodiscard]] base::Status look_ahead(std::int64_t ord);
  [[nodiscard]] base::Status look_ahead_all();

  // reactions_telling.cpp
  struct Parcel {
    store::OrderHead head;
    store::Lease lease;
  };
  [[nodiscard]] base::Status fulfil(std::int64_t caused_ms, const store::OrderHead& head,
                                    const std::string& tracking);
  [[nodiscard]] base::Status tell_parcel(std::int64_t caused_ms, const store::Lease& lease,
                                         const store::OrderHead& head);
  [[nodiscard]] std::vector<store::OrderBook::Notice> heard_elsewhere(const store::OrderHead& head,
                                                                      const std::string& tracking);
  [[nodiscard]] bool is_telling(const store::OrderHead& head, const std::string& tracking) const;
  [[nodiscard]] base::Status as_sold(const store::OrderHead& head, channels::FulfilmentPush& push);
  [[nodiscard]] std::optional<Parcel> parcel_of(const std::string& subject);
  void judge_box(const Fresh& fresh, const wire::PackClosed& data, const store::OrderHead& head);
  void check_negative(const std::string& sku, const std::string& site);
  void tell_bins(const std::string& sku, const std::string& site);
  void check_place(const std::string& sku, const std::string& place);
  void touch_order(std::int64_t ord, std::int64_t caused_ms);
  void tell_status(std::int64_t ord, std::int64_t caused_ms);
  // Touches a page of SKUs behind the cursor; true: there are more.
  [[nodiscard]] bool walk(
      const std::string& cursor,
      const std::function<std::vector<std::string>(const std::string&)>& page_of);
  [[nodiscard]] base::Result<domain::ShippingLabel> new_label(const store::OrderHead& head,
                                                              const std::string& site);
  [[nodiscard]] wire::LeaseGranted granted(const store::OrderHead& head, const std::string& site,
                                           const domain::LeaseRef& work,
                                           const domain::ShippingLabel& label);

  HubCore& core_;
  Stations& stations_;
  RoutingFacts facts_;
  std::int64_t ask_again_ms_ = 0, asked_through_ = 0, see_dark_ms_ = 0;
  std::map<std::string, std::int64_t> dark_;  // silent sites: their orders looked at up to here
  bool restored_ = false;
  // Closed in the turn under way: order and label, and when.
  std::map<std::pair<std::int64_t, std::string>, std::int64_t> closed_;
  std::set<std::string> walking_;                           // see_silence() has more to touch
  std::map<std::string, std::vector<std::string>> silent_;  // of each site, as seen last
  std::string census_;                                      // of the restore under way
  bool releasing_ = true;                      // since the start: what waits for a station gets one
  std::optional<orders::Rank> release_after_;  // up to here so far
  std::map<std::string, std::optional<std::int64_t>> late_;  // channels: the newest late figure
  std::int64_t looked_ms_ = 0;  // forecasts: the last look, and where it ended
  store::OrderBook::Promised looked_{};
};

}  // namespace dockline::server
