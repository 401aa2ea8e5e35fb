#include "server/store/reader_policies.hpp"

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

constexpr char kSeparator = '\x1f';  // no name holds a control character

#define POLICY_FILTER \
  "(?1 = '' OR sku = ?1) AND (?2 = '' OR site = ?2) AND (?3 = '' OR channel = ?3)"

}  // namespace

base::Result<Page<PolicyRow>> policies(Reader& reader, const PolicyQuery& query) {
  auto& in = reader.impl();
  const auto first = query.after.find(kSeparator), last = query.after.rfind(kSeparator);
  if (!query.after.empty() && (first == std::string::npos || first == last)) {
    return std::unexpected(bad_after(query.after));
  }
  const bool start = query.after.empty();
  const std::string sku = start ? "" : query.after.substr(0, first);
  const std::string site = start ? "" : query.after.substr(first + 1, last - first - 1);
  const std::string channel = start ? "" : query.after.substr(last + 1);
  const auto limit = bounded(query.limit);
  return in.look([&] {
    Page<PolicyRow> page;
    in.query(
          "SELECT sku, site, channel, safety, quota, share_pm, buffer, cap, why, by_whom, position "
          "FROM p_policy WHERE " POLICY_FILTER
          " AND (sku, site, channel) > (?4, ?5, ?6) ORDER BY sku, site, channel LIMIT ?7")
        .each(
            [&](const Statement& s) {
              page.items.push_back({.sku = s.str(0),
                                    .site = s.str(1),
                                    .channel = s.str(2),
                                    .safety = s.maybe_integer(3),
                                    .quota = s.maybe_integer(4),
                                    .share_pm = s.maybe_integer(5),
                                    .buffer = s.maybe_integer(6),
                                    .cap = s.maybe_integer(7),
                                    .why = s.str(8),
                                    .by = s.str(9),
                                    .position = s.integer(10)});
            },
            query.sku, query.site, query.channel, sku, site, channel, limit);
    if (static_cast<std::int64_t>(page.items.size()) == limit) {
      const auto& row = page.items.back();
      page.next = row.sku + kSeparator + row.site + kSeparator + row.channel;
    }
    page.total = in.query("SELECT count(*) FROM p_policy WHERE " POLICY_FILTER)
                     .integer(query.sku, query.site, query.channel)
                     .value_or(0);
    return page;
  });
}

base::Result<Page<KitView>> kits(Reader& reader, const std::string& after, std::int64_t limit) {
  auto& in = reader.impl();
  limit = bounded(limit);
  return in.look([&] {
    Page<KitView> page;
    in.query("SELECT DISTINCT kit FROM p_kit WHERE kit > ?1 ORDER BY kit LIMIT ?2")
        .each([&](const Statement& s) { page.items.push_back({s.str(0), {}}); }, after, limit);
    for (auto& kit : page.items) {
      in.query("SELECT part, pieces FROM p_kit WHERE kit = ?1 ORDER BY part")
          .each([&](const Statement& s) { kit.parts.push_back({kit.sku, s.str(0), s.integer(1)}); },
                kit.sku);
    }
    if (static_cast<std::int64_t>(page.items.size()) == limit) page.next = page.items.back().sku;
    page.total = in.query("SELECT count(DISTINCT kit) FROM p_kit").integer().value_or(0);
    return page;
  });
}

base::Result<std::vector<KitView>> all_kits(Reader& reader) {
  auto& in = reader.impl();
  return in.look([&] {
    std::vector<KitView> out;
    in.query("SELECT kit, part, pieces FROM p_kit ORDER BY kit, part")
        .each([&](const Statement& s) {
          if (out.empty() || out.back().sku != s.str(0)) out.push_back({s.str(0), {}});
          out.back().parts.push_back({s.str(0), s.str(1), s.integer(2)});
        });
    return out;
  });
}

base::Result<Page<DriftRow>> drift(Reader& reader, const std::string& channel,
                                   const std::string& after, std::int64_t limit) {
  auto& in = reader.impl();
  const auto cut = after.find(kSeparator);
  if (!after.empty() && cut == std::string::npos) return std::unexpected(bad_after(after));
  const std::string sku = after.substr(0, cut);
  const std::string location = after.empty() ? "" : after.substr(cut + 1);
  limit = bounded(limit);
  return in.look([&] {
    Page<DriftRow> page;
    in.query(
          "SELECT sku, location, cause, why, told, shown, at_ms, times FROM p_drift "
          "WHERE channel = ?1 AND (sku, location) > (?2, ?3) ORDER BY sku, location LIMIT ?4")
        .each(
            [&](const Statement& s) {
              page.items.push_back({s.str(0), s.str(1), s.str(2), s.str(3), s.integer(4),
                                    s.integer(5), s.integer(6), s.integer(7)});
            },
            channel, sku, location, limit);
    if (static_cast<std::int64_t>(page.items.size()) == limit) {
      page.next = page.items.back().sku + kSeparator + page.items.back().location;
    }
    page.total =
        in.query("SELECT count(*) FROM p_drift WHERE channel = ?1").integer(channel).value_or(0);
    return page;
  });
}

}  // namespace dockline::server::store
