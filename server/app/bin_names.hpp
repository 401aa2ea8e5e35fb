// Where pieces of a SKU lie on a shelf, as a packer reads it: its bins.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/store/bin_book.hpp"
#include "server/store/stock_book.hpp"

namespace dockline::server {

// "A-1", or "A-1, B-2" where pieces lie in other bins than the home bin too; of more than three
// their number: "A-1, B-2, C-3 +2". Nothing: the SKU has no bin there.
[[nodiscard]] std::optional<std::string> bins_of(store::StockBook& stock, store::BinBook& bins,
                                                 std::string_view sku, std::string_view site);
// To go to for so many pieces: the same without bins that are empty or not needed for them.
[[nodiscard]] std::optional<std::string> bins_for(store::StockBook& stock, store::BinBook& bins,
                                                  std::string_view sku, std::string_view site,
                                                  store::Quantity pieces);

}  // namespace dockline::server
