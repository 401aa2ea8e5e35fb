// Closed boxes on their way, and goods that come back (openapi/*-handover.yaml).
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/http_types.hpp"
#include "server/app/inputs.hpp"
#include "server/store/reader_handover.hpp"

namespace dockline::server::api {

[[nodiscard]] std::expected<HandOver, Problem> hand_over_body(std::string_view body);
[[nodiscard]] std::expected<TakeBackParcel, Problem> take_back_body(const std::string& tracking,
                                                                    std::string_view body);
[[nodiscard]] std::expected<DeliverParcel, Problem> delivered_body(const std::string& tracking,
                                                                   std::string_view body);
[[nodiscard]] std::expected<ReturnGoods, Problem> return_body(const std::string& order,
                                                              std::string_view body);

[[nodiscard]] std::string handovers_json(const store::Page<store::HandoverRow>& page);
[[nodiscard]] std::string waiting_json(const std::vector<store::WaitingGroup>& groups);
[[nodiscard]] std::string handed_json(const HandedOver& handed);

}  // namespace dockline::server::api
