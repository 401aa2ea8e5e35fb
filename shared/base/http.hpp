// One HTTP exchange as values, so that pure code (sales channels) can make requests and read
// answers without knowing who carries them. The carrier is ports::HttpClient.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace dockline::base {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  HttpHeaders headers;  // may hold secrets: never logged
  std::string body;
  std::int64_t timeout_ms = 10'000;
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;  // names in lower case
  std::string body;     // at most limits::kMessageUnpackedBytesMax * 8; longer answers are an error
};

}  // namespace dockline::base
