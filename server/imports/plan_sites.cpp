// Files of sites: a row is all that is known of one, a column a key of the routing file's [[site]].
// Which keys there are is said by who asks; what is wrong with a value, by the reader of that file.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "server/imports/csv.hpp"
#include "server/imports/plan.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::imports {
namespace {

using base::Fault;

// What `dockline export sites` has besides.
constexpr std::array<std::string_view, 5> kTold{"title", "priority", "from", "skus", "pieces"};

std::string trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return std::string(text);
}

std::string column(std::size_t at, const std::string& name) {
  return "column " + std::to_string(at) + " (" + name + ")";
}

// Heading -> column, from 1; or why the file cannot be used.
base::Result<std::map<std::string, std::size_t>> columns_of(
    const std::vector<std::string>& header, const std::vector<std::string>& needed) {
  std::map<std::string, std::size_t> out;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string name = trimmed(header[i]);
    if (name.empty() || std::ranges::find(kTold, name) != kTold.end()) continue;
    const auto [at, fresh] = out.emplace(name, i + 1);
    if (fresh) continue;
    return base::fail(Fault::reject, "columns " + std::to_string(at->second) + " and " +
                                         std::to_string(i + 1) + " are both " +
                                         base::printable(name, 60) + "; leave one out");
  }
  std::string missing = out.contains("site") ? "" : "site";
  for (const auto& name : needed) {
    if (!out.contains(name)) missing += (missing.empty() ? "" : ", ") + name;
  }
  if (missing.empty()) return out;
  return base::fail(Fault::reject,
                    "the header lacks: " + missing +
                        ". A row is all that is known of a site, an empty field says that nobody "
                        "knows; `dockline export sites` gives the form");
}

}  // namespace

base::Result<Plan> plan_sites(std::string_view bytes, const std::vector<std::string>& needed) {
  const auto csv = read_csv(bytes);
  if (!csv) return base::pass(csv.error());
  auto columns = columns_of(csv->header, needed);
  if (!columns) return base::pass(columns.error());
  Plan plan;
  plan.lines = static_cast<std::int64_t>(csv->rows.size());
  std::map<std::string, std::int64_t> rows;  // of the sites so far
  for (const auto& row : csv->rows) {
    Unit unit{.kind = UnitKind::entry, .rows = {row.row}};
    unit.key = "sites|" + std::to_string(row.row) + "|" + row.raw;
    unit.why = row.problem;
    for (const auto& [name, at] : *columns) {
      if (at > row.fields.size() || !unit.why.empty()) continue;
      std::string value = trimmed(row.fields[at - 1]);
      if (!base::is_utf8(value)) unit.why = column(at, name) + ": text in UTF-8 is needed";
      if (value.size() > base::limits::kTextBytesMax) unit.why = column(at, name) + " is too long";
      if (name == "site") {
        unit.site = value;
      } else if (!value.empty()) {
        unit.fields[name] = std::move(value);
      }
    }
    if (unit.why.empty() && unit.site.empty()) {
      unit.why = column(columns->at("site"), "site") + " is empty";
    }
    const auto [known, fresh] = rows.emplace(unit.site, row.row);
    if (unit.why.empty() && !fresh) {
      unit.why = "site " + unit.site + " stands in row " + std::to_string(known->second) +
                 " already; a row is all that is known of a site";
    }
    if (!unit.why.empty()) unit.kind = UnitKind::broken;
    plan.units.push_back(std::move(unit));
  }
  plan.columns = std::move(*columns);
  return plan;
}

}  // namespace dockline::server::imports
