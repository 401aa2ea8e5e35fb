#include "server/store/streams.hpp"

#include <filesystem>

#include <unistd.h>

#include "server/store/store.hpp"
#include "shared/sync/contract/receiver_store_contract.hpp"
#include "shared/sync/contract/sender_store_contract.hpp"

namespace dockline::sync {
namespace {

// server.db in a folder of its own, inside an open transaction as a turn has it.
class OnSqlite {
 public:
  OnSqlite() {
    static int n = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("dockline-streams-" + std::to_string(::getpid()) + "-" + std::to_string(++n));
    std::filesystem::create_directories(folder_);
    open();
  }
  ~OnSqlite() {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  OnSqlite(const OnSqlite&) = delete;
  OnSqlite& operator=(const OnSqlite&) = delete;

 protected:
  void open() {
    auto opened = server::store::Store::open((folder_ / "server.db").string(), "");
    ASSERT_TRUE(opened.has_value()) << opened.error().detail;
    store_ = std::move(*opened);
    ASSERT_TRUE(store_->begin().has_value());
  }
  void again() {
    ASSERT_TRUE(store_->commit().has_value());
    store_.reset();
    open();
  }
  std::filesystem::path folder_;
  std::unique_ptr<server::store::Store> store_;
};

class SqliteSender : public OnSqlite {
 public:
  SqliteSender() { made_ = server::store::make_sender_store(store_->db(), "leipzig", "bench-4"); }
  ~SqliteSender() { made_.reset(); }
  SenderStore& store() { return *made_; }
  void reopen() {
    made_.reset();
    again();
    made_ = server::store::make_sender_store(store_->db(), "leipzig", "bench-4");
  }

 private:
  std::unique_ptr<SenderStore> made_;
};
class SqliteReceiver : public OnSqlite {
 public:
  SqliteReceiver() {
    made_ = server::store::make_receiver_store(store_->db(), "leipzig", "bench-4");
  }
  ~SqliteReceiver() { made_.reset(); }
  ReceiverStore& store() { return *made_; }
  void reopen() {
    made_.reset();
    again();
    made_ = server::store::make_receiver_store(store_->db(), "leipzig", "bench-4");
  }

 private:
  std::unique_ptr<ReceiverStore> made_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(ServerSqlite, SenderStoreContract, SqliteSender);
INSTANTIATE_TYPED_TEST_SUITE_P(ServerSqlite, ReceiverStoreContract, SqliteReceiver);

}  // namespace
}  // namespace dockline::sync
