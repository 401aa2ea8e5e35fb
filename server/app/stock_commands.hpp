// What people ask for about stock: moves between places, deliveries, transfers, counts. Plain
// values, like inputs.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "shared/domain/types.hpp"

namespace dockline::server {

// From one place of a site to another, or out of the house. `from` and `to`: shelf, staging,
// quarantine, damaged; supplier and adjustment are the outside. A bin is of the shelf: moving into
// one makes it. From shelf to shelf it goes from bin to bin.
struct MoveStock {
  std::string sku, site, from, to;
  std::int64_t quantity = 0;
  std::string reason;
  std::optional<domain::Lot> lot;
  std::string from_bin{}, to_bin{};  // empty: the home bin, or whichever holds some
};

struct AnnounceDelivery {
  std::string delivery, supplier, site;
  std::optional<std::int64_t> expected_ms;
  struct Line {
    std::string sku;
    std::int64_t quantity = 0;
  };
  std::vector<Line> lines;
  std::string origin = "api";
};

// Of a delivery, or (without one) at a site. Either a SKU or the code as scanned: `quantity` then
// counts scans, and a case's bar code stands for its pieces.
struct ReceiveGoods {
  std::optional<std::string> delivery;
  std::string site;  // with a delivery: its site when empty
  std::string sku, code;
  std::int64_t quantity = 0, damaged = 0;
  std::optional<domain::Lot> lot;
  std::string by;
  std::string bin{};  // of the shelf; empty: the home bin
};

struct CloseDelivery {
  std::string delivery, why, by;
};

struct OrderTransfer {
  std::string sku, from_site, to_site;
  std::int64_t quantity = 0;
  std::optional<std::int64_t> expected_ms;
  std::string why, by;
};

// One leg of it.
struct SendTransfer {
  std::string transfer;
  std::int64_t quantity = 0;
  std::optional<domain::Lot> lot;
  std::string by;
};
struct ReceiveTransfer {
  std::string transfer;
  std::int64_t quantity = 0;  // fit for the shelf
  std::int64_t damaged = 0;   // beside them
  std::optional<domain::Lot> lot;
  std::string by;
  std::string bin{};  // of the shelf; empty: the home bin
};
struct CloseTransfer {
  std::string transfer, why, by;
};

// So many pieces lie on the shelf now. `task`: the count that was asked for; else the open one of
// that shelf is answered by it.
struct CountStock {
  std::string sku, site;
  std::int64_t counted = 0;
  std::string bin, by;
};
// Please count. Without a station the server chooses one of the site; its people find the task on
// the console and in `dockline counts tasks`, and answer it there.
struct AskCount {
  std::string sku, site, station, why;
};
struct DropCount {
  std::string task, why;
};

// ---------------------------------------------------------------- buying
struct SetSupplier {
  std::string supplier, title, email, webhook;
  std::int64_t lead_days = 0, review_days = 7;
  std::string by;
};
struct DefineSupply {
  std::string sku, supplier;
  std::int64_t rank = 1;  // 0: not bought there any more
  std::string supplier_sku;
  std::int64_t pack = 1, minimum = 0;
  std::optional<std::int64_t> price_minor;
  std::string currency;
  std::int64_t safety_days = 0;
  std::string by;
};
// sent: its delivery is announced; dropped: it will not be ordered.
struct DecidePurchase {
  std::string purchase, action;
  std::optional<std::int64_t> expect_ms;  // sent; absent: today and the supplier's lead time
  std::string why, by;
};
// A look at all shelves now, not only once a day: suspects, purchases, transfers.
struct LookAtShelves {
  std::string by;
};

using StockCommand =
    std::variant<MoveStock, AnnounceDelivery, ReceiveGoods, CloseDelivery, OrderTransfer,
                 SendTransfer, ReceiveTransfer, CloseTransfer, CountStock, AskCount, DropCount,
                 SetSupplier, DefineSupply, DecidePurchase, LookAtShelves>;

}  // namespace dockline::server
