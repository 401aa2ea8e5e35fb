#include "firmware-interfaces/printers/zpl/zpl.hpp"

#include <gtest/gtest.h>

#include "firmware-interfaces/printers/zpl/answers.hpp"
#include "firmware-interfaces/printers/zpl/escape.hpp"
#include "shared/base/bytes.hpp"
#include "tests/devices/vectors.hpp"

namespace dockline::firmware::zpl {
namespace {

namespace json = boost::json;

std::vector<PrinterEvent> run(std::string_view bytes, std::size_t portion,
                              std::vector<PrinterValueKind> asked = {}) {
  auto codec = make();
  for (const auto kind : asked) {
    (void)codec->ask_value(kind);
  }
  std::vector<PrinterEvent> out;
  for (std::size_t at = 0; at < bytes.size(); at += portion) {
    codec->feed(bytes.substr(at, portion), out);
  }
  return out;
}

void expect_status(const PrinterStatus& got, const json::object& want, const std::string& id) {
  EXPECT_EQ(got.state == DeviceState::ready, want.at("ready").as_bool()) << id;
  EXPECT_EQ(got.formats_waiting, want.at("formats_in_buffer").as_int64()) << id;
  EXPECT_EQ(got.labels_remaining, want.at("labels_remaining").as_int64()) << id;
  EXPECT_EQ(got.partial_format, want.at("partial_format").as_bool()) << id;
  EXPECT_EQ(got.label_waiting, want.at("label_waiting").as_bool()) << id;
  if (want.at("head_up").as_bool()) {
    EXPECT_EQ(got.state, DeviceState::head_open) << id;
  } else if (want.at("paper_out").as_bool()) {
    EXPECT_EQ(got.state, DeviceState::paper_out) << id;
  } else if (want.at("ribbon_out").as_bool()) {
    EXPECT_EQ(got.state, DeviceState::ribbon_out) << id;
  } else if (want.at("paused").as_bool()) {
    EXPECT_EQ(got.state, DeviceState::paused) << id;
  }
}

void expect_host_status(const Vector& v, std::size_t portion) {
  const auto want = json::parse(v.expected);
  const auto events = run(v.bytes, portion);
  std::vector<PrinterStatus> statuses;
  std::size_t alerts = 0;
  for (const auto& event : events) {
    if (const auto* status = std::get_if<PrinterStatus>(&event)) {
      statuses.push_back(*status);
    }
    alerts += std::holds_alternative<PrinterAlert>(event) ? 1 : 0;
  }
  if (want.is_array()) {
    ASSERT_EQ(statuses.size(), want.as_array().size()) << v.id;
    for (std::size_t i = 0; i < statuses.size(); ++i) {
      expect_status(statuses[i], want.as_array()[i].as_object(), v.id);
    }
  } else if (want.as_object().contains("status")) {
    ASSERT_EQ(statuses.size(), 1U) << v.id;
    EXPECT_EQ(static_cast<std::int64_t>(alerts), want.at("alerts").as_int64());
    expect_status(statuses[0], want.at("status").as_object(), v.id);
  } else if (want.as_object().contains("paused")) {
    ASSERT_EQ(statuses.size(), 1U) << v.id;
    expect_status(statuses[0], want.as_object(), v.id);
  } else {
    EXPECT_TRUE(statuses.empty()) << v.id;  // incomplete, or no answer at all
  }
}

void expect_errors(const Vector& v, std::size_t portion) {
  const auto want = json::parse(v.expected);
  const auto events = run(v.bytes, portion);
  ASSERT_EQ(events.size(), 1U) << v.id;
  const auto& got = std::get<PrinterErrors>(events[0]);
  EXPECT_EQ(got.errors, json::value_to<std::vector<std::string>>(want.at("errors"))) << v.id;
  EXPECT_EQ(got.warnings, json::value_to<std::vector<std::string>>(want.at("warnings"))) << v.id;
  EXPECT_EQ(got.state == DeviceState::ready, got.errors.empty()) << v.id;
}

void expect_value(const Vector& v, std::size_t portion) {
  const auto want = json::parse(v.expected).as_object();
  const auto events = run(v.bytes, portion, {PrinterValueKind::odometer});
  ASSERT_EQ(events.size(), 1U) << v.id;
  const auto& got = std::get<PrinterValue>(events[0]);
  if (want.contains("value") && !want.at("value").as_string().empty()) {
    EXPECT_EQ(got.text, std::string(want.at("value").as_string())) << v.id;
    EXPECT_EQ(got.number, 4711) << v.id;
  } else if (want.contains("inches")) {
    EXPECT_TRUE(got.text && !got.number) << v.id;  // a length is no counter
  } else {
    EXPECT_FALSE(got.text || got.number) << v.id;
  }
}

void expect_alert(const Vector& v, std::size_t portion) {
  const auto want = json::parse(v.expected).as_object();
  const auto events = run(v.bytes, portion);
  ASSERT_EQ(events.size(), 1U) << v.id;
  const auto& got = std::get<PrinterAlert>(events[0]);
  const std::string kind(want.at("kind").as_string());
  using Kind = PrinterAlert::Kind;
  EXPECT_EQ(got.kind, kind == "alert"         ? Kind::job_done
                      : kind == "error"       ? Kind::error
                      : kind == "cleared"     ? Kind::cleared
                      : kind == "label_ready" ? Kind::label_ready
                                              : Kind::label_taken)
      << v.id;
  EXPECT_EQ(got.serial, "TESTSN000001");
  if (want.contains("condition")) {
    EXPECT_EQ(got.condition, std::string(want.at("condition").as_string())) << v.id;
  }
}

TEST(Zpl, ReadsEveryVectorHoweverTheReadsAreSplit) {
  int cases = 0;
  for (const auto& v : read_vectors("printer-zebra.tsv")) {
    for (const std::size_t portion : {v.bytes.size() + 1, std::size_t{1}, std::size_t{7}}) {
      if (v.id.starts_with("hs.")) {
        expect_host_status(v, portion);
      } else if (v.id.starts_with("hqes.")) {
        expect_errors(v, portion);
      } else if (v.id.starts_with("sgd.")) {
        expect_value(v, portion);
      } else if (v.id.starts_with("alert.")) {
        expect_alert(v, portion);
      } else {
        ASSERT_EQ(v.id, "hi.identity");
        const auto events = run(v.bytes, portion);
        ASSERT_EQ(events.size(), 1U);
        EXPECT_EQ(std::get<PrinterIdentity>(events[0]).dots_per_mm, 8);
      }
    }
    ++cases;
  }
  EXPECT_GE(cases, 40);
}

TEST(Zpl, ReadsAllFlagsOfTheHostStatus) {
  for (const auto& v : read_vectors("printer-zebra.tsv")) {
    const auto want = json::parse(v.expected);
    if (!v.id.starts_with("hs.") || !want.is_object() || !want.as_object().contains("paused")) {
      continue;
    }
    std::vector<std::string> blocks;
    for (auto at = v.bytes.find('\x02'); at != std::string::npos;
         at = v.bytes.find('\x02', at + 1)) {
      blocks.push_back(v.bytes.substr(at + 1, v.bytes.find('\x03', at) - at - 1));
    }
    ASSERT_EQ(blocks.size(), 3U);
    const auto got = read_host_status(blocks[0], blocks[1]);
    ASSERT_TRUE(got) << v.id;
    const auto is = [&](const char* key) {
      return want.as_object().contains(key) && want.at(key).as_bool();
    };
    EXPECT_EQ(got->print_mode, want.at("print_mode").as_int64()) << v.id;
    EXPECT_EQ(got->buffer_full, is("buffer_full")) << v.id;
    EXPECT_EQ(got->corrupt_ram, is("corrupt_ram")) << v.id;
    EXPECT_EQ(got->over_temp, is("over_temp")) << v.id;
    EXPECT_EQ(got->under_temp, is("under_temp")) << v.id;
    EXPECT_EQ(got->ready(), is("ready")) << v.id;
  }
}

TEST(Zpl, AnswersValuesInTheOrderTheyWereAskedAndIgnoresUnasked) {
  const auto events =
      run("\"4711\"\"SN-9\"\r\n\"99\"", 1, {PrinterValueKind::odometer, PrinterValueKind::serial});
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(std::get<PrinterValue>(events[0]).number, 4711);
  EXPECT_EQ(std::get<PrinterValue>(events[1]).kind, PrinterValueKind::serial);
  EXPECT_EQ(std::get<PrinterValue>(events[1]).text, "SN-9");
}

TEST(Zpl, FindsTheNextAnswerAfterNoise) {
  const auto ready = read_vectors("printer-zebra.tsv").front().bytes;
  EXPECT_EQ(run(std::string(20'000, 'x') + ready, 64).size(), 1U);
  EXPECT_EQ(run("\x02" + std::string(20'000, 'x') + ready, 64).size(), 1U);
  EXPECT_EQ(run("\"" + std::string(20'000, 'x') + ready, 64).size(), 1U);
  EXPECT_EQ(run(ready.substr(0, 60) + ready, 64).size(), 1U);  // cut, then asked again
}

TEST(Zpl, ForgetsHalfAnAnswerWhenTheConnectionIsNew) {
  auto codec = make();
  std::vector<PrinterEvent> out;
  (void)codec->ask_value(PrinterValueKind::odometer);
  codec->feed("\"47", out);
  codec->reset();
  codec->feed("11\"", out);
  EXPECT_TRUE(out.empty());
}

TEST(ZplEscape, LeavesNoCommandCharacter) {
  EXPECT_EQ(escape("A^XZ~JA_b"), "A_5EXZ_7EJA_5Fb");
  EXPECT_EQ(escape("Caf\xc3\xa9 Stra\xc3\x9f"
                   "e"),
            "Caf\xc3\xa9 Stra\xc3\x9f"
            "e");
  EXPECT_EQ(escape("a\xff\xc3(\x01\r\n"),
            "a?"
            "?(?  ");
  EXPECT_EQ(escape("\xe6\x89"), "??");
}

}  // namespace
}  // namespace dockline::firmware::zpl
