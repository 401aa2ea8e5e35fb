// server.db, the writer's side: one file, one connection, one lane. All SQL of the server lies in
// this folder, one function per query.
//
// Errors of the parts are sticky (query.hpp): ask trouble() after each input; commit() refuses to
// commit with trouble.
#pragma once

#include <memory>
#include <string>

#include "server/store/answer_table.hpp"
#include "server/store/bin_book.hpp"
#include "server/store/buying_book.hpp"
#include "server/store/case_book.hpp"
#include "server/store/count_book.hpp"
#include "server/store/delivery_book.hpp"
#include "server/store/drift_book.hpp"
#include "server/store/event_log.hpp"
#include "server/store/handover_book.hpp"
#include "server/store/keeping_table.hpp"
#include "server/store/kit_book.hpp"
#include "server/store/lease_book.hpp"
#include "server/store/life_book.hpp"
#include "server/store/lot_book.hpp"
#include "server/store/merge_book.hpp"
#include "server/store/mirror_table.hpp"
#include "server/store/order_book.hpp"
#include "server/store/outbox_table.hpp"
#include "server/store/own_state.hpp"
#include "server/store/packed_lots.hpp"
#include "server/store/policy_book.hpp"
#include "server/store/post_table.hpp"
#include "server/store/routing_book.hpp"
#include "server/store/site_book.hpp"
#include "server/store/stock_book.hpp"
#include "server/store/tally_book.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::server::store {

// A larger file is opened without reading it to its end; the shell checks it in the background.
inline constexpr std::int64_t kCheckedAtStartBytes = 64 * 1024 * 1024;

class Store {
 public:
  // Opens or creates, and migrates. `vfs`: the simulator's disk, else empty.
  [[nodiscard]] static base::Result<std::unique_ptr<Store>> open(const std::string& path,
                                                                 const std::string& vfs);
  // The same within a process that had it open before: neither read through nor migrated again.
  [[nodiscard]] static base::Result<std::unique_ptr<Store>> reopen(const std::string& path,
                                                                   const std::string& vfs);

  [[nodiscard]] base::Status begin() { return db_.begin(); }
  [[nodiscard]] base::Status commit();
  // Turns that wrote something are numbered. tried(): the number of a turn whose COMMIT failed,
  // which may be in the file all the same; 0: none did.
  [[nodiscard]] std::uint64_t tried() const { return tried_; }
  // Was that turn in the file when it was opened? Then it is safe there when this returns.
  [[nodiscard]] base::Result<bool> kept(std::uint64_t turn);
  void rollback() {
    orders.forget();
    life.forget();
    stock.forget();
    db_.rollback();
  }
  [[nodiscard]] base::Status trouble() const { return trouble_->status(); }
  [[nodiscard]] sqlite::Db& db() { return db_; }

 private:
  // Declared first: the parts below prepare their statements on it.
  sqlite::Db db_;
  std::unique_ptr<Trouble> trouble_;
  explicit Store(sqlite::Db db);
  std::uint64_t turn_ = 0, tried_ = 0;
  std::uint64_t found_ = 0;  // the newest turn when the file was opened

 public:
  EventLog log;
  OrderBook orders;
  LeaseBook leases;
  LifeBook life;
  MergeBook merges;
  HandoverBook handovers;
  SiteBook sites;
  MirrorTable mirror;
  StockBook stock;
  PolicyBook policies;
  KitBook kits;
  DriftBook drift;
  DeliveryBook deliveries;
  CountBook counts;
  LotBook lots;
  BinBook bins;
  PackedLots packed;
  BuyingBook buying;
  TallyBook tally;
  CaseBook cases;
  OwnState own;
  OutboxTable outbox;
  PostTable post;
  KeepingTable keeping;
  RoutingBook routing;
  AnswerTable answers;
};

}  // namespace dockline::server::store
