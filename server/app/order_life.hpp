// What holds and amendments of orders share between reactions and commands.
#pragma once

#include <string>
#include <vector>

#include "server/app/core.hpp"
#include "server/orders/backorders.hpp"
#include "server/orders/holds.hpp"

namespace dockline::server {

// The order's holds as the rules see them.
[[nodiscard]] orders::Holds holds_of(HubCore& core, std::int64_t ord);

// Holds it unless it is held for exactly this, or a person has released exactly this before (a
// person's own hold is always set). True: a fact was written.
[[nodiscard]] base::Result<bool> hold_order(HubCore& core, const store::OrderHead& head,
                                            const orders::Hold& hold);
// Releases the open holds of a reason and subject, each empty for any. Returns how many.
struct ReleaseWord {
  std::string why, by;
  bool corrected = false;  // what was doubtful is gone: it may be held for it again
};
[[nodiscard]] base::Result<std::size_t> release_holds(HubCore& core, const store::OrderHead& head,
                                                      const std::string& reason,
                                                      const std::string& about,
                                                      const ReleaseWord& word);

// The order as it stands: what is still wanted of it, where it goes.
[[nodiscard]] wire::OrderReceived order_now(HubCore& core, const store::OrderHead& head);

// What can be promised of a SKU that this order wants; nothing when there is no limit.
struct Promise {
  orders::Admission admission;
  orders::Waiting waiting;
};
[[nodiscard]] base::Result<std::optional<Promise>> promise_of(HubCore& core, std::int64_t ord,
                                                              const std::string& sku);

}  // namespace dockline::server
