#include "server/stock/look_alike.hpp"

#include <gtest/gtest.h>

#include "shared/base/prng.hpp"

namespace dockline::server::stock {
namespace {

TEST(LookAlike, SeparatorsAndLeadingZerosAreNotWhatTellsSkusApart) {
  for (const auto* sku : {"MUG_RED", "MUG RED", "MUGRED", "MUG.RED", "MUG/RED", "MUG--RED",
                          "MUG\xc2\xa0RED", "MUG\xe2\x80\x93RED", "-MUG-RED-"}) {
    EXPECT_EQ(plain_form(sku), plain_form("MUG-RED")) << sku;
  }
  EXPECT_EQ(plain_form("00123"), "123");
  EXPECT_EQ(plain_form("A-007"), plain_form("A7"));
  EXPECT_EQ(plain_form("A-1-02"), plain_form("A_1 2"));
  EXPECT_EQ(plain_form("A-00"), "A0");
  EXPECT_EQ(plain_form("100"), "100");
}

TEST(LookAlike, ASeparatorBetweenNumbersTellsThemApart) {
  EXPECT_NE(plain_form("A-1-2"), plain_form("A-12"));
  EXPECT_NE(plain_form("TEE-1-10"), plain_form("TEE-11-0"));
  EXPECT_NE(plain_form("A-1-02"), plain_form("A-102"));
  EXPECT_NE(plain_form("A-10"), plain_form("A-1"));
  EXPECT_NE(plain_form("MUG-RED"), plain_form("MUG-REB"));
}

TEST(LookAlike, LettersThatAreReadAsDigits) {
  EXPECT_EQ(read_form("MUG-1O"), read_form("MUG-10"));
  EXPECT_EQ(read_form("MUGO1"), read_form("MUG01"));
  EXPECT_EQ(read_form("MUG-O-I"), read_form("MUG-0-1"));
  EXPECT_EQ(read_form("OO7"), read_form("007"));
  EXPECT_NE(read_form("MUG-1"), read_form("MUG-01")) << "zeros are the other form's";
  EXPECT_NE(plain_form("MUG-1O"), plain_form("MUG-10")) << "letters are this form's";
  EXPECT_NE(plain_form("TWO1"), plain_form("TW1"));
  EXPECT_NE(read_form("TWO1"), read_form("TW1"));
}

TEST(LookAlike, NothingButSeparatorsHasNoForm) {
  EXPECT_EQ(plain_form(" - "), "");
  EXPECT_EQ(read_form("_"), "");
  EXPECT_EQ(plain_form(""), "");
}

// A SKU as parts, each of letters or a number, and the same parts written by somebody else.
struct Written {
  std::string one, other, number;  // `number`: with its last part another number
};

Written write(base::Prng& prng) {
  constexpr std::string_view kSeparators[] = {"-", "_", " ", ".", "/", "--", "\xe2\x80\x93"};
  const auto apart = [&] { return std::string(kSeparators[prng.below(std::size(kSeparators))]); };
  Written out;
  bool after_number = false;
  const auto parts = prng.between(2, 5);
  for (std::int64_t i = 0; i < parts; ++i) {
    const bool number = i == parts - 1 || prng.chance(500);
    // Between two numbers somebody else writes another separator, elsewhere none or any.
    const bool needed = after_number && number;
    if (i > 0 && (needed || prng.chance(500))) out.one += apart();
    if (i > 0 && (needed || prng.chance(500))) out.other += apart();
    if (number) {
      const auto value = prng.between(1, 999);
      if (i == parts - 1) out.number = out.one + std::to_string(value + 1);
      out.one += std::string(prng.below(3), '0') + std::to_string(value);
      out.other += std::string(prng.below(3), '0') + std::to_string(value);
    } else {
      std::string letters;
      for (auto n = prng.between(1, 4); n > 0; --n) {
        letters += static_cast<char>('A' + prng.below(26));
      }
      out.one += letters;
      out.other += letters;
    }
    after_number = number;
  }
  return out;
}

TEST(LookAlikeProperty, TheSamePartsAreOneHoweverTheyAreWritten) {
  base::Prng prng(2'211);
  for (int round = 0; round < 20'000; ++round) {
    const auto w = write(prng);
    ASSERT_EQ(plain_form(w.one), plain_form(w.other)) << w.one << " | " << w.other;
    ASSERT_NE(plain_form(w.one), plain_form(w.number)) << w.one << " | " << w.number;
    ASSERT_EQ(plain_form(plain_form(w.one)), plain_form(w.one)) << w.one;
    auto confused = w.one;
    for (char& c : confused) {
      if (!prng.chance(500)) continue;
      if (c == 'O' || c == '0') c = c == 'O' ? '0' : 'O';
      if (c == 'I' || c == '1') c = c == 'I' ? '1' : 'I';
    }
    ASSERT_EQ(read_form(confused), read_form(w.one)) << w.one << " | " << confused;
    ASSERT_EQ(read_form(read_form(w.one)), read_form(w.one)) << w.one;
  }
}

TEST(LookAlikeProperty, AnyBytesAreTaken) {
  base::Prng prng(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes;
    for (auto n = prng.below(12); n > 0; --n) bytes += static_cast<char>(prng.below(256));
    ASSERT_LE(plain_form(bytes).size(), bytes.size());
    ASSERT_LE(read_form(bytes).size(), bytes.size());
  }
}

}  // namespace
}  // namespace dockline::server::stock
