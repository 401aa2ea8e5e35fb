// What waits for a person.
#include "server/api/exceptions.hpp"
#include "server/api/route.hpp"

namespace dockline::server::api {
namespace {

Outcome get_exceptions(Context& c) {
  const auto query = Query::parse(c.request.query, {"state", "kind", "after", "skip", "limit"});
  if (!query) return refuse(query.error());
  const auto state = query->choice("state", {"open", "resolved"});
  if (!state) return refuse(state.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  const auto skip = skip_of(*query);
  if (!skip) return refuse(skip.error());
  return read(c.reader.exceptions(*state, query->text("after"), *limit, *skip, query->text("kind")),
              exceptions_json);
}

Outcome post_resolve(Context& c) { return ask(done_answer, resolve_body(c.id, c.request.body)); }

}  // namespace

std::span<const Route> exceptions_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "exceptions", get_exceptions},
      {"POST", "exceptions/*/resolve", post_resolve},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
