// The catalogue of facts. Each struct is the `data` of one CloudEvents type; kType names it, with
// its version. One JSON Schema each lies in shared/wire/schemas (made from these structs, checked).
// Adding a type: a struct in facts_*.hpp, its name in EventData below, run the tests with
// DOCKLINE_UPDATE=1.
//
// "up" facts are recorded by stations, "down" facts sent to stations, "log" facts made by the
// server. All of them end in the server's event log; replaying that log rebuilds every projection.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "shared/wire/facts_down.hpp"
#include "shared/wire/facts_lease_log.hpp"
#include "shared/wire/facts_log.hpp"
#include "shared/wire/facts_order_log.hpp"
#include "shared/wire/facts_parcel_log.hpp"
#include "shared/wire/facts_stock_log.hpp"
#include "shared/wire/facts_up.hpp"

namespace dockline::wire {

// A type this program does not know: kept, parked, never dropped.
struct UnknownData {
  static constexpr std::string_view kType = "";
  std::string json;  // the `data` member as it came
};

using EventData = std::variant<
    UnknownData, PackOpened, ItemCounted, ItemUncounted, ShortNoted, PackHeld, ProblemNoted,
    PackClosed, PackReopened, LabelChanged, LeaseReturned, DeviceChanged, StationTrouble,
    LeaseGranted, LeaseRevoked, CatalogueItem, ItemRegistered, BinAssigned, StockMoved,
    OrderReceived, OrderCancelled, DecisionMade, OrderReleased, ExceptionRaised, ExceptionResolved,
    ChannelStockConfirmed, ChannelFulfilmentConfirmed, ImportRecorded, ServerRestoredSeen,
    SyncDigest, SyncListing, LeaseCensus, LeaseHeld, SyncQuery, SyncCorrected, RestoreBegun,
    RestoreEnded, StationWrittenOff, LeaseAdopted, PackAccepted, PackPutBack, OrderHeld,
    OrderHoldReleased, OrderAmended, OrderSplit, OrdersMerged, OrderForecast, StockPolicySet,
    KitDefined, SupplierSet, SupplyDefined, PurchaseProposed, PurchaseDecided, DeliveryAnnounced,
    DeliveryReceived, DeliveryClosed, TransferOrdered, TransferSent, TransferReceived,
    TransferClosed, CountAsked, CountDropped, StockCounted, ListingSeen, ListingDrifted,
    BackorderPolicySet, ParcelHandedOver, ParcelTakenBack, ParcelDelivered, OrderReturned,
    SiteDescribed>;

}  // namespace dockline::wire
