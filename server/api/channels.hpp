// Channels and what waits to be told to them: bodies into commands, rows into JSON.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/facts.hpp"
#include "server/api/http_types.hpp"
#include "server/app/inputs.hpp"
#include "server/store/rows.hpp"

namespace dockline::server::api {

[[nodiscard]] std::expected<DecideOutbox, Problem> decide_body(std::int64_t row,
                                                               std::string_view body);
[[nodiscard]] std::string outbox_json(const store::Page<store::OutboxRow>& page,
                                      const std::vector<store::ChannelRow>& rows,
                                      const Facts& facts);
[[nodiscard]] std::string channels_json(const std::vector<store::ChannelRow>& rows,
                                        const Facts& facts);
[[nodiscard]] std::string hook_json(std::int64_t orders_new, std::int64_t orders_known);

}  // namespace dockline::server::api
