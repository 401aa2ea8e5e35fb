// Scanners that send characters over a line: frames of bytes between an optional prefix and a
// suffix, or between two pauses.
#pragma once

#include <memory>

#include "firmware-interfaces/contract/scanner.hpp"

namespace dockline::firmware::framed {

[[nodiscard]] std::unique_ptr<ScannerCodec> make(const ScannerSettings& settings);

}  // namespace dockline::firmware::framed
