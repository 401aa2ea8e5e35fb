#include "server/api/conflicts.hpp"

#include <algorithm>

namespace dockline::server::api {
namespace {

constexpr Conflict kConflicts[] = {
    {"POST", "orders", "order_differs",
     "GET the order under this number: amend it (PATCH) or cancel pieces of it, or send yours "
     "under a number of its own"},
    {"POST", "hooks/*", "order_grows",
     "Send what was added as an order.placed under a number of its own: an order.changed can only "
     "take pieces off"},
    {"PATCH", "orders/*", "cannot_amend",
     "What has left or is over stays as it is: enter what is still wanted as an order of its own; "
     "what a channel sold is changed at the channel"},
    {"POST", "orders/*/hold", "nothing_to_hold",
     "Nothing of this order is still to be packed: keep its parcel back at the hand-over, or take "
     "the return in"},
    {"POST", "orders/*/split", "too_many_parts",
     "Leave these lines in the part that they are in, or cancel them here and enter them as an "
     "order of their own"},
    {"POST", "orders/*/merge", "cannot_merge",
     "Merge orders of one buyer, address and channel that are not packed, naming first the one "
     "that has a parcel; or let them go apart"},
    {"POST", "orders/*/route", "cannot_route",
     "Take the order back from its station first (POST /orders/{id}/revoke), name another site, "
     "or send force where the detail offers it"},
    {"POST", "orders/*/revoke", "cannot_take_back",
     "GET the order: only what a bench holds is taken back, and after a restore a silent station "
     "is written off instead (POST /stations/{site}/{station}/write-off)"},
    {"POST", "exceptions/*/resolve", "case_moved_on",
     "Do what the detail names first and resolve it again, or choose another of the case's "
     "actions"},
    {"POST", "imports", "import_running",
     "GET /api/v1/imports shows how far the other file is; send this one when it has ended"},
    {"POST", "deliveries", "delivery_differs",
     "Close the delivery under this number (POST /deliveries/{id}/close) and announce yours under "
     "a number of its own"},
    {"POST", "stock/move", "bin_holds_less",
     "GET the SKU: its bins say what each holds. Move that many, or count the bin (POST /counts) "
     "and move then"},
    {"POST", "purchases/*/decide", "purchase_decided",
     "GET the purchase: it is decided once. What is still wanted is proposed anew by the next look "
     "(POST /stock/look)"},
};

}  // namespace

std::span<const Conflict> conflicts() { return kConflicts; }

const Conflict* conflict_of(std::string_view method, std::string_view pattern) {
  const auto found = std::ranges::find_if(
      kConflicts, [&](const Conflict& c) { return c.method == method && c.pattern == pattern; });
  return found == std::end(kConflicts) ? nullptr : &*found;
}

}  // namespace dockline::server::api
