#include "tests/sim/run/tally.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "tests/sim/checkers/sql.hpp"
#include "tests/sim/history/account.hpp"

namespace dockline::sim {
namespace {

namespace json = boost::json;

class Tally {
 public:
  Tally(Fleet& fleet, const History& history) : fleet_(fleet), history_(history) {}

  std::string take() {
    if (!sql_.open(fleet_.hub->database(), fleet_.vfs())) {
      fleet_.protest("tally", "server.db cannot be read: " + sql_.trouble());
      return "{}";
    }
    slips();
    states();
    shelves();
    boxes();
    others();
    if (sql_.failures() > 0) {
      fleet_.protest("tally", "server.db could be read only in part: " + sql_.trouble());
    }
    return json::serialize(out_);
  }

 private:
  [[nodiscard]] std::int64_t one(std::string_view query) {
    std::int64_t out = 0;
    static_cast<void>(sql_.each(query, {}, [&](const Row& row) { out = row.integer(0); }));
    return out;
  }
  [[nodiscard]] json::object by_name(std::string_view query) {
    json::object out;
    static_cast<void>(
        sql_.each(query, {}, [&](const Row& row) { out[row.text(0)] = row.integer(1); }));
    return out;
  }
  void protest(const std::string& what) {
    if (++protests_ < 10) fleet_.protest("tally", what);
  }

  void slips() {
    TakenIn taken{.office = Trade::channel(),
                  .ways = fleet_.trade->ways(),
                  .changed_minds = fleet_.trade->changed_minds(),
                  .orders = {},
                  .rows = {}};
    static_cast<void>(
        sql_.each("SELECT o.id, l.sku, l.quantity FROM p_line l JOIN p_order o USING(ord)", {},
                  [&](const Row& row) { taken.orders[row.str(0)][row.str(1)] += row.integer(2); }));
    static_cast<void>(sql_.each(
        "SELECT j.file, r.row, r.outcome FROM import_job j JOIN p_import_row r USING(fingerprint)",
        {}, [&](const Row& row) {
          taken.rows[Trade::slip_of(row.str(0))][row.integer(1)] = row.str(2);
        }));
    const auto seen = account(history_, taken);
    for (const auto& what : seen.wrong) protest(what);
    json::object by_outcome;
    for (const auto& [outcome, lines] : seen.outcomes) by_outcome[outcome] = lines;
    out_["slips"] = history_.slips.size();
    out_["lines"] = history_.lines;
    out_["bought_at_shops"] = seen.shop_lines;
    out_["sold_out_at_shop"] = fleet_.trade->sold_out();
    out_["taken_in_at_office"] = std::move(by_outcome);
    out_["lost"] = seen.lost;
    out_["pieces_wanted"] = seen.pieces_wanted;
  }

  void states() {
    out_["orders"] = one("SELECT count(*) FROM p_order");
    out_["by_channel"] = by_name("SELECT channel, count(*) FROM p_order GROUP BY 1");
    out_["by_state"] = by_name("SELECT state, count(*) FROM p_order GROUP BY 1");
    json::object pieces;
    std::int64_t sum = 0;
    const auto all = one("SELECT coalesce(sum(quantity), 0) FROM p_line");
    for (const char* state : {"open", "backordered", "allocated", "released", "packed", "shipped",
                              "delivered", "cancelled", "returned"}) {
      const auto n = one("SELECT coalesce(sum(" + std::string(state) + "), 0) FROM p_line");
      sum += n;
      if (n != 0) pieces[state] = n;
    }
    pieces["ordered"] = all;
    if (sum != all) {
      protest(std::to_string(all) + " pieces are ordered, " + std::to_string(sum) +
              " are in a state");
    }
    out_["pieces"] = std::move(pieces);
  }

  // What is promised or has left against what was ever there: of each article at each site.
  void shelves() {
    std::vector<Shelf> shelves;
    static_cast<void>(sql_.each(
        "SELECT sku, site, sum(here), sum(wanted) FROM ("
        "SELECT sku, substr(place, 1, length(place) - 6) AS site, quantity AS here, 0 AS wanted "
        "FROM p_balance WHERE place LIKE '%/shelf' UNION ALL "
        "SELECT sku, site, 0, quantity FROM p_reservation) GROUP BY 1, 2",
        {}, [&](const Row& row) {
          shelves.push_back({row.str(0), row.str(1), row.integer(2), row.integer(3)});
        }));
    std::set<std::string> asked;  // of exactly that shelf, and still open
    static_cast<void>(
        sql_.each("SELECT subject FROM p_exception WHERE kind = 'negative_stock' AND "
                  "resolved_ms IS NULL",
                  {}, [&](const Row& row) { asked.insert(row.str(0)); }));
    std::map<std::pair<std::string, std::string>, std::int64_t> shown;
    const auto show = [&](const std::string& sku, const std::string& site, std::int64_t pieces) {
      auto& most = shown[{sku, site}];
      most = std::max(most, pieces);
    };
    for (const auto& one : fleet_.shown()) show(one.sku, one.site, one.quantity);
    const auto sites = fleet_.site_of_location();
    static_cast<void>(
        sql_.each("SELECT sku, location, quantity FROM p_told", {}, [&](const Row& row) {
          const auto site = sites.find(row.str(1));
          show(row.str(0), site == sites.end() ? row.str(1) : site->second, row.integer(2));
        }));
    std::int64_t below = 0;
    for (auto& shelf : shelves) {
      shelf.asked = asked.contains(shelf.sku + "@" + shelf.site + "/shelf");
      if (const auto at = shown.find({shelf.sku, shelf.site}); at != shown.end()) {
        shelf.shown = at->second;
      }
      below += shelf.here < 0 ? 1 : 0;
    }
    out_["shelves_below_nothing"] = below;
    std::vector<std::string> wrong;
    out_["oversold"] = oversold(shelves, wrong);
    for (const auto& what : wrong) protest(what);
    // What the carriers took lies no longer in a box of ours: it is with the buyers.
    const auto at = [&](const std::string& place) {
      return one("SELECT coalesce(sum(quantity), 0) FROM p_balance WHERE place LIKE '" + place +
                 "'");
    };
    holds("in_boxes", at("%/packed"), "packed");
    holds("with_buyers", at("customer"), "shipped + delivered");
  }
  void holds(const char* where, std::int64_t pieces, const std::string& states) {
    const auto counted = one("SELECT coalesce(sum(" + states + "), 0) FROM p_line");
    out_[where] = pieces;
    if (pieces >= counted) return;
    protest(std::to_string(counted) + " pieces of orders are " + states + ", " + where + " are " +
            std::to_string(pieces));
  }

  // Every box has left or stands for a reason, and its pieces are where it is.
  void boxes() {
    std::vector<Parcel> all;
    static_cast<void>(sql_.each(
        "SELECT l.tracking, o.id, l.site, coalesce(h.state, ''), CASE "
        "WHEN o.state = 'cancelled' THEN 'cancelled' WHEN o.held THEN 'held' "
        "WHEN l.stale THEN 'old address' ELSE coalesce((SELECT min(e.kind) FROM p_exception e "
        "WHERE e.resolved_ms IS NULL AND (e.kind = 'cancelled_after_pack' AND e.subject = o.id OR "
        "e.kind = 'overpacked' AND e.subject = o.id || '#' || l.tracking)), '') END "
        "FROM (SELECT lease, sum(quantity) AS pieces FROM p_parcel GROUP BY lease) p "
        "JOIN p_lease l USING(lease) JOIN p_order o ON o.ord = l.ord "
        "LEFT JOIN p_handover h ON h.box = p.lease WHERE p.pieces > 0 AND l.state = 'done'",
        {}, [&](const Row& row) {
          all.push_back({row.str(0), row.str(1), row.str(2), row.str(3), row.str(4)});
        }));
    std::vector<std::string> wrong;
    const auto seen = parcels(all, wrong);
    out_["parcels"] = {{"all", seen.all},
                       {"handed_over", seen.handed_over},
                       {"orders", seen.orders},
                       {"orders_in_several", seen.in_several},
                       {"orders_from_sites", seen.from_sites}};
    out_["parcels_by_site"] =
        by_name("SELECT site, count(*) FROM p_handover WHERE state <> 'reopened' GROUP BY 1");
    json::object standing;
    for (const auto& [reason, n] : seen.standing) standing[reason] = n;
    out_["standing"] = std::move(standing);

    std::vector<Pile> piles;
    const auto pile = [&](const std::string& what, std::string_view query) {
      static_cast<void>(sql_.each(query, {}, [&](const Row& row) {
        piles.push_back({row.str(0) + what, row.integer(1), row.integer(2)});
      }));
    };
    pile(" packed at its site",
         "SELECT sku, sum(books), sum(boxes) FROM (SELECT sku, quantity AS books, 0 AS boxes FROM "
         "p_balance WHERE place LIKE '%/packed' UNION ALL SELECT p.sku, 0, p.quantity FROM "
         "p_parcel p JOIN p_handover h ON h.box = p.lease WHERE h.state = 'waiting') GROUP BY 1");
    pile(" with buyers",
         "SELECT sku, sum(books), sum(boxes) FROM (SELECT sku, quantity AS books, 0 AS boxes FROM "
         "p_balance WHERE place = 'customer' UNION ALL SELECT p.sku, 0, p.quantity FROM p_parcel "
         "p JOIN p_handover h ON h.box = p.lease WHERE h.state IN ('handed_over', 'delivered') "
         "UNION ALL SELECT sku, 0, -returned FROM p_line) GROUP BY 1");
    // Of a box nobody wanted any more, the pieces are no units of the order.
    constexpr const char* kLines =
        "FROM p_line l JOIN p_order o USING(ord) WHERE NOT EXISTS (SELECT 1 FROM p_exception e "
        "WHERE e.kind IN ('cancelled_after_pack', 'cancelled_after_handover', 'overpacked') AND "
        "(e.subject = o.id OR e.subject LIKE o.id || '#%'))";
    constexpr const char* kBoxes =
        "coalesce((SELECT sum(p.accepted) FROM p_lease b JOIN p_parcel p USING(lease) JOIN "
        "p_handover h ON h.box = b.lease WHERE b.ord = l.ord AND p.line = l.line AND h.state ";
    pile(" packed", std::string("SELECT o.id || '/' || l.line, l.packed, ") + kBoxes +
                        "= 'waiting'), 0) " + kLines);
    pile(" on the way or beyond",
         std::string("SELECT o.id || '/' || l.line, l.shipped + l.delivered + l.returned, ") +
             kBoxes + "IN ('handed_over', 'delivered')), 0) " + kLines);
    out_["adrift"] = adrift(piles, wrong);
    for (const auto& what : wrong) protest(what);
  }

  void others() {
    // "dockline.pack.closed.v1" as pack.closed.
    out_["facts"] =
        by_name("SELECT substr(type, 10, length(type) - 12), count(*) FROM events GROUP BY type");
    out_["boxes"] = one("SELECT count(*) FROM p_lease WHERE state = 'done'");
    // Decisions for several sites at once, counted by order.
    out_["routed_over_sites"] = one(
        "SELECT count(DISTINCT json_extract(body, '$.data.subject')) FROM events WHERE "
        "type = 'dockline.decision.made.v1' AND json_extract(body, '$.data.kind') = 'routing' AND "
        "(SELECT count(DISTINCT json_extract(a.value, '$.site')) FROM "
        "json_each(body, '$.data.allocations') a) > 1");
    out_["exceptions"] = by_name("SELECT kind, count(*) FROM p_exception GROUP BY 1");
    out_["events"] = one("SELECT count(*) FROM events");
    out_["decisions"] = by_name("SELECT outcome, count(*) FROM p_decision GROUP BY 1");
    const auto& besides = fleet_.trade->besides();
    out_["counted_by_people"] = besides.counts;
    out_["counted_more"] = besides.found;
    out_["counted_less"] = besides.lost;
    out_["truck"] = besides.delivered;
    std::uint64_t scans = 0;
    for (const auto& bench : fleet_.benches) scans += bench.packer->scans();
    out_["scans"] = scans;
    out_["virtual_hours"] = static_cast<double>(fleet_.world.now_ms() / 36'000) / 100.0;
  }

  Fleet& fleet_;
  const History& history_;
  Sql sql_;
  json::object out_;
  int protests_ = 0;
};

}  // namespace

std::string tally(Fleet& fleet, const History& history) { return Tally(fleet, history).take(); }

}  // namespace dockline::sim
