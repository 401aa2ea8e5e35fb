#include "agent/rules/near_match.hpp"

#include <algorithm>

namespace dockline::agent::rules {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Words of letters and digits, bytes above ASCII counted as letters.
std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter =
        byte >= 0x80 || (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
    if (letter) {
      word.push_back(lower(c));
    } else if (!word.empty()) {
      out.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) out.push_back(std::move(word));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// 0..1000: shared words in thousandths of the longer title.
std::size_t title_likeness(std::string_view a, std::string_view b) {
  const auto left = words(a), right = words(b);
  if (left.empty() || right.empty()) return 0;
  std::vector<std::string> both;
  std::set_intersection(left.begin(), left.end(), right.begin(), right.end(),
                        std::back_inserter(both));
  return both.size() * 1000 / std::max(left.size(), right.size());
}

std::size_t sku_likeness(std::string_view a, std::string_view b) {
  std::size_t same = 0;
  while (same < a.size() && same < b.size() && lower(a[same]) == lower(b[same])) ++same;
  return same * 1000 / std::max<std::size_t>({a.size(), b.size(), 1});
}

}  // namespace

std::optional<std::size_t> near_match(const Candidate& scanned,
                                      const std::vector<Candidate>& wanted) {
  std::optional<std::size_t> best;
  std::size_t best_score = 499;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::size_t title = title_likeness(scanned.title, wanted[i].title);
    // Many shops number their goods in sequence: near numbers alone are not near goods.
    const std::size_t sku = title > 0 ? sku_likeness(scanned.sku, wanted[i].sku) : 0;
    const std::size_t score = std::max(title, sku);
    if (score > best_score) {
      best_score = score;
      best = i;
    }
  }
  return best;
}

}  // namespace dockline::agent::rules
