#include "server/store/store.hpp"

#include "shared/base/embedded.hpp"

namespace dockline::base {
std::vector<EmbeddedFile> embedded_server_migrations();
}

namespace dockline::server::store {

namespace {

constexpr std::string_view kTurn = "turn";  // counter: the newest turn in this file

base::Result<sqlite::Db> open_db(const std::string& path, const std::string& vfs,
                                 std::int64_t check_bytes_max) {
  return sqlite::Db::open(path, {.cache_kib = 16'384,
                                 .checkpoint_pages = 4'000,
                                 .vfs = vfs,
                                 .check_bytes_max = check_bytes_max});
}

}  // namespace

base::Result<std::unique_ptr<Store>> Store::open(const std::string& path, const std::string& vfs) {
  auto db = open_db(path, vfs, kCheckedAtStartBytes);
  if (!db) return base::pass(db.error());
  const auto migrations = base::embedded_server_migrations();
  if (auto ok = sqlite::migrate(*db, migrations); !ok) return base::pass(ok.error());
  if (auto ok = EventLog::fill_chain(*db); !ok) return base::pass(ok.error());
  std::unique_ptr<Store> store(new Store(std::move(*db)));
  if (auto ok = store->trouble(); !ok) return base::pass(ok.error());
  return store;
}

base::Result<std::unique_ptr<Store>> Store::reopen(const std::string& path,
                                                   const std::string& vfs) {
  auto db = open_db(path, vfs, sqlite::kNotChecked);
  if (!db) return base::pass(db.error());
  std::unique_ptr<Store> store(new Store(std::move(*db)));
  if (auto ok = store->trouble(); !ok) return base::pass(ok.error());
  return store;
}

Store::Store(sqlite::Db db)
    : db_(std::move(db)),
      trouble_(std::make_unique<Trouble>()),
      log(db_, *trouble_),
      orders(db_, *trouble_),
      leases(db_, *trouble_),
      life(db_, *trouble_),
      merges(db_, *trouble_),
      handovers(db_, *trouble_),
      sites(db_, *trouble_),
      mirror(db_, *trouble_),
      stock(db_, *trouble_),
      policies(db_, *trouble_),
      kits(db_, *trouble_),
      drift(db_, *trouble_),
      deliveries(db_, *trouble_),
      counts(db_, *trouble_),
      lots(db_, *trouble_),
      bins(db_, *trouble_),
      packed(db_, *trouble_),
      buying(db_, *trouble_),
      tally(db_, *trouble_),
      cases(db_, *trouble_),
      own(db_, *trouble_),
      outbox(db_),
      post(db_, *trouble_),
      keeping(db_, *trouble_),
      routing(db_, *trouble_),
      answers(db_, *trouble_) {
  turn_ = found_ = static_cast<std::uint64_t>(own.value(kTurn));
}

base::Status Store::commit() {
  orders.flush();
  const bool wrote = db_.wrote();
  if (wrote) own.set(kTurn, static_cast<std::int64_t>(turn_ + 1));
  if (trouble_->any()) return trouble_->status();
  auto done = db_.commit();
  if (wrote) (done ? turn_ : tried_) = turn_ + 1;
  return done;
}

base::Result<bool> Store::kept(std::uint64_t turn) {
  if (found_ != turn) return false;
  if (auto ok = db_.checkpoint(); !ok) return base::pass(ok.error());
  return true;
}

}  // namespace dockline::server::store
