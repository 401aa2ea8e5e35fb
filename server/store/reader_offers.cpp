#include "server/store/reader_offers.hpp"

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

constexpr std::string_view kPage =
    "SELECT t.sku, coalesce(i.title, ''), sum(t.quantity), max(max(t.confirmed_ms, t.sent_ms)) "
    "FROM p_told t LEFT JOIN p_item i USING(sku) WHERE t.channel = ?1 AND t.sku > ?2 "
    "GROUP BY t.sku ORDER BY t.sku LIMIT ?3";
constexpr std::string_view kTotal = "SELECT count(DISTINCT sku) FROM p_told WHERE channel = ?1";
constexpr std::string_view kCodes =
    "SELECT code FROM p_barcode WHERE sku = ?1 AND pieces = 1 ORDER BY code";

}  // namespace

base::Result<Page<OfferRow>> offers(Reader& reader, const std::string& channel,
                                    const std::string& after, std::int64_t limit) {
  auto& in = reader.impl();
  limit = bounded(limit);
  return in.look([&] {
    Page<OfferRow> page;
    in.query(kPage).each(
        [&](const Statement& s) {
          page.items.push_back({s.str(0), s.str(1), s.integer(2), s.integer(3), {}});
        },
        channel, after, limit + 1);
    if (static_cast<std::int64_t>(page.items.size()) > limit) {
      page.items.pop_back();
      page.next = page.items.back().sku;
    }
    for (auto& row : page.items) {
      in.query(kCodes).each([&](const Statement& s) { row.codes.push_back(s.str(0)); }, row.sku);
    }
    page.total = in.query(kTotal).integer(channel).value_or(0);
    return page;
  });
}

}  // namespace dockline::server::store
