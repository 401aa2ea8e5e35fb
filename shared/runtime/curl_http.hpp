// ports::HttpClient by libcurl's multi interface, driven by the lane's io_context.
#pragma once

#include <memory>

#include "shared/ports/http_client.hpp"
#include "shared/runtime/lane.hpp"

namespace dockline::runtime {

[[nodiscard]] std::unique_ptr<ports::HttpClient> make_curl_http(Lane& lane);

}  // namespace dockline::runtime
