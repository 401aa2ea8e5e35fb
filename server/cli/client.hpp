// One request to the server's HTTP API. The real one is libcurl; tests bring their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "server/cli/exit_code.hpp"
#include "server/cli/settings.hpp"

namespace dockline::server::cli {

struct Call {
  std::string method = "GET";
  std::string target;  // below /api/v1, with its query: "/orders?limit=50"
  std::string body;
  std::string type = "application/json";
  std::int64_t timeout_s = 30;
  std::size_t bytes_max = 64U << 20U;  // of the answer
  std::function<void(std::int64_t sent, std::int64_t total)> uploading;
};

struct Response {
  int status = 0;  // 0: no answer; `body` says why
  std::string body;
  std::string link = {};  // header Link
};

class Client {
 public:
  virtual ~Client() = default;
  [[nodiscard]] virtual Response send(const Call& call) = 0;
};

[[nodiscard]] std::unique_ptr<Client> make_curl_client(const Settings& settings);

// RFC 3986: everything but unreserved characters.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace dockline::server::cli
