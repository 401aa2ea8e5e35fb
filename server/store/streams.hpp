// The durable side of the stream protocol, one pair per station. Passes shared/sync/contract.
#pragma once

#include <memory>
#include <string>

#include "shared/sqlite/db.hpp"
#include "shared/sync/receiver_store.hpp"
#include "shared/sync/sender_store.hpp"

namespace dockline::server::store {

// Both outlive nothing: the Db must outlive them.
[[nodiscard]] std::unique_ptr<sync::ReceiverStore> make_receiver_store(sqlite::Db& db,
                                                                       std::string site,
                                                                       std::string station);
[[nodiscard]] std::unique_ptr<sync::SenderStore> make_sender_store(sqlite::Db& db, std::string site,
                                                                   std::string station);

}  // namespace dockline::server::store
