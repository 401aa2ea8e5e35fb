// Suppliers, what is bought from them, purchases; and what the daily look at the shelves asks and
// finds (not a projection: count_suspect, transfer_proposal). Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/stock/ghost.hpp"
#include "server/stock/reorder.hpp"
#include "server/store/query.hpp"
#include "shared/wire/events.hpp"

namespace dockline::server::store {

using domain::Quantity;

// Doubt grows with their logarithm: who moved more often is no more in doubt.
inline constexpr std::int64_t kMovesCounted = 5'000;

class BuyingBook {
 public:
  BuyingBook(sqlite::Db& db, Trouble& trouble);

  // ---- projections
  void put(const wire::SupplierSet& supplier);
  void put(const wire::SupplyDefined& supply);
  void propose(std::int64_t position, std::int64_t at_ms, const wire::PurchaseProposed& purchase);
  // Of a proposed one: sent or dropped. Of one that was sent: how its supplier heard of it.
  void decide(std::int64_t at_ms, const wire::PurchaseDecided& decided);

  [[nodiscard]] bool has_supplier(std::string_view supplier);
  // As facts say it; nothing: unknown.
  [[nodiscard]] std::optional<wire::PurchaseProposed> purchase(std::string_view id);
  [[nodiscard]] std::string state(std::string_view purchase);  // empty: unknown
  // A purchase and where its supplier takes orders; an empty url: nowhere.
  struct Ordered {
    std::string supplier, site, currency, url;
    std::int64_t decided_ms = 0, expect_ms = 0;
  };
  [[nodiscard]] std::optional<Ordered> ordered(std::string_view purchase);
  [[nodiscard]] std::int64_t lead_days(std::string_view supplier);

  // ---- what the daily look asks
  struct Shelf {
    std::string sku, site;
    Quantity on_hand = 0;
    std::int64_t moved_ms = 0;
  };
  // Shelves behind this one, by SKU and place.
  [[nodiscard]] std::vector<Shelf> shelves(std::string_view sku, std::string_view place,
                                           std::int64_t limit);
  // Movements of any kind at one shelf since an instant, at most kMovesCounted.
  [[nodiscard]] std::int64_t moves(std::string_view sku, std::string_view site,
                                   std::int64_t since_ms);
  // SKUs greater than `after` that orders wait for and that never had a shelf anywhere.
  [[nodiscard]] std::vector<std::string> wanted_without_shelf(std::string_view after,
                                                              std::int64_t limit);
  // The preferred supply fills in supplier, days, pack, minimum, price.
  [[nodiscard]] bool fill_supply(stock::Need& need, std::string& currency);
  [[nodiscard]] Quantity backordered(std::string_view sku);
  // Announced and not come, proposed, on the road.
  [[nodiscard]] Quantity on_order(std::string_view sku, std::string_view site);
  struct Case {
    std::string kind, subject;
    std::int64_t raised_ms = 0;
  };
  // Short picks and places below zero, newest first.
  [[nodiscard]] std::vector<Case> traces(std::int64_t limit);

  // ---- what it found
  void clear_findings();
  void put_suspect(const stock::Suspicion& suspicion, std::int64_t place, std::int64_t at_ms);
  void put_transfer(const stock::TransferProposal& proposal, std::int64_t at_ms);

 private:
  Query put_supplier_, put_supply_, propose_, propose_line_, decide_, tell_, ordered_, supplier_,
      purchase_, lines_, state_, lead_, shelves_, moves_, wanted_, supply_, backordered_,
      announced_, proposed_, road_, traces_, clear_suspects_, clear_transfers_, put_suspect_,
      put_transfer_;
};

}  // namespace dockline::server::store
