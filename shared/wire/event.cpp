#include "shared/wire/event.hpp"

#include <array>
#include <cstdio>
#include <optional>
#include <unordered_map>

#include "shared/base/limits.hpp"
#include "shared/base/time.hpp"
#include "shared/wire/json_visit.hpp"

namespace dockline::wire {
namespace {

using base::Fault;
using detail::Reader;
using detail::Writer;
namespace json = boost::json;

constexpr std::size_t kTreeBytes = 8 * 1024;  // of most facts, as a tree of values

using DataReader = EventData (*)(const json::object&, std::string& problem);

template <class T>
EventData read_data(const json::object& in, std::string& problem) {
  T out;
  Reader reader(in, "data", problem);
  T::visit(out, reader);
  return out;
}

template <std::size_t... I>
std::unordered_map<std::string_view, DataReader> make_readers(std::index_sequence<I...>) {
  std::unordered_map<std::string_view, DataReader> out;
  (out.emplace(std::variant_alternative_t<I + 1, EventData>::kType,
               &read_data<std::variant_alternative_t<I + 1, EventData>>),
   ...);
  return out;
}

constexpr auto kTypes = std::make_index_sequence<std::variant_size_v<EventData> - 1>{};

const std::unordered_map<std::string_view, DataReader>& readers() {
  static const auto table = make_readers(kTypes);
  return table;
}

std::string hlc_hex(std::uint64_t hlc) {
  std::array<char, 17> out{};
  std::snprintf(out.data(), out.size(), "%016llx", static_cast<unsigned long long>(hlc));
  return out.data();
}

json::value data_value(const EventData& data, const json::storage_ptr& memory) {
  return std::visit(
      [&](const auto& d) -> json::value {
        using T = std::decay_t<decltype(d)>;
        if constexpr (std::is_same_v<T, UnknownData>) {
          boost::system::error_code failed;
          auto value = json::parse(d.json, failed, memory);
          return failed ? json::value(nullptr, memory) : value;
        } else {
          return Writer::to_value(d, memory);
        }
      },
      data);
}

// Parses one fact after the other: the tree of values lies in memory that the next fact uses again.
class FactParser {
 public:
  // The value lives until the next call on this thread.
  const json::value& parse(std::string_view bytes, boost::system::error_code& failed) {
    value_.reset();  // before the memory it lies in
    memory_.emplace(block_.data(), block_.size());
    parser_.reset(json::storage_ptr(&*memory_));
    parser_.write(bytes.data(), bytes.size(), failed);
    value_.emplace(failed ? json::value() : parser_.release());
    return *value_;
  }

 private:
  static json::parse_options options() {
    json::parse_options out;
    out.max_depth = 16;
    return out;
  }
  std::array<unsigned char, 16 * 1024> block_{};
  std::array<unsigned char, 4 * 1024> scratch_{};
  std::optional<json::monotonic_resource> memory_;
  json::parser parser_{json::storage_ptr(), options(), scratch_.data(), scratch_.size()};
  std::optional<json::value> value_;
};

// The envelope's own members; `data` is read by type.
void read_envelope(const json::object& in, Event& out, std::string& problem) {
  Reader reader(in, "event", problem);
  std::string specversion, type, time;
  reader("specversion", specversion);
  reader("id", out.id);
  reader("source", out.source);
  reader("type", type);
  reader("time", time);
  std::optional<std::string> subject, correlation, causation, inc, hlc;
  std::optional<std::uint64_t> seq;
  reader("subject", subject);
  reader("correlationid", correlation);
  reader("causationid", causation);
  reader("dlinc", inc);
  reader("dlseq", seq);
  reader("dlhlc", hlc);
  reader("dloffms", out.dloffms);
  reader("dlerrms", out.dlerrms);
  if (!problem.empty()) return;
  if (specversion != "1.0") problem = "event.specversion: 1.0 is needed, not " + specversion;
  if (out.id.empty() || out.id.size() > 64) problem = "event.id: 1 to 64 characters are needed";
  const auto ms = base::parse_rfc3339(time);
  if (!ms) problem = "event.time: " + ms.error().detail;
  if (!problem.empty()) return;
  out.time_ms = *ms;
  out.subject = std::move(subject).value_or("");
  out.correlation = std::move(correlation).value_or("");
  out.causation = std::move(causation).value_or("");
  out.dlinc = std::move(inc).value_or("");
  out.dlseq = seq.value_or(0);
  if (hlc) {
    if (hlc->size() != 16 || hlc->find_first_not_of("0123456789abcdef") != std::string::npos) {
      problem = "event.dlhlc: 16 hex digits are needed";
      return;
    }
    out.dlhlc = std::stoull(*hlc, nullptr, 16);
  }
  out.unknown_type = std::move(type);
}

}  // namespace

std::string_view Event::type() const {
  return std::visit(
      [&](const auto& d) -> std::string_view {
        using T = std::decay_t<decltype(d)>;
        if constexpr (std::is_same_v<T, UnknownData>)
          return unknown_type;
        else
          return T::kType;
      },
      data);
}

base::Result<std::string> encode(const Event& event) {
  // The tree lives until it is text: from one piece of memory, most often without asking for any.
  std::array<unsigned char, kTreeBytes> first;
  json::monotonic_resource memory(first.data(), first.size());
  json::object out{json::storage_ptr(&memory)};
  out.emplace("specversion", "1.0");
  out.emplace("id", event.id);
  out.emplace("source", event.source);
  out.emplace("type", event.type());
  out.emplace("time", base::to_rfc3339(event.time_ms));
  if (!event.subject.empty()) out.emplace("subject", event.subject);
  if (!event.correlation.empty()) out.emplace("correlationid", event.correlation);
  if (!event.causation.empty()) out.emplace("causationid", event.causation);
  if (!event.dlinc.empty()) {
    out.emplace("dlinc", event.dlinc);
    out.emplace("dlseq", event.dlseq);
  }
  if (event.dlhlc != 0) out.emplace("dlhlc", hlc_hex(event.dlhlc));
  if (event.dloffms) out.emplace("dloffms", *event.dloffms);
  if (event.dlerrms) out.emplace("dlerrms", *event.dlerrms);
  out.emplace("datacontenttype", "application/json");
  out.emplace("data", data_value(event.data, out.storage()));
  std::string bytes = json::serialize(out);
  if (bytes.size() > base::limits::kFactBytesMax) {
    return base::fail(Fault::reject, "event " + event.id + " of type " + std::string(event.type()) +
                                         " has " + std::to_string(bytes.size()) +
                                         " bytes; at most " +
                                         std::to_string(base::limits::kFactBytesMax) + " fit");
  }
  return bytes;
}

base::Result<Event> decode(std::string_view bytes) {
  if (bytes.size() > base::limits::kFactBytesMax) {
    return base::fail(Fault::reject, "event of " + std::to_string(bytes.size()) + " bytes");
  }
  boost::system::error_code failed;
  thread_local FactParser parser;
  const json::value& value = parser.parse(bytes, failed);
  if (failed || !value.is_object()) {
    return base::fail(Fault::reject, "event is not a JSON object: " + failed.message());
  }
  const json::object& object = value.get_object();
  Event out;
  std::string problem;
  read_envelope(object, out, problem);
  if (!problem.empty()) return base::fail(Fault::reject, problem);
  const json::value* data = object.if_contains("data");
  const auto found = readers().find(out.unknown_type);
  if (found == readers().end()) {
    out.data = UnknownData{data == nullptr ? "null" : json::serialize(*data)};
    return out;
  }
  if (data == nullptr || !data->is_object()) {
    return base::fail(Fault::reject, "event.data: an object is needed");
  }
  out.data = found->second(data->get_object(), problem);
  if (!problem.empty()) return base::fail(Fault::reject, problem);
  out.unknown_type.clear();
  return out;
}

std::string data_json(const EventData& data) { return json::serialize(data_value(data, {})); }

}  // namespace dockline::wire
