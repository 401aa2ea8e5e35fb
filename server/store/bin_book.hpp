// Projection table of bins: what of a shelf lies in other bins than the SKU's home bin. Written by
// the projector alone. Errors are sticky (query.hpp).
//
// The home bin holds the rest of the shelf's balance; a movement that names no bin takes from it.
// Invariant: a bin is the sum of its movements, and the other bins of a shelf sum to no more than
// its balance, and to nothing where that is below zero.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/store/query.hpp"
#include "shared/domain/types.hpp"
#include "shared/ledger/ledger.hpp"

namespace dockline::server::store {

using domain::Quantity;

class BinBook {
 public:
  BinBook(sqlite::Db& db, Trouble& trouble);

  // Does any other bin of the site hold pieces of the SKU?
  [[nodiscard]] bool any(std::string_view sku, std::string_view site);
  [[nodiscard]] Quantity held(std::string_view sku, std::string_view site, std::string_view bin);
  // All other bins of the site together.
  [[nodiscard]] Quantity sum(std::string_view sku, std::string_view site);
  // The bins of a movement that was booked.
  void move(const ledger::Move& move);
  // What has to go back to the home bin so that the other bins hold no more than the shelf: their
  // movements, by the bins' names. Nothing is written.
  [[nodiscard]] std::vector<ledger::Move> beyond(std::string_view sku, std::string_view site,
                                                 Quantity balance);
  // All that a bin holds, to the home bin: it is the home bin now.
  [[nodiscard]] std::vector<ledger::Move> dissolve(std::string_view sku, std::string_view site,
                                                   std::string_view bin);

 private:
  void add(std::string_view sku, std::string_view place, std::string_view bin, Quantity change);

  Query some_, any_, rows_, held_, sum_, put_, drop_;
  // Most houses have one bin for each SKU: the table is known to be empty, each movement asks.
  bool looked_ = false, empty_ = false;
};

}  // namespace dockline::server::store
