// Sites: what is known of them and from where, bodies into commands, rows into JSON and CSV.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/facts.hpp"
#include "server/api/http_types.hpp"
#include "server/app/inputs.hpp"
#include "server/routing/facts.hpp"
#include "server/rulebook/rulebook.hpp"

namespace dockline::server::api {

struct SiteView {
  std::string name, title;
  std::int64_t priority = 0;
  std::string from = "nobody";  // people, file
  rulebook::SiteValues values;
  std::string version;             // as decision records name it; of a description alone
  std::string problem;             // why what people said cannot be used, and the file holds
  routing::DeclaredSite declared;  // the same, as routing has it
  std::int64_t waiting = 0, closed_today = 0;
  std::optional<routing::Window> window;  // under way, or the next; absent: not known, or closed
  std::optional<routing::Window> today;   // by its own clock; absent: not known, or closed today
  std::optional<bool> open_now;           // absent: its hours are not known
  std::int64_t mark = 0;                  // what If-Match compares (server/app/seen.hpp)
  std::int64_t at_benches = 0, parcels = 0;
  std::optional<std::int64_t> skus, pieces;  // on its shelves; absent: too many to count here
  std::int64_t stations = 0, heard = 0, never = 0;
};

// Without its load: what holds of the site now, and its window.
[[nodiscard]] SiteView site_view(const SiteFacts& site, const rulebook::SiteValues* described,
                                 std::int64_t now_ms);

[[nodiscard]] std::expected<DescribeSite, Problem> site_body(const std::string& site,
                                                             std::string_view body);
[[nodiscard]] std::string site_json(const SiteView& site);
[[nodiscard]] std::string sites_json(const std::vector<SiteView>& sites);

// First row: names. `skus` and `pieces` of each site: what lies there, "0" when nothing does.
struct SiteStock {
  std::string skus = "0", pieces = "0";
};
[[nodiscard]] std::vector<std::vector<std::string>> site_rows(const std::vector<SiteView>& sites,
                                                              const std::vector<SiteStock>& stock);

}  // namespace dockline::server::api
