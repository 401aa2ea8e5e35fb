// Any bytes as the body, query, path or header of an HTTP request: a command within its limits, or
// a problem with place and remedy.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/api/channels.hpp"
#include "server/api/epcis_things.hpp"
#include "server/api/exceptions.hpp"
#include "server/api/guard.hpp"
#include "server/api/orders.hpp"
#include "server/api/query.hpp"
#include "server/api/stock.hpp"
#include "server/api/stream.hpp"
#include "server/api/system.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/check.hpp"
#include "shared/base/limits.hpp"

namespace {

using namespace dockline::server;
namespace limits = dockline::base::limits;

template <class T>
bool explained(const std::expected<T, api::Problem>& result) {
  if (result) return true;
  return result.error().status >= 400 && result.error().status < 500 &&
         !result.error().code.empty() && !result.error().message.empty() &&
         !result.error().remedy.empty() &&
         dockline::base::is_utf8(api::to_answer(result.error()).body);
}

void bodies(std::string_view bytes) {
  const auto order = api::order_body(bytes);
  CHECK(explained(order));
  if (order) {
    CHECK(!order->number.empty() && !order->lines.empty());
    CHECK(order->lines.size() <= limits::kOrderLinesMax);
    for (const auto& line : order->lines) {
      CHECK(line.quantity > 0 && line.quantity <= limits::kLineQuantityMax && !line.sku.empty());
      CHECK(dockline::base::is_utf8(line.title));
    }
  }
  CHECK(explained(api::cancel_body("shop:1", bytes)));
  CHECK(explained(api::adjust_body(bytes)));
  CHECK(explained(api::item_body(bytes)));
  CHECK(explained(api::resolve_body("e", bytes)));
  CHECK(explained(api::revoke_body("shop:1", bytes)));
  CHECK(explained(api::decide_body(1, bytes)));
}

// Nothing that a reader of URIs would stumble over.
bool is_uri(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7f &&
           std::string_view("\"<>\\^`{|}#?").find(c) == std::string_view::npos;
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  bodies(bytes);
  const auto query = api::Query::parse(bytes, {"q", "limit", "after"});
  CHECK(explained(query));
  if (query) CHECK(explained(query->integer("limit", 50, 1, 200)));
  if (const auto path = api::percent_decode(bytes, false)) CHECK(dockline::base::is_utf8(*path));
  const std::string text(bytes);
  CHECK(explained(api::stream_ask(bytes, "")));
  CHECK(explained(api::stream_ask("", bytes)));
  CHECK(api::gtin14(text).empty() || api::gtin14(text).size() == 14);
  CHECK(is_uri(api::epcis_place(text, text)));
  dockline::domain::Lot lot;
  lot.lot = lot.serial = text;
  const api::ItemCodes codes{{"CUP", {"4006381333931"}}};
  api::EpcisThings things(codes);
  for (const auto& sku : {text, std::string("CUP")}) things.add(sku, 2, lot);
  for (const auto& epc : things.epcs()) CHECK(is_uri(epc));
  for (const auto& amount : things.amounts()) CHECK(is_uri(amount.epc_class));
  if (!text.empty() && dockline::base::is_utf8(text)) {
    CHECK(api::cursor_key(api::cursor(text)) == text);
  }
  if (const auto key = api::cursor_key(text); key && *key != text) {
    CHECK(api::cursor(*key) == text);
  }
  static_cast<void>(api::host_allowed({}, bytes));
  static_cast<void>(api::origin_allowed(bytes, "127.0.0.1:8480"));
  CHECK(!api::bearer_allowed(bytes, "a token that no input of this corpus holds"));
  CHECK(api::live_token(bytes).size() <= size);
  return 0;
}
