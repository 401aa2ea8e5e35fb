// Stock and items: bodies into commands, rows into JSON.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/http_types.hpp"
#include "server/app/inputs.hpp"
#include "server/store/rows.hpp"

namespace dockline::server::api {

[[nodiscard]] std::expected<AdjustStock, Problem> adjust_body(std::string_view body);
[[nodiscard]] std::expected<RegisterItem, Problem> item_body(std::string_view body);
[[nodiscard]] std::string stock_json(const store::Page<store::StockRow>& page);
[[nodiscard]] std::string stock_item_json(const store::StockDetail& item);

}  // namespace dockline::server::api
