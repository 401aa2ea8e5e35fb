// Imports as JSON.
#include "server/api/imports.hpp"
#include "server/api/values.hpp"

namespace dockline::server::api {
namespace {

using namespace store;  // the rows

json::object import_object(const ImportRow& i) {
  return {{"id", i.id},
          {"kind", i.kind},
          {"file", i.file},
          {"state", i.state},
          {"problem", i.problem},
          {"started_ms", i.started_ms},
          {"ended_ms", moment(i.ended_ms)},
          {"lines", i.lines},
          {"done", i.done},
          {"orders", i.orders},
          {"order_count", i.order_count},
          {"cancellations", i.cancellations},
          {"adjustments", i.adjustments},
          {"items", i.items},
          {"exceptions", i.exceptions},
          {"changes", i.changes}};
}

}  // namespace

std::string import_json(const ImportRow& row) { return json::serialize(import_object(row)); }

std::string imports_json(const std::vector<ImportRow>& rows) {
  return json::serialize(whole(list(rows, import_object)));
}

std::string import_rows_json(const Page<ImportLineRow>& page) {
  return json::serialize(page_of(page, [](const ImportLineRow& r) {
    return json::object{
        {"row", r.row}, {"outcome", r.outcome}, {"subject", r.subject}, {"why", r.why}};
  }));
}

std::string import_started_json(const std::string& id, bool created) {
  return json::serialize(json::object{{"import", id}, {"created", created}});
}

}  // namespace dockline::server::api
