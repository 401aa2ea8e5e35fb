// Orders: bodies into commands, rows into JSON (openapi/*-orders.yaml).
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/http_types.hpp"
#include "server/app/inputs.hpp"
#include "server/orders/way.hpp"
#include "server/store/reader_handover.hpp"
#include "server/store/reader_life.hpp"
#include "server/store/reader_lots.hpp"
#include "server/store/rows.hpp"

namespace dockline::server::api {

[[nodiscard]] std::expected<ReceiveOrder, Problem> order_body(std::string_view body);
[[nodiscard]] std::expected<CancelOrder, Problem> cancel_body(const std::string& order,
                                                              std::string_view body);
[[nodiscard]] std::expected<ForceRevoke, Problem> revoke_body(const std::string& order,
                                                              std::string_view body);
[[nodiscard]] std::string orders_json(const store::Page<store::OrderRow>& page);
[[nodiscard]] std::string order_json(const store::OrderDetail& order,
                                     const store::OrderLife& life = {},
                                     const std::vector<store::PackedLot>& lots = {},
                                     const std::vector<store::HandoverRow>& parcels = {},
                                     const orders::Way& way = {});

}  // namespace dockline::server::api
