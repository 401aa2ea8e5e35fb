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
    const auto packed =
        one("SELECT coalesce(sum(quantity), 0) FROM p_balance WHERE place LIKE "
            "'%/packed'");
    const auto counted = one("SELECT coalesce(sum(packed + shipped + delivered), 0) FROM p_line");
    out_["in_boxes"] = packed;
    if (packed < counted) {
      protest(std::to_string(counted) + " pieces are packed for orders, in boxes are " +
              std::to_string(packed));
    }
  }

  void others() {
    // "dockline.pack.closed.v1" as pack.closed.
    out_["facts"] =
        by_name("SELECT substr(type, 10, length(type) - 12), count(*) FROM events GROUP BY type");
    out_["boxes"] = one("SELECT count(*) FROM p_lease WHERE state = 'done'");
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
