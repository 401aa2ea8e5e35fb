#include "firmware-interfaces/contract/gs1.hpp"

#include <gtest/gtest.h>

#include "firmware-interfaces/contract/scanner.hpp"
#include "tests/devices/vectors.hpp"

namespace dockline::firmware::gs1 {
namespace {

TEST(Gs1, AgreesWithEveryVector) {
  int rows = 0;
  for (const auto& row : read_rows("gtin.tsv")) {
    const auto &kind = row.at(0), &input = row.at(1), &result = row.at(2);
    if (kind.starts_with("checkdigit")) {
      EXPECT_EQ(std::string(1, check_digit(input).value()), result) << input;
      EXPECT_TRUE(has_right_check_digit(input + result));
    } else if (kind == "upce") {
      EXPECT_EQ(upc_a(input), result) << input;
    } else if (kind == "badcheck") {
      EXPECT_FALSE(has_right_check_digit(input));
      EXPECT_EQ(std::string(1, check_digit(input.substr(0, input.size() - 1)).value()), result);
    }
    ++rows;
  }
  EXPECT_EQ(rows, 21);
}

TEST(Gs1, StoresAnyGtinAsFourteenDigits) {
  EXPECT_EQ(gtin14("96385074"), "00000096385074");
  EXPECT_EQ(gtin14("614141000012"), "00614141000012");
  EXPECT_EQ(gtin14("4006381333931"), "04006381333931");
  EXPECT_EQ(gtin14("4006381333932"), std::nullopt);
  EXPECT_EQ(gtin14("400638133393x"), std::nullopt);
  EXPECT_EQ(gtin14(""), std::nullopt);
}

TEST(Gs1, KnowsAnSscc) {
  EXPECT_TRUE(is_sscc("340123450000000123"));
  EXPECT_FALSE(is_sscc("340123450000000129"));
  EXPECT_FALSE(is_sscc("00340123450000000123"));
  EXPECT_EQ(check_digit("12a"), std::nullopt);
}

TEST(ScannerSettings, ReadsTheWordsOfTheConfigurationAndNamesWhatItDoesNotKnow) {
  EXPECT_EQ(scanner_settings("", "", 0)->suffix, ScanSuffix::newline);
  EXPECT_EQ(scanner_settings("none", "aim", 80)->idle_ms, 80);
  EXPECT_NE(scanner_settings("crfl", "", 0).error().detail.find("crfl"), std::string::npos);
  EXPECT_FALSE(scanner_settings("", "sxt", 0));
  EXPECT_FALSE(scanner_settings("none", "", 100'000));
}

}  // namespace
}  // namespace dockline::firmware::gs1
