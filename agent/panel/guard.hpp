// Who may speak to the page's server: pure checks of header values. The page listens on loopback;
// what remains is a foreign web page in a browser of this computer (DNS rebinding, cross-site
// WebSockets).
#pragma once

#include <cstdint>
#include <string_view>

namespace dockline::agent::panel {

// "127.0.0.1:8490", "localhost:8490" or "[::1]:8490", with exactly this port (80 may be left out).
[[nodiscard]] bool host_allowed(std::string_view host_header, std::uint16_t port);
// Absent (no browser), or http:// and a host that is allowed.
[[nodiscard]] bool origin_allowed(std::string_view origin_header, std::uint16_t port);

}  // namespace dockline::agent::panel
