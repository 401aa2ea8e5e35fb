#include "server/api/http_types.hpp"

#include <boost/json.hpp>

namespace dockline::server::api {

namespace json = boost::json;

namespace {

// Of the kind of problem, not of this one: the same words for every problem of a status.
const char* title_of(int status) {
  switch (status) {
    case 400:
      return "The request cannot be read";
    case 401:
      return "Not let in";
    case 403:
      return "Not from there";
    case 404:
      return "Not there";
    case 405:
      return "Not possible on this path";
    case 409:
      return "In conflict with what is there";
    case 412:
      return "Changed since you looked";
    case 413:
    case 431:
      return "Too large";
    case 422:
      return "Refused";
    case 503:
      return "Busy";
    case 504:
      return "No answer in time";
    case 507:
      return "Full";
    default:
      return status < 500 ? "Refused" : "The server failed";
  }
}

}  // namespace

Answer to_answer(const Problem& problem) {
  json::object body{{"type", "urn:dockline:problem:" + problem.code},
                    {"title", title_of(problem.status)},
                    {"status", problem.status},
                    {"detail", problem.message},
                    {"code", problem.code},
                    {"remedy", problem.remedy}};
  if (!problem.place.empty()) body["place"] = problem.place;
  return {
      .status = problem.status, .body = json::serialize(body), .type = "application/problem+json"};
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
