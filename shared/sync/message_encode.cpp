// How messages are written; message.cpp reads them.
#include <boost/json.hpp>

#include "shared/base/bytes.hpp"
#include "shared/sync/message.hpp"

namespace dockline::sync {
namespace {

namespace json = boost::json;

json::object begin(std::string_view kind) {
  json::object o;
  o["v"] = kVersion;
  o["k"] = json::string_view(kind.data(), kind.size());
  return o;
}

std::string line(const json::object& object) { return json::serialize(object) + "\n"; }

json::array to_json(const std::vector<int>& versions) {
  json::array out;
  for (const int v : versions) out.push_back(v);
  return out;
}

}  // namespace

std::string encode(const Open& m) {
  json::object o = begin("open");
  o["inc"] = m.inc;
  o["ses"] = to_text(m.session);
  o["base"] = m.base.through;
  o["basechain"] = to_hex(m.base.chain);
  o["last"] = m.last;
  json::array gone;
  for (const Gone& g : m.gone) gone.push_back({{"inc", g.inc}, {"through", g.through}});
  o["gone"] = std::move(gone);
  o["versions"] = to_json(m.versions);
  o["why"] = m.why;
  o["t1"] = m.t1;
  return line(o);
}

std::string encode(const Data& m, std::size_t count, std::string_view lines) {
  json::object o = begin("data");
  o["inc"] = m.inc;
  o["ses"] = to_text(m.session);
  o["first"] = m.first;
  o["count"] = count;
  o["prev"] = to_hex(m.prev);
  return line(o).append(lines);
}

std::string encode(const Data& m) {
  std::string lines;
  for (const std::string_view fact : m.facts) lines.append(fact).push_back('\n');
  return encode(m, m.facts.size(), lines);
}

std::string encode(const Jump& m) {
  json::object o = begin("jump");
  o["inc"] = m.inc;
  o["ses"] = to_text(m.session);
  o["to"] = m.to.through;
  o["chain"] = to_hex(m.to.chain);
  return line(o);
}

std::string encode(const Part& m) {
  json::object o = begin("part");
  o["inc"] = m.inc;
  o["ses"] = to_text(m.session);
  o["to"] = m.at.through;
  o["chain"] = to_hex(m.at.chain);
  o["snap"] = m.snap;
  o["part"] = m.part;
  o["parts"] = m.parts;
  o["sum"] = base::to_hex(m.sum);
  return line(o).append(base::to_base64(m.piece)).append("\n");
}

std::string encode(const Ack& m) {
  json::object o = begin("ack");
  o["inc"] = m.inc;
  o["ses"] = to_text(m.session);
  o["through"] = m.cursor.through;
  o["chain"] = to_hex(m.cursor.chain);
  o["safe"] = m.safe;
  o["window"] = m.window;
  o["bytes"] = m.bytes;
  const std::string_view code = name(m.code);
  o["code"] = json::string_view(code.data(), code.size());
  if (!m.snap.empty()) {
    o["snap"] = m.snap;
    o["part"] = m.part;
  }
  o["peer"] = to_text(m.peer);
  o["t1"] = m.t1;
  o["t2"] = m.t2;
  o["t3"] = m.t3;
  return line(o);
}

std::string encode(const State& m) {
  json::object o = begin("state");
  o["status"] = m.up ? "up" : "down";
  if (!m.inc.empty()) o["inc"] = m.inc;
  o["boot"] = m.process.boot;
  o["nonce"] = nonce_text(m.process.nonce);
  o["versions"] = to_json(m.versions);
  o["program"] = m.program;
  if (!m.can.empty()) {
    json::array can;
    for (const auto& word : m.can) can.emplace_back(json::string_view(word));
    o["can"] = std::move(can);
  }
  o["last"] = m.last;
  o["acked"] = m.acked;
  o["down_through"] = m.down_through;
  if (m.oldest_ms) o["oldest_ms"] = *m.oldest_ms;
  o["t1"] = m.t1;
  if (m.dloffms) o["dloffms"] = *m.dloffms;
  if (m.dlerrms) o["dlerrms"] = *m.dlerrms;
  return line(o);
}

}  // namespace dockline::sync
