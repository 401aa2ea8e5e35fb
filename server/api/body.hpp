// Request bodies into commands, strict: length first, then UTF-8, JSON, shape and limits. A problem
// names its place ("line 3, column 14" or "lines[2].quantity") and the remedy; unknown fields are
// problems too, so that a typo is never silently dropped.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "server/api/http_types.hpp"
#include "server/app/inputs.hpp"

namespace dockline::server::api {

[[nodiscard]] std::expected<ReceiveOrder, Problem> order_body(std::string_view body);
[[nodiscard]] std::expected<CancelOrder, Problem> cancel_body(const std::string& order,
                                                              std::string_view body);
[[nodiscard]] std::expected<AdjustStock, Problem> adjust_body(std::string_view body);
[[nodiscard]] std::expected<RegisterItem, Problem> item_body(std::string_view body);
[[nodiscard]] std::expected<ResolveException, Problem> resolve_body(const std::string& exception,
                                                                    std::string_view body);
[[nodiscard]] std::expected<WriteOffStation, Problem> write_off_body(const std::string& site,
                                                                     const std::string& station,
                                                                     std::string_view body);
[[nodiscard]] std::expected<ForceRevoke, Problem> revoke_body(const std::string& order,
                                                              std::string_view body);
[[nodiscard]] std::expected<DecideOutbox, Problem> decide_body(std::int64_t row,
                                                               std::string_view body);
// First message of /live: {"token":"..."}. Empty when it is anything else.
[[nodiscard]] std::string live_token(std::string_view message);

}  // namespace dockline::server::api
