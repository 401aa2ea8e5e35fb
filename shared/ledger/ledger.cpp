#include "shared/ledger/ledger.hpp"

#include <algorithm>

#include "shared/base/limits.hpp"

namespace dockline::ledger {
namespace {

using base::Fault;

constexpr std::string_view kShelfEnd = "/shelf";
constexpr std::string_view kPackedEnd = "/packed";
constexpr std::string_view kTransitEnd = "/transit";
constexpr std::array kOtherEnds = {std::string_view("/staging"), std::string_view("/quarantine"),
                                   std::string_view("/damaged")};

bool ends(std::string_view place, std::string_view end) {
  return place.size() > end.size() && place.ends_with(end);
}

bool exists(std::string_view place) {
  if (place == kSupplier || place == kCustomer || place == kAdjustment) return true;
  return is_real(place) || ends(place, kTransitEnd);
}

}  // namespace

std::string shelf(std::string_view site) { return std::string(site).append(kShelfEnd); }
std::string packed(std::string_view site) { return std::string(site).append(kPackedEnd); }

bool is_shelf(std::string_view place) { return ends(place, kShelfEnd); }

bool is_real(std::string_view place) {
  return is_shelf(place) || ends(place, kPackedEnd) ||
         std::any_of(kOtherEnds.begin(), kOtherEnds.end(),
                     [&](std::string_view end) { return ends(place, end); });
}

std::string_view site_of(std::string_view place) {
  return is_real(place) || ends(place, kTransitEnd) ? place.substr(0, place.rfind('/'))
                                                    : std::string_view{};
}

base::Result<std::array<Delta, 2>> post(const Move& move) {
  if (move.sku.empty()) return base::fail(Fault::reject, "move: a SKU is needed");
  if (move.quantity < 1 || move.quantity > base::limits::kLineQuantityMax) {
    return base::fail(Fault::reject, "move of " + move.sku + ": quantity " +
                                         std::to_string(move.quantity) + " is not within 1 to " +
                                         std::to_string(base::limits::kLineQuantityMax));
  }
  for (const auto* place : {&move.from, &move.to}) {
    if (!exists(*place)) {
      return base::fail(Fault::reject, "move of " + move.sku + ": there is no place \"" + *place +
                                           "\"; use shelf, staging, packed, quarantine, damaged "
                                           "or transit of a site, as <site>/shelf, or supplier, "
                                           "customer, adjustment");
    }
  }
  const std::pair<const std::string&, const std::string&> ends[] = {{move.from, move.from_bin},
                                                                    {move.to, move.to_bin}};
  for (const auto& [place, bin] : ends) {
    if (bin.empty() || is_shelf(place)) continue;
    return base::fail(Fault::reject, "move of " + move.sku + ": bin \"" + bin + "\" is not of " +
                                         place + "; only a shelf has bins");
  }
  if (move.from == move.to && move.from_bin == move.to_bin) {
    const auto bin = move.to_bin.empty() ? std::string{} : ", bin " + move.to_bin;
    return base::fail(Fault::reject,
                      "move of " + move.sku + ": from and to are both " + move.to + bin);
  }
  return std::array<Delta, 2>{Delta{move.from, -move.quantity, move.from_bin},
                              Delta{move.to, move.quantity, move.to_bin}};
}

bool between_bins(const Move& move) { return move.from == move.to; }

base::Status Book::apply(const Move& move) {
  const auto deltas = post(move);
  if (!deltas) return base::pass(deltas.error());
  for (const auto& delta : *deltas) {
    balances_[{move.sku, delta.place}] += delta.change;
    if (is_shelf(delta.place)) bins_[{move.sku, delta.place, delta.bin}] += delta.change;
  }
  return {};
}

Quantity Book::balance(const std::string& sku, const std::string& place) const {
  const auto found = balances_.find({sku, place});
  return found == balances_.end() ? 0 : found->second;
}

Quantity Book::in_bin(const std::string& sku, const std::string& place,
                      const std::string& bin) const {
  const auto found = bins_.find({sku, place, bin});
  return found == bins_.end() ? 0 : found->second;
}

Quantity Book::sum(const std::string& sku) const {
  Quantity total = 0;
  for (auto at = balances_.lower_bound({sku, ""}); at != balances_.end(); ++at) {
    if (at->first.first != sku) break;
    total += at->second;
  }
  return total;
}

}  // namespace dockline::ledger
