#include "server/stock/look_alike.hpp"

#include <array>
#include <cstddef>

namespace dockline::server::stock {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

// Bytes of the separator that begins here; 0: none does.
std::size_t separator(std::string_view rest) {
  constexpr std::string_view kPlain = " -_./";
  if (kPlain.find(rest.front()) != std::string_view::npos) return 1;
  // U+00A0, U+2010 to U+2015 and U+2212 in UTF-8: what text programs make of a space or a hyphen.
  constexpr std::array<std::string_view, 8> kTypeset = {
      "\xc2\xa0",     "\xe2\x80\x90", "\xe2\x80\x91", "\xe2\x80\x92",
      "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x95", "\xe2\x88\x92"};
  for (const auto one : kTypeset) {
    if (rest.starts_with(one)) return one.size();
  }
  return 0;
}

std::string joined(std::string_view sku, bool drop_zeros) {
  std::string out;
  bool apart = false;  // a separator was passed since the last character
  for (std::size_t i = 0; i < sku.size();) {
    if (const auto bytes = separator(sku.substr(i)); bytes > 0) {
      apart = true;
      i += bytes;
      continue;
    }
    const char c = sku[i++];
    const bool begins = apart || out.empty() || !digit(out.back());
    if (drop_zeros && c == '0' && begins && i < sku.size() && digit(sku[i])) continue;
    if (apart && !out.empty() && digit(out.back()) && digit(c)) out += '-';
    out += c;
    apart = false;
  }
  return out;
}

}  // namespace

std::string plain_form(std::string_view sku) { return joined(sku, true); }

std::string read_form(std::string_view sku) {
  std::string read(sku);
  for (char& c : read) {
    if (c == 'O') c = '0';
    if (c == 'I') c = '1';
  }
  return joined(read, false);
}

}  // namespace dockline::server::stock
