// Projection tables of items, bins, the ledger, and what channels hold and show. Written by the
// projector alone; reactions read them. Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "server/store/query.hpp"
#include "shared/domain/types.hpp"
#include "shared/ledger/ledger.hpp"
#include "shared/wire/events.hpp"

namespace dockline::server::store {

using domain::Quantity;

class StockBook {
 public:
  StockBook(sqlite::Db& db, Trouble& trouble);

  [[nodiscard]] bool has_item(std::string_view sku);
  [[nodiscard]] std::optional<domain::Item> item(std::string_view sku);
  [[nodiscard]] std::optional<std::string> title(std::string_view sku);  // cached
  // The SKUs that have this bar code, and how many pieces one scan of it stands for.
  [[nodiscard]] std::vector<std::pair<std::string, Quantity>> by_code(std::string_view code);
  void put_item(const domain::Item& item, std::string_view origin, std::int64_t position);

  [[nodiscard]] std::optional<std::string> bin(std::string_view sku, std::string_view site);
  void put_bin(std::string_view sku, std::string_view site, std::string_view bin);
  // Sites that keep this SKU: it has a bin there, or it was moved there once.
  [[nodiscard]] std::vector<std::string> sites_of(std::string_view sku);
  // SKUs that a site keeps.
  [[nodiscard]] std::vector<std::string> skus_of(std::string_view site);

  // All SKUs greater than `after`, in order.
  [[nodiscard]] std::vector<std::string> skus(std::string_view after, std::int64_t limit);

  struct Posting {
    std::int64_t position = 0, n = 0, at_ms = 0;
    std::string_view reason;
  };
  // Books both entries; from bin to bin of a shelf the movement alone. False: it is no move, and is
  // left out (the caller has checked it).
  bool post(const Posting& at, const ledger::Move& move);
  [[nodiscard]] Quantity balance(std::string_view sku, std::string_view place);
  struct Figure {
    Quantity on_hand = 0, reserved = 0;
    std::int64_t as_of_ms = 0;
    bool moved = false;  // there is a balance row
  };
  [[nodiscard]] Figure figure(std::string_view sku, std::string_view site);
  // What may be sold of a SKU at each site where it lies or is reserved, by site.
  struct SitePieces {
    std::string site;
    Quantity on_hand = 0, reserved = 0;
    std::int64_t as_of_ms = 0;
  };
  [[nodiscard]] std::vector<SitePieces> pieces(std::string_view sku);
  // SKUs whose balances change are added to it, so that nobody forgets whose figures depend on
  // them.
  void watch(std::vector<std::string>* touched) { touched_ = touched; }
  // Drops what is kept of the tables: after a rollback.
  void forget() { titles_.clear(); }

  void add_held(std::string_view channel, std::string_view sku, Quantity change);
  [[nodiscard]] Quantity held(std::string_view channel, std::string_view sku);
  void put_told(const wire::ChannelStockConfirmed& told, std::int64_t at_ms);
  [[nodiscard]] std::optional<Quantity> told(std::string_view channel, std::string_view sku,
                                             std::string_view location);

 private:
  Query by_code_, item_, barcodes_, title_, put_item_, drop_barcodes_, put_barcode_, bin_, put_bin_,
      sites_, skus_, all_skus_, move_, add_, balance_, as_of_, reserved_, balances_, reservations_,
      add_held_, held_, put_told_, told_;
  std::vector<std::string>* touched_ = nullptr;
  std::unordered_map<std::string, std::string> titles_;
};

}  // namespace dockline::server::store
