// How the process and the whole do, as JSON.
#include "server/api/fields.hpp"
#include "server/api/system.hpp"
#include "server/api/values.hpp"

namespace dockline::server::api {

using namespace store;  // the rows

std::string health_json(const Facts& facts, Moment now_ms) {
  return json::serialize(json::object{
      {"status", facts.broker_up ? "ok" : "degraded"},
      {"program", facts.program},
      {"version", facts.version},
      {"now_ms", now_ms},
      {"uptime_ms", now_ms - facts.started_wall_ms},
      {"broker", {{"up", facts.broker_up}, {"since_ms", moment(facts.broker_since_ms)}}}});
}

std::string summary_json(const Summary& s, Moment now_ms) {
  return json::serialize(
      json::object{{"now_ms", now_ms},
                   {"orders",
                    {{"open", s.open},
                     {"backordered", s.backordered},
                     {"allocated", s.allocated},
                     {"released", s.released},
                     {"packed", s.packed},
                     {"shipped", s.shipped},
                     {"delivered", s.delivered},
                     {"returned", s.returned},
                     {"cancelled", s.cancelled},
                     {"total", s.total}}},
                   {"exceptions_open", s.exceptions_open},
                   {"stations", {{"total", s.stations_total}, {"heard", s.stations_heard}}},
                   {"waiting", s.waiting},
                   {"outbox",
                    {{"waiting", s.outbox_waiting},
                     {"oldest_ms", moment(s.outbox_oldest_ms)},
                     {"dead", s.outbox_dead}}},
                   {"items", s.items},
                   {"events", s.events},
                   {"last_change_ms", moment(s.last_change_ms)}});
}

std::string created_json(const std::string& id, bool created) {
  return json::serialize(json::object{{"id", id}, {"created", created}});
}

std::string live_json(const std::vector<std::string>& changed, std::int64_t position,
                      Moment now_ms) {
  return json::serialize(
      json::object{{"changed", texts(changed)}, {"position", position}, {"now_ms", now_ms}});
}

std::string live_token(std::string_view message) {
  const auto object = parse_object(message);
  if (!object) return "";
  const json::value* token = object->if_contains("token");
  return token != nullptr && token->is_string() ? std::string(token->get_string()) : "";
}

}  // namespace dockline::server::api
