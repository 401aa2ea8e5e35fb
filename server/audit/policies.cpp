#include "server/audit/policies.hpp"

#include <boost/json.hpp>

namespace dockline::server::audit {
namespace {

namespace json = boost::json;
using sqlite::Statement;

std::string text(const json::object& in, const char* key) {
  const auto* value = in.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string number(const json::object& in, const char* key) {
  const auto* value = in.if_contains(key);
  return value != nullptr && value->is_int64() ? str(value->get_int64()) : "-";
}

// Each row has its fact, and says what it says; `left` are the rows that must be there.
base::Status compare(sqlite::Db& db, const std::string& table, const std::string& columns,
                     const char* rows, std::map<std::string, std::string> left,
                     Findings& findings) {
  auto ok = each_row(db, rows, [&](const Statement& s) {
    const auto at = left.find(s.str(0));
    const std::string want = at == left.end() ? "no row" : at->second;
    if (want != s.text(1)) {
      findings.add("policies", table + " " + s.str(0),
                   "The table says " + s.str(1) + " " + columns + ", the facts say " + want + ".",
                   std::string(kRebuild));
    }
    if (at != left.end()) left.erase(at);
  });
  for (const auto& [key, row] : left) {
    findings.add("policies", table + " " + key,
                 "The facts say " + row + " " + columns + ", the table has no row.",
                 std::string(kRebuild));
  }
  return ok;
}

}  // namespace

void Policies::take(std::int64_t position, std::string_view type, std::string_view bytes) {
  const bool kit = type == "dockline.kit.defined.v1";
  const bool site = type == "dockline.site.described.v1";
  if (!kit && !site && type != "dockline.stock.policy.set.v1") return;
  boost::system::error_code failed;
  const auto root = json::parse(bytes, failed);
  if (failed || !root.is_object()) return;  // told by the pass over the log
  const auto* member = root.get_object().if_contains("data");
  if (member == nullptr || !member->is_object()) return;
  const auto& data = member->get_object();
  if (site) {
    auto& values = sites_[text(data, "site")];
    values.clear();
    const auto* list = data.if_contains("values");
    if (list == nullptr || !list->is_array()) return;
    for (const auto& value : list->get_array()) {
      if (!value.is_object()) continue;
      values[text(value.get_object(), "key")] = text(value.get_object(), "value");
    }
    return;
  }
  if (kit) {
    auto& parts = kits_[text(data, "sku")];
    parts.clear();
    const auto* list = data.if_contains("parts");
    if (list == nullptr || !list->is_array()) return;
    for (const auto& part : list->get_array()) {
      if (!part.is_object()) continue;
      parts[text(part.get_object(), "sku")] =
          number(part.get_object(), "pieces") + "|" + str(position);
    }
    return;
  }
  const auto key = text(data, "site") + "|" + text(data, "channel") + "|" + text(data, "sku");
  std::string row;
  bool any = false;
  for (const char* name : {"safety", "quota", "share_pm", "buffer", "cap"}) {
    const auto value = number(data, name);
    any = any || value != "-";
    row += value + "|";
  }
  if (any) {
    rows_[key] = row + str(position);
  } else {
    rows_.erase(key);
  }
}

base::Status Policies::check(sqlite::Db& db, Findings& findings) const {
  bool policies = false, described = false;
  auto ok =
      each_row(db, "SELECT name FROM sqlite_master WHERE name IN ('p_policy', 'p_site')",
               [&](const Statement& s) { (s.text(0) == "p_site" ? described : policies) = true; });
  if (!ok || !policies) return ok;
  if (described) {
    std::map<std::string, std::string> sites;
    for (const auto& [site, values] : sites_) {
      for (const auto& [key, value] : values) sites[site + "|" + key] = value;
    }
    ok = compare(db, "p_site", "(value)", "SELECT site || '|' || key, value FROM p_site", sites,
                 findings);
    if (!ok) return ok;
  }
  ok = compare(db, "p_policy", "(safety, quota, share, buffer, cap, position)",
               "SELECT site || '|' || channel || '|' || sku, ifnull(safety, '-') || '|' || "
               "ifnull(quota, '-') || '|' || ifnull(share_pm, '-') || '|' || ifnull(buffer, '-') "
               "|| '|' || ifnull(cap, '-') || '|' || position FROM p_policy",
               rows_, findings);
  if (!ok) return ok;
  std::map<std::string, std::string> kits;
  for (const auto& [kit, parts] : kits_) {
    for (const auto& [part, row] : parts) kits[kit + "|" + part] = row;
  }
  return compare(db, "p_kit", "(pieces, position)",
                 "SELECT kit || '|' || part, pieces || '|' || position FROM p_kit", kits, findings);
}

}  // namespace dockline::server::audit
