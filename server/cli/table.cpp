#include "server/cli/table.hpp"

#include <algorithm>
#include <numeric>

#include "server/cli/text.hpp"

namespace dockline::server::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kFlexibleLeast = 8;

}  // namespace

std::string toned(std::string text, Tone tone, bool colour) {
  if (!colour || text.empty()) return text;
  const char* code = "";
  switch (tone) {
    case Tone::plain:
      return text;
    case Tone::good:
      code = "32";
      break;
    case Tone::warn:
      code = "33";
      break;
    case Tone::bad:
      code = "31";
      break;
    case Tone::dim:
      code = "2";
      break;
    case Tone::strong:
      code = "1";
      break;
  }
  return "\x1b[" + std::string(code) + "m" + text + "\x1b[0m";
}

std::vector<std::size_t> Table::widths(std::size_t terminal_columns) const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = display_width(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, display_width(row[i].text));
    out.push_back(width);
  }
  if (terminal_columns == 0) return out;
  const auto total = [&] {
    return std::accumulate(out.begin(), out.end(), kGap * (out.size() - 1));
  };
  while (total() > terminal_columns) {
    std::size_t widest = columns_.size();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i].flexible || out[i] <= kFlexibleLeast) continue;
      if (widest == columns_.size() || out[i] > out[widest]) widest = i;
    }
    if (widest == columns_.size()) break;  // nothing gives way: the line wraps
    out[widest] -= std::min(out[widest] - kFlexibleLeast, total() - terminal_columns);
  }
  return out;
}

std::string Table::print(std::size_t terminal_columns, bool colour) const {
  const auto width = widths(terminal_columns);
  std::string out;
  const auto line = [&](const auto& text_of, const auto& tone_of) {
    std::string row;
    std::size_t owed = 0;  // spaces that are only written when something follows
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string text = clipped(text_of(i), width[i]);
      const std::size_t pad = width[i] - std::min(width[i], display_width(text));
      if (columns_[i].right) owed += pad;
      if (!text.empty()) {
        row += std::string(owed, ' ') + toned(text, tone_of(i), colour);
        owed = 0;
      }
      owed += (columns_[i].right ? 0 : pad) + kGap;
    }
    out += row + "\n";
  };
  line([&](std::size_t i) { return columns_[i].title; }, [](std::size_t) { return Tone::dim; });
  for (const auto& row : rows_) {
    line([&](std::size_t i) { return row[i].text; }, [&](std::size_t i) { return row[i].tone; });
  }
  return out;
}

}  // namespace dockline::server::cli
