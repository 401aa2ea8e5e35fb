// Bodies about channels into commands.
#include "server/api/channels.hpp"
#include "server/api/fields.hpp"

namespace dockline::server::api {

std::expected<DecideOutbox, Problem> decide_body(std::int64_t row, std::string_view body) {
  return read_body(body, DecideOutbox{.row = row}, [](Fields& f, DecideOutbox& out) {
    out.again = f.boolean("again");
    f.only({"again"});
  });
}

}  // namespace dockline::server::api
