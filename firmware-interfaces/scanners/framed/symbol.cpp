#include "firmware-interfaces/scanners/framed/symbol.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace dockline::firmware::framed {
namespace {

constexpr std::size_t kEciDigits = 6;

bool is_alpha(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Identifiers under which the scanner doubles '\' and writes a character set switch as \nnnnnn.
bool speaks_eci(std::string_view id) {
  constexpr std::array<std::string_view, 7> kIds = {"]Q2", "]Q4", "]Q6", "]d4",
                                                    "]d5", "]d6", "]L1"};
  return std::ranges::find(kIds, id) != kIds.end();
}

void undo_eci(std::string_view from, Scan& scan) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i] != '\\') {
      scan.data += from[i];
      continue;
    }
    const auto digits = from.substr(i + 1, kEciDigits);
    if (i + 1 < from.size() && from[i + 1] == '\\') {
      scan.data += '\\';
      i += 1;
    } else if (digits.size() == kEciDigits && std::ranges::all_of(digits, is_digit)) {
      int eci = 0;
      for (const char c : digits) {
        eci = eci * 10 + (c - '0');
      }
      scan.eci = scan.eci.value_or(eci);
      i += kEciDigits;
    } else {
      scan.data += '\\';  // not the protocol after all: keep the byte
    }
  }
}

std::string with_gs(std::string_view data, std::string_view gs_text) {
  std::string out;
  std::size_t at = 0;
  while (true) {
    const auto hit = data.find(gs_text, at);
    out.append(data.substr(at, hit - at));
    if (hit == std::string_view::npos) {
      return out;
    }
    out += '\x1d';
    at = hit + gs_text.size();
  }
}

}  // namespace

Scan read_symbol(std::string_view frame, std::string_view gs_text) {
  Scan scan;
  if (frame.size() >= 3 && frame[0] == ']' && is_alpha(frame[1]) &&
      (is_digit(frame[2]) || is_alpha(frame[2]))) {
    scan.symbology = frame.substr(0, 3);
    frame.remove_prefix(3);
  }
  if (speaks_eci(scan.symbology)) {
    undo_eci(frame, scan);
  } else {
    scan.data = frame;
  }
  if (!gs_text.empty()) {
    scan.data = with_gs(scan.data, gs_text);
  }
  return scan;
}

}  // namespace dockline::firmware::framed
