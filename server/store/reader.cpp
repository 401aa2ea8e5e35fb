#include "server/store/reader.hpp"

#include <algorithm>
#include <charconv>

#include "server/store/reader_impl.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

#define DOCKLINE_EVENT_COLUMNS                                                            \
  "e.position, e.id, e.type, e.source, e.subject, e.correlation, e.time_ms, e.heard_ms, " \
  "e.body"
#define DOCKLINE_ITEM_FILTER                                                            \
  "(?1 = '' OR instr(i.sku, upper(?1)) > 0 OR instr(lower(i.title), lower(?1)) > 0 OR " \
  "EXISTS(SELECT 1 FROM p_barcode b WHERE b.sku = i.sku AND b.code = ?1))"
#define DOCKLINE_EXCEPTION_FILTER                                                          \
  "(?1 = '' OR (?1 = 'open' AND resolved_ms IS NULL) OR (?1 = 'resolved' AND resolved_ms " \
  "IS NOT NULL))"
#define DOCKLINE_PARKED_COLUMNS \
  "id, site, station, inc, seq, heard_ms, why, state, tries, tried_ms, position, length(bytes)"
#define DOCKLINE_PARKED_FILTER \
  "(?1 = '' OR state = ?1) AND (?2 = '' OR site || '/' || station = ?2)"
#define DOCKLINE_IMPORT_COLUMNS \
  "id, kind, file, state, problem, started_ms, ended_ms, lines, done, changes, fingerprint"

}  // namespace

Reader::Impl::Impl(sqlite::Db db_in)
    : db(std::move(db_in)),
      archive(db, trouble),
      order_by_id(db, trouble,
                  "SELECT " DOCKLINE_ORDER_COLUMNS
                  ", o.currency, o.external_id, o.ship_to, o.charges, o.carrier, o.sscc "
                  "FROM p_order o WHERE o.id = ?1"),
      order_by_number(db, trouble,
                      "SELECT max(id) FROM p_order WHERE number = ?1 HAVING count(*) = 1"),
      order_lines(db, trouble,
                  "SELECT line, sku, title, quantity, unit_price_minor, open, backordered, "
                  "allocated, released, packed, shipped, delivered, cancelled, returned, counted, "
                  "missing, site FROM p_line WHERE ord = ?1 ORDER BY line"),
      order_timeline(db, trouble,
                     "SELECT " DOCKLINE_EVENT_COLUMNS
                     " FROM p_timeline t JOIN events e USING(position) WHERE t.ord = ?1 "
                     "ORDER BY t.position LIMIT 1000"),
      order_more(db, trouble, "SELECT ord FROM p_order WHERE id = ?1"),
      order_decisions(db, trouble,
                      "SELECT d.position, e.time_ms, d.id, d.kind, d.subject, d.rule, d.outcome, "
                      "d.reason, d.version, e.body FROM p_decision d JOIN events e USING(position) "
                      "WHERE d.subject = ?1 ORDER BY d.position DESC LIMIT 100"),
      stock_page(db, trouble,
                 "SELECT i.sku, i.title FROM p_item i WHERE i.sku > ?2 AND " DOCKLINE_ITEM_FILTER
                 " ORDER BY i.sku LIMIT ?3 OFFSET ?4"),
      stock_total(db, trouble, "SELECT count(*) FROM p_item i WHERE " DOCKLINE_ITEM_FILTER),
      item(db, trouble,
           "SELECT title, detail, origin, weight_g, hazardous, cold_chain, tracked, cost_minor "
           "FROM p_item WHERE sku = ?1"),
      barcodes(db, trouble, "SELECT code, pieces FROM p_barcode WHERE sku = ?1 ORDER BY code"),
      places(db, trouble,
             "SELECT place, quantity, as_of_ms FROM p_balance WHERE sku = ?1 ORDER BY place"),
      reserved(db, trouble,
               "SELECT site, sum(quantity) FROM p_reservation WHERE sku = ?1 GROUP BY site"),
      bins(db, trouble, "SELECT site, bin FROM p_bin WHERE sku = ?1"),
      other_bins(db, trouble,
                 "SELECT site, bin, quantity FROM p_bin_stock WHERE sku = ?1 ORDER BY site, bin"),
      told(db, trouble,
           "SELECT channel, location, quantity, confirmed_ms FROM p_told WHERE sku = ?1 "
           "ORDER BY channel, location"),
      told_waiting(
          db, trouble,
          "SELECT channel, coalesce(json_extract(payload, '$.location'), ''), "
          "coalesce(json_extract(payload, '$.quantity'), 0), created_ms, state FROM outbox "
          "WHERE kind = 'stock' AND subject = ?1 AND state <> 'dead' ORDER BY id"),
      moves(db, trouble,
            "SELECT m.position, e.time_ms, m.quantity, m.from_place, m.to_place, m.reason, "
            "e.source, m.from_bin, m.to_bin FROM p_move m JOIN events e USING(position) WHERE "
            "m.sku = ?1 "
            "ORDER BY m.position DESC, m.n LIMIT 200"),
      reservations(db, trouble,
                   "SELECT o.id, r.site, r.line, r.quantity FROM p_reservation r JOIN p_order o "
                   "USING(ord) WHERE r.sku = ?1 ORDER BY r.ord, r.line LIMIT 200"),
      stations(db, trouble,
               "SELECT site, station, status, heard_ms, program, computer, last, oldest_ms, "
               "down_through, clock_offset_ms FROM station ORDER BY site, station"),
      devices(db, trouble,
              "SELECT site, station, device, kind, state, detail, at_ms FROM p_device "
              "ORDER BY site, station, device"),
      last_through(db, trouble,
                   "SELECT through FROM stream_in WHERE site = ?1 AND station = ?2 "
                   "ORDER BY place DESC LIMIT 1"),
      down_last(db, trouble, "SELECT last FROM stream_out WHERE site = ?1 AND station = ?2"),
      parked(db, trouble,
             "SELECT count(*) FROM parked WHERE site = ?1 AND station = ?2 AND state = 'waiting'"),
      leases(db, trouble,
             "SELECT count(*) FROM p_lease WHERE site = ?1 AND station = ?2 AND state IN "
             "('held', 'revoking')"),
      exception_page(db, trouble,
                     "SELECT position, id, kind, subject, what, context, proposed, raised_ms, "
                     "resolved_ms, action, by_whom FROM p_exception WHERE position < ?2 "
                     "AND " DOCKLINE_EXCEPTION_FILTER
                     " AND (?5 = '' OR kind = ?5) ORDER BY position DESC LIMIT ?3 OFFSET ?4"),
      exception_total(db, trouble,
                      "SELECT count(*) FROM p_exception WHERE " DOCKLINE_EXCEPTION_FILTER
                      " AND (?2 = '' OR kind = ?2)"),
      outbox_page(db, trouble,
                  "SELECT id, channel, kind, subject, state, attempts, created_ms, next_ms, "
                  "caused_ms, express, payload, last_error FROM outbox WHERE id > ?1 ORDER BY id "
                  "LIMIT ?2"),
      outbox_total(db, trouble, "SELECT count(*) FROM outbox"),
      channels(db, trouble,
               "SELECT c, (SELECT count(*) FROM outbox WHERE channel = c AND state <> 'dead'), "
               "coalesce((SELECT min(created_ms) FROM outbox WHERE channel = c AND state <> "
               "'dead'), 0), (SELECT count(*) FROM outbox WHERE channel = c AND state = 'dead'), "
               "coalesce((SELECT max(confirmed_ms) FROM p_told WHERE channel = c), 0) FROM "
               "(SELECT channel AS c FROM outbox UNION SELECT channel FROM p_told UNION "
               "SELECT channel FROM p_held) ORDER BY c"),
      events(db, trouble,
             "SELECT " DOCKLINE_EVENT_COLUMNS
             " FROM events e WHERE e.position > ?1 AND (?2 = '' OR e.type = ?2) AND "
             "(?3 = '' OR e.subject = ?3 OR e.correlation = ?3) ORDER BY e.position LIMIT ?4"),
      decisions(db, trouble,
                "SELECT d.position, e.time_ms, d.id, d.kind, d.subject, d.rule, d.outcome, "
                "d.reason, d.version, e.body FROM p_decision d JOIN events e USING(position) "
                "WHERE d.position < ?2 AND (?1 = '' OR d.subject = ?1) ORDER BY d.position DESC "
                "LIMIT ?3 OFFSET ?4"),
      decision_total(db, trouble,
                     "SELECT count(*) FROM p_decision WHERE (?1 = '' OR subject = ?1)"),
      import_one(db, trouble, "SELECT " DOCKLINE_IMPORT_COLUMNS " FROM import_job WHERE id = ?1"),
      import_all(db, trouble,
                 "SELECT " DOCKLINE_IMPORT_COLUMNS
                 " FROM import_job ORDER BY started_ms DESC, id DESC LIMIT 200"),
      import_counts(db, trouble,
                    "SELECT outcome, count(*) FROM p_import_row WHERE fingerprint = ?1 "
                    "GROUP BY outcome"),
      import_orders(db, trouble,
                    "SELECT count(DISTINCT subject) FROM p_import_row WHERE fingerprint = ?1 AND "
                    "outcome = 'order'"),
      import_rows(db, trouble,
                  "SELECT r.row, r.outcome, r.subject, r.why FROM p_import_row r JOIN import_job j "
                  "USING(fingerprint) WHERE j.id = ?1 AND (?2 = '' OR r.outcome = ?2) AND "
                  "r.row > ?3 ORDER BY r.row LIMIT ?4"),
      import_rows_total(db, trouble,
                        "SELECT count(*) FROM p_import_row r JOIN import_job j USING(fingerprint) "
                        "WHERE j.id = ?1 AND (?2 = '' OR r.outcome = ?2)"),
      position(db, trouble, "SELECT coalesce(max(position), 0) FROM events"),
      states(db, trouble,
             "SELECT state, sum(orders) FROM p_order_count WHERE orders > 0 GROUP BY state"),
      sums(db, trouble,
           "SELECT (SELECT count(*) FROM p_exception WHERE resolved_ms IS NULL), "
           "(SELECT count(*) FROM outbox WHERE state <> 'dead'), "
           "coalesce((SELECT min(created_ms) FROM outbox WHERE state <> 'dead'), 0), "
           "(SELECT count(*) FROM outbox WHERE state = 'dead'), (SELECT count(*) FROM p_item), "
           "coalesce((SELECT max(position) FROM events), 0), "
           "coalesce((SELECT heard_ms FROM events ORDER BY position DESC LIMIT 1), 0)"),
      backups(db, trouble,
              "SELECT made_ms, position, bytes, took_ms, file, state, problem FROM backup "
              "ORDER BY made_ms DESC LIMIT 200"),
      parked_page(db, trouble,
                  "SELECT " DOCKLINE_PARKED_COLUMNS
                  " FROM parked WHERE id > ?3 AND " DOCKLINE_PARKED_FILTER " ORDER BY id LIMIT ?4"),
      parked_total(db, trouble, "SELECT count(*) FROM parked WHERE " DOCKLINE_PARKED_FILTER),
      parked_one(db, trouble,
                 "SELECT " DOCKLINE_PARKED_COLUMNS ", bytes FROM parked WHERE id = ?1"),
      segments(db, trouble,
               "SELECT number, first, last, cut, bytes, made_ms, file, sha256 FROM archive "
               "ORDER BY number"),
      head(db, trouble,
           "SELECT position, heard_ms, chain FROM events ORDER BY position DESC LIMIT 1") {}

base::Result<Reader> Reader::open(const std::string& path, const std::string& vfs) {
  auto db = sqlite::Db::open(path, {.read_only = true, .cache_kib = 8'192, .vfs = vfs});
  if (!db) return base::pass(db.error());
  return Reader(std::make_unique<Impl>(std::move(*db)));
}

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

std::int64_t bounded(std::int64_t limit) {
  return std::clamp<std::int64_t>(limit, 1, static_cast<std::int64_t>(base::limits::kPageRowsMax));
}

std::optional<std::int64_t> after_number(const std::string& after) {
  if (after.empty()) return 0;
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(after.data(), after.data() + after.size(), value);
  if (failed != std::errc{} || end != after.data() + after.size() || value < 0) return std::nullopt;
  return value;
}

base::Error bad_after(const std::string& after) {
  return {base::Fault::reject,
          "after: \"" + after.substr(0, 40) + "\" is not a value that a page gave as next"};
}

base::Result<std::int64_t> Reader::last_position() {
  return impl_->look([&] { return impl_->position.integer().value_or(0); });
}

}  // namespace dockline::server::store
