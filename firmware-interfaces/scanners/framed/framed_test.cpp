#include "firmware-interfaces/scanners/framed/framed.hpp"

#include <gtest/gtest.h>

#include "tests/devices/vectors.hpp"

namespace dockline::firmware::framed {
namespace {

ScannerSettings settings_for(const std::string& id) {
  ScannerSettings s;
  if (id == "frame.stx_etx") {
    s.prefix = ScanPrefix::stx;
    s.suffix = ScanSuffix::etx;
  } else if (id == "frame.tab") {
    s.suffix = ScanSuffix::tab;
  } else if (id == "frame.no_terminator") {
    s.suffix = ScanSuffix::none;
  } else if (id == "frame.overlong") {
    s.longest_bytes = 4296;
  }
  return s;
}

// The scans as the vectors write them: identifier, " ECI n " where there is one, data.
std::vector<std::string> scans(const std::vector<ScannerEvent>& events) {
  std::vector<std::string> out;
  for (const auto& event : events) {
    if (const auto* scan = std::get_if<Scan>(&event)) {
      out.push_back(scan->symbology +
                    (scan->eci ? " ECI " + std::to_string(*scan->eci) + " " : "") + scan->data);
    }
  }
  return out;
}

std::size_t refusals(const std::vector<ScannerEvent>& events) {
  return events.size() - scans(events).size();
}

std::vector<ScannerEvent> run(const ScannerSettings& settings, std::string_view bytes,
                              std::size_t portion) {
  auto codec = make(settings);
  std::vector<ScannerEvent> out;
  base::Instant now{1000, 0};
  for (std::size_t at = 0; at < bytes.size(); at += portion) {
    codec->feed(now, bytes.substr(at, portion), out);
    now.mono_ms += 1;
  }
  now.mono_ms += settings.idle_ms;
  codec->tick(now, out);
  return out;
}

TEST(Framed, GivesTheScansOfEveryVectorHoweverTheReadsAreSplit) {
  int cases = 0;
  for (const auto& v : read_vectors("scanner-frames.tsv")) {
    const auto expected = boost::json::parse(v.expected);
    for (const std::size_t portion : {v.bytes.size() + 1, std::size_t{1}, std::size_t{3}}) {
      const auto events = run(settings_for(v.id), v.bytes, portion);
      if (expected.is_null()) {
        EXPECT_FALSE(events.empty()) << v.id;
        continue;
      }
      std::vector<std::string> want;
      for (std::string text : boost::json::value_to<std::vector<std::string>>(expected)) {
        for (const auto& [word, byte] :
             {std::pair{"{GS}", '\x1d'}, std::pair{"{RS}", '\x1e'}, std::pair{"{EOT}", '\x04'}}) {
          for (auto at = text.find(word); at != std::string::npos; at = text.find(word)) {
            text.replace(at, std::string_view(word).size(), 1, byte);
          }
        }
        want.push_back(text);
      }
      EXPECT_EQ(scans(events), want) << v.id << " in portions of " << portion;
    }
    ++cases;
  }
  EXPECT_EQ(cases, 17);
}

TEST(Framed, SplitsTheIdentifierOffTheData) {
  const auto events = run({}, "]C100340123450000000123\r\n", 100);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(std::get<Scan>(events[0]), (Scan{"00340123450000000123", "]C1", {}}));
}

TEST(Framed, KeepsBytesThatAreNotUtf8) {
  EXPECT_EQ(scans(run({}, "caf\xe9\r", 100)), std::vector<std::string>{"caf\xe9"});
}

TEST(Framed, RefusesAnOverlongScanOnceAndTakesTheNext) {
  const auto events = run({}, std::string(50'000, 'X') + "\r\nDLKUND\r\n", 997);
  EXPECT_EQ(refusals(events), 1U);
  EXPECT_EQ(scans(events), std::vector<std::string>{"DLKUND"});
}

TEST(Framed, TakesAScanOfExactlyTheLimit) {
  EXPECT_EQ(scans(run({}, std::string(8192, 'X') + "\r", 8192)).size(), 1U);
  EXPECT_EQ(refusals(run({}, std::string(8193, 'X') + "\r", 8192)), 1U);
}

TEST(Framed, RefusesHalfAScanThatNeverEndsAndDoesNotGlueItToTheNext) {
  auto codec = make({});
  std::vector<ScannerEvent> out;
  codec->feed({1000, 0}, "40063813", out);
  EXPECT_EQ(codec->deadline_ms(), 2000);
  codec->feed({2500, 0}, "4006381333931\r", out);
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(std::get<ScanRefused>(out[0]).head, "40063813");
  EXPECT_EQ(std::get<Scan>(out[1]).data, "4006381333931");
}

TEST(Framed, ForgetsHalfAScanWhenTheConnectionIsNew) {
  auto codec = make({});
  std::vector<ScannerEvent> out;
  codec->feed({1000, 0}, "40063813", out);
  codec->reset();
  EXPECT_FALSE(codec->deadline_ms());
  codec->feed({1001, 0}, "A1\r", out);
  EXPECT_EQ(scans(out), std::vector<std::string>{"A1"});
}

TEST(Framed, RequiresTheIdentifierWhereItIsThePrefix) {
  ScannerSettings s;
  s.prefix = ScanPrefix::aim;
  EXPECT_EQ(refusals(run(s, "4006381333931\r", 100)), 1U);
  EXPECT_EQ(scans(run(s, "]E04006381333931\r", 100)).size(), 1U);
}

TEST(Framed, ThrowsAwayNoiseBeforeStx) {
  ScannerSettings s;
  s.prefix = ScanPrefix::stx;
  s.suffix = ScanSuffix::etx;
  EXPECT_EQ(scans(run(s,
                      "\xff\xfe noise \x02"
                      "A1\x03junk\x02"
                      "B2\x03",
                      1)),
            (std::vector<std::string>{"A1", "B2"}));
}

TEST(Framed, ReplacesTheTextThatStandsForGs) {
  ScannerSettings s;
  s.gs_text = "<GS>";
  EXPECT_EQ(scans(run(s, "]C110A<GS>21B<GS>\r", 100)), std::vector<std::string>{"]C110A\x1d"
                                                                                "21B\x1d"});
}

TEST(Framed, UndoesTheEciProtocolOnlyWhereItIsInForce) {
  EXPECT_EQ(scans(run({}, "]Q1a\\000026b\r", 100)), std::vector<std::string>{"]Q1a\\000026b"});
  EXPECT_EQ(scans(run({}, "]Q2a\\\\b\\x\\\r", 100)), std::vector<std::string>{"]Q2a\\b\\x\\"});
}

}  // namespace
}  // namespace dockline::firmware::framed
