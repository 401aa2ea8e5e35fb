// The event log and the decisions in it, as JSON.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/http_types.hpp"
#include "server/store/rows.hpp"

namespace dockline::server::api {

[[nodiscard]] std::string events_json(const store::Page<store::EventRow>& page);
// counted: nobody counts those of a site.
[[nodiscard]] std::string decisions_json(const store::Page<store::DecisionRow>& page, bool counted);
[[nodiscard]] std::string segments_json(const std::vector<store::SegmentRow>& rows);
[[nodiscard]] std::string head_json(const store::HeadRow& head, Moment now_ms);
[[nodiscard]] std::string replay_json(const store::ReplayReport& report);

}  // namespace dockline::server::api
