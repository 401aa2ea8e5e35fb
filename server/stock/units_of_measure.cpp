#include "server/stock/units_of_measure.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "shared/base/limits.hpp"

namespace dockline::server::stock {

using base::Fault;
using base::limits::kLineQuantityMax;

Measures::Measures(std::string_view sku, std::span<const domain::Barcode> barcodes) : sku_(sku) {
  std::map<std::string, Quantity> sizes;
  for (const auto& barcode : barcodes) {
    if (!barcode.unit || barcode.unit->empty() || barcode.pieces < 1) continue;
    const auto [at, fresh] = sizes.emplace(*barcode.unit, barcode.pieces);
    if (!fresh && at->second != barcode.pieces) doubtful_.push_back(*barcode.unit);
  }
  for (const auto& [unit, pieces] : sizes) {
    if (std::ranges::find(doubtful_, unit) == doubtful_.end()) units_.push_back({unit, pieces});
  }
  std::ranges::sort(units_, [](const Measure& a, const Measure& b) {
    return std::tie(b.pieces, a.unit) < std::tie(a.pieces, b.unit);
  });
}

base::Result<Quantity> Measures::pieces(std::string_view unit, std::int64_t count) const {
  const auto name = std::string(unit);
  const auto found = std::ranges::find(units_, unit, &Measure::unit);
  if (std::ranges::find(doubtful_, unit) != doubtful_.end()) {
    return base::fail(Fault::reject, sku_ + ": bar codes give " + name +
                                         " different numbers of pieces; correct the item, or give "
                                         "pieces");
  }
  if (found == units_.end()) {
    std::string known;
    for (const auto& one : units_) known += (known.empty() ? "" : ", ") + one.unit;
    return base::fail(Fault::reject, sku_ + ": no bar code of it names the unit " + name +
                                         (known.empty() ? "; give pieces" : "; known: " + known));
  }
  const auto most = kLineQuantityMax / found->pieces;
  if (count < 0 || count > most) {
    return base::fail(Fault::reject, sku_ + ": " + std::to_string(count) + " times " + name +
                                         " is not within 0 to " + std::to_string(most) +
                                         "; book it in parts");
  }
  return found->pieces * count;
}

std::vector<Measures::Counted> Measures::in_words(Quantity pieces) const {
  std::vector<Counted> out;
  auto left = std::max<Quantity>(0, pieces);
  for (const auto& unit : units_) {
    if (unit.pieces == 1 || left < unit.pieces) continue;
    out.push_back({unit.unit, left / unit.pieces});
    left %= unit.pieces;
  }
  if (left > 0) out.push_back({"", left});
  return out;
}

}  // namespace dockline::server::stock
