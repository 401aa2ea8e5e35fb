#include "agent/store/store.hpp"

#include <array>

#include "agent/station/barcode.hpp"
#include "agent/store/impl.hpp"
#include "shared/base/embedded.hpp"
#include "shared/base/limits.hpp"
#include "shared/wire/event.hpp"

namespace dockline::base {
std::vector<EmbeddedFile> embedded_agent_migrations();
}

namespace dockline::agent::store {
namespace {

using base::Fault;
using sqlite::Statement;
using station::WorkState;
namespace limits = base::limits;

constexpr std::int64_t kNoDue = 9'000'000'000'000'000;
constexpr std::array<std::string_view, 4> kStates{"open", "held", "done", "revoked"};

WorkState work_state(std::string_view text) {
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i] == text) return static_cast<WorkState>(i);
  }
  return WorkState::open;  // CHECKed by the table
}

std::optional<std::int64_t> due(std::int64_t ms) {
  return ms == kNoDue ? std::nullopt : std::optional(ms);
}

sqlite::OpenOptions options(const std::string& vfs) {
  sqlite::OpenOptions out;
  out.vfs = vfs;
  out.exclusive = true;
  out.cache_kib = 256;  // a file of a few MiB, which the system caches too
  return out;
}

}  // namespace

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

base::Result<std::unique_ptr<Store>> Store::open(const std::string& path, const std::string& vfs) {
  auto db = sqlite::Db::open(path, options(vfs));
  if (!db) return base::pass(db.error());
  const auto files = base::embedded_agent_migrations();
  if (auto ok = sqlite::migrate(*db, files); !ok) return base::pass(ok.error());
  return std::unique_ptr<Store>(new Store(std::make_unique<Impl>(std::move(*db))));
}

base::Result<std::unique_ptr<Store>> Store::reopen(const std::string& path,
                                                   const std::string& vfs) {
  auto wanted = options(vfs);
  wanted.check_bytes_max = sqlite::kNotChecked;
  auto db = sqlite::Db::open(path, wanted);
  if (!db) return base::pass(db.error());
  return std::unique_ptr<Store>(new Store(std::make_unique<Impl>(std::move(*db))));
}

base::Status Store::begin() {
  impl_->numbered = false;
  return impl_->db.begin();
}

base::Status Store::commit() {
  auto& s = *impl_;
  const bool wrote = s.db.wrote();
  if (wrote && !s.numbered) {  // most turns have, with the machine's state: one row, written once
    if (auto ok = s.set_turn.bind(s.turn + 1).run(); !ok) return ok;
  }
  auto done = s.db.commit();
  if (wrote) (done ? s.turn : s.tried) = s.turn + 1;
  return done;
}

std::uint64_t Store::tried() const { return impl_->tried; }
base::Result<bool> Store::kept(std::uint64_t turn) {
  if (impl_->found != turn) return false;
  if (auto ok = impl_->db.checkpoint(); !ok) return base::pass(ok.error());
  return true;
}

void Store::rollback() {
  impl_->queue.reset();
  impl_->db.rollback();
}

base::Result<std::uint64_t> Store::raise_boot() {
  if (auto ok = impl_->raise_boot.bind().run(); !ok) return base::pass(ok.error());
  return boot();
}

base::Result<std::uint64_t> Store::boot() {
  auto row = impl_->load_machine.bind().step();
  if (!row) return base::pass(row.error());
  const auto out = static_cast<std::uint64_t>(impl_->load_machine.integer(2));
  impl_->load_machine.reset();
  return out;
}

base::Result<SavedMachine> Store::load_machine() {
  auto& q = impl_->load_machine;
  auto row = q.bind().step();
  if (!row) return base::pass(row.error());
  if (!*row) {
    return base::fail(Fault::corrupt, impl_->db.path() + ": the row of table live is missing");
  }
  SavedMachine out{q.str(0), static_cast<std::uint64_t>(q.integer(1))};
  impl_->turn = impl_->found = static_cast<std::uint64_t>(q.integer(3));
  q.reset();
  return out;
}

base::Status Store::save_machine(std::string_view state, std::uint64_t hlc) {
  impl_->numbered = true;
  return impl_->save_machine.bind(state, hlc, impl_->turn + 1).run();
}

base::Status Store::add_raw_scan(const RawScan& s) {
  return impl_->add_raw_scan
      .bind(s.at_ms, s.device, Statement::blob_of(s.data), s.symbology, s.verdict, s.order)
      .run();
}

base::Status Store::probe(std::int64_t wall_ms) { return impl_->probe.bind(wall_ms).run(); }

base::Status Store::trim_journals() {
  if (auto ok = impl_->trim_raw_scans.bind(limits::kRawScansMax).run(); !ok) return ok;
  if (auto ok = impl_->trim_work.bind(limits::kDoneWorkMax).run(); !ok) return ok;
  if (auto ok = impl_->trim_serials.bind().run(); !ok) return ok;
  return impl_->trim_sheets.bind().run();
}

// ------------------------------------------------------------------------------------- orders
base::Result<bool> Store::grant(const station::Order& order, std::string_view document,
                                std::int64_t wall_ms) {
  auto row = impl_->epoch_of.bind(order.work.lease).step();
  if (!row) return base::pass(row.error());
  const bool older = *row && impl_->epoch_of.integer(0) >= order.work.epoch;
  impl_->epoch_of.reset();
  if (older) return false;
  if (auto ok = impl_->mirror_lease(order.work.lease, Impl::Leased::gone); !ok)
    return base::pass(ok.error());
  std::int64_t pieces = 0;
  for (const auto& l : order.lines) pieces += l.quantity;
  const auto due_ms = order.due_ms.value_or(kNoDue);
  impl_->queue.reset();
  auto ok = impl_->grant
                .bind(order.work.lease, order.order, order.number, order.tote, order.work.epoch,
                      order.label.carrier, due_ms, pieces, wall_ms, Statement::blob_of(document))
                .run();
  if (!ok) return base::pass(ok.error());
  // A closed box that is given again begins empty.
  if (ok = impl_->drop_serials_of_empty.bind(order.work.lease).run(); !ok)
    return base::pass(ok.error());
  if (ok = impl_->mirror_lease(order.work.lease, Impl::Leased::granted); !ok)
    return base::pass(ok.error());
  return true;
}

// Most boxes have none, and no row to be deleted.
base::Status Store::Impl::keep_serials(const station::SaveWork& save) {
  if (auto ok = drop_serials.bind(save.lease).run(); !ok) return ok;
  for (const auto& c : save.counts) {
    for (const auto& pieces : c.lots) {
      if (!pieces.lot.serial) continue;
      if (auto ok = put_serial.bind(*pieces.lot.serial, c.sku, save.lease).run(); !ok) return ok;
    }
  }
  return {};
}

base::Result<std::optional<std::string>> Store::box_with(std::string_view sku,
                                                         std::string_view serial,
                                                         std::string_view but_lease) {
  auto row = impl_->box_with.bind(serial, sku, but_lease).step();
  if (!row) return base::pass(row.error());
  std::optional<std::string> number;
  if (*row) number = impl_->box_with.str(0);
  impl_->box_with.reset();
  return number;
}

base::Status Store::save_work(const station::SaveWork& save, std::int64_t wall_ms) {
  const std::string counts = station::counts_to_json(save.counts);
  if (save.state != WorkState::revoked) {
    const auto what = save.state == WorkState::done ? Impl::Leased::closed : Impl::Leased::opened;
    if (auto ok = impl_->mirror_lease(save.lease, what); !ok) return ok;
  }
  if (auto ok = impl_->keep_serials(save); !ok) return ok;
  impl_->queue.reset();
  return impl_->save_work
      .bind(save.lease, kStates[static_cast<std::size_t>(save.state)], counts, wall_ms)
      .run();
}

base::Status Store::drop_work(std::string_view lease) {
  if (auto ok = impl_->mirror_lease(lease, Impl::Leased::gone); !ok) return ok;
  if (auto ok = impl_->drop_serials.bind(lease).run(); !ok) return ok;
  impl_->queue.reset();
  return impl_->drop_work.bind(lease).run();
}

base::Result<std::vector<std::string>> Store::drop_untouched(std::string_view keep_lease) {
  std::vector<std::string> out;
  auto& q = impl_->untouched;
  q.bind(keep_lease);
  for (;;) {
    auto row = q.step();
    if (!row) return base::pass(row.error());
    if (!*row) break;
    out.push_back(q.str(0));
  }
  for (const auto& lease : out) {
    if (auto ok = drop_work(lease); !ok) return base::pass(ok.error());
  }
  return out;
}

base::Result<std::optional<station::Work>> Store::Impl::read_work(Statement& query) {
  auto row = query.step();
  if (!row) return base::pass(row.error());
  if (!*row) return std::optional<station::Work>{};
  auto event = wire::decode(query.blob(0));
  if (!event || !std::holds_alternative<station::Order>(event->data)) {
    return base::fail(Fault::corrupt, db.path() + ": a kept order document cannot be read");
  }
  station::Work out{
      std::get<station::Order>(std::move(event->data)), work_state(query.text(1)), {}};
  auto counts = station::counts_from_json(query.text(2));
  query.reset();
  if (!counts) return base::pass(counts.error());
  out.counts = std::move(*counts);
  return out;
}

base::Result<std::optional<station::Work>> Store::find_work(std::string_view code) {
  impl_->find_work.bind(code);
  return impl_->read_work(impl_->find_work);
}

base::Result<std::optional<station::Work>> Store::work(std::string_view lease) {
  impl_->work.bind(lease);
  return impl_->read_work(impl_->work);
}

base::Result<Queue> Store::queue(std::size_t rows) {
  if (impl_->queue && impl_->queue_rows_read == rows) return *impl_->queue;
  auto read = impl_->read_queue(rows);
  if (!read) return base::pass(read.error());
  impl_->queue_rows_read = rows;
  return impl_->queue.emplace(std::move(*read));
}

base::Status Store::Impl::read_aside(std::size_t rows, Queue& out) {
  auto& q = queue_aside;
  q.bind(static_cast<std::int64_t>(rows));
  for (;;) {
    auto row = q.step();
    if (!row) return base::pass(row.error());
    if (!*row) return {};
    Aside box{q.str(0), q.str(1), 0};
    out.aside_total = q.integer(3);
    const auto counts = station::counts_from_json(q.text(2));
    if (!counts) {
      q.reset();
      return base::pass(counts.error());
    }
    for (const auto& c : *counts) box.pieces += c.packed;
    out.aside.push_back(std::move(box));
  }
}

base::Result<Queue> Store::Impl::read_queue(std::size_t rows) {
  Queue out;
  if (auto ok = read_aside(rows, out); !ok) return base::pass(ok.error());
  auto total = queue_total.bind().step();
  if (!total) return base::pass(total.error());
  out.total = queue_total.integer(0);
  queue_total.reset();
  auto& q = queue_rows;
  q.bind(static_cast<std::int64_t>(rows));
  for (;;) {
    auto row = q.step();
    if (!row) return base::pass(row.error());
    if (!*row) break;
    out.first.push_back({q.str(0), q.str(1), q.str(2), q.integer(3), due(q.integer(4))});
  }
  auto& n = queue_next;
  n.bind();
  for (;;) {
    auto row = n.step();
    if (!row) return base::pass(row.error());
    if (!*row) return out;
    out.next.push_back({n.str(0), due(n.integer(1)), n.integer(2)});
  }
}

base::Result<Inventory> Store::inventory() {
  auto& q = impl_->inventory;
  auto row = q.bind().step();
  if (!row) return base::pass(row.error());
  const Inventory out{q.integer(0), q.integer(1), q.integer(2)};
  q.reset();
  return out;
}

// -------------------------------------------------------------------------------------- items
base::Status Store::put_item(const wire::CatalogueItem& fact) {
  const auto& item = fact.item;
  if (auto ok = impl_->put_item.bind(item.sku, item.title, fact.bin).run(); !ok) return ok;
  if (auto ok = impl_->drop_barcodes.bind(item.sku).run(); !ok) return ok;
  for (const auto& barcode : item.barcodes) {
    const std::string key = station::item_key(barcode.code);
    if (auto ok = impl_->put_barcode.bind(key, item.sku, barcode.pieces).run(); !ok) return ok;
  }
  return {};
}

base::Result<std::optional<station::ItemHit>> Store::find_item(std::string_view key) {
  auto& q = impl_->find_item;
  auto row = q.bind(key).step();
  if (!row) return base::pass(row.error());
  if (!*row) return std::optional<station::ItemHit>{};
  station::ItemHit out{q.str(0), q.str(1), q.maybe_text(2), q.integer(3)};
  q.reset();
  return out;
}

base::Result<std::optional<domain::WorkLine>> Store::item(std::string_view sku) {
  std::optional<domain::WorkLine> out;
  auto& q = impl_->item_of.bind(sku);
  for (;;) {
    auto row = q.step();
    if (!row) return base::pass(row.error());
    if (!*row) return out;
    if (!out) {
      out.emplace();
      out->sku = sku;
      out->title = q.str(0);
      out->bin = q.maybe_text(1);
    }
    if (const auto key = q.maybe_text(2)) out->barcodes.push_back({*key, q.integer(3)});
  }
}

// ------------------------------------------------------------------------------------- sheets
base::Status Store::put_sheet(const station::Job& j) {
  return impl_->put_sheet
      .bind(j.job, j.attempt, j.order, j.number, j.label.tracking, j.label.sscc, j.label.carrier,
            j.label.service, station::name(j.state), j.printer, j.mark.serial, j.mark.odometer,
            j.mark.uptime_s, j.evidence, j.wanted_ms, j.sent_ms, j.confirmed_ms, j.applied_ms,
            j.resends, j.late)
      .run();
}

base::Result<std::vector<station::Job>> Store::Impl::read_sheets(Statement& q) {
  std::vector<station::Job> out;
  for (;;) {
    auto row = q.step();
    if (!row) return base::pass(row.error());
    if (!*row) return out;
    auto& j = out.emplace_back();
    j.job = q.str(0);
    j.attempt = q.integer(1);
    j.order = q.str(2);
    j.number = q.str(3);
    j.label = {q.str(4), q.str(5), q.str(6), q.str(7)};
    const auto state = station::job_state(q.text(8));
    if (!state) return base::fail(Fault::corrupt, db.path() + ": print journal state " + q.str(8));
    j.state = *state;
    j.printer = q.str(9);
    j.mark = {q.maybe_text(10), q.maybe_integer(11), q.maybe_integer(12)};
    j.evidence = q.str(13);
    j.wanted_ms = q.integer(14);
    j.sent_ms = q.integer(15);
    j.confirmed_ms = q.integer(16);
    j.applied_ms = q.integer(17);
    j.resends = q.integer(18);
    j.late = q.integer(19) != 0;
  }
}

base::Result<std::vector<station::Job>> Store::live_sheets(std::string_view label,
                                                           std::string_view other) {
  impl_->live_sheets.bind(label, other);
  return impl_->read_sheets(impl_->live_sheets);
}

base::Result<std::vector<station::Job>> Store::sheets(std::string_view job) {
  impl_->sheets_of.bind(job);
  return impl_->read_sheets(impl_->sheets_of);
}

base::Result<std::optional<std::string>> Store::box_under(std::string_view tracking,
                                                          std::string_view but_job) {
  auto row = impl_->box_under.bind(tracking, but_job).step();
  if (!row) return base::pass(row.error());
  std::optional<std::string> number;
  if (*row) number = impl_->box_under.str(0);
  impl_->box_under.reset();
  return number;
}

// ------------------------------------------------------------------------------------ streams
base::Result<std::optional<std::int64_t>> Store::oldest_waiting_ms(sync::Seq acked) {
  auto row = impl_->oldest.bind(acked).step();
  if (!row) return base::pass(row.error());
  if (!*row) return std::optional<std::int64_t>{};
  const std::optional<std::int64_t> out = impl_->oldest.integer(0);
  impl_->oldest.reset();
  return out;
}

base::Status Store::park(std::string_view bytes, std::string_view why, std::int64_t wall_ms) {
  return impl_->park.bind(wall_ms, why, Statement::blob_of(bytes)).run();
}

sync::SenderStore& Store::up() { return impl_->up; }
sync::ReceiverStore& Store::down() { return impl_->down; }
SnapshotStage& Store::snapshot() { return impl_->snapshot; }

CountTasks& Store::counts() { return impl_->tasks; }
base::Result<std::optional<station::CountTask>> Store::count_task(std::string_view task) {
  return impl_->tasks.find(task);
}
base::Result<std::optional<station::CountTask>> Store::next_count() { return impl_->tasks.next(); }

}  // namespace dockline::agent::store
