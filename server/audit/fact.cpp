#include "server/audit/fact.hpp"

#include <array>
#include <charconv>

#include <boost/json.hpp>

namespace dockline::server::audit {
namespace {

namespace json = boost::json;

constexpr std::size_t kScratchBytes = 96 * 1024;

void text(const json::object& in, std::string_view key, std::string& out) {
  const json::value* value = in.if_contains(key);
  if (value != nullptr && value->is_string()) {
    out.assign(value->get_string().data(), value->get_string().size());
  } else {
    out.clear();
  }
}

std::int64_t number(const json::object& in, std::string_view key) {
  const json::value* value = in.if_contains(key);
  if (value == nullptr) return 0;
  if (value->is_int64()) return value->get_int64();
  return value->is_uint64() ? static_cast<std::int64_t>(value->get_uint64()) : 0;
}

// Sixteen hex digits; 0 when absent.
std::int64_t hex(const json::object& in, std::string_view key) {
  const json::value* value = in.if_contains(key);
  if (value == nullptr || !value->is_string()) return 0;
  const auto& digits = value->get_string();
  std::uint64_t out = 0;
  const auto [end, failed] = std::from_chars(digits.begin(), digits.end(), out, 16);
  return failed == std::errc{} && end == digits.end() ? static_cast<std::int64_t>(out) : 0;
}

const json::object* object(const json::object& in, std::string_view key) {
  const json::value* value = in.if_contains(key);
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

void lots(const json::object& line, std::vector<FactLot>& out) {
  const json::value* value = line.if_contains("lots");
  if (value == nullptr || !value->is_array()) return;
  for (const auto& each : value->get_array()) {
    if (!each.is_object()) continue;
    const auto* of = object(each.get_object(), "lot");
    if (of == nullptr) continue;
    auto& lot = out.emplace_back();
    text(*of, "lot", lot.lot);
    text(*of, "serial", lot.serial);
    lot.expires_ms = number(*of, "expires_ms");
    lot.pieces = number(each.get_object(), "quantity");
  }
}

void lines(const json::object& in, std::string_view key, std::vector<FactLine>& out) {
  out.clear();
  const json::value* value = in.if_contains(key);
  if (value == nullptr || !value->is_array()) return;
  for (const auto& each : value->get_array()) {
    if (!each.is_object()) continue;
    const auto& from = each.get_object();
    auto& line = out.emplace_back();
    line.line = number(from, "line");
    line.quantity = number(from, from.contains("pieces") ? "pieces" : "quantity");
    line.packed = number(from, "packed");
    text(from, "sku", line.sku);
    text(from, "site", line.site);
    text(from, "to", line.to);
    if (const auto* own = object(from, "lot")) {
      line.has_own = true;
      text(*own, "lot", line.own.lot);
      text(*own, "serial", line.own.serial);
      text(*own, "ownership", line.own.ownership);
      text(*own, "owner", line.own.owner);
      line.own.expires_ms = number(*own, "expires_ms");
    }
    lots(from, line.lots);
  }
}

void read_data(const json::object& data, Fact& out) {
  text(data, "order", out.order);
  text(data, "site", out.site);
  text(data, "station", out.station);
  text(data, "reason", out.reason);
  text(data, "sku", out.sku);
  text(data, "from", out.from);
  text(data, "to", out.to);
  text(data, "kind", out.kind);
  text(data, "outcome", out.outcome);
  text(data, "subject", out.about);
  text(data, "channel", out.channel);
  text(data, "number", out.number);
  text(data, "exception", out.exception);
  text(data, "listing", out.listing);
  text(data, "location", out.location);
  text(data, "tracking", out.tracking);
  text(data, "holder", out.holder);
  text(data, "box", out.box);
  text(data, "about", out.field);
  text(data, "what", out.what);
  out.has_address = object(data, "ship_to") != nullptr;
  const json::value* corrected = data.if_contains("corrected");
  out.corrected = corrected != nullptr && corrected->is_bool() && corrected->get_bool();
  out.part = number(data, "part");
  text(data, "delivery", out.delivery);
  text(data, "supplier", out.supplier);
  text(data, "transfer", out.transfer);
  text(data, "from_site", out.from_site);
  text(data, "to_site", out.to_site);
  text(data, "bin", out.bin);
  text(data, "from_bin", out.from_bin);
  text(data, "to_bin", out.to_bin);
  text(data, "task", out.task);
  text(data, "purchase", out.purchase);
  text(data, "action", out.action);
  out.damaged = number(data, "damaged");
  out.counted = number(data, "counted");
  out.has_lines = data.if_contains("lines") != nullptr && data.at("lines").is_array();
  out.quantity = number(data, "quantity");
  out.epoch = 0;
  text(data, "lease", out.lease);
  if (const auto* work = object(data, "work")) {
    text(*work, "lease", out.lease);
    out.epoch = number(*work, "epoch");
  }
  const auto* lot = object(data, "lot");
  out.has_lot = lot != nullptr;
  const json::object none;
  const json::object& of_lot = lot == nullptr ? none : *lot;
  text(of_lot, "lot", out.lot);
  text(of_lot, "serial", out.serial);
  text(of_lot, "ownership", out.ownership);
  text(of_lot, "owner", out.owner);
  out.expires_ms = number(of_lot, "expires_ms");
  out.sscc.clear();
  if (const auto* label = object(data, "label")) {
    text(*label, "tracking", out.tracking);
    text(*label, "sscc", out.sscc);
  }
  lines(data, "lines", out.lines);
  lines(data, "allocations", out.allocations);
  lines(data, "parts", out.parts);
  out.orders.clear();
  const auto* orders = data.if_contains("orders");
  if (orders == nullptr || !orders->is_array()) return;
  for (const auto& one : orders->get_array()) {
    if (one.is_string()) out.orders.emplace_back(one.get_string());
  }
}

}  // namespace

void read_fact(std::string_view bytes, Fact& out) {
  static thread_local std::array<unsigned char, kScratchBytes> scratch;
  json::monotonic_resource memory(scratch.data(), scratch.size());
  boost::system::error_code failed;
  json::parse_options options;
  options.max_depth = 32;
  const json::value value = json::parse(bytes, failed, &memory, options);
  out.readable = !failed && value.is_object();
  const json::object none;
  const json::object& root = out.readable ? value.get_object() : none;
  text(root, "id", out.id);
  text(root, "type", out.type);
  text(root, "source", out.source);
  text(root, "subject", out.subject);
  text(root, "correlationid", out.correlation);
  text(root, "dlinc", out.inc);
  out.seq = number(root, "dlseq");
  out.moment = hex(root, "dlhlc");
  const json::object* data = object(root, "data");
  read_data(data == nullptr ? none : *data, out);
}

}  // namespace dockline::server::audit
