#include "agent/store/store.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "agent/station/testing.hpp"
#include "shared/sqlite/db.hpp"
#include "shared/sync/contract/receiver_store_contract.hpp"
#include "shared/sync/contract/sender_store_contract.hpp"
#include "shared/wire/event.hpp"

namespace dockline::agent::store {
namespace {

class Folder {
 public:
  Folder() {
    // Memory-backed where there is such a folder: these tests are about behaviour, not about disks.
    const std::filesystem::path memory = "/dev/shm";
    const auto parent =
        std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
    std::string pattern = (parent / "dl-agent-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file() const { return (path_ / "agent.db").string(); }

 private:
  std::filesystem::path path_;
};

struct OnDisk {
  OnDisk() { reopen(); }
  void reopen() {
    if (kept) {
      EXPECT_TRUE(kept->commit());
    }
    kept.reset();
    kept = Store::open(folder.file()).value();
    EXPECT_TRUE(kept->begin());
  }
  Folder folder;
  std::unique_ptr<Store> kept;
};
struct UpOnDisk : OnDisk {
  sync::SenderStore& store() { return kept->up(); }
};
struct DownOnDisk : OnDisk {
  sync::ReceiverStore& store() { return kept->down(); }
};

std::string document(const station::Order& order) {
  wire::Event event;
  event.id = "e-" + order.order;
  event.source = "/server";
  event.data = order;
  return wire::encode(event).value();
}

class StationStore : public ::testing::Test, protected OnDisk {
 protected:
  void grant(const station::Order& order) {
    ASSERT_TRUE(kept->grant(order, document(order), 1).value());
  }
  station::Order order_ = station::testing::small_shop().works.at("web:A100").order;
};

TEST_F(StationStore, FindsWorkByNumberIdAndToteWhateverTheCase) {
  grant(order_);
  reopen();
  for (const auto* code : {"a100", "WEB:A100", "t-7"}) {
    const auto found = kept->find_work(code).value();
    ASSERT_TRUE(found) << code;
    EXPECT_EQ(found->order.order, "web:A100");
    EXPECT_EQ(found->order.lines.size(), 2U);
    EXPECT_EQ(found->state, station::WorkState::open);
  }
  EXPECT_FALSE(kept->find_work("A1").value());
}

TEST_F(StationStore, KeepsHeldCountsAndIgnoresAnOlderEpoch) {
  order_.work.epoch = 3;
  grant(order_);
  ASSERT_TRUE(kept->save_work({"lease-1", station::WorkState::held, {{1, 1, 0}, {2, 0, 1}}}, 2));
  order_.work.epoch = 2;
  EXPECT_FALSE(kept->grant(order_, document(order_), 3).value());
  order_.work.epoch = 4;
  EXPECT_TRUE(kept->grant(order_, document(order_), 3).value());
  const auto found = kept->work("lease-1").value();
  EXPECT_EQ(found->counts, (std::vector<station::Count>{{1, 1, 0}, {2, 0, 1}}));
  EXPECT_EQ(found->state, station::WorkState::held);
  EXPECT_EQ(found->order.work.epoch, 4);
}

TEST_F(StationStore, ABoxThatWasTakenBackAndIsGivenAgainGoesOn) {
  grant(order_);
  const std::vector<station::Count> box{{1, 1, 0, "MUG"}, {7, 2, 0, "POT"}};
  ASSERT_TRUE(kept->save_work({"lease-1", station::WorkState::revoked, box}, 2));
  ++order_.work.epoch;
  grant(order_);
  reopen();
  const auto found = kept->work("lease-1").value();
  EXPECT_EQ(found->state, station::WorkState::held);
  EXPECT_EQ(found->counts, box);
}

TEST_F(StationStore, TheQueueShowsTheEarliestCarrierFirst) {
  auto second = order_;
  order_.due_ms = 2'000;
  second.order = "web:B";
  second.number = "B";
  second.work.lease = "lease-b";
  second.due_ms = 1'000;
  grant(order_);
  grant(second);
  auto queue = kept->queue(4).value();
  EXPECT_EQ(queue.total, 2);
  ASSERT_EQ(queue.first.size(), 2U);
  EXPECT_EQ(queue.first[0].number, "B");
  EXPECT_EQ(queue.first[0].pieces, 3);
  EXPECT_EQ(queue.next.size(), 2U);
  ASSERT_TRUE(kept->drop_work("lease-b"));
  EXPECT_EQ(kept->queue(4)->total, 1);
}

TEST_F(StationStore, ABoxThatIsToBeEmptiedIsListedBesideWhatWaitsLongestThereFirst) {
  auto second = order_, third = order_;
  second.order = "web:B";
  second.number = "B";
  second.tote = std::nullopt;
  second.work.lease = "lease-b";
  third.work.lease = "lease-c";
  for (const auto& o : {order_, second, third}) grant(o);
  using enum station::WorkState;
  ASSERT_TRUE(kept->save_work({"lease-1", revoked, {{1, 2, 1, "MUG"}, {7, 3, 0, "POT"}}}, 20));
  ASSERT_TRUE(kept->save_work({"lease-b", revoked, {{1, 1, 0, "MUG"}}}, 10));
  reopen();
  const auto queue = kept->queue(4).value();
  EXPECT_EQ(queue.total, 1);
  EXPECT_EQ(queue.aside_total, 2);
  ASSERT_EQ(queue.aside.size(), 2U);
  EXPECT_EQ(queue.aside[0].number, "B");
  EXPECT_EQ(queue.aside[0].where, "");
  EXPECT_EQ(queue.aside[0].pieces, 1);
  EXPECT_EQ(queue.aside[1].number, "A100");
  EXPECT_EQ(queue.aside[1].where, "T-7");
  EXPECT_EQ(queue.aside[1].pieces, 5);
  const auto one = kept->queue(1).value();
  EXPECT_EQ(one.aside.size(), 1U);
  EXPECT_EQ(one.aside_total, 2);
  ASSERT_TRUE(kept->drop_work("lease-b"));
  EXPECT_EQ(kept->queue(4)->aside_total, 1);
}

TEST_F(StationStore, TheQueueIsReadAgainAfterEachChangeOfAnOrder) {
  grant(order_);
  EXPECT_EQ(kept->queue(4)->total, 1);
  kept->rollback();
  EXPECT_EQ(kept->queue(4)->total, 0);
  ASSERT_TRUE(kept->begin());
  grant(order_);
  EXPECT_EQ(kept->queue(4)->total, 1);
  EXPECT_EQ(kept->queue(1)->first.size(), 1U);
  EXPECT_TRUE(kept->queue(0)->first.empty());
  ASSERT_TRUE(kept->save_work({order_.work.lease, station::WorkState::done, {}}, 9));
  EXPECT_EQ(kept->queue(4)->total, 0);
  order_.work.epoch += 1;
  grant(order_);
  EXPECT_EQ(kept->queue(4)->total, 1);
}

TEST_F(StationStore, FindsAnItemByAnyBarcodeAndByItsSku) {
  wire::CatalogueItem fact{{"MUG", "Mug", std::nullopt, {{"4006381333931", 1}, {"CASE-6", 6}}, 1},
                           "B-1"};
  ASSERT_TRUE(kept->put_item(fact));
  ASSERT_TRUE(kept->put_item(fact));
  reopen();
  EXPECT_EQ(kept->find_item("04006381333931").value()->sku, "MUG");
  const auto line = kept->item("MUG").value();
  ASSERT_TRUE(line);
  EXPECT_EQ(line->title, "Mug");
  EXPECT_EQ(line->bin, "B-1");
  EXPECT_EQ(line->barcodes.size(), 2U);
  EXPECT_FALSE(kept->item("CASE-6").value());
  EXPECT_EQ(kept->find_item("CASE-6").value()->pieces, 6);
  EXPECT_EQ(kept->find_item("mug").value()->title, "Mug");
  fact.item.barcodes.clear();
  ASSERT_TRUE(kept->put_item(fact));
  EXPECT_FALSE(kept->find_item("CASE-6").value());
}

TEST_F(StationStore, KeepsSheetsOfThePrintJournal) {
  station::Job job;
  job.job = "lease-1";
  job.order = "web:A100";
  job.state = station::JobState::sending;
  job.mark = {"SN1", 4711, std::nullopt};
  ASSERT_TRUE(kept->put_sheet(job));
  job.state = station::JobState::applied;
  job.attempt = 2;
  ASSERT_TRUE(kept->put_sheet(job));
  reopen();
  const auto live = kept->live_sheets("", "").value();
  ASSERT_EQ(live.size(), 1U);
  EXPECT_EQ(live[0].state, station::JobState::sending);
  EXPECT_EQ(live[0].mark.odometer, 4711);
  EXPECT_FALSE(live[0].mark.uptime_s);
  EXPECT_EQ(kept->live_sheets("lease-1", "")->size(), 2U);
  EXPECT_EQ(kept->sheets("lease-1")->size(), 2U);
}

TEST_F(StationStore, TheBootCounterRisesDurably) {
  ASSERT_TRUE(kept->commit());
  EXPECT_EQ(kept->raise_boot().value(), 1U);
  EXPECT_EQ(kept->raise_boot().value(), 2U);
  ASSERT_TRUE(kept->begin());
  reopen();
  EXPECT_EQ(kept->boot().value(), 2U);
}

TEST_F(StationStore, ARolledBackTurnLeavesNothing) {
  ASSERT_TRUE(kept->save_machine("first", 7));
  ASSERT_TRUE(kept->commit());
  ASSERT_TRUE(kept->begin());
  ASSERT_TRUE(kept->save_machine("second", 8));
  ASSERT_TRUE(kept->add_raw_scan({1, "left", "x", "", "counted", ""}));
  kept->rollback();
  ASSERT_TRUE(kept->begin());
  EXPECT_EQ(kept->load_machine()->state, "first");
  EXPECT_EQ(kept->inventory()->raw_scans, 0);
}

TEST(AgentDatabase, ADamagedFileIsRefusedByNameWithARemedy) {
  Folder folder;
  {
    auto store = Store::open(folder.file()).value();
    ASSERT_TRUE(store->raise_boot());
  }
  {
    std::fstream file(folder.file(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(0);
    file << std::string(8192, 'x');
  }
  const auto refused = Store::open(folder.file());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, base::Fault::corrupt);
  EXPECT_NE(refused.error().detail.find(folder.file()), std::string::npos);
  EXPECT_NE(refused.error().detail.find("backup"), std::string::npos);
}

TEST(AgentDatabase, AFileOfANewerProgramIsRefused) {
  Folder folder;
  {
    auto store = Store::open(folder.file()).value();
  }
  {
    auto db = sqlite::Db::open(folder.file(), {}).value();
    ASSERT_TRUE(db.exec("PRAGMA user_version=99"));
  }
  const auto refused = Store::open(folder.file());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().detail.find("newer"), std::string::npos);
}

TEST(AgentDatabase, ASecondProcessIsKeptOut) {
  Folder folder;
  auto first = Store::open(folder.file()).value();
  ASSERT_TRUE(first->raise_boot());
  EXPECT_FALSE(Store::open(folder.file()));
}

}  // namespace
}  // namespace dockline::agent::store

namespace dockline::sync {
INSTANTIATE_TYPED_TEST_SUITE_P(AgentDb, SenderStoreContract, agent::store::UpOnDisk);
INSTANTIATE_TYPED_TEST_SUITE_P(AgentDb, ReceiverStoreContract, agent::store::DownOnDisk);
}  // namespace dockline::sync
