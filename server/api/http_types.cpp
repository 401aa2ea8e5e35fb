#include "server/api/http_types.hpp"

#include <boost/json.hpp>

namespace dockline::server::api {

namespace json = boost::json;

Answer to_answer(const Problem& problem) {
  const json::object body{
      {"error",
       {{"code", problem.code}, {"message", problem.message}, {"remedy", problem.remedy}}}};
  return {.status = problem.status, .body = json::serialize(body)};
}

Problem to_problem(const base::Error& error) {
  switch (error.fault) {
    case base::Fault::reject:
      return {422, "refused", error.detail, "Correct what is named and send it again"};
    case base::Fault::conflict:
      return {409, "conflict", error.detail,
              "Look at what is there already; change the number or the contents"};
    case base::Fault::retry_later:
      return {503, "busy", error.detail, "Try again in a few seconds"};
    case base::Fault::full:
      return {507, "full", error.detail,
              "Make room on the server's disk or wait until queues have drained, then try again"};
    case base::Fault::corrupt:
      return {500, "corrupt", error.detail,
              "Stop the server and restore its database from a backup"};
    case base::Fault::bug:
      return {500, "internal", error.detail, "Report this with the server's log"};
  }
  return {500, "internal", error.detail, "Report this with the server's log"};
}

}  // namespace dockline::server::api
