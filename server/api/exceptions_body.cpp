// Bodies about exceptions into commands.
#include "server/api/exceptions.hpp"
#include "server/api/fields.hpp"

namespace dockline::server::api {

std::expected<ResolveException, Problem> resolve_body(const std::string& exception,
                                                      std::string_view body) {
  return read_body(body, ResolveException{.exception = exception},
                   [](Fields& f, ResolveException& out) {
                     out.action = f.text("action", 1, kCodeBytesMax);
                     out.by = f.text("by", 1, kCodeBytesMax);
                     f.only({"action", "by"});
                   });
}

}  // namespace dockline::server::api
