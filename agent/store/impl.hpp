// Private to agent/store: the connection and its prepared statements.
#pragma once

#include <optional>

#include "agent/store/mirror.hpp"
#include "agent/store/store.hpp"
#include "agent/store/streams.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::agent::store {

struct Store::Impl {
  explicit Impl(sqlite::Db opened) : db(std::move(opened)), up(db), down(db), snapshot(db) {}

  sqlite::Db db;
  UpStore up;
  DownStore down;
  SnapshotStage snapshot;
  Mirror mirror{db};
  CountTasks tasks{db};
  // As read last, until an order comes, goes or changes: the page shows it after each scan.
  std::optional<Queue> queue;
  std::size_t queue_rows_read = 0;
  std::uint64_t turn = 0, tried = 0;
  bool numbered = false;    // the turn under way has written its number
  std::uint64_t found = 0;  // the newest turn when the file was opened

  sqlite::Statement load_machine =
      db.prepare("SELECT state, hlc, boot, turn FROM live WHERE id = 1");
  sqlite::Statement set_turn = db.prepare("UPDATE live SET turn = ?1 WHERE id = 1");
  sqlite::Statement save_machine =
      db.prepare("UPDATE live SET state = ?1, hlc = ?2, turn = ?3 WHERE id = 1");
  sqlite::Statement probe = db.prepare("UPDATE live SET probe = ?1 WHERE id = 1");
  sqlite::Statement raise_boot = db.prepare("UPDATE live SET boot = boot + 1 WHERE id = 1");
  sqlite::Statement add_raw_scan = db.prepare(
      "INSERT INTO raw_scan(at_ms, device, data, symbology, verdict, order_id) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
  sqlite::Statement trim_raw_scans =
      db.prepare("DELETE FROM raw_scan WHERE id <= (SELECT max(id) FROM raw_scan) - ?1");
  sqlite::Statement trim_work = db.prepare(
      "DELETE FROM work WHERE lease IN (SELECT lease FROM work WHERE state = 'done' "
      "ORDER BY changed_ms DESC LIMIT -1 OFFSET ?1)");
  sqlite::Statement trim_sheets = db.prepare(
      "DELETE FROM sheet WHERE state IN ('applied', 'void') AND job NOT IN "
      "(SELECT lease FROM work)");

  sqlite::Statement epoch_of = db.prepare("SELECT epoch FROM work WHERE lease = ?1");
  sqlite::Statement grant = db.prepare(
      "INSERT INTO work(lease, order_id, number, tote, epoch, state, counts, carrier, due_ms, "
      "pieces, changed_ms, document) VALUES(?1, ?2, ?3, ?4, ?5, 'open', '[]', ?6, ?7, ?8, ?9, ?10) "
      "ON CONFLICT(lease) DO UPDATE SET number = excluded.number, tote = excluded.tote, "
      "epoch = excluded.epoch, carrier = excluded.carrier, "
      "due_ms = excluded.due_ms, pieces = excluded.pieces, document = excluded.document, "
      "counts = CASE WHEN state = 'done' THEN '[]' ELSE counts END, "
      "state = CASE WHEN state = 'done' THEN 'open' WHEN state = 'revoked' THEN 'held' "
      "ELSE state END, "  // a box that was to be emptied stands there and goes on
      "changed_ms = excluded.changed_ms");
  sqlite::Statement save_work =
      db.prepare("UPDATE work SET state = ?2, counts = ?3, changed_ms = ?4 WHERE lease = ?1");
  sqlite::Statement drop_serials = db.prepare("DELETE FROM packed_serial WHERE lease = ?1");
  sqlite::Statement drop_serials_of_empty = db.prepare(
      "DELETE FROM packed_serial WHERE lease = ?1 AND EXISTS (SELECT 1 FROM work WHERE "
      "lease = ?1 AND counts = '[]')");
  sqlite::Statement put_serial = db.prepare(
      "INSERT INTO packed_serial(serial, sku, lease) VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING");
  sqlite::Statement trim_serials =
      db.prepare("DELETE FROM packed_serial WHERE lease NOT IN (SELECT lease FROM work)");
  sqlite::Statement box_with = db.prepare(
      "SELECT w.number FROM packed_serial p JOIN work w USING(lease) "
      "WHERE p.serial = ?1 AND p.sku = ?2 AND p.lease <> ?3 LIMIT 1");
  sqlite::Statement leased_of = db.prepare("SELECT leased, document FROM work WHERE lease = ?1");
  sqlite::Statement set_leased = db.prepare("UPDATE work SET leased = ?2 WHERE lease = ?1");
  sqlite::Statement leased_documents = db.prepare("SELECT document FROM work WHERE leased = 1");
  sqlite::Statement all_work =
      db.prepare("SELECT lease, order_id, epoch, state FROM work ORDER BY epoch LIMIT ?1");
  sqlite::Statement document_of = db.prepare("SELECT document FROM work WHERE lease = ?1");
  sqlite::Statement drop_work = db.prepare("DELETE FROM work WHERE lease = ?1");
  sqlite::Statement untouched =
      db.prepare("SELECT lease FROM work WHERE state = 'open' AND lease <> ?1");
  sqlite::Statement find_work = db.prepare(
      "SELECT document, state, counts FROM work WHERE order_id = ?1 OR number = ?1 OR tote = ?1 "
      "ORDER BY state = 'done', changed_ms LIMIT 1");
  sqlite::Statement work = db.prepare("SELECT document, state, counts FROM work WHERE lease = ?1");
  sqlite::Statement queue_rows = db.prepare(
      "SELECT number, coalesce(tote, ''), carrier, pieces, due_ms FROM work "
      "WHERE state IN ('open', 'held') ORDER BY due_ms, changed_ms LIMIT ?1");
  sqlite::Statement queue_next = db.prepare(
      "SELECT carrier, due_ms, count(*) FROM work WHERE state IN ('open', 'held') "
      "GROUP BY due_ms, carrier ORDER BY due_ms, carrier LIMIT 2");
  sqlite::Statement queue_total =
      db.prepare("SELECT count(*) FROM work WHERE state IN ('open', 'held')");
  sqlite::Statement queue_aside = db.prepare(
      "SELECT number, coalesce(tote, ''), counts, count(*) OVER () FROM work "
      "WHERE state = 'revoked' ORDER BY changed_ms, lease LIMIT ?1");
  sqlite::Statement inventory = db.prepare(
      "SELECT (SELECT count(*) FROM work WHERE state IN ('open', 'held')), "
      "(SELECT count(*) FROM item), (SELECT coalesce(max(id), 0) FROM raw_scan)");

  sqlite::Statement put_item = db.prepare(
      "INSERT INTO item(sku, title, bin) VALUES(?1, ?2, ?3) ON CONFLICT(sku) DO UPDATE SET "
      "title = excluded.title, bin = excluded.bin");
  sqlite::Statement drop_barcodes = db.prepare("DELETE FROM item_barcode WHERE sku = ?1");
  sqlite::Statement put_barcode = db.prepare(
      "INSERT INTO item_barcode(key, sku, pieces) VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET "
      "pieces = excluded.pieces");
  sqlite::Statement find_item = db.prepare(
      "SELECT i.sku, i.title, i.bin, b.pieces FROM item_barcode b JOIN item i ON i.sku = b.sku "
      "WHERE b.key = ?1 UNION ALL SELECT sku, title, bin, 1 FROM item WHERE sku = ?1 LIMIT 1");

  sqlite::Statement item_of = db.prepare(
      "SELECT i.title, i.bin, b.key, b.pieces FROM item i LEFT JOIN item_barcode b "
      "ON b.sku = i.sku WHERE i.sku = ?1 ORDER BY b.key");

  sqlite::Statement put_sheet = db.prepare(
      "INSERT INTO sheet VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
      "?16, ?17, ?18, ?19, ?20) ON CONFLICT(job, attempt) DO UPDATE SET state = excluded.state, "
      "printer = excluded.printer, mark_serial = excluded.mark_serial, "
      "mark_odometer = excluded.mark_odometer, mark_uptime_s = excluded.mark_uptime_s, "
      "evidence = excluded.evidence, wanted_ms = excluded.wanted_ms, sent_ms = excluded.sent_ms, "
      "confirmed_ms = excluded.confirmed_ms, applied_ms = excluded.applied_ms, "
      "resends = excluded.resends, late = excluded.late");
  sqlite::Statement live_sheets = db.prepare(
      "SELECT * FROM sheet WHERE state NOT IN ('applied', 'void') OR job IN (?1, ?2) "
      "ORDER BY job, attempt");
  sqlite::Statement box_under = db.prepare(
      "SELECT number FROM sheet WHERE tracking = ?1 AND state = 'applied' AND job <> ?2 LIMIT 1");
  sqlite::Statement sheets_of = db.prepare("SELECT * FROM sheet WHERE job = ?1 ORDER BY attempt");

  sqlite::Statement oldest =
      db.prepare("SELECT at_ms FROM up_row WHERE seq > ?1 ORDER BY seq LIMIT 1");
  sqlite::Statement park =
      db.prepare("INSERT INTO down_parked(at_ms, why, bytes) VALUES(?1, ?2, ?3)");

  // What becomes of an order among the leased pieces of the mirror.
  enum class Leased { granted, gone, closed, opened };
  [[nodiscard]] base::Status keep_serials(const station::SaveWork& save);
  [[nodiscard]] base::Status mirror_lease(std::string_view lease, Leased what);
  [[nodiscard]] base::Result<Queue> read_queue(std::size_t rows);
  [[nodiscard]] base::Status read_aside(std::size_t rows, Queue& out);
  [[nodiscard]] base::Result<std::optional<station::Work>> read_work(sqlite::Statement& query);
  [[nodiscard]] base::Result<std::vector<station::Job>> read_sheets(sqlite::Statement& query);
};

}  // namespace dockline::agent::store
