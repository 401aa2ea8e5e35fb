// The routing file (routing.toml): chains of rules, and what sites and carriers are like. The
// server reads it at its start; `dockline routing what-if` takes another one. What people say of a
// site while the server runs goes through the same reader, and holds instead of the file's [[site]]
// of that name. All problems are reported at once, with line and remedy. Reads the time-zone data
// of this computer, nothing else.
#pragma once

#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/routing/arrivals.hpp"
#include "server/routing/rulebook.hpp"
#include "shared/config/schema.hpp"

namespace dockline::server::rulebook {

// What server.toml says; names in the file that are not among them are problems.
struct Names {
  std::vector<std::string> sites, channels;
};

[[nodiscard]] const config::Schema& schema();

// `names`: absent when nobody knows them here.
[[nodiscard]] std::expected<routing::Rulebook, std::vector<config::Problem>> read(
    std::string_view text, const std::string& file, const std::optional<Names>& names);

// ---------------------------------------------------------------- sites as keys and values
// What is known of a site, a text each, sorted by key: the keys of [[site]], with the entries of
// its tables behind a dot: "capacity_per_day" "400", "hours.mon-fri" "08:00-16:30", "zones.DE 4"
// "1", "closed" "2026-12-25 2026-12-26", "hazardous" "true".
using SiteValues = std::vector<std::pair<std::string, std::string>>;

struct DescribedSite {
  routing::DeclaredSite declared;
  SiteValues values;  // sorted, each in its one form
};
// The values of one site, read as its [[site]] would be; Problem::key is the key of the value.
[[nodiscard]] std::expected<DescribedSite, std::vector<config::Problem>> read_site(
    const std::string& site, const SiteValues& values);
// "capacity_per_day: a whole number is needed (Orders it packs in a day ...); zones.X: ..."
[[nodiscard]] std::string in_one_line(const std::vector<config::Problem>& problems);

// Each [[site]] of a routing file that read() takes, as it stands there.
[[nodiscard]] std::map<std::string, SiteValues> sites_in(std::string_view text);

// The keys of [[site]] without the name: those with one value, and the tables ("zones").
struct SiteKeys {
  std::vector<std::string> plain, tables;
};
[[nodiscard]] SiteKeys site_keys();

// The book in force: the file's (null: there is none) with what people described in the place of
// its sites, and what arrivals show of services whose reliability it does not name. Without a file:
// sites by priority as ever, and capacity and hours count where somebody described them. Null:
// neither says anything.
[[nodiscard]] std::shared_ptr<const routing::Rulebook> in_force(
    const std::shared_ptr<const routing::Rulebook>& file,
    const std::map<std::string, routing::DeclaredSite>& described,
    std::span<const routing::Arrivals> arrivals = {});
// Whether routing knows the same by both.
[[nodiscard]] bool same(const routing::DeclaredSite& a, const routing::DeclaredSite& b);
// Stands for these values in decision records: the same values, the same text.
[[nodiscard]] std::string version_of(const SiteValues& values);

// ---------------------------------------------------------------- parts
// Offsets of an IANA zone ("Europe/Berlin") from 2020 to 2046. Fault::reject: no such zone here.
[[nodiscard]] base::Result<std::vector<routing::Offset>> offsets_of(const std::string& zone);
// "mon-fri" and "08:00-16:30" into a week. Fault::reject with what is wrong.
[[nodiscard]] base::Status put_hours(std::array<routing::Day, 7>& week, std::string_view days,
                                     std::string_view hours);
// "2026-12-25" as days since 1970-01-01.
[[nodiscard]] base::Result<std::int64_t> date_of(std::string_view text);

}  // namespace dockline::server::rulebook
