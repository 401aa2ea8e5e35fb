// Who may speak to the server: pure checks of header values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dockline::server::api {

struct Access {
  bool loopback = true;            // what the server listens on is reachable from this machine only
  std::vector<std::string> hosts;  // further names it is reached by (server.hosts)
};

// Against DNS rebinding: a page on a foreign name that resolves to this machine sends that name.
// Addresses are fine (on loopback: loopback addresses), and localhost, and configured names.
[[nodiscard]] bool host_allowed(const Access& access, std::string_view host_header);
// Browsers name the page that asks. Absent, or the very host and port that was asked: fine.
[[nodiscard]] bool origin_allowed(std::string_view origin, std::string_view host_header);
// "Bearer <token>", compared in constant time.
[[nodiscard]] bool bearer_allowed(std::string_view authorization, std::string_view token);

}  // namespace dockline::server::api
