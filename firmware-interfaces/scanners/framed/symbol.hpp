// One frame's bytes to a scan: AIM symbology identifier (ISO/IEC 15424) and ECI escapes.
#pragma once

#include <string_view>

#include "firmware-interfaces/contract/scanner.hpp"

namespace dockline::firmware::framed {

// Splits "]C1" off the front and undoes the ECI protocol where the identifier says it is in force.
// Bytes without an identifier are the data as they are.
[[nodiscard]] Scan read_symbol(std::string_view frame, std::string_view gs_text);

}  // namespace dockline::firmware::framed
