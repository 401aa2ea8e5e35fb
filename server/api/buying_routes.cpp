// Suppliers, purchases, suspects, transfer proposals, exports as CSV, and data quality.
#include <map>
#include <optional>

#include "server/api/buying.hpp"
#include "server/api/export.hpp"
#include "server/api/receiving.hpp"
#include "server/api/route.hpp"
#include "server/fleet/fleet.hpp"
#include "server/orders/intake.hpp"
#include "server/publish/listings.hpp"
#include "server/store/reader_listings.hpp"
#include "server/store/reader_policies.hpp"

namespace dockline::server::api {
namespace {

constexpr std::int64_t kQualityItemsMax = 50'000;
constexpr std::size_t kQualityShown = 1'000;

Answer no_purchase(const std::string& id) {
  return missing("purchase", id, "GET /api/v1/purchases lists them");
}

Outcome get_suppliers(Context& c) { return read(store::suppliers(c.reader), suppliers_json); }
Outcome post_supplier(Context& c) { return ask(created_answer, supplier_body(c.request.body)); }
Outcome get_supplies(Context& c) {
  const auto query = Query::parse(c.request.query, {"supplier", "sku", "after", "skip", "limit"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  const auto skip = skip_of(*query);
  if (!skip) return refuse(skip.error());
  return read(store::supplies(c.reader, {.supplier = query->text("supplier"),
                                         .sku = query->text("sku"),
                                         .after = query->text("after"),
                                         .skip = *skip,
                                         .limit = *limit}),
              supplies_json);
}
Outcome post_supply(Context& c) { return ask(done_answer, supply_body(c.request.body)); }

Outcome get_purchases(Context& c) {
  const auto query = receiving_query(c, {"proposed", "sent", "dropped"});
  if (!query) return refuse(query.error());
  return read(store::purchases(c.reader, *query), purchases_json);
}
Outcome get_purchase(Context& c) {
  const auto row = store::purchase(c.reader, c.id);
  if (row && !*row) return no_purchase(c.id);
  return read(row, [](const auto& found) { return purchase_json(*found); });
}
Outcome post_decide(Context& c) {
  const auto row = store::purchase(c.reader, c.id);
  if (row && !*row) return no_purchase(c.id);
  if (!row) return unread(row.error());
  return ask(done_answer, decide_purchase_body(c.id, c.request.body));
}

Outcome get_suspects(Context& c) {
  const auto query = Query::parse(c.request.query, {"site"});
  if (!query) return refuse(query.error());
  return read(store::suspects(c.reader, query->text("site")), suspects_json);
}
Outcome get_proposals(Context& c) {
  return read(store::transfer_proposals(c.reader), proposals_json);
}
Outcome post_look(Context& c) { return ask(done_answer, look_body(c.request.body)); }

// "items.csv"
Outcome get_export(Context& c) {
  const auto dot = c.id.rfind(".csv");
  if (dot == std::string::npos || dot + 4 != c.id.size()) {
    return missing("export", c.id, "Name it with .csv, such as GET /api/v1/export/items.csv");
  }
  return AskLook{
      [what = c.id.substr(0, dot)](store::Reader& reader) { return export_csv(reader, what); }};
}

std::expected<std::optional<stock::Flaw>, Problem> flaw_of(const Query& query) {
  std::vector<std::string_view> flaws;
  for (int flaw = 0; flaw < stock::kFlaws; ++flaw) {
    flaws.push_back(stock::name(static_cast<stock::Flaw>(flaw)));
  }
  const auto wanted = query.choice("flaw", flaws);
  if (!wanted) return std::unexpected(wanted.error());
  return stock::flaw_named(*wanted);
}

// What the channels show, for the report. True: more of a channel is flawed than is kept.
bool add_listings(const std::vector<store::ListingRow>& rows, std::vector<stock::Listing>& out) {
  std::map<std::pair<std::string, std::string>, std::size_t> kept;  // channel, flaw
  bool more = false;
  for (const auto& row : rows) {
    out.push_back({.channel = row.channel,
                   .id = row.listing,
                   .sku = row.sku,
                   .title = row.title,
                   .location = row.location,
                   .known = row.known,
                   .seen_ms = row.seen_ms});
    if (row.flaw.empty()) continue;
    more |= ++kept[{row.channel, row.flaw}] == publish::kFlawedListingsMax;
  }
  return more;
}

// Of each flaw as many as the others leave room for at least: thousands of missing weights do not
// hide the one listing without a SKU, nor the other way round.
bool cut_to_shown(std::vector<stock::Finding>& findings) {
  if (findings.size() <= kQualityShown) return false;
  std::map<stock::Flaw, std::size_t> left;
  for (const auto& one : findings) ++left[one.flaw];
  const auto each = kQualityShown / left.size();
  left.clear();
  std::erase_if(findings, [&](const stock::Finding& one) { return ++left[one.flaw] > each; });
  return true;
}

// Bounded: a larger catalogue is checked up to its kQualityItemsMax-th item, and the answer says
// so.
Outcome get_quality(Context& c) {
  const auto query = Query::parse(c.request.query, {"flaw"});
  if (!query) return refuse(query.error());
  const auto wanted = flaw_of(*query);
  if (!wanted) return refuse(wanted.error());
  const auto items = store::items(c.reader, "", kQualityItemsMax);
  if (!items) return unread(items.error());
  const auto rows = store::flawed_listings(c.reader, kQualityItemsMax);
  if (!rows) return unread(rows.error());
  std::vector<stock::Listing> listings;
  bool cut = add_listings(*rows, listings);
  const auto kits = store::all_kits(c.reader);
  if (!kits) return unread(kits.error());
  std::vector<stock::Recipe> recipes;
  for (const auto& kit : *kits) {
    recipes.push_back({kit.sku, {}});
    for (const auto& part : kit.parts) recipes.back().parts.push_back({part.part, part.pieces});
  }
  auto findings = stock::report({.items = *items, .listings = listings, .kits = recipes},
                                {orders::normal_sku, fleet::gs1_check_digit});
  std::map<stock::Flaw, std::size_t> counts;
  for (const auto& one : findings) ++counts[one.flaw];
  if (*wanted) std::erase_if(findings, [&](const auto& one) { return one.flaw != **wanted; });
  cut |= static_cast<std::int64_t>(items->size()) == kQualityItemsMax;
  cut |= cut_to_shown(findings);
  return ok(quality_json(findings, counts, items->size(), cut));
}

}  // namespace

std::span<const Route> buying_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "suppliers", get_suppliers},
      {"POST", "suppliers", post_supplier},
      {"GET", "supplies", get_supplies},
      {"POST", "supplies", post_supply},
      {"GET", "purchases", get_purchases},
      {"GET", "purchases/*", get_purchase},
      {"POST", "purchases/*/decide", post_decide},
      {"GET", "counts/suspects", get_suspects},
      {"GET", "transfers/proposals", get_proposals},
      {"POST", "stock/look", post_look},
      {"GET", "export/*", get_export},
      {"GET", "data-quality", get_quality},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
