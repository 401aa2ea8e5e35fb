// Files taken in, as JSON.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/http_types.hpp"
#include "server/app/inputs.hpp"
#include "server/store/rows.hpp"

namespace dockline::server::api {

[[nodiscard]] std::string import_json(const store::ImportRow& row);
[[nodiscard]] std::string imports_json(const std::vector<store::ImportRow>& rows);
[[nodiscard]] std::string import_rows_json(const store::Page<store::ImportLineRow>& page);
[[nodiscard]] std::string import_started_json(const std::string& id, bool created);

}  // namespace dockline::server::api
