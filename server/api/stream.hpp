// GET /stream: what a listener asks for, and facts as server-sent events (WHATWG HTML, 9.2).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/http_types.hpp"
#include "server/store/rows.hpp"

namespace dockline::server::api {

struct StreamAsk {
  std::optional<std::int64_t> after;  // absent: from now on
  std::vector<std::string> types;     // empty: all
  [[nodiscard]] bool wants(const std::string& type) const;
};

// Last-Event-ID, what a browser sends when it comes back, goes before `after`.
[[nodiscard]] std::expected<StreamAsk, Problem> stream_ask(std::string_view query,
                                                           std::string_view last_event_id);
// id: position, event: type, data: the CloudEvent as it is in the log.
[[nodiscard]] std::string stream_event(const store::EventRow& event);

}  // namespace dockline::server::api
