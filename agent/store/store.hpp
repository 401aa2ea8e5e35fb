// agent.db: all SQL of the station. One writer connection, WAL, synchronous=FULL, EXCLUSIVE.
//
// Contract: open() and raise_boot() use transactions of their own; everything else runs between
// begin() and commit(). A failing call fails the turn: roll back and open anew.
// Thread rule: one lane, not shared.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/station/station.hpp"
#include "agent/store/counts.hpp"
#include "agent/store/mirror.hpp"
#include "agent/store/snapshot_stage.hpp"
#include "shared/base/result.hpp"
#include "shared/sync/receiver_store.hpp"
#include "shared/sync/sender_store.hpp"
#include "shared/wire/events.hpp"

namespace dockline::agent::store {

struct SavedMachine {
  std::string state;      // empty: never saved
  std::uint64_t hlc = 0;  // hybrid logical clock
};

struct RawScan {
  std::int64_t at_ms = 0;
  std::string_view device, data, symbology, verdict, order;
};

// What waits at this bench, earliest carrier first.
struct Waiting {
  std::string number, where, carrier;
  std::int64_t pieces = 0;
  std::optional<std::int64_t> due_ms;
};
struct Collection {
  std::string carrier;
  std::optional<std::int64_t> due_ms;
  std::int64_t orders = 0;
};
// A box that stands aside: its order was changed or cancelled, its pieces are to be taken out.
struct Aside {
  std::string number, where;
  std::int64_t pieces = 0;
};
struct Queue {
  std::int64_t total = 0, aside_total = 0;  // boxes aside are not among the orders that wait
  std::vector<Waiting> first;
  std::vector<Aside> aside;  // longest there first
  std::vector<Collection> next;
};
struct Inventory {
  std::int64_t orders = 0, items = 0, raw_scans = 0;
};

class Store final : public station::Books {
 public:
  // Every refusal (damaged, newer, locked, not writable) names the file and the remedy.
  [[nodiscard]] static base::Result<std::unique_ptr<Store>> open(const std::string& path,
                                                                 const std::string& vfs = {});
  // The same within a process that had it open before: neither read through nor migrated again.
  [[nodiscard]] static base::Result<std::unique_ptr<Store>> reopen(const std::string& path,
                                                                   const std::string& vfs);
  ~Store() override;

  [[nodiscard]] base::Status begin();
  [[nodiscard]] base::Status commit();
  void rollback();
  // Turns that wrote something are numbered. tried(): the number of a turn whose COMMIT failed,
  // which may be in the file all the same; 0: none did.
  [[nodiscard]] std::uint64_t tried() const;
  // Was that turn in the file when it was opened? Then it is safe there when this returns.
  [[nodiscard]] base::Result<bool> kept(std::uint64_t turn);
  // Counts process starts; durable before it returns.
  [[nodiscard]] base::Result<std::uint64_t> raise_boot();
  [[nodiscard]] base::Result<std::uint64_t> boot();

  [[nodiscard]] base::Result<SavedMachine> load_machine();
  [[nodiscard]] base::Status save_machine(std::string_view state, std::uint64_t hlc);
  [[nodiscard]] base::Status add_raw_scan(const RawScan& scan);
  [[nodiscard]] base::Status probe(std::int64_t wall_ms);  // a write for its own sake
  // Deletes what is beyond its bound: raw scans, finished orders, final sheets.
  [[nodiscard]] base::Status trim_journals();

  // `document`: the fact's bytes. Older epochs than the row's own are ignored (false).
  [[nodiscard]] base::Result<bool> grant(const station::Order& order, std::string_view document,
                                         std::int64_t wall_ms);
  [[nodiscard]] base::Status save_work(const station::SaveWork& save, std::int64_t wall_ms);
  [[nodiscard]] base::Status drop_work(std::string_view lease);
  // After a fork: untouched orders are given up (PROTOCOL.md section 8). Their leases.
  [[nodiscard]] base::Result<std::vector<std::string>> drop_untouched(std::string_view keep_lease);
  [[nodiscard]] base::Status put_item(const wire::CatalogueItem& item);
  [[nodiscard]] base::Status put_sheet(const station::Job& job);
  // Sheets that are not final, and those of the labels named.
  [[nodiscard]] base::Result<std::vector<station::Job>> live_sheets(std::string_view label,
                                                                    std::string_view other);
  [[nodiscard]] base::Result<Queue> queue(std::size_t rows);
  [[nodiscard]] base::Result<Inventory> inventory();
  [[nodiscard]] base::Result<std::optional<std::int64_t>> oldest_waiting_ms(sync::Seq acked);
  [[nodiscard]] base::Status park(std::string_view bytes, std::string_view why,
                                  std::int64_t wall_ms);

  // ---- what is held, for the server
  // Newest grants of all orders kept here, oldest epoch first.
  struct Held {
    std::string lease, order, state;
    std::int64_t epoch = 0;
  };
  [[nodiscard]] base::Result<std::vector<Held>> held(std::size_t limit);
  [[nodiscard]] base::Result<std::optional<station::Order>> order_of(std::string_view lease);
  // Pieces of a SKU over all leases that are among the leased pieces of the mirror.
  [[nodiscard]] base::Result<domain::Quantity> leased(std::string_view sku);
  [[nodiscard]] Mirror& mirror();

  // station::Books
  [[nodiscard]] base::Result<std::optional<station::Work>> find_work(
      std::string_view code) override;
  [[nodiscard]] base::Result<std::optional<station::Work>> work(std::string_view lease) override;
  [[nodiscard]] base::Result<std::optional<station::ItemHit>> find_item(
      std::string_view key) override;
  [[nodiscard]] base::Result<std::optional<domain::WorkLine>> item(std::string_view sku) override;
  [[nodiscard]] base::Result<std::vector<station::Job>> sheets(std::string_view job) override;
  [[nodiscard]] base::Result<std::optional<std::string>> box_under(
      std::string_view tracking, std::string_view but_job) override;
  [[nodiscard]] base::Result<std::optional<std::string>> box_with(
      std::string_view sku, std::string_view serial, std::string_view but_lease) override;
  [[nodiscard]] base::Result<std::optional<station::CountTask>> count_task(
      std::string_view task) override;
  [[nodiscard]] base::Result<std::optional<station::CountTask>> next_count() override;
  [[nodiscard]] CountTasks& counts();

  [[nodiscard]] sync::SenderStore& up();
  [[nodiscard]] sync::ReceiverStore& down();
  [[nodiscard]] SnapshotStage& snapshot();

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dockline::agent::store
