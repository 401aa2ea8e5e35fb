#include "shared/sync/message.hpp"

#include <algorithm>
#include <array>
#include <concepts>

#include <boost/json.hpp>

#include "shared/base/bytes.hpp"
#include "shared/base/limits.hpp"
#include "shared/sync/frame.hpp"

namespace dockline::sync {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using base::Fault;
using base::Result;
using base::Status;

constexpr std::size_t kHeaderBytesMax = 4096;
constexpr std::size_t kTextBytesMax = 64;
constexpr std::size_t kWordsMax = 16;

// Reads members of a header; remembers the first problem.
class Header {
 public:
  explicit Header(const json::object& object) : object_(&object) {}

  template <std::integral T>
  T integer(const char* key, std::int64_t lo, std::int64_t hi, bool needed = true) {
    const json::value* v = object_->if_contains(key);
    if (v == nullptr && !needed) return T{};
    std::int64_t value = 0;
    if (v != nullptr && v->is_int64()) {
      value = v->get_int64();
    } else {
      bad(key);
      return T{};
    }
    if (value < lo || value > hi) bad(key);
    return static_cast<T>(value);
  }
  std::optional<std::int64_t> maybe_integer(const char* key) {
    if (!object_->contains(key)) return std::nullopt;
    return integer<std::int64_t>(key, -static_cast<std::int64_t>(kSeqMax),
                                 static_cast<std::int64_t>(kSeqMax));
  }
  Seq seq(const char* key, bool needed = true) {
    return integer<Seq>(key, 0, static_cast<std::int64_t>(kSeqMax), needed);
  }
  std::int64_t time(const char* key) {
    return integer<std::int64_t>(key, 0, static_cast<std::int64_t>(kSeqMax), false);
  }

  std::string text(const char* key, bool needed = true) {
    const json::value* v = object_->if_contains(key);
    if (v == nullptr && !needed) return {};
    if (v == nullptr || !v->is_string() || v->get_string().size() > kTextBytesMax) {
      bad(key);
      return {};
    }
    return std::string(v->get_string());
  }
  std::string inc(const char* key = "inc") {
    std::string value = text(key);
    if (!is_incarnation(value)) bad(key);
    return value;
  }
  Session session() {
    const auto value = session_from_text(text("ses"));
    if (!value) bad("ses");
    return value.value_or(Session{});
  }
  Process process(const char* key) {
    const auto value = process_from_text(text(key));
    if (!value) bad(key);
    return value.value_or(Process{});
  }
  Chain chain(const char* key) {
    const auto value = chain_from_hex(text(key));
    if (!value) bad(key);
    return value.value_or(Chain{});
  }
  const json::array* array(const char* key, std::size_t lo, std::size_t hi) {
    const json::value* v = object_->if_contains(key);
    if (v == nullptr || !v->is_array() || v->get_array().size() < lo ||
        v->get_array().size() > hi) {
      bad(key);
      return nullptr;
    }
    return &v->get_array();
  }
  std::vector<int> versions() {
    std::vector<int> out;
    const json::array* list = array("versions", 1, 2);
    if (list == nullptr) return out;
    for (const json::value& v : *list) {
      if (!v.is_int64() || v.get_int64() < 1 || v.get_int64() > 255) {
        bad("versions");
        return out;
      }
      out.push_back(static_cast<int>(v.get_int64()));
    }
    return out;
  }
  // Words of a list that may be absent; what is no word is left out.
  std::vector<std::string> words(const char* key) {
    std::vector<std::string> out;
    const json::value* list = object_->if_contains(key);
    if (list == nullptr || !list->is_array()) return out;
    for (const json::value& v : list->get_array()) {
      if (out.size() == kWordsMax) break;
      if (v.is_string() && v.get_string().size() <= kTextBytesMax) out.emplace_back(v.get_string());
    }
    return out;
  }
  void bad(const char* key) {
    if (problem_.empty()) problem_ = key;
  }
  template <class T>
  Result<Message> done(T message) {
    if (!problem_.empty()) {
      return base::fail(Fault::reject, "header field " + problem_ + " is missing or wrong");
    }
    return Message(std::move(message));
  }

 private:
  const json::object* object_;
  std::string problem_;
};

Result<Message> parse_open(Header h) {
  Open m;
  m.inc = h.inc();
  m.session = h.session();
  m.base = {h.seq("base"), h.chain("basechain")};
  m.last = h.seq("last");
  if (const json::array* list = h.array("gone", 0, limits::kGoneMax)) {
    for (const json::value& v : *list) {
      if (!v.is_object()) {
        h.bad("gone");
        break;
      }
      Header entry(v.get_object());
      Gone gone{entry.inc(), entry.seq("through")};
      if (!entry.done(UnknownKind{})) h.bad("gone");
      m.gone.push_back(std::move(gone));
    }
  }
  m.versions = h.versions();
  m.why = h.text("why", false);
  m.t1 = h.time("t1");
  return h.done(std::move(m));
}

// Splits `lines` into exactly `count` facts, each ended by a line feed.
Status split(std::string_view lines, std::size_t count, std::vector<std::string_view>& facts) {
  facts.reserve(count);
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    if (end == std::string_view::npos) return base::fail(Fault::reject, "last fact is cut off");
    if (end > limits::kFactBytesMax) return base::fail(Fault::reject, "a fact is too large");
    if (facts.size() == count) return base::fail(Fault::reject, "more facts than count");
    facts.push_back(lines.substr(0, end));
    lines.remove_prefix(end + 1);
  }
  if (facts.size() != count) return base::fail(Fault::reject, "fewer facts than count");
  return {};
}

Result<Message> parse_data(Header h, std::string_view lines) {
  Data m;
  m.inc = h.inc();
  m.session = h.session();
  m.first = h.integer<Seq>("first", 1, static_cast<std::int64_t>(kSeqMax - limits::kBatchFactsMax));
  const auto count =
      h.integer<std::size_t>("count", 1, static_cast<std::int64_t>(limits::kBatchFactsMax));
  m.prev = h.chain("prev");
  if (auto ok = h.done(UnknownKind{}); !ok) return base::pass(ok.error());
  if (auto ok = split(lines, count, m.facts); !ok) return base::pass(ok.error());
  return Message(std::move(m));
}

Result<Message> parse_jump(Header h) {
  Jump m;
  m.inc = h.inc();
  m.session = h.session();
  m.to = {h.seq("to"), h.chain("chain")};
  return h.done(std::move(m));
}

// One line of base64. `parts` is 0 until the last piece, which says how many there were.
Result<Message> parse_part(Header h, std::string_view lines) {
  Part m;
  m.inc = h.inc();
  m.session = h.session();
  m.at = {h.seq("to"), h.chain("chain")};
  m.snap = h.inc("snap");
  m.part = h.integer<std::uint32_t>("part", 1, static_cast<std::int64_t>(limits::kPartsMax));
  m.parts = h.integer<std::uint32_t>("parts", 0, static_cast<std::int64_t>(limits::kPartsMax));
  if (m.parts != 0 && m.parts != m.part) h.bad("parts");
  const auto sum = base::from_hex(h.text("sum"));
  if (sum && sum->size() == m.sum.size()) {
    std::ranges::copy(*sum, reinterpret_cast<char*>(m.sum.data()));
  } else {
    h.bad("sum");
  }
  if (auto ok = h.done(UnknownKind{}); !ok) return base::pass(ok.error());
  if (lines.empty() || lines.back() != '\n') return base::fail(Fault::reject, "piece is cut off");
  auto piece = base::from_base64(lines.substr(0, lines.size() - 1));
  if (!piece || piece->empty() || piece->size() > limits::kPieceBytesMax) {
    return base::fail(Fault::reject, "a piece is one line of base64 within its limit");
  }
  m.piece = std::move(*piece);
  return Message(std::move(m));
}

constexpr std::array kCodes = {AckCode::ok, AckCode::reopen, AckCode::fenced, AckCode::version,
                               AckCode::busy};

Result<Message> parse_ack(Header h) {
  Ack m;
  m.inc = h.inc();
  m.session = h.session();
  m.cursor = {h.seq("through"), h.chain("chain")};
  m.safe = h.seq("safe");
  if (m.safe > m.cursor.through) h.bad("safe");
  m.window =
      h.integer<std::uint64_t>("window", 0, static_cast<std::int64_t>(limits::kWindowFactsMax));
  m.bytes =
      h.integer<std::uint64_t>("bytes", 0, static_cast<std::int64_t>(limits::kWindowBytesMax));
  const std::string code = h.text("code");
  const auto* const known =
      std::ranges::find_if(kCodes, [&](AckCode c) { return name(c) == code; });
  if (known == kCodes.end()) {
    h.bad("code");
  } else {
    m.code = *known;
  }
  m.snap = h.text("snap", false);
  if (!m.snap.empty() && !is_incarnation(m.snap)) h.bad("snap");
  m.part = h.integer<std::uint32_t>("part", 0, static_cast<std::int64_t>(limits::kPartsMax), false);
  m.peer = h.process("peer");
  m.t1 = h.time("t1");
  m.t2 = h.time("t2");
  m.t3 = h.time("t3");
  return h.done(m);
}

Result<Message> parse_state(Header h) {
  State m;
  const std::string status = h.text("status");
  if (status != "up" && status != "down") h.bad("status");
  m.up = status == "up";
  m.inc = h.text("inc", false);
  if (!m.inc.empty() && !is_incarnation(m.inc)) h.bad("inc");
  m.process = {h.integer<std::uint64_t>("boot", 0, 9'999'999'999), 0};
  const auto process = process_from_text("0." + h.text("nonce"));
  if (!process) h.bad("nonce");
  m.process.nonce = process.value_or(Process{}).nonce;
  m.versions = h.versions();
  m.program = h.text("program", false);
  m.can = h.words("can");
  m.last = h.seq("last", false);
  m.acked = h.seq("acked", false);
  m.down_through = h.seq("down_through", false);
  m.oldest_ms = h.maybe_integer("oldest_ms");
  m.t1 = h.time("t1");
  m.dloffms = h.maybe_integer("dloffms");
  m.dlerrms = h.maybe_integer("dlerrms");
  return h.done(std::move(m));
}

bool speaks_ours(const json::object& header) {
  const json::value* list = header.if_contains("versions");
  if (list == nullptr || !list->is_array()) return false;
  return std::ranges::any_of(list->get_array(), [](const json::value& v) {
    return v.is_int64() && v.get_int64() == kVersion;
  });
}

Result<json::value> parse_header(std::string_view line) {
  json::parse_options options;
  options.max_depth = 4;
  json::error_code error;
  json::value header = json::parse(json::string_view(line.data(), line.size()), error, {}, options);
  if (error || !header.is_object()) {
    return base::fail(Fault::reject, "header line is no JSON object");
  }
  return header;
}

}  // namespace

std::string_view name(AckCode code) {
  switch (code) {
    case AckCode::ok:
      return "ok";
    case AckCode::reopen:
      return "reopen";
    case AckCode::fenced:
      return "fenced";
    case AckCode::version:
      return "version";
    case AckCode::busy:
      return "busy";
  }
  return {};
}

Result<Message> parse(std::string_view payload) {
  if (payload.size() > limits::kMessageUnpackedBytesMax) {
    return base::fail(Fault::reject, "message is too large");
  }
  const std::size_t end = payload.substr(0, kHeaderBytesMax).find('\n');
  if (end == std::string_view::npos) return base::fail(Fault::reject, "no header line");
  auto value = parse_header(payload.substr(0, end));
  if (!value) return base::pass(value.error());
  Header h(value->get_object());
  const std::string_view lines = payload.substr(end + 1);

  const int v = h.integer<int>("v", 1, 255);
  const std::string kind = h.text("k");
  if (auto ok = h.done(UnknownKind{}); !ok) return ok;
  if (v != kVersion) {
    // A newer program that still speaks our version says so in `versions`, and writes these two so
    // that we can read them; the session is then held in ours.
    const bool ours = (kind == "open" || kind == "state") && speaks_ours(value->get_object());
    if (ours) return kind == "open" ? parse_open(h) : parse_state(h);
    OtherVersion other{.v = v, .kind = kind};
    if (kind == "state" || kind == "ack") return Message(std::move(other));
    other.inc = h.inc();
    other.session = h.session();
    return h.done(std::move(other));
  }
  if (kind == "data") return parse_data(h, lines);
  if (kind == "part") return parse_part(h, lines);
  if (kind != "ack" && kind != "open" && kind != "jump" && kind != "state") {
    return Message(UnknownKind{kind});
  }
  if (!lines.empty()) return base::fail(Fault::reject, "more than a header line");
  if (kind == "ack") return parse_ack(h);
  if (kind == "open") return parse_open(h);
  if (kind == "jump") return parse_jump(h);
  return parse_state(h);
}

Result<Message> read(std::string_view payload) {
  const auto plain = unpack(payload);
  if (!plain) return base::pass(plain.error());
  return parse(*plain);
}

}  // namespace dockline::sync
