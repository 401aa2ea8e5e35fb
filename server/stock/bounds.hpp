// Limits of server/stock, with unit and reason, and the arithmetic they keep within 64 bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::stock {

using domain::Quantity;

// Pieces of one SKU anywhere: far beyond any warehouse, and a thousand times it still fits 64 bits.
inline constexpr Quantity kPiecesMax = 1'000'000'000'000;
inline constexpr std::int64_t kDayMs = 86'400'000;
// Longer than this nothing is worse for having been silent.
inline constexpr std::int64_t kSpanMsMax = 3'650 * kDayMs;
inline constexpr std::int64_t kRateMilliMax = 1'000'000'000;  // a million pieces a day

// Fault::reject, with the name, when a number of pieces is not within -kPiecesMax to kPiecesMax.
[[nodiscard]] base::Status check_pieces(Quantity pieces, std::string_view what);
// The same from 0 on.
[[nodiscard]] base::Status check_amount(Quantity pieces, std::string_view what);

// Pieces to expect in a span: rate in thousandths of a piece per day, span in milliseconds, rounded
// up. A negative span (a clock was put back) and a negative rate count as none.
[[nodiscard]] Quantity expected_pieces(std::int64_t rate_milli_per_day, std::int64_t span_ms);

}  // namespace dockline::server::stock
