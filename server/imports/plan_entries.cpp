// Files whose rows are entries of their own: items, bar codes, suppliers, supplies, counts; and
// deliveries, whose rows belong together by their number. Headings are those of `dockline export`,
// and what people write instead.
#include <array>
#include <map>

#include "server/imports/csv.hpp"
#include "server/imports/plan.hpp"
#include "server/imports/values.hpp"
#include "server/orders/intake.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::server::imports {
namespace {

using base::Fault;

struct Name {
  std::string_view field;
  std::vector<std::string_view> headings;  // lower case, letters and digits only
  bool needed = false, number = false, money = false, date = false, yes = false;
};
struct Form {
  std::string_view kind;
  std::vector<Name> names;
};

const std::vector<Form>& forms() {
  static const Name sku{"sku", {"sku", "stockcode", "itemcode", "article", "articleno"}, true};
  static const Name site{"site", {"site", "warehouse", "location"}};
  static const Name supplier{"supplier", {"supplier", "vendor", "suppliername"}, true};
  static const std::vector<Form> all = {
      {"items",
       {sku,
        {"title", {"title", "name", "description"}, true},
        {"barcode", {"barcode", "barcodes", "ean", "gtin", "upc"}},
        {"weight_g", {"weightg", "weight", "grams"}, false, true},
        {"hazardous",
         {"hazardous", "dangerous", "dangerousgoods"},
         false,
         false,
         false,
         false,
         true},
        {"cold_chain", {"coldchain", "chilled"}, false, false, false, false, true},
        {"tracked", {"tracked", "trackedby"}},
        {"cost_minor", {"costminor"}, false, true},
        {"cost", {"cost", "unitcost"}, false, false, true},
        site,
        {"bin", {"bin", "shelf"}}}},
      {"barcodes",
       {sku,
        {"barcode", {"barcode", "ean", "gtin", "upc"}, true},
        {"pieces", {"pieces", "packsize"}, false, true},
        {"unit", {"unit", "uom"}}}},
      {"suppliers",
       {supplier,
        {"title", {"title", "name", "company"}, true},
        {"email", {"email", "mail"}},
        {"webhook", {"webhook", "url"}},
        {"lead_days", {"leaddays", "leadtime"}, false, true},
        {"review_days", {"reviewdays", "everydays"}, false, true}}},
      {"supplies",
       {sku,
        supplier,
        {"rank", {"rank"}, false, true},
        {"supplier_sku", {"suppliersku", "theirsku", "vendorsku"}},
        {"pack", {"pack", "packsize"}, false, true},
        {"minimum", {"minimum", "moq"}, false, true},
        {"price_minor", {"priceminor", "cents"}, false, true},
        {"price", {"price", "unitprice"}, false, false, true},
        {"currency", {"currency"}},
        {"safety_days", {"safetydays"}, false, true}}},
      {"deliveries",
       {{"delivery", {"delivery", "asn", "deliverynote", "number"}, true},
        supplier,
        sku,
        {"quantity", {"quantity", "qty", "pieces"}, true, true},
        site,
        {"expected", {"expected", "eta", "date"}, false, false, false, true}}},
      {"counts",
       {sku,
        {"quantity", {"quantity", "counted", "qty", "pieces"}, true, true},
        site,
        {"bin", {"bin"}}}},
  };
  return all;
}

std::string plain(std::string_view heading) {
  std::string out;
  for (const char c : heading) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

using Places = std::map<std::string_view, std::size_t>;  // field -> column

base::Result<Places> places_of(const Form& form, const std::vector<std::string>& header) {
  Places out;
  std::string missing;
  for (const auto& name : form.names) {
    for (const auto heading : name.headings) {
      for (std::size_t i = 0; i < header.size() && !out.contains(name.field); ++i) {
        if (plain(header[i]) == heading) out[name.field] = i;
      }
    }
    if (!name.needed || out.contains(name.field)) continue;
    missing.append(missing.empty() ? "" : "; ").append(name.field).append(" (a heading like");
    for (const auto heading : name.headings) missing.append(" ").append(heading);
    missing += ")";
  }
  if (missing.empty()) return out;
  return base::fail(Fault::reject, "the header lacks: " + missing);
}

// Numbers, dates and yes or no become digits; the problem with the row, or nothing.
std::string take(const Name& name, std::string_view text, std::size_t column, Unit& unit) {
  const auto wrong = [&](const char* needed) {
    return "column " + std::to_string(column + 1) + " (" + std::string(name.field) + ") is \"" +
           base::printable(text, 60) + "\": " + needed;
  };
  if (!base::is_utf8(text)) return wrong("text in UTF-8 is needed");
  if (text.empty()) return name.needed ? wrong("it is needed") : "";
  std::string value(text);
  if (name.number || name.money || name.date) {
    const auto number = name.number  ? whole_number(text)
                        : name.money ? hundredths(text)
                                     : wall_ms(text);
    if (!number || *number < 0) {
      return wrong(name.date ? "a date is needed" : "a number from 0 on is needed");
    }
    value = std::to_string(*number);
  }
  if (name.yes) {
    const auto yes = yes_or_no(text);
    if (!yes) return wrong("yes or no is needed");
    value = *yes ? "1" : "0";
  }
  unit.fields[std::string(name.field)] = std::move(value);
  return "";
}

Unit unit_of(const Form& form, const Places& places, const CsvRow& row) {
  Unit unit;
  unit.kind = UnitKind::entry;
  unit.rows = {row.row};
  unit.key = std::string(form.kind) + "|" + std::to_string(row.row) + "|" + row.raw;
  unit.why = row.problem;
  for (const auto& name : form.names) {
    const auto at = places.find(name.field);
    if (at == places.end() || !unit.why.empty()) continue;
    const bool there = at->second < row.fields.size();
    unit.why = take(name, there ? std::string_view(row.fields[at->second]) : std::string_view{},
                    at->second, unit);
  }
  if (!unit.why.empty()) unit.kind = UnitKind::broken;
  return unit;
}

// What the rows so far say of one item, and which row says it. An item has a bin at each site: a
// further row may name the one at another site, and takes nothing back of what was said.
class Told {
 public:
  // Why the row cannot be one more of this item; empty: it can, and is one from now on.
  std::string also(const std::string& sku, const Unit& unit) {
    const auto row = unit.rows.front();
    std::map<std::string, std::string> said;
    for (const auto& [field, value] : unit.fields) {
      if (field != "sku" && field != "bin") said[field] = value;
    }
    const std::string site = said["site"];  // empty: that of the whole file
    said.erase("site");
    if (const auto first = sites_.find(site); first != sites_.end()) {
      return "SKU " + sku + " stands in row " + std::to_string(first->second) +
             " already, which stays as it is; an item is one row, with all its bar codes in one "
             "field (a space between two), or one row a site for its bins. Put them together";
    }
    for (const auto& [field, value] : said) {
      const auto first = fields_.find(field);
      if (first == fields_.end() || first->second.first == value) continue;
      return "SKU " + sku + " has another " + field + " in row " +
             std::to_string(first->second.second) +
             " already, which stays as it is; say the same in both, or leave one of them out";
    }
    sites_.emplace(site, row);
    for (auto& [field, value] : said) fields_.try_emplace(field, std::move(value), row);
    return "";
  }

 private:
  std::map<std::string, std::int64_t> sites_;
  std::map<std::string, std::pair<std::string, std::int64_t>> fields_;
};

}  // namespace

bool is_entry_kind(std::string_view kind) {
  for (const auto& form : forms()) {
    if (form.kind == kind) return true;
  }
  return false;
}

base::Result<Plan> plan_entries(std::string_view kind, std::string_view bytes) {
  const Form* form = nullptr;
  for (const auto& one : forms()) {
    if (one.kind == kind) form = &one;
  }
  if (form == nullptr) {
    return base::fail(Fault::reject, "there is no kind \"" + std::string(kind) + "\" of file");
  }
  const auto csv = read_csv(bytes);
  if (!csv) return base::pass(csv.error());
  const auto places = places_of(*form, csv->header);
  if (!places) return base::pass(places.error());
  Plan plan;
  plan.lines = static_cast<std::int64_t>(csv->rows.size());
  std::map<std::string, std::size_t> groups;  // delivery -> its unit
  std::map<std::string, Told> told;           // item -> what was said of it
  for (const auto& row : csv->rows) {
    Unit unit = unit_of(*form, *places, row);
    if (kind == "items" && unit.kind == UnitKind::entry) {
      const auto sku = orders::normal_sku(unit.fields["sku"]);  // none: the catalogue says so
      if (!sku.empty()) unit.why = told[sku].also(sku, unit);
      if (!unit.why.empty()) unit.kind = UnitKind::broken;
    }
    if (kind == "deliveries" && unit.kind == UnitKind::entry) {
      const auto [at, fresh] = groups.try_emplace(unit.fields["delivery"], plan.units.size());
      if (fresh) {
        unit.lines.emplace_back(unit.fields["sku"], std::stoll(unit.fields["quantity"]));
      } else {
        auto& first = plan.units[at->second];
        first.rows.push_back(row.row);
        first.lines.emplace_back(unit.fields["sku"], std::stoll(unit.fields["quantity"]));
        continue;
      }
    }
    plan.units.push_back(std::move(unit));
  }
  return plan;
}

}  // namespace dockline::server::imports
