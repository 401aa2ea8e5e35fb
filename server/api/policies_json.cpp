// What is kept back, and how a figure comes about, as JSON.
#include "server/api/policies.hpp"
#include "server/api/values.hpp"

namespace dockline::server::api {
namespace {

json::value set(const std::optional<std::int64_t>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}
json::value name(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object term(const stock::Term& of) {
  return {{"name", of.name},
          {"of", of.of},
          {"value", of.value},
          {"as_of_ms", moment(of.as_of_ms)},
          {"why", of.why}};
}

json::object figure(const publish::Derivation& of) {
  return {{"channel", of.channel},
          {"location", of.location},
          {"value", of.figure.value},
          {"as_of_ms", moment(of.figure.as_of_ms)},
          {"told", of.told ? json::value(*of.told) : json::value(nullptr)},
          {"express", of.express != stock::Express::no},
          {"terms", list(of.figure.terms, term)}};
}

}  // namespace

std::string policies_json(const store::Page<store::PolicyRow>& page) {
  return json::serialize(page_of(page, [](const store::PolicyRow& row) -> json::object {
    return {{"sku", name(row.sku)},
            {"site", name(row.site)},
            {"channel", name(row.channel)},
            {"safety", set(row.safety)},
            {"quota", set(row.quota)},
            {"share_pm", set(row.share_pm)},
            {"buffer", set(row.buffer)},
            {"cap", set(row.cap)},
            {"why", row.why},
            {"by", row.by},
            {"position", row.position}};
  }));
}

std::string kits_json(const store::Page<store::KitView>& page) {
  return json::serialize(page_of(page, [](const store::KitView& kit) -> json::object {
    return {{"sku", kit.sku},
            {"parts", list(kit.parts, [](const store::KitRow& row) -> json::object {
               return {{"sku", row.part}, {"pieces", row.pieces}};
             })}};
  }));
}

std::string drift_json(const store::Page<store::DriftRow>& page) {
  return json::serialize(page_of(page, [](const store::DriftRow& row) -> json::object {
    return {{"sku", row.sku},     {"location", row.location},  {"told", row.told},
            {"shown", row.shown}, {"cause", row.cause},        {"why", row.why},
            {"times", row.times}, {"at_ms", moment(row.at_ms)}};
  }));
}

std::string derivation_json(const Reply& reply) {
  const auto figures = reply.derivation.value_or(std::vector<publish::Derivation>());
  return json::serialize(json::object{{"sku", reply.id}, {"figures", list(figures, figure)}});
}

}  // namespace dockline::server::api
