// The conversations of the Vendure channel. Private to this folder.
#pragma once

#include <memory>

#include "server/channels/contract/channel.hpp"

namespace dockline::server::channels::vendure {

struct Session;

[[nodiscard]] std::unique_ptr<Exchange> set_stock(const Config& config, Session& session,
                                                  const StockPush& push);
[[nodiscard]] std::unique_ptr<Exchange> fulfil(const Config& config, Session& session,
                                               const FulfilmentPush& push);
[[nodiscard]] std::unique_ptr<Exchange> orders_since(const Config& config, Session& session,
                                                     const PollSince& poll, base::Instant now);
[[nodiscard]] std::unique_ptr<Exchange> orders_by_number(const Config& config, Session& session,
                                                         const PollOrders& poll);
[[nodiscard]] std::unique_ptr<Exchange> audit_stock(const Config& config, Session& session,
                                                    const AuditStock& poll);

}  // namespace dockline::server::channels::vendure
