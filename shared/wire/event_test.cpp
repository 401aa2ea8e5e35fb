#include "shared/wire/event.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace dockline::wire {
namespace {

Event counted() {
  Event e;
  e.id = "0192f3a0-0000-7000-8000-000000000001";
  e.source = "/leipzig/bench-4";
  e.subject = "web:1001";
  e.correlation = "web:1001";
  e.time_ms = 1700000000123;
  e.dlinc = "5c000000-0000-4000-8000-000000000000";
  e.dlseq = 53;
  e.dlhlc = 0x018bcfe568000001;
  e.data = ItemCounted{"web:1001", {"lease-1", 7}, 2, "MUG-RED", 1, "4006381333931"};
  return e;
}

TEST(Event, ComesBackAsItWasWritten) {
  const auto bytes = encode(counted()).value();
  EXPECT_EQ(bytes.find('\n'), std::string::npos);
  const auto back = decode(bytes).value();
  EXPECT_EQ(encode(back).value(), bytes);
  EXPECT_EQ(back.type(), "dockline.pack.item.counted.v1");
  EXPECT_EQ(std::get<ItemCounted>(back.data).work.epoch, 7);
  EXPECT_EQ(back.dlseq, 53U);
}

TEST(Event, KeepsATypeItDoesNotKnow) {
  const auto back =
      decode(R"({"specversion":"1.0","id":"a","source":"/s","type":"dockline.future.v9",)"
             R"("time":"2026-01-01T00:00:00Z","data":{"x":[1,2]}})");
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->type(), "dockline.future.v9");
  EXPECT_EQ(std::get<UnknownData>(back->data).json, R"({"x":[1,2]})");
}

TEST(Event, IgnoresFieldsItDoesNotKnow) {
  auto bytes = encode(counted()).value();
  bytes.insert(1, R"("newfield":{"a":1},)");
  EXPECT_TRUE(decode(bytes).has_value());
}

TEST(Event, NamesThePathOfWhatIsWrong) {
  auto bytes = encode(counted()).value();
  const auto at = bytes.find("\"quantity\":1");
  bytes.replace(at, 12, "\"quantity\":\"x\"");
  EXPECT_EQ(decode(bytes).error().detail, "data.quantity: a whole number is needed");
  EXPECT_FALSE(decode("").has_value());
  EXPECT_FALSE(decode("[]").has_value());
  EXPECT_FALSE(decode("{\"specversion\":\"1.0\"}").has_value());
}

// As the first release wrote decisions: no cost, no rules, no facts.
TEST(Event, ReadsADecisionFromBeforeThereWereChains) {
  const std::string old =
      R"({"specversion":"1.0","id":"a","source":"/server","subject":"web:1",)"
      R"("type":"dockline.decision.made.v1","time":"2026-01-01T00:00:00Z","data":{"decision":"d",)"
      R"("kind":"routing","subject":"web:1","rule":"nearest-with-everything","version":1,)"
      R"("outcome":"allocated","reason":"r","candidates":[{"site":"ulm","priority":1,)"
      R"("chosen":true,"why":"has everything"}],"inputs":[{"name":"atp ulm MUG","value":"2"}],)"
      R"("allocations":[{"line":1,"sku":"MUG","quantity":1,"site":"ulm"}]}})";
  const auto back = decode(old);
  ASSERT_TRUE(back.has_value()) << back.error().detail;
  const auto& made = std::get<DecisionMade>(back->data);
  EXPECT_FALSE(made.candidates.at(0).costs || made.rules || made.optimality || made.facts);
  EXPECT_EQ(encode(*back).value().find("costs"), std::string::npos);
}

TEST(Event, KeepsWhatADecisionCostTermByTerm) {
  Event e = counted();
  DecisionMade made;
  made.candidates = {{"ulm", 1, true, "cheapest", "stock", {{{"shipping", 490, "1 parcel"}}}}};
  made.rules = {{"shipping", 3}};
  made.optimality = {"exact", 490, 490, 0, 7};
  made.remainder = {{2, "MUG", 1}};
  e.data = made;
  const auto back = decode(encode(e).value()).value();
  const auto& read = std::get<DecisionMade>(back.data);
  EXPECT_EQ(read.candidates.at(0).costs.value().at(0).minor, 490);
  EXPECT_EQ(read.rules.value().at(0).version, 3);
  EXPECT_EQ(read.optimality.value().expanded, 7);
  EXPECT_EQ(read.remainder.value().at(0).quantity, 1);
}

TEST(Event, RefusesWhatIsTooLarge) {
  Event e = counted();
  std::get<ItemCounted>(e.data).barcode = std::string(70000, 'x');
  EXPECT_EQ(encode(e).error().fault, base::Fault::reject);
}

// The files beside the code are what others read: they must be what the code does.
// DOCKLINE_UPDATE=1 rewrites them; the reviewer reads the difference.
TEST(Schemas, TheCheckedInFilesAreWhatTheCodeDoes) {
  const char* source = std::getenv("DOCKLINE_SOURCE");
  ASSERT_NE(source, nullptr) << "run through ctest, or set DOCKLINE_SOURCE to the source folder";
  const std::filesystem::path folder = std::filesystem::path(source) / "shared/wire/schemas";
  std::size_t files = 0;
  for (const auto& schema : schemas()) {
    if (std::getenv("DOCKLINE_UPDATE") != nullptr) {
      std::filesystem::create_directories(folder);
      std::ofstream(folder / schema.name) << schema.json;
    }
    std::ifstream in(folder / schema.name);
    std::stringstream text;
    text << in.rdbuf();
    EXPECT_EQ(text.str(), schema.json) << schema.name << ": run with DOCKLINE_UPDATE=1";
    ++files;
  }
  std::size_t found = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++found;
  EXPECT_EQ(found, files) << "a schema file without a type: delete it";
}

}  // namespace
}  // namespace dockline::wire
