#include "agent/labels/text.hpp"

namespace dockline::agent::labels {
namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Bytes of the first `count` characters; all of them when there are fewer.
std::size_t bytes_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (!continues(text[at]) && count-- == 0) {
      return at;
    }
    ++at;
  }
  return at;
}

std::string_view trim(std::string_view s) {
  while (!s.empty() && s.front() == ' ') {
    s.remove_prefix(1);
  }
  while (!s.empty() && s.back() == ' ') {
    s.remove_suffix(1);
  }
  return s;
}

}  // namespace

std::string cut(std::string_view text, std::size_t max) {
  text = trim(text);
  const auto fits = bytes_of(text, max);
  if (fits == text.size()) {
    return std::string(text);
  }
  return std::string(text.substr(0, bytes_of(text, max - 3))) + "...";
}

std::vector<std::string> wrap(std::string_view text, std::size_t max, std::size_t lines) {
  std::vector<std::string> out;
  for (text = trim(text); !text.empty(); text = trim(text)) {
    if (out.size() + 1 == lines) {
      out.push_back(cut(text, max));
      return out;
    }
    auto take = bytes_of(text, max);
    if (take < text.size() && text[take] != ' ') {
      const auto blank = text.substr(0, take).rfind(' ');
      take = blank == std::string_view::npos ? take : blank;
    }
    out.emplace_back(trim(text.substr(0, take)));
    text.remove_prefix(take);
  }
  return out;
}

}  // namespace dockline::agent::labels
