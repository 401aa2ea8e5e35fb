#include "shared/web/assets.hpp"

#include <cstdint>
#include <utility>

namespace dockline::base {
std::vector<EmbeddedFile> embedded_shared_web();
}

namespace dockline::web {
namespace {

// FNV-1a: tells two builds apart for a browser cache, nothing more.
std::string etag_of(std::string_view bytes) {
  std::uint64_t h = 14695981039346656037ull;
  for (const char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  std::string out = "\"";
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(h >> shift) & 15u];
  out += '"';
  return out;
}

}  // namespace

std::string_view mime_of(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},     {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"}, {".json", "application/json; charset=utf-8"},
      {".svg", "image/svg+xml; charset=utf-8"},  {".png", "image/png"},
  };
  for (const auto& [suffix, type] : kTypes)
    if (name.ends_with(suffix)) return type;
  return "application/octet-stream";
}

Assets::Assets(const std::vector<base::EmbeddedFile>& own) {
  for (const auto& f : base::embedded_shared_web()) add("/shared/" + std::string(f.name), f.bytes);
  for (const auto& f : own) {
    add("/" + std::string(f.name), f.bytes);
    if (f.name == "index.html") add("/", f.bytes);
  }
}

void Assets::add(std::string path, std::string_view bytes) {
  const std::string_view mime = path == "/" ? mime_of("index.html") : mime_of(path);
  by_path_.insert_or_assign(std::move(path), Entry{bytes, mime, etag_of(bytes)});
}

std::optional<Asset> Assets::find(std::string_view path) const {
  const auto it = by_path_.find(path);
  if (it == by_path_.end()) return std::nullopt;
  return Asset{it->second.bytes, it->second.mime, it->second.etag};
}

}  // namespace dockline::web
