#include "server/store/site_book.hpp"

namespace dockline::server::store {

using sqlite::Statement;

SiteBook::SiteBook(sqlite::Db& db, Trouble& t)
    : drop_(db, t, "DELETE FROM p_site WHERE site = ?1"),
      put_(db, t, "INSERT OR REPLACE INTO p_site(site, key, value) VALUES(?1, ?2, ?3)"),
      values_(db, t, "SELECT key, value FROM p_site WHERE site = ?1 ORDER BY key"),
      sites_(db, t, "SELECT DISTINCT site FROM p_site ORDER BY site") {}

void SiteBook::put(const wire::SiteDescribed& site) {
  drop_.run(site.site);
  for (const auto& v : site.values) put_.run(site.site, v.key, v.value);
}

std::vector<wire::SiteValue> SiteBook::values(std::string_view site) {
  std::vector<wire::SiteValue> out;
  values_.each([&](const Statement& s) { out.push_back({s.str(0), s.str(1)}); }, site);
  return out;
}

std::vector<std::string> SiteBook::sites() {
  std::vector<std::string> out;
  sites_.each([&](const Statement& s) { out.push_back(s.str(0)); });
  return out;
}

}  // namespace dockline::server::store
