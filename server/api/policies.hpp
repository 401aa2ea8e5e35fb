// What is kept back, kits, drift, and how figures come about: bodies into commands, rows into JSON.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "server/api/http_types.hpp"
#include "server/app/inputs.hpp"
#include "server/store/reader_policies.hpp"

namespace dockline::server::api {

[[nodiscard]] std::expected<SetStockPolicy, Problem> policy_body(std::string_view body);
[[nodiscard]] std::string policies_json(const store::Page<store::PolicyRow>& page);
[[nodiscard]] std::expected<DefineKit, Problem> kit_body(std::string_view body);
[[nodiscard]] std::string kits_json(const store::Page<store::KitView>& page);
[[nodiscard]] std::string drift_json(const store::Page<store::DriftRow>& page);
[[nodiscard]] std::string derivation_json(const Reply& reply);

}  // namespace dockline::server::api
