#include "server/store/reader_sites.hpp"

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {

using sqlite::Statement;

base::Result<DescribedSites> described_sites(Reader& reader) {
  auto& in = reader.impl();
  return in.look([&] {
    DescribedSites out;
    in.query("SELECT site, key, value FROM p_site ORDER BY site, key")
        .each([&](const Statement& s) { out[s.str(0)].emplace_back(s.str(1), s.str(2)); });
    return out;
  });
}

// As RoutingBook::waiting_at and closed_at, for all sites at once.
base::Result<std::map<std::string, std::int64_t>> waiting_by_site(Reader& reader) {
  auto& in = reader.impl();
  return in.look([&] {
    std::map<std::string, std::int64_t> out;
    in.query(
          "SELECT site, count(*) FROM p_order WHERE state IN ('allocated', 'released') "
          "GROUP BY site")
        .each([&](const Statement& s) { out[s.str(0)] = s.integer(1); });
    return out;
  });
}

base::Result<std::int64_t> closed_at(Reader& reader, const std::string& site,
                                     std::int64_t since_ms) {
  auto& in = reader.impl();
  return in.look([&] {
    return in
        .query("SELECT count(*) FROM p_lease WHERE site = ?1 AND state = 'done' AND ended_ms >= ?2")
        .integer(site, since_ms)
        .value_or(0);
  });
}

base::Result<SitesHold> held_by_site(Reader& reader) {
  auto& in = reader.impl();
  return in.look([&] {
    SitesHold out;
    in.query("SELECT site, count(*) FROM p_lease WHERE state = 'held' GROUP BY site")
        .each([&](const Statement& s) { out.sites[s.str(0)].at_benches = s.integer(1); });
    in.query("SELECT site, count(*) FROM p_handover WHERE state = 'waiting' GROUP BY site")
        .each([&](const Statement& s) { out.sites[s.str(0)].parcels = s.integer(1); });
    out.counted = in.query("SELECT count(*) FROM (SELECT 1 FROM p_balance LIMIT ?1)")
                      .integer(kSiteStockRowsMax + 1)
                      .value_or(0) <= kSiteStockRowsMax;
    if (!out.counted) return out;
    in.query(
          "SELECT substr(place, 1, length(place) - 6), count(*), sum(quantity) FROM p_balance "
          "WHERE substr(place, -6) = '/shelf' AND quantity <> 0 GROUP BY place")
        .each([&](const Statement& s) {
          auto& site = out.sites[s.str(0)];
          site.skus = s.integer(1);
          site.pieces = s.integer(2);
        });
    return out;
  });
}

}  // namespace dockline::server::store
