#include "server/stock/bounds.hpp"

#include <algorithm>
#include <string>

namespace dockline::server::stock {
namespace {

base::Status within(Quantity pieces, Quantity least, std::string_view what) {
  if (pieces >= least && pieces <= kPiecesMax) return {};
  return base::fail(base::Fault::reject, std::string(what) + ": " + std::to_string(pieces) +
                                             " pieces are not within " + std::to_string(least) +
                                             " to " + std::to_string(kPiecesMax));
}

}  // namespace

base::Status check_pieces(Quantity pieces, std::string_view what) {
  return within(pieces, -kPiecesMax, what);
}
base::Status check_amount(Quantity pieces, std::string_view what) {
  return within(pieces, 0, what);
}

Quantity expected_pieces(std::int64_t rate_milli_per_day, std::int64_t span_ms) {
  const auto rate = std::clamp<std::int64_t>(rate_milli_per_day, 0, kRateMilliMax);
  const auto span = std::clamp<std::int64_t>(span_ms, 0, kSpanMsMax);
  // Whole days apart from the rest: the product of both would not fit.
  const auto rest = rate * (span % kDayMs);
  const auto milli = rate * (span / kDayMs) + rest / kDayMs + (rest % kDayMs != 0 ? 1 : 0);
  return milli / 1'000 + (milli % 1'000 != 0 ? 1 : 0);
}

}  // namespace dockline::server::stock
