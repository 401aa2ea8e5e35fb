#include "shared/base/gs1.hpp"

namespace dockline::base {

std::optional<char> gs1_check_digit(std::string_view digits) {
  if (digits.empty()) return std::nullopt;
  int sum = 0;
  int weight = 3;
  for (auto at = digits.rbegin(); at != digits.rend(); ++at) {
    if (*at < '0' || *at > '9') return std::nullopt;
    sum = (sum + (*at - '0') * weight) % 10;
    weight = 4 - weight;
  }
  return static_cast<char>('0' + (10 - sum) % 10);
}

bool gs1_check_fits(std::string_view digits) {
  return digits.size() > 1 && gs1_check_digit(digits.substr(0, digits.size() - 1)) == digits.back();
}

}  // namespace dockline::base
