#include "tests/sim/people/catalogue.hpp"

namespace dockline::sim {

std::string Catalogue::barcode(std::size_t n) {
  std::string digits = "4006381" + std::to_string(10'000 + n);
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
  digits.push_back(static_cast<char>('0' + (10 - sum % 10) % 10));
  return digits;
}

std::string Catalogue::case_code(const std::string& barcode, int kind) {
  std::string digits = std::to_string(kind) + barcode.substr(0, 12);
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 3 : 1);
  digits.push_back(static_cast<char>('0' + (10 - sum % 10) % 10));
  return digits;
}

Goods Catalogue::made_up(std::size_t n, std::int64_t first_stock) {
  const auto number = std::to_string(100 + n);
  Goods goods{"SKU-" + number, "Article " + number, barcode(n),
              "A-" + number,   first_stock,         number.ends_with('3')};
  if (number.ends_with('4')) goods.tracked = "lot";
  if (number.ends_with('6')) goods.tracked = "serial";
  return goods;
}

}  // namespace dockline::sim
