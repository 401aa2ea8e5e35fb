#include "server/api/values.hpp"

namespace dockline::server::api {

json::value moment(std::int64_t ms) { return ms == 0 ? json::value(nullptr) : json::value(ms); }

json::value moment(const std::optional<std::int64_t>& ms) {
  return ms ? json::value(*ms) : json::value(nullptr);
}

json::value stored(const std::string& text) {
  json::error_code failed;
  json::value value = json::parse(text, failed);
  return failed ? json::value(nullptr) : value;
}

json::value data_of(const std::string& event) {
  const json::value whole = stored(event);
  const json::value* data = whole.is_object() ? whole.get_object().if_contains("data") : nullptr;
  return data == nullptr ? json::value(nullptr) : *data;
}

json::value cause_of(const std::string& event) {
  const json::value whole = stored(event);
  const json::value* id =
      whole.is_object() ? whole.get_object().if_contains("causationid") : nullptr;
  return id == nullptr ? json::value(nullptr) : *id;
}

json::array texts(const std::vector<std::string>& values) {
  return list(values, [](const std::string& v) { return json::value(v); });
}

json::object whole(json::array items) { return {{"items", std::move(items)}, {"next", nullptr}}; }

json::object decision_row(const store::DecisionRow& d) {
  const json::value data = data_of(d.body);
  const auto part = [&](const char* name) -> json::value {
    const json::value* found = data.is_object() ? data.get_object().if_contains(name) : nullptr;
    return found == nullptr ? json::value(json::array{}) : *found;
  };
  return {{"id", d.id},
          {"position", d.position},
          {"kind", d.kind},
          {"subject", d.subject},
          {"rule", d.rule},
          {"version", d.version},
          {"outcome", d.outcome},
          {"reason", d.reason},
          {"made_ms", d.made_ms},
          {"candidates", part("candidates")},
          {"inputs", part("inputs")},
          {"allocations", part("allocations")}};
}

}  // namespace dockline::server::api
