// Suppliers, purchases, what the daily look found, exports and data quality: bodies into commands,
// rows into JSON (openapi/*-buying.yaml).
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/http_types.hpp"
#include "server/app/stock_commands.hpp"
#include "server/stock/data_quality.hpp"
#include "server/store/reader_buying.hpp"

namespace dockline::server::api {

[[nodiscard]] std::expected<StockCommand, Problem> supplier_body(std::string_view body);
[[nodiscard]] std::expected<StockCommand, Problem> supply_body(std::string_view body);
[[nodiscard]] std::expected<StockCommand, Problem> decide_purchase_body(const std::string& purchase,
                                                                        std::string_view body);
[[nodiscard]] std::expected<StockCommand, Problem> look_body(std::string_view body);

[[nodiscard]] std::string suppliers_json(const std::vector<store::SupplierRow>& rows);
[[nodiscard]] std::string supplies_json(const store::Page<store::SupplyRow>& page);
[[nodiscard]] std::string purchases_json(const store::Page<store::PurchaseRow>& page);
// With the e-mail and the rows of a CSV file that say the same.
[[nodiscard]] std::string purchase_json(const store::PurchaseRow& row);
[[nodiscard]] std::string suspects_json(const std::vector<store::SuspectRow>& rows);
[[nodiscard]] std::string proposals_json(const std::vector<store::ProposalRow>& rows);
// `counts`: of all there are, by flaw; `findings` may be some of them.
[[nodiscard]] std::string quality_json(const std::vector<stock::Finding>& findings,
                                       const std::map<stock::Flaw, std::size_t>& counts,
                                       std::size_t items, bool cut);

}  // namespace dockline::server::api
