#include "server/stock/units_of_measure.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "shared/base/limits.hpp"

namespace dockline::server::stock {
namespace {

using base::Fault;
using base::limits::kLineQuantityMax;
using ByName = std::map<std::string, const Measure*, std::less<>>;

base::Result<ByName> named(const std::string& where, std::span<const Measure> measures) {
  if (measures.size() > kMeasuresMax) {
    return base::fail(Fault::reject, where + std::to_string(measures.size()) + " units; at most " +
                                         std::to_string(kMeasuresMax) + " fit");
  }
  ByName by_name;
  std::set<std::string_view> codes;
  for (const auto& measure : measures) {
    if (measure.unit.empty()) return base::fail(Fault::reject, where + "a unit has no name");
    if (!by_name.emplace(measure.unit, &measure).second) {
      return base::fail(Fault::reject,
                        where + "unit " + measure.unit + " is described twice; keep one");
    }
    if (measure.holds < 1) {
      return base::fail(Fault::reject, where + "unit " + measure.unit + " holds " +
                                           std::to_string(measure.holds) + "; 1 or more is needed");
    }
    for (const auto& code : measure.codes) {
      if (codes.insert(code).second) continue;
      return base::fail(Fault::reject, where + "bar code " + code + " is on two units, one is " +
                                           measure.unit + "; take it off one of them");
    }
  }
  return by_name;
}

// The way down from a unit to pieces.
base::Result<Quantity> pieces_of(const std::string& where, const ByName& by_name,
                                 const Measure& top) {
  Quantity pieces = 1;
  const Measure* at = &top;
  for (std::size_t steps = 0; steps <= by_name.size(); ++steps) {
    if (at->holds > kLineQuantityMax / pieces) {
      return base::fail(Fault::reject, where + "unit " + top.unit + " is more than " +
                                           std::to_string(kLineQuantityMax) +
                                           " pieces; check the quantities");
    }
    pieces *= at->holds;
    if (at->of.empty()) return pieces;
    const auto inner = by_name.find(at->of);
    if (inner == by_name.end()) {
      return base::fail(Fault::reject, where + "unit " + at->unit + " holds " + at->of +
                                           ", which is no unit here; describe it");
    }
    at = inner->second;
  }
  return base::fail(Fault::reject,
                    where + "unit " + top.unit + " holds itself; correct " + at->unit);
}

}  // namespace

base::Result<Measures> Measures::make(std::string_view sku, std::span<const Measure> measures) {
  const auto where = std::string(sku) + ": ";
  const auto by_name = named(where, measures);
  if (!by_name) return base::pass(by_name.error());
  Measures out;
  out.sku_ = std::string(sku);
  for (const auto& measure : measures) {
    const auto pieces = pieces_of(where, *by_name, measure);
    if (!pieces) return base::pass(pieces.error());
    out.units_.push_back({measure.unit, *pieces});
    for (const auto& code : measure.codes) out.codes_.push_back({code, *pieces});
  }
  std::sort(out.units_.begin(), out.units_.end(), [](const Unit& a, const Unit& b) {
    return std::tie(b.pieces, a.unit) < std::tie(a.pieces, b.unit);
  });
  std::sort(out.codes_.begin(), out.codes_.end(),
            [](const domain::Barcode& a, const domain::Barcode& b) { return a.code < b.code; });
  return out;
}

const Measures::Unit* Measures::find(std::string_view unit) const {
  const auto found =
      std::find_if(units_.begin(), units_.end(), [&](const Unit& u) { return u.unit == unit; });
  return found == units_.end() ? nullptr : &*found;
}

base::Result<Quantity> Measures::times(const Unit& unit, std::int64_t count) const {
  if (count < 1 || count > kLineQuantityMax / unit.pieces) {
    return base::fail(Fault::reject, sku_ + ": " + std::to_string(count) + " times " + unit.unit +
                                         " is not within 1 to " +
                                         std::to_string(kLineQuantityMax / unit.pieces) +
                                         "; book it in parts");
  }
  return unit.pieces * count;
}

base::Result<Quantity> Measures::scanned(std::string_view code, std::int64_t count) const {
  const auto found = std::find_if(codes_.begin(), codes_.end(),
                                  [&](const domain::Barcode& c) { return c.code == code; });
  if (found == codes_.end()) {
    return base::fail(Fault::reject, sku_ + ": bar code " + std::string(code) +
                                         " is none of its own; add it to a unit");
  }
  return times({std::string(code), found->pieces}, count);
}

base::Result<Quantity> Measures::pieces(std::string_view unit, std::int64_t count) const {
  const auto* found = find(unit);
  if (found == nullptr) {
    return base::fail(Fault::reject, sku_ + ": " + std::string(unit) + " is no unit of it");
  }
  return times(*found, count);
}

base::Result<std::int64_t> Measures::count(std::string_view unit, Quantity pieces) const {
  const auto* found = find(unit);
  if (found == nullptr) {
    return base::fail(Fault::reject, sku_ + ": " + std::string(unit) + " is no unit of it");
  }
  if (pieces < 0) {
    return base::fail(Fault::reject, sku_ + ": " + std::to_string(pieces) + " pieces");
  }
  if (pieces % found->pieces != 0) {
    return base::fail(Fault::reject, sku_ + ": " + std::to_string(pieces) + " pieces are " +
                                         std::to_string(pieces / found->pieces) + " " +
                                         found->unit + " of " + std::to_string(found->pieces) +
                                         " and " + std::to_string(pieces % found->pieces) +
                                         " left over; give the pieces");
  }
  return pieces / found->pieces;
}

std::vector<Measures::Counted> Measures::in_words(Quantity pieces) const {
  std::vector<Counted> out;
  auto left = std::max<Quantity>(0, pieces);
  for (const auto& unit : units_) {
    if (unit.pieces == 1 || left < unit.pieces) continue;
    out.push_back({unit.unit, left / unit.pieces});
    left %= unit.pieces;
  }
  if (left > 0 || out.empty()) out.push_back({"", left});
  return out;
}

std::vector<domain::Barcode> Measures::barcodes() const { return codes_; }

}  // namespace dockline::server::stock
