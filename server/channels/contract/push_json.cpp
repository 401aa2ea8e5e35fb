// A push as kept in the outbox: {"stock":{...}}, {"fulfilment":{...}} or {"status":{...}}.
#include "server/channels/contract/channel.hpp"
#include "shared/wire/json_visit.hpp"

namespace dockline::server::channels {

namespace json = boost::json;
using wire::detail::Reader;
using wire::detail::Writer;

namespace {

constexpr std::string_view key_of(const StockPush&) { return "stock"; }
constexpr std::string_view key_of(const FulfilmentPush&) { return "fulfilment"; }
constexpr std::string_view key_of(const StatusPush&) { return "status"; }

template <class T>
std::optional<base::Result<Push>> read_as(const json::object& in) {
  T push;
  const json::value* found = in.if_contains(key_of(push));
  if (found == nullptr) return std::nullopt;
  if (!found->is_object()) return base::fail(base::Fault::corrupt, "outbox payload: no object");
  std::string problem;
  Reader reader(found->get_object(), key_of(push), problem);
  T::visit(push, reader);
  if (!problem.empty()) return base::fail(base::Fault::corrupt, "outbox payload: " + problem);
  return Push(std::move(push));
}

}  // namespace

std::string encode_push(const Push& push) {
  return std::visit(
      [](const auto& one) {
        json::object out;
        out.emplace(key_of(one), Writer::to_value(one));
        return json::serialize(out);
      },
      push);
}

base::Result<Push> decode_push(std::string_view text) {
  boost::system::error_code failed;
  const auto value = json::parse(text, failed);
  if (failed || !value.is_object()) {
    return base::fail(base::Fault::corrupt, "outbox payload: no JSON object");
  }
  const auto& in = value.get_object();
  if (auto stock = read_as<StockPush>(in)) return std::move(*stock);
  if (auto fulfilment = read_as<FulfilmentPush>(in)) return std::move(*fulfilment);
  if (auto status = read_as<StatusPush>(in)) return std::move(*status);
  return base::fail(base::Fault::corrupt, "outbox payload: of an unknown kind");
}

}  // namespace dockline::server::channels
