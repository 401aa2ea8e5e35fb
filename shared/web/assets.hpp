// The files of a page, by URL path, as the agent and the server hand them out. Paths below
// "/shared/" come from shared/web, all others from the program's own embedded folder; "/" is
// index.html. Only embedded names exist: nothing here touches a file system.
// Thread rule: immutable after construction, any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/embedded.hpp"

namespace dockline::web {

// Sent with every page: nothing from elsewhere, no inline style or script, no frame around it.
inline constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'";

struct Asset {
  std::string_view bytes;
  std::string_view mime;
  std::string_view etag;  // quoted, of the bytes: the answer to If-None-Match
};

class Assets {
 public:
  explicit Assets(const std::vector<base::EmbeddedFile>& own);

  // `path` is the URL path without query, as sent: no decoding, no "..".
  [[nodiscard]] std::optional<Asset> find(std::string_view path) const;

 private:
  struct Entry {
    std::string_view bytes;
    std::string_view mime;
    std::string etag;
  };
  void add(std::string path, std::string_view bytes);
  std::map<std::string, Entry, std::less<>> by_path_;
};

// The type a browser needs; modules are refused without it.
[[nodiscard]] std::string_view mime_of(std::string_view name);

}  // namespace dockline::web
