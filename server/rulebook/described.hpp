// Private to server/rulebook: between the reader of the file and what people describe.
#pragma once

#include "server/rulebook/rulebook.hpp"

namespace dockline::server::rulebook {

// [[site]] in schema().
[[nodiscard]] const config::Table& site_table();
// A text with exactly one [[site]], by the file's own reader (read.cpp).
[[nodiscard]] std::expected<routing::DeclaredSite, std::vector<config::Problem>> read_section(
    std::string_view text);
// A section as it was written, name left out.
[[nodiscard]] SiteValues values_of(const config::Section& site, const config::Table& table);

}  // namespace dockline::server::rulebook
