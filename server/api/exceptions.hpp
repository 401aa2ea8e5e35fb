// Exceptions: bodies into commands, rows into JSON.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/http_types.hpp"
#include "server/app/inputs.hpp"
#include "server/store/rows.hpp"

namespace dockline::server::api {

[[nodiscard]] std::expected<ResolveException, Problem> resolve_body(const std::string& exception,
                                                                    std::string_view body);
[[nodiscard]] std::string exceptions_json(const store::Page<store::ExceptionRow>& page);

}  // namespace dockline::server::api
