#include <set>

#include "server/imports/columns.hpp"
#include "server/imports/plan.hpp"
#include "server/imports/rows.hpp"
#include "server/imports/values.hpp"
#include "server/orders/intake.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::imports {
namespace {

using base::Fault;

std::string parse(const CsvRow& row, const Columns& columns, Unit& out) {
  if (auto problem = row_problem(row, columns); !problem.empty()) return problem;
  out.sku = orders::normal_sku(columns.field(row, Column::sku));
  if (out.sku.empty()) return columns.place(Column::sku) + " is empty";
  const auto text = columns.field(row, Column::quantity);
  const auto quantity = whole_number(text);
  if (!quantity || *quantity < 0 || *quantity > base::limits::kLineQuantityMax) {
    return columns.place(Column::quantity) + " is \"" + base::printable(text, 60) +
           "\": the counted pieces are needed, 0 to " +
           std::to_string(base::limits::kLineQuantityMax);
  }
  out.quantity = *quantity;
  out.title = columns.field(row, Column::title);
  out.barcodes = columns.field(row, Column::barcode);
  out.site = columns.field(row, Column::site);
  out.bin = columns.field(row, Column::bin);
  if (const auto weight = columns.field(row, Column::weight_g); !weight.empty()) {
    out.weight_g = whole_number(weight);
    if (!out.weight_g || *out.weight_g < 0) {
      return columns.place(Column::weight_g) + " is \"" + base::printable(weight, 60) +
             "\": whole grams are needed";
    }
  }
  return "";
}

}  // namespace

base::Result<Plan> plan_stock(std::string_view bytes) {
  const auto csv = read_csv(bytes);
  if (!csv) return base::pass(csv.error());
  const Columns columns(csv->header);
  if (const auto missing = columns.missing({Column::sku, Column::quantity}); !missing.empty()) {
    return base::fail(Fault::reject, "the header lacks: " + missing);
  }
  Plan plan;
  plan.lines = static_cast<std::int64_t>(csv->rows.size());
  std::set<std::string> counted;
  for (const auto& row : csv->rows) {
    Unit unit;
    unit.kind = UnitKind::stock;
    unit.rows = {row.row};
    unit.why = parse(row, columns, unit);
    if (unit.why.empty() && !counted.insert(unit.sku + "@" + unit.site).second) {
      unit.why = unit.sku + " is counted a second time for " +
                 (unit.site.empty() ? "this site" : unit.site) + "; the first figure stands";
    }
    if (!unit.why.empty()) unit.kind = UnitKind::broken;
    unit.key = "stock|" + std::to_string(row.row) + "|" + row.raw;
    plan.units.push_back(std::move(unit));
  }
  return plan;
}

}  // namespace dockline::server::imports
