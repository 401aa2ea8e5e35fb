// Numbers, times and countries as people write them into files. Pure, no floating point.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dockline::server::imports {

// "6", "-12", "6.0". Nothing for anything else.
[[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view text);
// "2.55", "2,5", "-1": in hundredths; further digits are rounded half up.
[[nodiscard]] std::optional<std::int64_t> hundredths(std::string_view text);
// "yes", "no", "true", "x", "1", "ja" and the like, large or small.
[[nodiscard]] std::optional<bool> yes_or_no(std::string_view text);
// RFC 3339, "2010-12-01 08:26:00", "2010-12-01", "12/1/2010 8:26" (month first, as the file of the
// archive has it), "1.12.2010 08:26". Taken as UTC where no offset is given.
[[nodiscard]] std::optional<std::int64_t> wall_ms(std::string_view text);
// ISO 3166-1 alpha-2 for the names we know; others stay as they are.
[[nodiscard]] std::string country(std::string_view name);
// "17850.0" (a number that went through a spreadsheet) -> "17850".
[[nodiscard]] std::string customer(std::string_view text);

}  // namespace dockline::server::imports
