#include <algorithm>
#include <map>
#include <set>

#include "server/api/sites.hpp"
#include "server/api/values.hpp"
#include "server/app/seen.hpp"
#include "server/routing/hours.hpp"

namespace dockline::server::api {
namespace {

constexpr std::int64_t kWindowDays = 8;

json::value known(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object site_object(const SiteView& s) {
  json::object values;
  for (const auto& [key, value] : s.values) values[key] = value;
  const auto taken = s.waiting + s.closed_today;
  const auto& capacity = s.declared.capacity_per_day;
  const auto left =
      capacity ? json::value(std::max<std::int64_t>(0, *capacity - taken)) : json::value(nullptr);
  return {{"site", s.name},
          {"title", s.title},
          {"priority", s.priority},
          {"from", s.from},
          {"version", known(s.version)},
          {"problem", known(s.problem)},
          {"values", std::move(values)},
          {"capacity_per_day", capacity ? json::value(*capacity) : json::value(nullptr)},
          {"waiting", s.waiting},
          {"closed_today", s.closed_today},
          {"left_today", left},
          {"open_now", s.open_now ? json::value(*s.open_now) : json::value(nullptr)},
          {"today", s.today ? json::value(json::object{{"opens_ms", s.today->opens_ms},
                                                       {"cut_off_ms", s.today->cut_off_ms}})
                            : json::value(nullptr)},
          {"at_benches", s.at_benches},
          {"parcels", s.parcels},
          {"skus", moment(s.skus)},
          {"pieces", moment(s.pieces)},
          {"stations", json::object{{"total", s.stations},
                                    {"heard", s.heard},
                                    {"silent", s.stations - s.heard - s.never},
                                    {"never", s.never}}},
          {"opens_ms", s.window ? json::value(s.window->opens_ms) : json::value(nullptr)},
          {"cut_off_ms", s.window ? json::value(s.window->cut_off_ms) : json::value(nullptr)}};
}

}  // namespace

SiteView site_view(const SiteFacts& site, const rulebook::SiteValues* described,
                   std::int64_t now_ms) {
  SiteView out{.name = site.name, .title = site.title, .priority = site.priority};
  out.mark = site_mark(described == nullptr ? rulebook::SiteValues{} : *described);
  auto read = rulebook::read_site(site.name, described == nullptr ? site.values : *described);
  if (!read && described != nullptr) {
    out.problem = rulebook::in_one_line(read.error());
    read = rulebook::read_site(site.name, site.values);
    described = nullptr;
  }
  out.from = described != nullptr ? "people" : site.values.empty() ? "nobody" : "file";
  if (!read) return out;
  if (described != nullptr) out.version = rulebook::version_of(read->values);
  out.values = std::move(read->values);
  out.declared = std::move(read->declared);
  if (!out.declared.hours) return out;
  const auto today = routing::windows_of(*out.declared.hours, now_ms, 1);
  if (!today.empty()) out.today = today.front();
  out.open_now = out.today && out.today->opens_ms <= now_ms && now_ms < out.today->cut_off_ms;
  for (const auto& window : routing::windows_of(*out.declared.hours, now_ms, kWindowDays)) {
    if (window.cut_off_ms <= now_ms) continue;
    out.window = window;
    break;
  }
  return out;
}

std::string site_json(const SiteView& site) { return json::serialize(site_object(site)); }

std::string sites_json(const std::vector<SiteView>& sites) {
  return json::serialize(whole(list(sites, site_object)));
}

std::vector<std::vector<std::string>> site_rows(const std::vector<SiteView>& sites,
                                                const std::vector<SiteStock>& stock) {
  const auto keys = rulebook::site_keys();
  std::set<std::string> all(keys.plain.begin(), keys.plain.end());
  for (const auto& site : sites) {
    for (const auto& [key, value] : site.values) all.insert(key);
  }
  // The keys with one value first, then the tables, each with its entries side by side.
  std::vector<std::string> columns = keys.plain;
  for (const auto& table : keys.tables) {
    for (const auto& key : all) {
      if (key.starts_with(table + ".")) columns.push_back(key);
    }
  }
  std::vector<std::vector<std::string>> rows;
  rows.push_back({"site", "title", "priority", "from", "skus", "pieces"});
  rows.front().insert(rows.front().end(), columns.begin(), columns.end());
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const auto& s = sites[i];
    const std::map<std::string, std::string> values(s.values.begin(), s.values.end());
    std::vector<std::string> row{s.name, s.title,       std::to_string(s.priority),
                                 s.from, stock[i].skus, stock[i].pieces};
    for (const auto& column : columns) {
      const auto found = values.find(column);
      row.push_back(found == values.end() ? "" : found->second);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace dockline::server::api
