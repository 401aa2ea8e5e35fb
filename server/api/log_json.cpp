// The event log as JSON.
#include "server/api/log.hpp"
#include "server/api/values.hpp"

namespace dockline::server::api {
namespace {

using namespace store;  // the rows

json::object event_row(const EventRow& e) {
  return {{"position", e.position}, {"id", e.id},
          {"type", e.type},         {"source", e.source},
          {"subject", e.subject},   {"correlation", e.correlation},
          {"time_ms", e.time_ms},   {"heard_ms", e.heard_ms},
          {"late", e.late},         {"data", data_of(e.body)}};
}

}  // namespace

std::string events_json(const Page<EventRow>& page) {
  return json::serialize(page_of(page, event_row));
}

std::string decisions_json(const Page<DecisionRow>& page, bool counted) {
  json::object out = page_of(page, decision_row);
  if (!counted) out["total"] = nullptr;
  return json::serialize(out);
}
std::string segments_json(const std::vector<store::SegmentRow>& rows) {
  json::array items;
  for (const auto& r : rows) {
    items.push_back(json::object{{"number", r.number},
                                 {"file", r.file},
                                 {"first", r.first},
                                 {"last", r.last},
                                 {"emptied_to", r.cut},
                                 {"bytes", r.bytes},
                                 {"sha256", r.sha256},
                                 {"made_ms", r.made_ms}});
  }
  return json::serialize(whole(std::move(items)));
}

std::string head_json(const store::HeadRow& head, Moment now_ms) {
  return json::serialize(json::object{{"dockline", "log-head"},
                                      {"position", head.position},
                                      {"chain", head.chain},
                                      {"heard_ms", moment(head.heard_ms)},
                                      {"made_ms", now_ms}});
}

std::string replay_json(const ReplayReport& r) {
  return json::serialize(
      json::object{{"events", r.events},
                   {"equal", r.equal},
                   {"digest", r.digest},
                   {"tables", list(r.tables, [](const ReplayTable& t) {
                      return json::object{{"table", t.table}, {"rows", t.rows}, {"equal", t.equal}};
                    })}});
}

}  // namespace dockline::server::api
