#include "agent/store/snapshot_stage.hpp"

#include <algorithm>

namespace dockline::agent::store {

using sqlite::Statement;

SnapshotStage::SnapshotStage(sqlite::Db& db)
    : load_(db.prepare("SELECT snap, part, sum FROM snapshot_piece ORDER BY part DESC LIMIT 1")),
      put_(db.prepare("INSERT INTO snapshot_piece(part, snap, sum, bytes) VALUES(?1, ?2, ?3, ?4)")),
      read_(db.prepare("SELECT bytes FROM snapshot_piece ORDER BY part")),
      clear_(db.prepare("DELETE FROM snapshot_piece")),
      clear_items_(db.prepare("DELETE FROM item")),
      clear_barcodes_(db.prepare("DELETE FROM item_barcode")),
      leases_(db.prepare("SELECT lease FROM work ORDER BY lease")) {}

base::Result<sync::Stage> SnapshotStage::load() {
  auto row = load_.bind().step();
  if (!row) return base::pass(row.error());
  sync::Stage out;
  if (!*row) return out;
  out.snap = load_.str(0);
  out.parts = static_cast<std::uint32_t>(load_.integer(1));
  const std::string_view sum = load_.blob(2);
  if (sum.size() == out.sum.size()) {
    std::copy(sum.begin(), sum.end(), reinterpret_cast<char*>(out.sum.data()));
  } else {
    out = {};  // not ours: the next piece is answered with "begin again"
  }
  load_.reset();
  return out;
}

base::Status SnapshotStage::stage(const sync::Stage& stage, std::string_view piece) {
  if (stage.parts == 1) {
    if (auto ok = clear(); !ok) return ok;
  }
  const std::string_view sum(reinterpret_cast<const char*>(stage.sum.data()), stage.sum.size());
  return put_
      .bind(static_cast<std::int64_t>(stage.parts), stage.snap, Statement::blob_of(sum),
            Statement::blob_of(piece))
      .run();
}

base::Result<std::string> SnapshotStage::first_line() {
  auto row = read_.bind().step();
  if (!row) return base::pass(row.error());
  std::string out;
  if (*row) out = read_.blob(0).substr(0, read_.blob(0).find('\n'));
  read_.reset();
  return out;
}

base::Status SnapshotStage::each_line(const std::function<base::Status(std::string_view)>& take) {
  read_.bind();
  for (;;) {
    auto row = read_.step();
    if (!row) return base::pass(row.error());
    if (!*row) return {};
    std::string_view rest = read_.blob(0);
    while (!rest.empty()) {
      const auto end = std::min(rest.find('\n'), rest.size());
      if (auto ok = take(rest.substr(0, end)); !ok) {
        read_.reset();
        return ok;
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
}

base::Status SnapshotStage::clear() { return clear_.bind().run(); }

base::Status SnapshotStage::clear_items() {
  if (auto ok = clear_barcodes_.bind().run(); !ok) return ok;
  return clear_items_.bind().run();
}

base::Result<std::vector<std::string>> SnapshotStage::leases() {
  std::vector<std::string> out;
  leases_.bind();
  for (;;) {
    auto row = leases_.step();
    if (!row) return base::pass(row.error());
    if (!*row) return out;
    out.push_back(leases_.str(0));
  }
}

}  // namespace dockline::agent::store
