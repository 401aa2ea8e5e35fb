// Deliveries, transfers, counts and moves between places: bodies into commands, rows into JSON
// (openapi/*-receiving.yaml).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/http_types.hpp"
#include "server/app/stock_commands.hpp"
#include "server/store/reader_receiving.hpp"

namespace dockline::server::api {

struct Context;
// What the lists of goods take: state (one of `states`), site, sku, after, limit.
[[nodiscard]] std::expected<store::ReceivingQuery, Problem> receiving_query(
    Context& c, const std::vector<std::string_view>& states);

class Fields;

// The member "lot"; none: it is absent.
[[nodiscard]] std::optional<domain::Lot> lot_of(Fields& fields);
[[nodiscard]] std::expected<StockCommand, Problem> move_body(std::string_view body);
[[nodiscard]] std::expected<StockCommand, Problem> announce_body(std::string_view body);
// `delivery` empty: goods that nobody announced.
[[nodiscard]] std::expected<StockCommand, Problem> receive_body(const std::string& delivery,
                                                                std::string_view body);
[[nodiscard]] std::expected<StockCommand, Problem> close_delivery_body(const std::string& delivery,
                                                                       std::string_view body);
[[nodiscard]] std::expected<StockCommand, Problem> transfer_body(std::string_view body);
[[nodiscard]] std::expected<StockCommand, Problem> send_body(const std::string& transfer,
                                                             std::string_view body);
[[nodiscard]] std::expected<StockCommand, Problem> take_in_body(const std::string& transfer,
                                                                std::string_view body);
[[nodiscard]] std::expected<StockCommand, Problem> close_transfer_body(const std::string& transfer,
                                                                       std::string_view body);
[[nodiscard]] std::expected<StockCommand, Problem> count_body(std::string_view body);
[[nodiscard]] std::expected<StockCommand, Problem> ask_count_body(std::string_view body);
[[nodiscard]] std::expected<StockCommand, Problem> drop_count_body(const std::string& task,
                                                                   std::string_view body);

[[nodiscard]] std::string deliveries_json(const store::Page<store::DeliveryRow>& page,
                                          std::int64_t now_ms);
[[nodiscard]] std::string delivery_json(const store::DeliveryRow& row, std::int64_t now_ms);
[[nodiscard]] std::string transfers_json(const store::Page<store::TransferRow>& page,
                                         std::int64_t now_ms);
[[nodiscard]] std::string transfer_json(const store::TransferRow& row, std::int64_t now_ms);
[[nodiscard]] std::string counts_json(const store::Page<store::CountRow>& page);
[[nodiscard]] std::string count_tasks_json(const store::Page<store::CountTaskRow>& page);
[[nodiscard]] std::string lots_json(const std::vector<store::HeldLot>& lots, std::int64_t now_ms);
[[nodiscard]] std::string places_json(const std::string& sku, std::int64_t at_ms,
                                      const std::vector<store::PlaceRow>& places);

}  // namespace dockline::server::api
