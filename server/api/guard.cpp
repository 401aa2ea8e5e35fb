#include "server/api/guard.hpp"

#include <algorithm>
#include <cctype>

#include "shared/base/bytes.hpp"

namespace dockline::server::api {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// "[::1]:8480" -> "[::1]", "localhost:8480" -> "localhost".
std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

bool is_ipv4(std::string_view host) {
  return !host.empty() && std::count(host.begin(), host.end(), '.') == 3 &&
         std::all_of(host.begin(), host.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0 || c == '.'; });
}

}  // namespace

bool host_allowed(const Access& access, std::string_view host_header) {
  const std::string host = lower(without_port(host_header));
  if (host.empty()) return false;
  if (host == "localhost" || host == "[::1]") return true;
  if (is_ipv4(host)) return !access.loopback || host.starts_with("127.");
  if (host.front() == '[') return !access.loopback;
  return std::any_of(access.hosts.begin(), access.hosts.end(),
                     [&](const std::string& name) { return lower(name) == host; });
}

bool origin_allowed(std::string_view origin, std::string_view host_header) {
  if (origin.empty()) return true;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) {
      return !host_header.empty() && lower(origin.substr(scheme.size())) == lower(host_header);
    }
  }
  return false;  // "null", extensions, files
}

bool bearer_allowed(std::string_view authorization, std::string_view token) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size() || token.empty()) return false;
  if (lower(authorization.substr(0, kScheme.size())) != kScheme) return false;
  return base::equal_constant_time(authorization.substr(kScheme.size()), token);
}

}  // namespace dockline::server::api
