// Quantities of a body in a unit of the item ("unit": "case") as pieces. Private to server/api.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "server/api/http_types.hpp"
#include "server/store/reader.hpp"

namespace dockline::server::api {

// The same body in pieces: `unit`, at its top or in its `lines`, is taken out, and `quantity`,
// `damaged` and `counted` beside it are so many times the unit's pieces. `sku`: of the path, where
// the body names none. What is wrong with the body otherwise is left for its own reader to say.
// Problem 422: no unit of the item, a bar code beside it, or more than one movement takes.
[[nodiscard]] std::expected<std::string, Problem> in_pieces(store::Reader& reader,
                                                            std::string_view body,
                                                            std::string_view sku = {});

}  // namespace dockline::server::api
