// Exceptions as JSON.
#include "server/api/exceptions.hpp"
#include "server/api/values.hpp"

namespace dockline::server::api {
namespace {

using namespace store;  // the rows

json::object exception_row(const ExceptionRow& e) {
  return {{"id", e.id},
          {"kind", e.kind},
          {"subject", e.subject},
          {"what", e.what},
          {"context", e.context},
          {"proposed", e.proposed},
          {"raised_ms", e.raised_ms},
          {"resolved_ms", moment(e.resolved_ms)},
          {"action", e.action},
          {"by", e.by},
          {"actions", texts(e.actions)}};
}

}  // namespace

std::string exceptions_json(const Page<ExceptionRow>& page) {
  return json::serialize(page_of(page, exception_row));
}

}  // namespace dockline::server::api
