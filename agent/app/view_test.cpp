// The page's state in every situation a test can bring about, compared with the shapes of
// agent/panel/fixtures: what the page was drawn from is what the agent sends.
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "agent/app/testing.hpp"
#include "agent/station/command.hpp"
#include "agent/station/testing.hpp"

namespace dockline::agent {
namespace {

namespace json = boost::json;
using testing::Bench;

constexpr const char* kMug = "4006381333931";
constexpr const char* kPot = "96385074";

json::object fixture(const std::string& id) {
  const char* root = std::getenv("DOCKLINE_SOURCE");
  const std::string path =
      std::string(root == nullptr ? "." : root) + "/agent/panel/fixtures/" + id + ".json";
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_TRUE(file.is_open()) << path;
  return json::parse(text.str()).as_object();
}

// Values that only stations with a scale, a person or cages have.
const std::set<std::string, std::less<>> kElsewhere{"labels_left", "weight_g", "steady", "cage"};

void same_keys(const json::object& ours, const json::object& theirs, const std::string& where) {
  for (const auto& [key, value] : theirs) {
    if (kElsewhere.contains(std::string_view(key))) continue;
    ASSERT_TRUE(ours.contains(key)) << where << "." << std::string(key) << " is missing";
  }
}

void same_rows(const json::object& ours, const json::object& theirs, std::string_view key,
               const std::string& where) {
  if (!theirs.contains(key) || theirs.at(key).as_array().empty()) return;
  ASSERT_TRUE(ours.contains(key)) << where;
  if (ours.at(key).as_array().empty()) return;
  const auto& row = theirs.at(key).as_array().front();
  if (!row.is_object()) return;
  same_keys(ours.at(key).as_array().front().as_object(), row.as_object(),
            where + "." + std::string(key));
}

class ViewTest : public ::testing::Test {
 protected:
  json::object expect(const std::string& id, const std::string& like = "") {
    const auto view = json::parse(bench.view()).as_object();
    const auto model = fixture(like.empty() ? id : like);
    const auto& banner = view.at("banner").as_object();
    EXPECT_EQ(banner.at("id"), json::value(id));
    EXPECT_EQ(banner.at("tone"), model.at("banner").at("tone")) << id;
    same_keys(view, model, id);
    same_keys(banner.at("p").as_object(), model.at("banner").at("p").as_object(), id + ".p");
    const auto& body = view.at("body").as_object();
    const auto& model_body = model.at("body").as_object();
    EXPECT_EQ(body.at("kind"), model_body.at("kind")) << id;
    same_keys(body, model_body, id + ".body");
    for (const auto* key : {"lines", "rows", "next", "facts"}) {
      same_rows(body, model_body, key, id + ".body");
    }
    same_rows(view, model, "actions", id);
    same_rows(view, model, "devices", id);
    same_keys(view.at("sync").as_object(), model.at("sync").as_object(), id + ".sync");
    EXPECT_EQ(view.at("commands"), model.at("commands")) << id;
    EXPECT_EQ(view.at("sound"), model.at("sound")) << id;
    EXPECT_EQ(view.at("count").is_null(), model.at("count").is_null()) << id;
    if (view.at("count").is_object()) {
      EXPECT_EQ(view.at("count").at("kind"), model.at("count").at("kind")) << id;
    }
    EXPECT_LT(json::serialize(view).size(), 8'000U);
    return view;
  }
  void command(std::string_view word) { bench.scan(station::sheet_code(word)); }
  void grant() {
    const auto shop = station::testing::small_shop();
    for (const auto& [id, work] : shop.works) bench.server.tell(bench.now, work.order);
    for (const auto* sku : {"MUG-BLUE", "HOSE"}) {
      wire::CatalogueItem item;
      item.item.sku = sku;
      item.item.title = sku == std::string("HOSE") ? "Garden hose" : "Mug blue";
      item.bin = "B-2";
      bench.server.tell(bench.now, item);
    }
    bench.go_online();
  }
  void open() {
    grant();
    bench.scan("A100");
  }
  void to_label() {
    open();
    for (const auto* code : {kMug, kMug, kPot}) bench.scan(code);
  }
  void report(firmware::PrintStep step,
              firmware::DeviceState state = firmware::DeviceState::ready) {
    bench.input(PrinterReport{{"zebra", bench.prints.back().job, step, state, {}, ""}});
  }
  Bench bench;
};

TEST_F(ViewTest, Idle) {
  expect("idle", "idle-empty");
  grant();
  const auto view = expect("idle");
  EXPECT_EQ(view.at("body").at("total"), 2);
}
TEST_F(ViewTest, Counting) {
  wire::CountAsked asked;
  asked.task = "t-1";
  asked.sku = "MUG-RED";
  asked.title = "Mug red";
  asked.bin = "B-1";
  asked.barcodes = {{kMug, 1}};
  bench.server.tell(bench.now, asked);
  bench.go_online();
  expect("idle", "idle-empty-count");
  grant();
  expect("idle", "idle-count");
  command("COUNT");
  expect("count-open");
  bench.scan(kMug);
  const auto view = expect("count-piece");
  EXPECT_EQ(view.at("count").at("n"), 1);
  bench.scan("MUG-BLUE");
  expect("count-other");
  command("UNDO");
  command("CONFIRM");
  expect("count-zero");
  command("NO");
  bench.scan(kMug);
  command("HOLD");
  expect("count-left");
  command("COUNT");
  bench.scan(kMug);
  command("CONFIRM");
  expect("count-done");
  command("COUNT");
  expect("no-count");
}
TEST_F(ViewTest, OrderOpen) {
  open();
  const auto view = expect("order-open");
  EXPECT_EQ(view.at("order").at("pieces_total"), 3);
  same_keys(view.at("order").as_object(), fixture("order-open").at("order").as_object(), "order");
}
TEST_F(ViewTest, ItemAccepted) {
  open();
  bench.scan(kMug);
  const auto view = expect("item-accepted");
  // Bin order: the pot in A-1 leads, the mug just touched is marked.
  EXPECT_EQ(view.at("body").at("lines").at(1).at("hot"), true);
}
TEST_F(ViewTest, ALineThatIsDoneStaysInPlaceUntilTheNextScan) {
  open();
  bench.scan(kMug);
  bench.scan(kMug);
  auto lines = json::parse(bench.view()).at("body").at("lines").as_array();
  EXPECT_EQ(lines[0].at("sku"), "MUG-RED");
  EXPECT_EQ(lines[0].at("hot"), true);
  bench.scan("nonsense");
  lines = json::parse(bench.view()).at("body").at("lines").as_array();
  EXPECT_EQ(lines[0].at("sku"), "POT");
}
TEST_F(ViewTest, WrongItemNearAndFar) {
  open();
  bench.scan("MUG-BLUE");
  expect("wrong-item");
  bench.scan("HOSE");
  expect("wrong-item", "wrong-item-far");
}
TEST_F(ViewTest, TooMany) {
  open();
  bench.scan(kPot);
  bench.scan(kPot);
  expect("too-many");
}
TEST_F(ViewTest, WhatACodeMustSayAndWhatItSays) {
  auto order = station::testing::small_shop().works.at("web:A100").order;
  order.lines[0].tracked = "serial";
  bench.server.tell(bench.now, order);
  bench.go_online();
  bench.scan("A100");
  const std::string code = "]d201" + std::string("0") + kMug;
  bench.scan(code + "10L1");
  const auto lines = expect("lot-needed").at("body").at("lines").as_array();
  EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const json::value& row) {
    const auto* needs = row.as_object().if_contains("needs");
    return needs != nullptr && *needs == "serial";
  }));
  bench.scan(code + "21S1" + "\x1d" + "17200101");
  expect("expired");
  bench.scan(code + "21S1");
  bench.pass(1'000);
  bench.scan(code + "21S1");
  expect("serial-again");
  command("QTY");
  command("2");
  bench.scan(code + "21S2");
  expect("serial-each");
}
TEST_F(ViewTest, UnknownBarcode) {
  open();
  bench.scan("5012345678900");
  EXPECT_EQ(expect("unknown-barcode").at("hot"), "PROBLEM");
}
TEST_F(ViewTest, DoubledScan) {
  open();
  bench.scan(kMug);
  bench.pass(80);
  bench.input(ScanIn{"left", kMug, ""});
  expect("doubled-scan");
}
TEST_F(ViewTest, ShortAndShortNoted) {
  open();
  command("SHORT");
  const auto view = expect("short");
  EXPECT_EQ(view.at("body").at("lines").at(0).at("key"), 1);
  command("1");
  expect("short-noted");
}
TEST_F(ViewTest, QuantityAndItsLimit) {
  open();
  command("QTY");
  command("9");
  expect("qty");
  for (int i = 0; i < 3; ++i) command("9");
  bench.scan(kMug);
  expect("qty-limit");
}
TEST_F(ViewTest, ANumberThatWaitsForItsPieceStaysOnThePage) {
  open();
  command("QTY");
  command("2");
  bench.input(ScanRefusedIn{"left", "a scan came without its end", "4006"});
  const auto view = json::parse(bench.view());
  EXPECT_EQ(view.at("banner").at("id"), "qty");
  EXPECT_EQ(view.at("banner").at("p").at("digits"), "2");
  EXPECT_EQ(view.at("sound"), "nope");
  bench.scan(kMug);
  EXPECT_EQ(json::parse(bench.view()).at("order").at("pieces_done"), 2);
}
TEST_F(ViewTest, TakenBackHeldProblem) {
  open();
  bench.scan(kMug);
  command("UNDO");
  expect("taken-back");
  bench.scan(kMug);
  command("HOLD");
  expect("held");
  bench.scan("A100");
  command("PROBLEM");
  expect("problem");
  command("UNDO");
  expect("nothing-to-undo");
}
TEST_F(ViewTest, OtherOrderAndHelp) {
  open();
  bench.scan(kMug);
  bench.scan("A200");
  expect("other-order");
  command("NO");
  command("CONFIRM");
  expect("not-now");
  command("HELP");
  EXPECT_EQ(json::parse(bench.view()).at("body").at("kind"), "sheet");
}
TEST_F(ViewTest, AnItemWithoutAnOrder) {
  grant();
  bench.scan("MUG-BLUE");
  expect("no-order");
}
TEST_F(ViewTest, ScanRefused) {
  open();
  bench.input(ScanRefusedIn{"left", "longer than 8192 bytes", "xxx"});
  expect("scan-refused");
}
TEST_F(ViewTest, PrintingThenLabelScanThenClosed) {
  to_label();
  report(firmware::PrintStep::prepared);
  report(firmware::PrintStep::sent);
  EXPECT_EQ(json::parse(bench.view()).at("banner").at("id"), "printing");
  report(firmware::PrintStep::confirmed);
  expect("label-scan");
  bench.scan("DL0000000024");
  expect("wrong-label");
  bench.scan("DL0000000017");
  expect("order-closed");
  EXPECT_EQ(json::parse(bench.view()).at("closed_today"), 1);
  bench.scan("A100");
  EXPECT_EQ(json::parse(bench.view()).at("banner").at("id"), "order-done");
}
TEST_F(ViewTest, LabelUnknown) {
  to_label();
  report(firmware::PrintStep::prepared);
  bench.run_for(8'100);
  const auto view = expect("label-unknown");
  EXPECT_EQ(view.at("banner").at("p").at("cause"), "silent");
  EXPECT_EQ(view.at("hot"), "NO");
}
TEST_F(ViewTest, PrinterPaper) {
  to_label();
  report(firmware::PrintStep::refused, firmware::DeviceState::paper_out);
  const auto view = json::parse(bench.view());
  EXPECT_EQ(view.at("banner").at("id"), "printer-paper");
  EXPECT_EQ(view.at("banner").at("p").at("state"), "paper_out");
  EXPECT_EQ(view.at("body").at("rows").at(2).at("state"), "blocked");
  EXPECT_TRUE(view.at("commands").at(0).is_null());  // there is no other printer here
}
TEST_F(ViewTest, ScannerLost) {
  open();
  bench.input(
      DeviceSeen{{"right", firmware::DeviceKind::scanner, firmware::DeviceState::ready, ""}});
  bench.input(DeviceSeen{{"left", firmware::DeviceKind::scanner, firmware::DeviceState::gone, ""}});
  command("UNDO");
  bench.scan("A100", "right");
  bench.input(
      DeviceSeen{{"left", firmware::DeviceKind::scanner, firmware::DeviceState::ready, ""}});
  bench.input(DeviceSeen{{"left", firmware::DeviceKind::scanner, firmware::DeviceState::gone, ""}});
  const auto view = expect("scanner-lost");
  EXPECT_EQ(view.at("banner").at("p").at("other"), "right");
}
TEST_F(ViewTest, ABoxAsideWhoseOrderIsCancelledHeadsTheQueueUntilItIsEmpty) {
  open();
  bench.scan(kMug);
  command("HOLD");
  bench.server.tell(bench.now, wire::LeaseRevoked{"web:A100", {"lease-1", 1}, "cancelled"});
  bench.run_for(500);
  const auto body = json::parse(bench.view()).at("body").as_object();
  EXPECT_EQ(body.at("aside_total"), 1);
  EXPECT_EQ(body.at("total"), 1);
  const auto& box = body.at("aside").as_array().at(0).as_object();
  EXPECT_EQ(box.at("number"), "A100");
  EXPECT_EQ(box.at("pieces"), 1);
  const auto model = fixture("idle-aside").at("body").as_object();
  same_keys(body, model, "idle-aside");
  for (const auto* key : {"aside", "rows", "next"}) same_rows(body, model, key, "idle-aside");
  bench.go_offline();
  bench.pass(3'600'000);
  EXPECT_EQ(json::parse(bench.view()).at("body").at("kind"), "queue");
  bench.scan("A100");
  expect("cancelled");
  bench.scan(kMug);
  const auto empty = json::parse(bench.view()).at("body").as_object();
  EXPECT_EQ(empty.at("aside_total"), 0);
  EXPECT_TRUE(empty.at("aside").as_array().empty());
}
TEST_F(ViewTest, Cancelled) {
  open();
  bench.scan(kMug);
  bench.server.tell(bench.now, wire::LeaseRevoked{"web:A100", {"lease-1", 1}, "cancelled"});
  bench.run_for(500);
  expect("cancelled");
  bench.scan(kMug);
  expect("all-out");
}
TEST_F(ViewTest, Restarted) {
  open();
  bench.scan(kMug);
  bench.start();
  expect("restarted");
}
TEST_F(ViewTest, OfflineForLong) {
  bench.pass(3'600'000);
  expect("offline-3d");
}
TEST_F(ViewTest, StoreFull) {
  open();
  bench.watch.rejected(bench.now, ScanIn{"left", "x", ""},
                       {base::Fault::full, "database or disk is full"}, 0);
  expect("store-full");
  EXPECT_TRUE(bench.watch.committed(bench.now, true));
  EXPECT_EQ(json::parse(bench.view()).at("banner").at("id"), "order-open");
  bench.watch.rejected(bench.now, ScanIn{"left", "x", ""}, {base::Fault::full, "full"}, 0);
  const auto bare =
      json::parse(StationApp::view_without_store(bench.settings, bench.process, bench.now));
  same_keys(bare.as_object(), fixture("store-full"), "without store");
}

}  // namespace
}  // namespace dockline::agent
