// One HTTP exchange, outgoing. Implemented in shared/runtime (libcurl on the lane's io_context).
#pragma once

#include <functional>

#include "shared/base/http.hpp"
#include "shared/base/result.hpp"

namespace dockline::ports {

using base::HttpHeaders;
using base::HttpRequest;
using base::HttpResponse;

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // `done` runs on the lane, exactly once. An Error means that no complete answer was read: the
  // request may or may not have taken effect (Fault::retry_later, detail says why).
  virtual void send(HttpRequest request, std::function<void(base::Result<HttpResponse>)> done) = 0;
};

}  // namespace dockline::ports
