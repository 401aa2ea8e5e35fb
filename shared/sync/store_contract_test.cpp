#include "shared/sync/contract/receiver_store_contract.hpp"
#include "shared/sync/contract/sender_store_contract.hpp"
#include "shared/sync/testing/memory_stores.hpp"

namespace dockline::sync {
namespace {

template <class Store>
struct InMemory {
  Store kept;
  Store& store() { return kept; }
  void reopen() {}
};
INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, SenderStoreContract, InMemory<testing::MemorySenderStore>);
INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, ReceiverStoreContract,
                               InMemory<testing::MemoryReceiverStore>);

}  // namespace
}  // namespace dockline::sync
