#include "server/api/stream.hpp"

#include <algorithm>
#include <charconv>

#include "server/api/query.hpp"

namespace dockline::server::api {
namespace {

constexpr std::size_t kTypesMax = 50;

}  // namespace

bool StreamAsk::wants(const std::string& type) const {
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

std::expected<StreamAsk, Problem> stream_ask(std::string_view query,
                                             std::string_view last_event_id) {
  const auto read = Query::parse(query, {"after", "types"});
  if (!read) return std::unexpected(read.error());
  StreamAsk out;
  if (!read->text("after").empty()) {
    const auto after = read->integer("after", 0, 0, INT64_MAX);
    if (!after) return std::unexpected(after.error());
    out.after = *after;
  }
  if (!last_event_id.empty()) {
    std::int64_t position = 0;
    const char* const last = last_event_id.data() + last_event_id.size();
    const auto [end, failed] = std::from_chars(last_event_id.data(), last, position);
    if (failed != std::errc{} || end != last || position < 0) {
      return std::unexpected(Problem{400, "bad_query", "Last-Event-ID is no position of the log",
                                     "Send the id of the last event that came", "Last-Event-ID"});
    }
    out.after = position;
  }
  const std::string types = read->text("types");
  for (std::size_t at = 0; at < types.size();) {
    const std::size_t end = std::min(types.find(',', at), types.size());
    if (end > at) out.types.push_back(types.substr(at, end - at));
    at = end + 1;
  }
  if (out.types.size() > kTypesMax) {
    return std::unexpected(Problem{400, "bad_query", "more than 50 types",
                                   "Leave types away: all of them come", "query.types"});
  }
  return out;
}

std::string stream_event(const store::EventRow& event) {
  std::string out = "id: " + std::to_string(event.position) + "\nevent: " + event.type + "\n";
  // A fact is one line of JSON; should it hold line ends, each line is a line of data.
  for (std::size_t at = 0; at <= event.body.size();) {
    const std::size_t end = std::min(event.body.find_first_of("\r\n", at), event.body.size());
    if (end > at || event.body.empty()) out += "data: " + event.body.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return out + "\n";
}

}  // namespace dockline::server::api
