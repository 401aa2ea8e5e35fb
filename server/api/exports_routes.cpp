// What others read of us in their own words: EPCIS events of things, schema.org offers.
#include <algorithm>

#include "server/api/epcis.hpp"
#include "server/api/epcis_things.hpp"
#include "server/api/route.hpp"
#include "server/api/values.hpp"
#include "server/store/reader_offers.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/time.hpp"

namespace dockline::server::api {
namespace {

constexpr const char* kLinked = "application/ld+json";

Outcome get_epcis(Context& c) {
  const auto query = Query::parse(c.request.query, {"after", "limit"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  const auto after = query->integer("after", 0, 0, INT64_MAX / 2);
  if (!after) return refuse(after.error());
  const auto page = store::physical(c.reader, *after, *limit);
  if (!page) return unread(page.error());
  Answer answer = ok(epcis_json(*page));
  answer.type = kLinked;
  if (page->more) answer.next = cursor(std::to_string(page->through));
  return answer;
}

json::object offer(const store::OfferRow& row) {
  std::string gtin;
  for (const auto& code : row.codes) {
    if (gtin.empty()) gtin = gtin14(code);
  }
  json::object product{{"@type", "Product"}, {"sku", row.sku}, {"name", row.title}};
  if (!gtin.empty()) product["gtin"] = gtin;
  json::object offered{
      {"@type", "Offer"},
      {"sku", row.sku},
      {"availability",
       row.quantity > 0 ? "https://schema.org/InStock" : "https://schema.org/OutOfStock"},
      {"inventoryLevel",
       {{"@type", "QuantitativeValue"}, {"value", row.quantity}, {"unitCode", "C62"}}},
      {"itemOffered", std::move(product)}};
  json::object out{{"@type", "DataFeedItem"}, {"item", std::move(offered)}};
  if (row.as_of_ms != 0) out["dateModified"] = base::to_rfc3339(row.as_of_ms);
  return out;
}

std::string offers_json(const std::string& channel, const store::Page<store::OfferRow>& page) {
  std::int64_t newest = 0;
  for (const auto& row : page.items) newest = std::max(newest, row.as_of_ms);
  json::object out{{"@context", "https://schema.org"},
                   {"@type", "DataFeed"},
                   {"name", channel},
                   {"dataFeedElement", list(page.items, offer)}};
  if (newest != 0) out["dateModified"] = base::to_rfc3339(newest);
  return json::serialize(out);
}

Outcome get_offers(Context& c) {
  const auto query = Query::parse(c.request.query, {"channel", "after", "limit"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  const std::string channel = query->text("channel");
  const auto rows = c.reader.channels();
  if (!rows) return unread(rows.error());
  const auto same = [&](const auto& one) { return one.channel == channel; };
  const bool known = std::any_of(c.facts.channels.begin(), c.facts.channels.end(), same) ||
                     std::any_of(rows->begin(), rows->end(), same);
  if (!known) {
    return refuse({400, "bad_query", "no channel '" + base::printable(channel, 60) + "' is known",
                   "GET /api/v1/offers?channel=... with one of GET /api/v1/channels",
                   "query.channel"});
  }
  Answer answer =
      read(store::offers(c.reader, channel, query->text("after"), *limit),
           [&](const store::Page<store::OfferRow>& page) { return offers_json(channel, page); });
  if (answer.status == 200) answer.type = kLinked;
  return answer;
}

}  // namespace

std::span<const Route> exports_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "epcis", get_epcis},
      {"GET", "offers", get_offers},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
