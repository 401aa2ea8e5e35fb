// How the process and the whole do, /live, and answers of many topics.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/facts.hpp"
#include "server/api/http_types.hpp"
#include "server/store/rows.hpp"

namespace dockline::server::api {

[[nodiscard]] std::string health_json(const Facts& facts, Moment now_ms);
[[nodiscard]] std::string summary_json(const store::Summary& summary, Moment now_ms);
[[nodiscard]] std::string created_json(const std::string& id, bool created);
[[nodiscard]] std::string live_json(const std::vector<std::string>& changed, std::int64_t position,
                                    Moment now_ms);
// First message of /live: {"token":"..."}. Empty when it is anything else.
[[nodiscard]] std::string live_token(std::string_view message);

}  // namespace dockline::server::api
