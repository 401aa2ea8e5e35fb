// The one place that says which rulebook is in force: what the routing file says, with what people
// described of sites in the place of its own, and the reliability of services as their parcels
// showed it where the file does not name it. It stands in the hub's own copy of its configuration
// (HubCore::config.rulebook), where routing, forecasts and promises ask for it. Rebuilt from p_site
// at start.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/app/core.hpp"
#include "server/routing/rulebook.hpp"
#include "server/store/arrival_book.hpp"

namespace dockline::server {

class SiteRules {
 public:
  explicit SiteRules(HubCore& core);

  // A description was kept: it holds.
  void take(const wire::SiteDescribed& said);
  // Which description of the site holds (rulebook::version_of); empty: none, or it cannot be read.
  [[nodiscard]] std::string version(std::string_view site) const;
  // Sites whose description cannot be read any more, and why: another computer's time zones, a
  // program that knows less. The routing file holds for them meanwhile.
  [[nodiscard]] const std::map<std::string, std::string>& unread() const { return unread_; }
  // Every few minutes: parcels that arrived meanwhile count.
  [[nodiscard]] base::Status look_at_arrivals();
  // What a service's reliability was taken from ("House standard"); empty: the file, or nothing.
  [[nodiscard]] std::string arrivals_of(std::string_view service) const;

 private:
  void put_in_force();
  void put(const std::string& site, const std::vector<wire::SiteValue>& values);

  HubCore& core_;
  std::shared_ptr<const routing::Rulebook> file_;
  std::map<std::string, routing::DeclaredSite> described_;
  std::map<std::string, std::string, std::less<>> versions_;
  std::map<std::string, std::string> unread_;
  store::ArrivalBook book_;
  std::vector<routing::Arrivals> arrivals_;  // those that count
  std::optional<std::int64_t> looked_ms_;
};

// A person, or a row of a file, says what routing is to know of a site. Fault::reject: a value that
// the routing file would not take either; nothing changes then.
[[nodiscard]] base::Result<Reply> take_site(HubCore& core, const DescribeSite& said);
// Whether the routing file says this of the site, and nobody says otherwise.
[[nodiscard]] bool as_in_file(HubCore& core, const routing::DeclaredSite& site);

}  // namespace dockline::server
