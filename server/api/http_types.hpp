// A request and its answer as values, so that the API knows nothing of sockets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/http.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::api {

using Moment = std::int64_t;  // wall clock, milliseconds

struct Request {
  std::string method;
  std::string path;           // without the query, percent-encoded as it came
  std::string query;          // without the question mark
  base::HttpHeaders headers;  // names in lower case
  std::string body;
};

struct Answer {
  int status = 200;
  std::string body;
  std::string type = "application/json";
  std::string allow;      // 405 only
  std::string next;       // of a list: the cursor of the page behind it
  std::string link;       // value of the header Link
  std::string etag;       // with its quotes; a handler may set what stands before the hash
  bool replayed = false;  // given before, to the same request under the same Idempotency-Key
};

// Every error is a problem document of RFC 9457: {type, title, status, detail, code, remedy} and,
// where one can be named, place.
struct Problem {
  int status = 400;
  std::string code;     // for programs: not_found, bad_json, refused ... (openapi/ lists them)
  std::string message;  // for people: what and where
  std::string remedy;   // what to do now
  std::string place;    // what is wrong: "lines[2].quantity", "query.limit", a header; or empty
};
[[nodiscard]] Answer to_answer(const Problem& problem);
[[nodiscard]] Problem to_problem(const base::Error& error);

}  // namespace dockline::server::api
