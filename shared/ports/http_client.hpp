// One HTTP exchange, outgoing. Implemented in shared/runtime (libcurl on the lane's io_context).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "shared/base/result.hpp"

namespace dockline::ports {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  HttpHeaders headers;
  std::string body;
  std::int64_t timeout_ms = 10'000;
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;  // names in lower case
  std::string body;     // at most kMessageUnpackedBytesMax * 8; longer answers are an error
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // `done` runs on the lane, exactly once. An Error means that no complete answer was read: the
  // request may or may not have taken effect (Fault::retry_later, detail says why).
  virtual void send(HttpRequest request,
                    std::function<void(base::Result<HttpResponse>)> done) = 0;
};

}  // namespace dockline::ports
