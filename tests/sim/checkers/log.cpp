#include "tests/sim/checkers/log.hpp"

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include <boost/json.hpp>

namespace dockline::sim {
namespace {

namespace json = boost::json;

void take(const json::object& in, const char* key, std::string& out) {
  const auto* found = in.if_contains(key);
  if (found != nullptr && found->is_string()) {
    out.assign(found->get_string().data(), found->get_string().size());
  }
}
void take(const json::object& in, const char* key, std::int64_t& out) {
  const auto* found = in.if_contains(key);
  if (found != nullptr && found->is_int64()) out = found->get_int64();
}

// When it expires, and whether it must not be sold at that hour.
std::pair<std::int64_t, bool> read_lot(const json::value& in, std::int64_t time_ms,
                                       std::string& serial) {
  if (!in.is_object()) return {};
  std::string ownership;
  std::int64_t expires_ms = 0;
  take(in.get_object(), "ownership", ownership);
  take(in.get_object(), "serial", serial);
  take(in.get_object(), "expires_ms", expires_ms);
  return {expires_ms, ownership == "customer" || (expires_ms != 0 && expires_ms <= time_ms)};
}

void read_owner(const json::value& lot, std::string& ownership, std::string& owner) {
  if (!lot.is_object()) return;
  take(lot.get_object(), "ownership", ownership);
  take(lot.get_object(), "owner", owner);
}

void read_lots(const json::object& in, Fact::Line& out) {
  const auto* lots = in.if_contains("lots");
  if (lots == nullptr || !lots->is_array()) return;
  for (const auto& one : lots->get_array()) {
    if (!one.is_object()) continue;
    std::int64_t pieces = 0;
    std::string serial;
    take(one.get_object(), "quantity", pieces);
    if (const auto* lot = one.get_object().if_contains("lot"); lot != nullptr && lot->is_object()) {
      take(lot->get_object(), "serial", serial);
    }
    out.named += pieces;
    if (!serial.empty()) out.serials[serial] += pieces;
  }
}

void read_lines(const json::object& data, Fact& out) {
  for (const char* key : {"lines", "allocations"}) {
    const auto* lines = data.if_contains(key);
    if (lines == nullptr || !lines->is_array()) continue;
    for (const auto& one : lines->get_array()) {
      if (!one.is_object()) continue;
      auto& line = out.lines.emplace_back();
      take(one.get_object(), "line", line.line);
      take(one.get_object(), "sku", line.sku);
      take(one.get_object(), "quantity", line.quantity);
      take(one.get_object(), "packed", line.packed);
      take(one.get_object(), "missing", line.missing);
      take(one.get_object(), "site", line.site);
      take(one.get_object(), "to", line.to);
      if (const auto* lot = one.get_object().if_contains("lot"); lot != nullptr) {
        line.not_sold = read_lot(*lot, out.time_ms, line.serial).second;
        read_owner(*lot, line.ownership, line.owner);
      }
      read_lots(one.get_object(), line);
      std::string bin;
      take(one.get_object(), "bin", bin);
      if (!bin.empty()) out.bins.emplace_back(line.sku, std::move(bin));
    }
  }
}

// {"name":"atp leipzig MUG-RED","value":"3"}
void read_inputs(const json::object& data, Fact& out) {
  const auto* inputs = data.if_contains("inputs");
  if (inputs == nullptr || !inputs->is_array()) return;
  for (const auto& one : inputs->get_array()) {
    if (!one.is_object()) continue;
    std::string name, value;
    take(one.get_object(), "name", name);
    take(one.get_object(), "value", value);
    const auto site = name.find(' ') + 1, sku = name.find(' ', site) + 1;
    if (!name.starts_with("atp ") || sku == 0) continue;
    const auto pieces = std::strtoll(value.c_str(), nullptr, 10);
    out.free[name.substr(sku)] += std::max<std::int64_t>(0, pieces);
  }
}

void read_address(const json::object& address, Fact& out) {
  for (const char* field :
       {"name", "company", "street1", "street2", "postal_code", "city", "region", "country"}) {
    std::string text;
    take(address, field, text);
    for (const char c : text) {
      if (c >= 'A' && c <= 'Z') out.address += static_cast<char>(c - 'A' + 'a');
      const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c < 0;
      if (kept) out.address += c;
    }
    out.address += '|';
  }
  if (out.customer.empty()) take(address, "email", out.customer);
}

// What orders come first, and what may be sold that is not there.
void read_promises(const json::object& data, Fact& out) {
  const auto flag = [&](const char* key) {
    const auto* found = data.if_contains(key);
    return found != nullptr && found->is_bool() ? std::optional(found->get_bool()) : std::nullopt;
  };
  out.vip = flag("vip");
  out.preorder = flag("preorder").value_or(false);
  out.ended = flag("ended").value_or(false);
  if (const auto* at = data.if_contains("promised_ms"); at != nullptr && at->is_int64()) {
    out.promised_ms = at->get_int64();
  }
  take(data, "predicted_ms", out.predicted_ms);
  take(data, "placed_ms", out.placed_ms);
  take(data, "released_ms", out.released_ms);
  take(data, "preorder_most", out.preorder_most);
}

void read_data(const json::object& data, Fact& out) {
  for (const auto& [key, field] : std::initializer_list<std::pair<const char*, std::string*>>{
           {"order", &out.order},         {"channel", &out.channel},
           {"number", &out.number},       {"lease", &out.lease},
           {"tracking", &out.tracking},   {"sku", &out.sku},
           {"from", &out.from},           {"to", &out.to},
           {"reason", &out.reason},       {"by", &out.by},
           {"barcode", &out.barcode},     {"box", &out.box},
           {"kind", &out.kind},           {"subject", &out.subject},
           {"exception", &out.exception}, {"action", &out.action},
           {"site", &out.site},           {"station", &out.name},
           {"location", &out.location},   {"job", &out.job},
           {"state", &out.state},         {"about", &out.about},
           {"rule", &out.rule},           {"facts", &out.facts},
           {"delivery", &out.delivery},   {"transfer", &out.transfer},
           {"task", &out.task},           {"from_site", &out.from_site},
           {"to_site", &out.to_site},     {"bin", &out.bin},
           {"from_bin", &out.from_bin},   {"to_bin", &out.to_bin},
           {"purchase", &out.purchase},   {"supplier", &out.supplier},
           {"outcome", &out.outcome},     {"outlook", &out.outlook},
           {"worst", &out.worst},         {"why", &out.why}}) {
    take(data, key, *field);
  }
  take(data, "quantity", out.quantity);
  take(data, "line", out.line);
  take(data, "attempt", out.attempt);
  take(data, "most", out.most);
  const auto* address = data.if_contains("ship_to");
  out.has_address = address != nullptr && address->is_object();
  take(data, "customer", out.customer);
  take(data, "holder", out.holder);
  if (out.has_address) read_address(address->get_object(), out);
  if (const auto* orders = data.if_contains("orders"); orders != nullptr && orders->is_array()) {
    for (const auto& one : orders->get_array()) {
      if (one.is_string()) out.orders.emplace_back(one.get_string());
    }
  }
  read_promises(data, out);
  if (const auto* values = data.if_contains("values"); values != nullptr && values->is_array()) {
    for (const auto& one : values->get_array()) {
      if (!one.is_object()) continue;
      auto& value = out.values.emplace_back();
      take(one.get_object(), "key", value.first);
      take(one.get_object(), "value", value.second);
    }
  }
  if (const auto* parts = data.if_contains("parts"); parts != nullptr && parts->is_array()) {
    for (const auto& one : parts->get_array()) {
      if (!one.is_object()) continue;
      auto& part = out.parts.emplace_back();
      take(one.get_object(), "sku", part.first);
      take(one.get_object(), "pieces", part.second);
    }
  }
  take(data, "handed_ms", out.handed_ms);
  take(data, "delivered_ms", out.delivered_ms);
  take(data, "damaged", out.damaged);
  take(data, "counted", out.counted);
  if (const auto* lot = data.if_contains("lot"); lot != nullptr) {
    std::string serial;
    read_owner(*lot, out.ownership, out.owner);
    std::tie(out.expires_ms, out.not_sold) = read_lot(*lot, out.time_ms, serial);
  }
  if (const auto* work = data.if_contains("work"); work != nullptr && work->is_object()) {
    take(work->get_object(), "lease", out.lease);
    take(work->get_object(), "epoch", out.epoch);
  }
  if (const auto* label = data.if_contains("label"); label != nullptr && label->is_object()) {
    take(label->get_object(), "tracking", out.tracking);
    std::string called;
    take(label->get_object(), "carrier", out.service);
    take(label->get_object(), "service", called);
    out.service += " " + called;
  }
  if (const auto* best = data.if_contains("optimality"); best != nullptr && best->is_object()) {
    take(best->get_object(), "method", out.method);
    take(best->get_object(), "cost_minor", out.cost_minor);
  }
  if (const auto* item = data.if_contains("item"); item != nullptr && item->is_object()) {
    take(item->get_object(), "sku", out.sku);
    const auto* marked = item->get_object().if_contains("hazardous");
    out.hazardous = marked != nullptr && marked->is_bool() && marked->get_bool();
  }
  read_lines(data, out);
  read_inputs(data, out);
}

}  // namespace

bool read_fact(std::string_view body, Fact& out) {
  boost::system::error_code failed;
  const auto value = json::parse(body, failed);
  if (failed || !value.is_object()) return false;
  const auto& event = value.get_object();
  take(event, "id", out.id);
  take(event, "type", out.type);
  take(event, "source", out.source);
  take(event, "time", out.time);
  take(event, "dlinc", out.inc);
  std::string hlc;
  take(event, "dlhlc", hlc);
  if (!hlc.empty()) out.moment = static_cast<std::int64_t>(std::stoull(hlc, nullptr, 16));
  std::int64_t seq = 0;
  take(event, "dlseq", seq);
  out.seq = static_cast<std::uint64_t>(seq);
  if (out.source.size() > 1 && out.source.find('/', 1) != std::string::npos) {
    out.station = out.source.substr(1);
  }
  if (const auto* data = event.if_contains("data"); data != nullptr && data->is_object()) {
    read_data(data->get_object(), out);
  }
  return !out.type.empty();
}

// The newest fact read so far must still be there.
bool Log::check_tail() {
  if (position_ == 0) return true;
  bool same = false;
  const bool read = sql_.each("SELECT id FROM events WHERE position = ?1", {position_},
                              [&](const Row& row) { same = row.text(0) == last_id_; });
  if (read && !same) again_ = true;
  return read;
}

bool Log::catch_up(const Evidence& evidence) {
  if (!sql_.open(evidence.server_db(), evidence.vfs()) || !check_tail()) return false;
  if (again_) {
    again_ = false;
    position_ = parked_ = 0;
    last_id_.clear();
    for (auto* reader : readers_) reader->forget();
  }
  const auto tell = [&](Fact& fact, std::string_view body) {
    static_cast<void>(read_fact(body, fact));  // what the server keeps need not be readable
    for (auto* reader : readers_) reader->fact(fact);
  };
  const bool parked = sql_.each(
      "SELECT id, site || '/' || station, bytes, inc, seq FROM parked WHERE id > ?1 ORDER BY id",
      {parked_}, [&](const Row& row) {
        parked_ = row.integer(0);
        Fact fact;
        // What cannot be read says nothing of where it was born.
        fact.station = row.str(1);
        fact.inc = row.str(3);
        fact.seq = static_cast<std::uint64_t>(row.integer(4));
        tell(fact, row.text(2));
      });
  return parked && sql_.each(
                       "SELECT position, id, body, time_ms, heard_ms FROM events "
                       "WHERE position > ?1 "
                       "ORDER BY position",
                       {position_}, [&](const Row& row) {
                         Fact fact;
                         fact.position = position_ = row.integer(0);
                         last_id_ = row.text(1);
                         fact.moment = row.integer(3) << 16;
                         fact.time_ms = row.integer(3);
                         fact.heard_ms = row.integer(4);
                         tell(fact, row.text(2));
                       });
}

}  // namespace dockline::sim
