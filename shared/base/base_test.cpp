#include <set>

#include <gtest/gtest.h>

#include "shared/base/bytes.hpp"
#include "shared/base/gs1.hpp"
#include "shared/base/prng.hpp"
#include "shared/base/time.hpp"

namespace dockline::base {
namespace {

TEST(Time, WritesAndReadsRfc3339) {
  EXPECT_EQ(to_rfc3339(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(1700000000123), "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(parse_rfc3339("2023-11-14T22:13:20.123Z").value(), 1700000000123);
  EXPECT_EQ(parse_rfc3339("2023-11-14T23:13:20.123+01:00").value(), 1700000000123);
  EXPECT_EQ(parse_rfc3339("2023-11-14T22:13:20Z").value(), 1700000000000);
}

TEST(Gs1, CheckDigitsOfEveryLengthInUse) {
  EXPECT_EQ(gs1_check_digit("629104150021"), '3');  // GTIN-13 of the General Specifications
  for (const char* number :
       {"4006381333931", "96385074", "036000291452", "10614141000415", "340123450000000017"}) {
    EXPECT_TRUE(gs1_check_fits(number)) << number;
    std::string wrong = number;
    wrong.back() = wrong.back() == '9' ? '0' : static_cast<char>(wrong.back() + 1);
    EXPECT_FALSE(gs1_check_fits(wrong)) << wrong;
  }
  EXPECT_EQ(gs1_check_digit(""), std::nullopt);
  EXPECT_EQ(gs1_check_digit("12a"), std::nullopt);
  EXPECT_FALSE(gs1_check_fits("4"));
}

TEST(Time, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "2023", "2023-13-01T00:00:00Z", "2023-02-30T00:00:00Z", "2023-11-14T25:00:00Z",
        "2023-11-14T22:13:20", "2023-11-14T22:13:20.Z"}) {
    EXPECT_FALSE(parse_rfc3339(text).has_value()) << text;
  }
}

TEST(Time, RoundTripsOverFiveHundredYears) {
  Prng prng(7);
  for (int i = 0; i < 2000; ++i) {
    const std::int64_t ms = prng.between(-2208988800000, 13569465600000);
    EXPECT_EQ(parse_rfc3339(to_rfc3339(ms)).value(), ms);
  }
}

TEST(Bytes, HashesMatchTheStandardsVectors) {
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("ab", "c"), sha256("abc"));
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),  // RFC 4231 case 2
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
  EXPECT_EQ(from_base64("Zm9vYg=="), "foob");
  EXPECT_EQ(from_base64(""), "");
  for (const char* bad : {"Zm9vYg=", "Zm9vYg", "Zm9v Yg==", "Zm9v\n", "====", "Z"}) {
    EXPECT_FALSE(from_base64(bad)) << bad;
  }
}

TEST(Bytes, Utf8FollowsRfc3629) {
  EXPECT_TRUE(is_utf8("Annegret Schulthei\xc3\x9f \xe6\x89\x8b \xf0\x9f\x93\xa6"));
  for (const char* bad : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe6\x89"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
  EXPECT_EQ(printable("a\x1d\xff"), "a\\x1d\\xff");
  EXPECT_EQ(printable(std::string(500, 'x'), 20).size(), 20U);
}

TEST(Bytes, HexRoundTripsAndRefusesOthers) {
  EXPECT_EQ(from_hex(to_hex(std::string_view("\0\xff", 2))).value(), std::string("\0\xff", 2));
  EXPECT_FALSE(from_hex("abc"));
  EXPECT_FALSE(from_hex("zz"));
}

TEST(Prng, RepeatsForOneSeedAndMakesWellFormedUuids) {
  Prng a(1), b(1);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto id = uuid7(a, 1700000000000 + i);
    EXPECT_EQ(id, uuid7(b, 1700000000000 + i));
    EXPECT_TRUE(seen.insert(id).second);
    EXPECT_EQ(id[14], '7');
    EXPECT_EQ(id.size(), 36U);
  }
  EXPECT_EQ(uuid4(a)[14], '4');
}

}  // namespace
}  // namespace dockline::base
