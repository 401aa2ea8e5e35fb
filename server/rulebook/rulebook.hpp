// The routing file (routing.toml): chains of rules, and what sites and carriers are like. The
// server reads it at its start; `dockline routing what-if` takes another one. All problems are
// reported at once, with line and remedy. Reads the time-zone data of this computer, nothing else.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/routing/rulebook.hpp"
#include "shared/config/schema.hpp"

namespace dockline::server::rulebook {

// What server.toml says; names in the file that are not among them are problems.
struct Names {
  std::vector<std::string> sites, channels;
};

[[nodiscard]] const config::Schema& schema();

// `names`: absent when nobody knows them here.
[[nodiscard]] std::expected<routing::Rulebook, std::vector<config::Problem>> read(
    std::string_view text, const std::string& file, const std::optional<Names>& names);

// ---------------------------------------------------------------- parts
// Offsets of an IANA zone ("Europe/Berlin") from 2020 to 2046. Fault::reject: no such zone here.
[[nodiscard]] base::Result<std::vector<routing::Offset>> offsets_of(const std::string& zone);
// "mon-fri" and "08:00-16:30" into a week. Fault::reject with what is wrong.
[[nodiscard]] base::Status put_hours(std::array<routing::Day, 7>& week, std::string_view days,
                                     std::string_view hours);
// "2026-12-25" as days since 1970-01-01.
[[nodiscard]] base::Result<std::int64_t> date_of(std::string_view text);

}  // namespace dockline::server::rulebook
