// The life of an order: hold, release, amend, split, limits (openapi/*-life.yaml).
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/http_types.hpp"
#include "server/app/inputs.hpp"
#include "server/store/reader_life.hpp"

namespace dockline::server::api {

[[nodiscard]] std::expected<HoldOrder, Problem> hold_body(const std::string& order,
                                                          std::string_view body);
[[nodiscard]] std::expected<ReleaseHold, Problem> release_hold_body(const std::string& order,
                                                                    std::string_view body);
[[nodiscard]] std::expected<AmendOrder, Problem> amend_body(const std::string& order,
                                                            std::string_view body);
[[nodiscard]] std::expected<SplitOrder, Problem> split_body(const std::string& order,
                                                            std::string_view body);
[[nodiscard]] std::expected<MergeOrders, Problem> merge_body(const std::string& order,
                                                             std::string_view body);
[[nodiscard]] std::expected<SetBackorder, Problem> backorder_body(const std::string& sku,
                                                                  std::string_view body);
[[nodiscard]] std::string backorders_json(const std::vector<store::BackorderRow>& rows);

}  // namespace dockline::server::api
