// Orders that could go in one parcel: proposals, a person merges.
#include <algorithm>

#include "server/api/route.hpp"
#include "server/api/topics.hpp"
#include "server/api/values.hpp"
#include "server/app/json_text.hpp"
#include "server/orders/split.hpp"
#include "server/store/reader_merge.hpp"

namespace dockline::server::api {
namespace {

using store::MergeRow;

constexpr std::size_t kGroupsMost = 200;
// Of one buyer; every two of a group are compared.
constexpr std::size_t kOfBuyerMost = 200;

json::object group_of(const std::vector<const MergeRow*>& rows) {
  return {{"channel", rows.front()->channel},
          {"customer", rows.front()->customer},
          {"orders", list(rows, [](const MergeRow* r) {
             return json::object{{"id", r->id},
                                 {"number", r->number},
                                 {"site", r->site},
                                 {"pieces", r->pieces},
                                 {"placed_ms", r->placed_ms}};
           })}};
}

// The rows of one buyer, in groups that may travel together; with an order the one that it is in.
void add_groups(std::span<const MergeRow> rows, const std::string& order, json::array& out) {
  std::vector<orders::MergeFacts> facts;
  for (const auto& row : rows.subspan(0, std::min(rows.size(), kOfBuyerMost))) {
    facts.push_back({.order = row.id,
                     .channel = row.channel,
                     .buyer = row.buyer,
                     .ship_to = address_of(row.ship_to_json),
                     .site = row.site});
  }
  for (const auto& group : orders::merge_groups(facts, true)) {
    if (out.size() >= kGroupsMost) return;
    if (!order.empty() && std::ranges::find(group, order) == group.end()) continue;
    std::vector<const MergeRow*> members;
    for (const auto& id : group) {
      if (members.size() == orders::kMergedMost) break;
      members.push_back(&*std::ranges::find(rows, id, &MergeRow::id));
    }
    out.push_back(group_of(members));
  }
}

std::string groups_json(const std::vector<MergeRow>& rows, const std::string& order, bool allowed) {
  json::array groups;
  for (std::size_t from = 0, to = 0; from < rows.size(); from = to) {
    const auto same = [&](const MergeRow& r) {
      return r.channel == rows[from].channel && r.buyer == rows[from].buyer;
    };
    while (to < rows.size() && same(rows[to])) ++to;
    add_groups(std::span(rows).subspan(from, to - from), order, groups);
  }
  json::object out = whole(std::move(groups));
  out["allowed"] = allowed;
  return json::serialize(out);
}

Outcome get_mergeable(Context& c) {
  const auto query = Query::parse(c.request.query, {"order"});
  if (!query) return refuse(query.error());
  std::string order = query->text("order");
  if (!order.empty()) {
    const auto found = c.reader.order(order);
    if (!found) return unread(found.error());
    if (!*found) return no_order(order);
    order = (*found)->order.id;
  }
  return read(store::merge_rows(c.reader, order),
              [&](const auto& rows) { return groups_json(rows, order, c.facts.merge_orders); });
}

}  // namespace

std::span<const Route> mergeable_routes() {
  static constexpr Route kRoutes[] = {{"GET", "mergeable", get_mergeable}};
  return kRoutes;
}

}  // namespace dockline::server::api
