#include <algorithm>
#include <array>
#include <map>

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

// Money without goods, as the file's merchant and others write it.
constexpr std::array<std::string_view, 14> kChargeCodes = {
    "POST",      "DOT",  "M",       "D",        "C2",       "S",   "BANK CHARGES",
    "AMAZONFEE", "CRUK", "POSTAGE", "SHIPPING", "DISCOUNT", "FEE", "GIFTWRAP"};

bool is_charge(std::string_view sku) {
  return std::find(kChargeCodes.begin(), kChargeCodes.end(), sku) != kChargeCodes.end();
}

struct Parsed {
  std::string number, sku, title, customer;
  domain::Quantity quantity = 0;
  std::optional<std::int64_t> price;
  std::int64_t placed_ms = 0;
  bool cancels = false;  // its number says so
};

class OrderPlanner {
 public:
  OrderPlanner(const Columns& columns, const OrderFile& file) : columns_(columns), file_(file) {}

  void row(const CsvRow& row) {
    Parsed parsed;
    const std::string problem = row_problem(row, columns_);
    if (!problem.empty()) return broken(row, problem);
    const std::string wrong = parse(row, parsed);
    if (!wrong.empty()) return broken(row, wrong);
    note_title(parsed);
    if (parsed.cancels) return cancellation(row, parsed);
    const bool correction = parsed.customer.empty() && parsed.price.value_or(1) == 0;
    if (correction) return adjustment(row, parsed);
    if (is_charge(parsed.sku)) return charge(row, parsed);
    if (parsed.quantity < 1) {
      return broken(row, "quantity is " + std::to_string(parsed.quantity) +
                             ", but this is no cancellation (number with C in front) and no "
                             "correction (no customer, price 0)");
    }
    line(row, parsed);
  }

  Plan finish(std::int64_t lines) {
    for (auto& unit : plan_.units) {
      if (unit.kind != UnitKind::order || !unit.order.lines.empty()) continue;
      unit.kind = UnitKind::broken;
      unit.why = "order " + unit.order.number + " has only charges (" +
                 unit.order.charges.front().code + ") and no goods: book it by hand";
    }
    plan_.lines = lines;
    return std::move(plan_);
  }

 private:
  std::string parse(const CsvRow& row, Parsed& out) const {
    out.number = columns_.field(row, Column::order);
    out.sku = orders::normal_sku(columns_.field(row, Column::sku));
    out.title = columns_.field(row, Column::title);
    out.customer = customer(columns_.field(row, Column::customer));
    if (out.number.empty()) return columns_.place(Column::order) + " is empty";
    if (out.sku.empty()) return columns_.place(Column::sku) + " is empty";
    const auto quantity = whole_number(columns_.field(row, Column::quantity));
    if (!quantity) return bad(row, Column::quantity, "a whole number is needed");
    if (*quantity == 0) return columns_.place(Column::quantity) + " is 0";
    if (std::abs(*quantity) > base::limits::kLineQuantityMax) {
      return bad(
          row, Column::quantity,
          "at most " + std::to_string(base::limits::kLineQuantityMax) + " pieces fit into a line");
    }
    out.quantity = *quantity;
    if (const auto text = columns_.field(row, Column::price); !text.empty()) {
      out.price = hundredths(text);
      if (!out.price) return bad(row, Column::price, "a price like 2.55 is needed");
    }
    if (const auto text = columns_.field(row, Column::placed); !text.empty()) {
      const auto at = wall_ms(text);
      if (!at) return bad(row, Column::placed, "a time like 2010-12-01 08:26:00 is needed");
      out.placed_ms = *at;
    }
    out.cancels = out.number.size() > 1 && (out.number[0] == 'C' || out.number[0] == 'c') &&
                  out.number.find_first_not_of("0123456789", 1) == std::string::npos;
    return "";
  }

  std::string bad(const CsvRow& row, Column column, const std::string& need) const {
    return columns_.place(column) + " is \"" + base::printable(columns_.field(row, column), 60) +
           "\": " + need;
  }

  // The first title of a sold line; what else the file says only when there is none.
  void note_title(const Parsed& p) {
    if (p.title.empty() || is_charge(p.sku)) return;
    const bool sold = p.quantity > 0 && !p.customer.empty();
    const auto known = plan_.titles.find(p.sku);
    if (known == plan_.titles.end()) {
      plan_.titles.emplace(p.sku, p.title);
    } else if (sold && !sold_title_[p.sku]) {
      known->second = p.title;
    }
    if (sold) sold_title_[p.sku] = true;
  }

  void broken(const CsvRow& row, std::string why) {
    Unit unit;
    unit.rows = {row.row};
    unit.key = key("broken|" + row.raw);
    unit.why = std::move(why);
    plan_.units.push_back(std::move(unit));
  }

  // Two rows that say the same are two events: they are told apart by how often it was said.
  std::string key(const std::string& text) {
    return "import|" + file_.channel + "|" + text + "|" + std::to_string(++seen_[text]);
  }

  void cancellation(const CsvRow& row, const Parsed& p) {
    if (is_charge(p.sku)) {
      return broken(row,
                    "a credit without goods (" + p.sku + ", " + p.title + "): book it by hand");
    }
    if (p.quantity > 0) return broken(row, "a cancellation needs a negative quantity");
    if (p.customer.empty()) return broken(row, "a cancellation needs a customer to find its order");
    Unit unit;
    unit.kind = UnitKind::cancellation;
    unit.rows = {row.row};
    unit.number = p.number;
    unit.customer = p.customer;
    unit.sku = p.sku;
    unit.quantity = -p.quantity;
    unit.placed_ms = p.placed_ms;
    unit.key = key("cancel|" + p.number + "|" + p.sku);
    plan_.units.push_back(std::move(unit));
  }

  void adjustment(const CsvRow& row, const Parsed& p) {
    if (is_charge(p.sku)) return broken(row, "a free charge (" + p.sku + ") without an order");
    Unit unit;
    unit.kind = UnitKind::adjustment;
    unit.rows = {row.row};
    unit.number = p.number;
    unit.sku = p.sku;
    unit.quantity = p.quantity;
    unit.placed_ms = p.placed_ms;
    unit.reason = p.title.empty() ? "correction " + p.number : p.title + " (" + p.number + ")";
    unit.key = key("adjust|" + p.number + "|" + p.sku + "|" + std::to_string(p.quantity));
    plan_.units.push_back(std::move(unit));
  }

  Unit& order_of(const CsvRow& row, const Parsed& p) {
    const auto known = orders_.find(p.number);
    if (known != orders_.end()) {
      Unit& unit = plan_.units[known->second];
      unit.rows.push_back(row.row);
      return unit;
    }
    orders_.emplace(p.number, plan_.units.size());
    Unit& unit = plan_.units.emplace_back();
    unit.kind = UnitKind::order;
    unit.rows = {row.row};
    unit.key = "import|" + file_.channel + "|order|" + p.number;
    unit.order.channel = file_.channel;
    unit.order.number = p.number;
    unit.order.placed_ms = p.placed_ms;
    const auto currency = columns_.field(row, Column::currency);
    unit.order.currency = currency.empty() ? file_.currency : std::string(currency);
    fill_address(row, columns_, unit.order.ship_to);
    unit.order.ship_to.name = p.customer;
    return unit;
  }

  void line(const CsvRow& row, const Parsed& p) {
    Unit& unit = order_of(row, p);
    domain::OrderLine out;
    out.line = static_cast<std::int64_t>(unit.order.lines.size()) + 1;
    out.sku = p.sku;
    out.title = p.title;
    out.quantity = p.quantity;
    out.unit_price_minor = p.price;
    const auto id = columns_.field(row, Column::line_id);
    if (!id.empty()) out.external_id = std::string(id);
    unit.order.lines.push_back(std::move(out));
  }

  void charge(const CsvRow& row, const Parsed& p) {
    Unit& unit = order_of(row, p);
    unit.order.charges.push_back({p.sku, p.title, p.quantity, p.price});
  }

  const Columns& columns_;
  const OrderFile& file_;
  Plan plan_;
  std::map<std::string, std::size_t> orders_;
  std::map<std::string, std::int64_t> seen_;
  std::map<std::string, bool> sold_title_;
};

}  // namespace

base::Result<Plan> plan_orders(std::string_view bytes, const OrderFile& file) {
  const auto csv = read_csv(bytes);
  if (!csv) return base::pass(csv.error());
  const Columns columns(csv->header);
  if (const auto missing = columns.missing({Column::order, Column::sku, Column::quantity});
      !missing.empty()) {
    return base::fail(Fault::reject, "the header lacks: " + missing);
  }
  OrderPlanner planner(columns, file);
  for (const auto& row : csv->rows) planner.row(row);
  return planner.finish(static_cast<std::int64_t>(csv->rows.size()));
}

}  // namespace dockline::server::imports
