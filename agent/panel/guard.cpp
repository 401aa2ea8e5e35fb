#include "agent/panel/guard.hpp"

#include <string>

namespace dockline::agent::panel {

bool host_allowed(std::string_view host, std::uint16_t port) {
  const std::string suffix = ":" + std::to_string(port);
  if (host.size() > suffix.size() && host.ends_with(suffix)) {
    host.remove_suffix(suffix.size());
  } else if (port != 80) {
    return false;
  }
  return host == "127.0.0.1" || host == "localhost" || host == "[::1]";
}

bool origin_allowed(std::string_view origin, std::uint16_t port) {
  if (origin.empty()) return true;
  constexpr std::string_view kScheme = "http://";
  return origin.starts_with(kScheme) && host_allowed(origin.substr(kScheme.size()), port);
}

}  // namespace dockline::agent::panel
