#include "server/routing/json.hpp"

#include <boost/json.hpp>

#include "shared/wire/json_visit.hpp"

namespace dockline::server::routing {
namespace {

namespace json = boost::json;

template <class T>
base::Result<T> read(std::string_view text, std::string_view name) {
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed);
  if (failed || !value.is_object()) {
    return base::fail(base::Fault::reject, std::string(name) + ": a JSON object is needed");
  }
  T made;
  std::string problem;
  wire::detail::Reader reader(value.get_object(), name, problem);
  T::visit(made, reader);
  if (!problem.empty()) return base::fail(base::Fault::reject, std::move(problem));
  return made;
}

}  // namespace

std::string to_json(const Facts& facts) {
  return json::serialize(wire::detail::Writer::to_value(facts));
}
std::string to_json(const ChainSpec& spec) {
  return json::serialize(wire::detail::Writer::to_value(spec));
}
base::Result<Facts> facts_from_json(std::string_view text) { return read<Facts>(text, "facts"); }
base::Result<ChainSpec> chain_from_json(std::string_view text) {
  return read<ChainSpec>(text, "chain");
}

}  // namespace dockline::server::routing
