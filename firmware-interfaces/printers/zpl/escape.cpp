#include "firmware-interfaces/printers/zpl/escape.hpp"

#include "shared/base/bytes.hpp"

namespace dockline::firmware::zpl {
namespace {

std::size_t sequence_length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const auto n = sequence_length(c);
    if (n > 1) {
      const auto sequence = text.substr(i, n);
      const bool good = sequence.size() == n && base::is_utf8(sequence);
      out += good ? sequence : std::string_view("?");
      i += good ? n : 1;
      continue;
    }
    ++i;
    if (c == '^' || c == '~' || c == '_') {
      out += c == '^' ? "_5E" : c == '~' ? "_7E" : "_5F";
    } else if (c == '\r' || c == '\n' || c == '\t') {
      out += ' ';
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += '?';
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace dockline::firmware::zpl
