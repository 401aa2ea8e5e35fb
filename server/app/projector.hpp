// Folds the log into the projection tables, one fact at a time, in order of position. The same code
// runs live and in replay, so it depends on nothing but facts: no clock, no configuration, no
// tables beside the projections. What does not fit is left out the same way each time; telling a
// person about it is the reactions' business (reactions.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "server/orders/units.hpp"
#include "server/store/store.hpp"
#include "shared/wire/event.hpp"

namespace dockline::server {

// Where and when a fact was kept; columns of the log.
struct Kept {
  std::int64_t position = 0, time_ms = 0, heard_ms = 0;
  std::string_view source, subject;
  // Set by fold(): the fact's birth place and id, and its moment by the hybrid logical clock (its
  // wall clock's where it has none), but never one after it was heard.
  std::string_view inc{}, id{};
  std::int64_t hlc = 0;
};

struct SiteStation {
  std::string_view site, station;
};
// "/leipzig/bench-4" -> leipzig, bench-4; empty parts for other sources.
[[nodiscard]] SiteStation parse_source(std::string_view source);

// Whether work done under a lease counts for its order: the right epoch, the right holder (station
// and incarnation `inc` in which the work was recorded), not yet ended.
[[nodiscard]] bool in_force(const store::Lease& lease, std::int64_t epoch, std::string_view source,
                            std::string_view inc);

// Whether a bench opens the box that counts for its order. An old image may have packed the order
// once more under the same lease; the bench opens the box that it closed last, which is that one.
[[nodiscard]] bool opens_box_in_force(const std::optional<store::Lease>& lease,
                                      store::LeaseBook& boxes, std::int64_t epoch,
                                      std::string_view source, std::string_view inc);

// Whether pieces of a lot may lie where they are sold from: not expired at that instant, and not a
// customer's own.
[[nodiscard]] bool may_be_sold(const std::optional<domain::Lot>& lot, std::int64_t at_ms);

class Projector {
 public:
  explicit Projector(store::Store& store)
      : orders_(store.orders),
        leases_(store.leases),
        life_(store.life),
        merges_(store.merges),
        handovers_(store.handovers),
        sites_(store.sites),
        stock_(store.stock),
        deliveries_(store.deliveries),
        counts_(store.counts),
        lots_(store.lots),
        bins_(store.bins),
        packed_(store.packed),
        buying_(store.buying),
        cases_(store.cases),
        policies_(store.policies),
        kits_(store.kits),
        drift_(store.drift) {}
  void fold(const Kept& at, const wire::Event& event);

 private:
  void on(const Kept&, const wire::UnknownData&) {}
  void on(const Kept&, const wire::ProblemNoted&) {}
  void on(const Kept&, const wire::PackHeld&) {}
  void on(const Kept&, const wire::LabelChanged&) {}
  void on(const Kept&, const wire::StationTrouble&) {}
  void on(const Kept&, const wire::LeaseGranted&) {}
  void on(const Kept&, const wire::CatalogueItem&) {}
  void on(const Kept&, const wire::ServerRestoredSeen&) {}
  void on(const Kept&, const wire::SyncDigest&) {}
  void on(const Kept&, const wire::SyncListing&) {}
  void on(const Kept&, const wire::SyncQuery&) {}
  void on(const Kept&, const wire::SyncCorrected&) {}
  void on(const Kept&, const wire::LeaseCensus&) {}
  void on(const Kept&, const wire::RestoreEnded&) {}
  void on(const Kept&, const wire::ListingSeen&) {}
  void on(const Kept& at, const wire::StockPolicySet& data);
  void on(const Kept& at, const wire::KitDefined& data);
  void on(const Kept& at, const wire::ListingDrifted& data);
  void on(const Kept& at, const wire::LeaseHeld& data);
  void on(const Kept& at, const wire::RestoreBegun& data);
  void on(const Kept& at, const wire::StationWrittenOff& data);
  void on(const Kept& at, const wire::LeaseAdopted& data);
  void on(const Kept& at, const wire::PackAccepted& data);
  void on(const Kept& at, const wire::PackPutBack& data);
  void on(const Kept& at, const wire::PackOpened& data);
  void on(const Kept& at, const wire::ItemCounted& data);
  void on(const Kept& at, const wire::ItemUncounted& data);
  void on(const Kept& at, const wire::ShortNoted& data);
  void on(const Kept& at, const wire::PackClosed& data);
  void on(const Kept& at, const wire::PackReopened& data);
  void on(const Kept& at, const wire::LeaseReturned& data);
  void on(const Kept& at, const wire::DeviceChanged& data);
  void on(const Kept& at, const wire::LeaseRevoked& data);
  void on(const Kept& at, const wire::ItemRegistered& data);
  void on(const Kept& at, const wire::BinAssigned& data);
  void on(const Kept& at, const wire::StockMoved& data);
  void on(const Kept& at, const wire::OrderReceived& data);
  void on(const Kept& at, const wire::OrderCancelled& data);
  void on(const Kept& at, const wire::OrderHeld& data);
  void on(const Kept& at, const wire::OrderHoldReleased& data);
  void on(const Kept& at, const wire::OrderAmended& data);
  void on(const Kept& at, const wire::OrderSplit& data);
  void on(const Kept& at, const wire::OrdersMerged& data);
  void on(const Kept& at, const wire::OrderForecast& data);
  void on(const Kept& at, const wire::BackorderPolicySet& data);
  void on(const Kept&, const wire::SiteDescribed& data) { sites_.put(data); }
  // projector_handover.cpp: boxes after they were closed
  void on(const Kept& at, const wire::ParcelHandedOver& data);
  void on(const Kept& at, const wire::ParcelTakenBack& data);
  void on(const Kept& at, const wire::ParcelDelivered& data);
  void on(const Kept& at, const wire::OrderReturned& data);
  void await_carrier(const store::Lease& lease);
  void carry_box(const Kept& at, std::int64_t& n, std::string_view reason, const std::string& box,
                 const std::string& from, const std::string& to);
  void shift_handed(std::int64_t ord, std::string_view box, orders::UnitState from,
                    orders::UnitState to);
  void bring_back(const Kept& at, std::int64_t& n, store::Handover& box);
  void on(const Kept& at, const wire::DecisionMade& data);
  void take_back_allocated(std::int64_t ord, orders::Line& line, const wire::DecisionMade& data);
  void on(const Kept& at, const wire::OrderReleased& data);
  void on(const Kept& at, const wire::ExceptionRaised& data);
  void on(const Kept& at, const wire::ExceptionResolved& data);
  void on(const Kept& at, const wire::ChannelStockConfirmed& data);
  void on(const Kept& at, const wire::ChannelFulfilmentConfirmed& data);
  void on(const Kept& at, const wire::ImportRecorded& data);
  // projector_stock.cpp
  void on(const Kept& at, const wire::DeliveryAnnounced& data);
  void on(const Kept& at, const wire::DeliveryReceived& data);
  void on(const Kept& at, const wire::DeliveryClosed& data);
  void on(const Kept& at, const wire::TransferOrdered& data);
  void on(const Kept& at, const wire::TransferSent& data);
  void on(const Kept& at, const wire::TransferReceived& data);
  void on(const Kept& at, const wire::TransferClosed& data);
  void on(const Kept&, const wire::SupplierSet& data) { buying_.put(data); }
  void on(const Kept&, const wire::SupplyDefined& data) { buying_.put(data); }
  void on(const Kept& at, const wire::PurchaseProposed& data) {
    buying_.propose(at.position, at.heard_ms, data);
  }
  void on(const Kept& at, const wire::PurchaseDecided& data) { buying_.decide(at.heard_ms, data); }
  void on(const Kept& at, const wire::CountAsked& data);
  void on(const Kept& at, const wire::CountDropped& data);
  void on(const Kept& at, const wire::StockCounted& data);
  [[nodiscard]] static std::int64_t after_question(const Kept& at, const store::CountTask& task);
  // Posts a movement as the fact's n-th and raises n; corrects a count that has seen it already.
  void book(const Kept& at, std::int64_t& n, std::string_view reason, const ledger::Move& move,
            const std::optional<domain::Lot>& lot = std::nullopt);
  [[nodiscard]] bool post(const Kept& at, std::int64_t& n, std::string_view reason,
                          const ledger::Move& move, const std::optional<domain::Lot>& lot,
                          store::LotBook::Carried* scanned = nullptr);
  // projector_boxes.cpp: pieces into a box and out of it, under the lots that were scanned.
  store::LotBook::Carried book_scanned(const Kept& at, std::int64_t& n, std::string_view reason,
                                       const ledger::Move& move, const domain::Lot& lot);
  void into_box(const Kept& at, std::string_view box, const wire::PackClosed& data);
  void out_of_box(const Kept& at, std::int64_t& n, std::string_view reason, ledger::Move move,
                  std::string_view box, std::int64_t line);
  void see_counted(const Kept& at, std::int64_t& n, const ledger::Move& move,
                   std::string_view shelf, store::Quantity change);
  void adjust(const Kept& at, std::int64_t& n, const std::string& sku, const std::string& shelf,
              store::Quantity change, const std::string& bin = {});
  // The name a bin of a place is booked under; none for the SKU's home bin.
  [[nodiscard]] std::string bin_of(std::string_view sku, std::string_view place,
                                   const std::optional<std::string>& bin);
  void move_bins(const Kept& at, std::int64_t& n, const std::vector<ledger::Move>& moves);
  void settle_bins(const Kept& at, std::int64_t& n, std::string_view sku, std::string_view shelf);
  void count_bin(const Kept& at, const wire::StockCounted& data);
  template <class Step>
  void leg(const Kept& at, const std::string& id, const std::optional<domain::Lot>& lot,
           const std::optional<std::string>& bin, Step step);

  // What the order's channel keeps, by line as it was sold there: a kit is one line.
  struct KeptLine {
    std::string sku;
    store::Quantity pieces = 0;
  };
  std::map<std::int64_t, KeptLine> kept_for(std::int64_t ord);
  void insert_kit(std::int64_t ord, const domain::OrderLine& sold, std::string_view title,
                  std::int64_t& next_line);
  void decide_notice(const std::string& subject, std::string_view action);
  void change_held(std::string_view channel, std::int64_t ord,
                   const std::map<std::int64_t, KeptLine>& before);
  void end_lease(const Kept& at, store::Lease& lease, std::string_view state);
  void amend_line(std::int64_t ord, const wire::AmendedLine& line);
  void return_pieces(const store::Lease& lease);
  void give_up(const store::Lease& lease);
  void set_aside(const Kept& at, const wire::PackClosed& data);
  void reopen_fenced(const Kept& at, const wire::PackReopened& data);
  // Makes up to `want` pieces of a line that no lease holds `released`, without a reservation: the
  // caller says under which lease or in which box they are. Returns how many.
  store::Quantity claim(std::int64_t ord, std::int64_t line, std::string_view sku,
                        store::Quantity want);

  store::OrderBook& orders_;
  store::LeaseBook& leases_;
  store::LifeBook& life_;
  store::MergeBook& merges_;
  store::HandoverBook& handovers_;
  store::SiteBook& sites_;
  store::StockBook& stock_;
  store::DeliveryBook& deliveries_;
  store::CountBook& counts_;
  store::LotBook& lots_;
  store::BinBook& bins_;
  store::PackedLots& packed_;
  store::BuyingBook& buying_;
  store::CaseBook& cases_;
  store::PolicyBook& policies_;
  store::KitBook& kits_;
  store::DriftBook& drift_;
};

}  // namespace dockline::server
