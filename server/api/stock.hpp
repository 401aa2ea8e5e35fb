// Stock and items: bodies into commands, rows into JSON.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/http_types.hpp"
#include "server/app/inputs.hpp"
#include "server/store/reader_history.hpp"
#include "server/store/reader_items.hpp"
#include "server/store/rows.hpp"

namespace dockline::server::api {

[[nodiscard]] std::expected<AdjustStock, Problem> adjust_body(std::string_view body);
[[nodiscard]] std::expected<RegisterItem, Problem> item_body(std::string_view body);
[[nodiscard]] std::string stock_json(const store::Page<store::StockRow>& page);
// `said`: its bar codes with their units.
[[nodiscard]] std::string stock_item_json(const store::StockDetail& item,
                                          const store::ItemSaid& said);

[[nodiscard]] std::string history_json(const store::HistoryQuery& asked,
                                       const store::ShelfHistory& history);

}  // namespace dockline::server::api
