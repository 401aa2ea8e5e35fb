// Carries out what people ask for about stock (stock_commands.hpp): checks it against the books and
// keeps the fact. What follows of a fact is in reactions_stock.cpp.
//
// An error is the answer to whoever asked (Fault::reject, Fault::conflict, with place and remedy),
// or fails the turn (the rest).
#pragma once

#include <utility>

#include "server/app/core.hpp"
#include "server/app/stations.hpp"
#include "server/app/stock_commands.hpp"

namespace dockline::server {

// Fault::reject: a serial number of several pieces, an ownership that is none, texts too long.
[[nodiscard]] base::Status check_lot(const std::optional<domain::Lot>& lot, std::int64_t pieces);

class StockDesk {
 public:
  StockDesk(HubCore& core, Stations& stations) : core_(core), stations_(stations) {}

  [[nodiscard]] base::Result<Reply> run(const StockCommand& command);
  // Did somebody ask for a look at the shelves since the last call?
  [[nodiscard]] bool take_look() { return std::exchange(look_, false); }

 private:
  [[nodiscard]] base::Result<Reply> on(const MoveStock& command);
  [[nodiscard]] base::Result<Reply> on(const AnnounceDelivery& command);
  [[nodiscard]] base::Result<Reply> on(const ReceiveGoods& command);
  [[nodiscard]] base::Result<Reply> on(const CloseDelivery& command);
  [[nodiscard]] base::Result<Reply> on(const OrderTransfer& command);
  [[nodiscard]] base::Result<Reply> on(const SendTransfer& command);
  [[nodiscard]] base::Result<Reply> on(const ReceiveTransfer& command);
  [[nodiscard]] base::Result<Reply> on(const CloseTransfer& command);
  [[nodiscard]] base::Result<Reply> on(const CountStock& command);
  [[nodiscard]] base::Result<Reply> on(const AskCount& command);
  [[nodiscard]] base::Result<Reply> on(const DropCount& command);

  [[nodiscard]] base::Result<Reply> on(const SetSupplier& command);
  [[nodiscard]] base::Result<Reply> on(const DefineSupply& command);
  [[nodiscard]] base::Result<Reply> on(const DecidePurchase& command);
  [[nodiscard]] base::Result<Reply> on(const LookAtShelves& command);

  [[nodiscard]] base::Status known_site(const std::string& site, std::string_view field) const;
  [[nodiscard]] base::Result<std::string> known_sku(const std::string& sku) const;
  // Fault::conflict: what may not be sold would come to the shelf, by a move that leaves its lot
  // out or by a transfer that is received without it. A lot that is named in part is filled in.
  [[nodiscard]] base::Status fit_lot(wire::StockMoved& fact) const;
  [[nodiscard]] base::Status fit_received(const stock::Transfer& transfer,
                                          const ReceiveTransfer& said) const;
  // A bin that holds less than is to be taken out of it (Fault::conflict), or is of no shelf.
  [[nodiscard]] base::Status check_bins(const MoveStock& command,
                                        const wire::StockMoved& fact) const;
  // The home bin's name is no name of its own.
  [[nodiscard]] std::string other_bin(const std::string& sku, const std::string& site,
                                      const std::string& bin) const;
  // What a bin holds; without a name the home bin.
  [[nodiscard]] std::int64_t in_bin(const std::string& sku, const std::string& site,
                                    const std::string& bin) const;
  // The SKU, and how many pieces one scan of the code stands for.
  [[nodiscard]] base::Status find_code(ReceiveGoods& goods) const;
  [[nodiscard]] base::Result<stock::Transfer> known_transfer(const std::string& id) const;
  [[nodiscard]] base::Result<Reply> keep(wire::EventData fact, const std::string& subject);

  HubCore& core_;
  Stations& stations_;
  bool look_ = false;
};

}  // namespace dockline::server
