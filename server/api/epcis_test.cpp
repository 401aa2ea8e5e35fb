#include "server/api/epcis.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "server/api/epcis_things.hpp"

namespace dockline::server::api {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kCup = "https://id.gs1.org/01/04006381333931";
const ItemCodes kCodes{{"CUP", {"CARTON", "4006381333931"}}};

domain::Lot lot(const char* lot, const char* serial = "", std::int64_t expires_ms = 0) {
  domain::Lot out;
  if (*lot != 0) out.lot = lot;
  if (*serial != 0) out.serial = serial;
  if (expires_ms != 0) out.expires_ms = expires_ms;
  return out;
}

std::vector<std::string> amounts(const EpcisThings& things) {
  std::vector<std::string> out;
  for (const auto& a : things.amounts()) {
    out.push_back(std::to_string(a.quantity) + " " + a.epc_class);
  }
  return out;
}

// The events of one fact.
json::array told(wire::EventData data) {
  store::PhysicalPage page;
  page.codes = kCodes;
  page.facts.resize(1);
  page.facts[0].event.id = "0190f8a0-0000-7000-8000-000000000001";
  page.facts[0].event.source = "/leipzig/bench-4";
  page.facts[0].event.data = std::move(data);
  return json::parse(epcis_json(page)).at("epcisBody").at("eventList").as_array();
}
json::object event_of(wire::EventData data) {
  auto events = told(std::move(data));
  EXPECT_EQ(events.size(), 1U);
  return events.empty() ? json::object{} : events[0].as_object();
}
std::string at(const json::object& event, const char* key) {
  const auto* found = event.if_contains(key);
  return found == nullptr ? "none" : json::serialize(*found);
}

TEST(ApiEpcis, GtinsOfAllLengthsAreFourteenDigits) {
  EXPECT_EQ(gtin14("4006381333931"), "04006381333931");
  EXPECT_EQ(gtin14("96385074"), "00000096385074");
  EXPECT_EQ(gtin14("036000291452"), "00036000291452");
  for (const char* none : {"", "4006381333932", "123", "ABCDEFGH", "400638133393"}) {
    EXPECT_EQ(gtin14(none), "") << none;
  }
}

TEST(ApiEpcis, AFactOfAnotherKindOrOfNothingIsNoEvent) {
  EXPECT_THAT(told(wire::StockMoved{"CUP", 1, "supplier", "adjustment", "x"}), IsEmpty());
  EXPECT_THAT(told(wire::PackClosed{"o", {"l", 1}, {{1, "CUP", 0, 2}}, {}}), IsEmpty());
  EXPECT_THAT(told(wire::StockMoved{"CUP", 1, "a/shelf", "a/shelf", "x"}), IsEmpty());
}

TEST(ApiEpcis, PiecesOfALotAreOneQuantityAndEachSerialIsAnEpc) {
  EpcisThings things(kCodes);
  things.add("CUP", 2, lot("L-1"));
  things.add("CUP", 1, {});
  things.add("CUP", 3, lot("L-1", "", 99));
  things.add("CUP", 1, lot("L-1", "S1"));
  things.add("CUP", 1, lot("", "S2"));
  things.add("TEA", 1, lot("L-1", "S1"));
  things.add("TEA", 4, lot("L-1"));
  EXPECT_THAT(amounts(things),
              ElementsAre("5 " + kCup + "/10/L-1", "1 " + kCup, "4 urn:dockline:sku:TEA:lot:L-1"));
  EXPECT_THAT(things.epcs(),
              ElementsAre(kCup + "/21/S1", kCup + "/21/S2", "urn:dockline:sku:TEA:serial:S1"));
  ASSERT_EQ(things.lots().size(), 2U);
  EXPECT_EQ(things.lots()[0].epc, kCup + "/21/S1");
  EXPECT_EQ(things.lots()[0].lot, kCup + "/10/L-1");
  EXPECT_EQ(things.lots()[1].lot, "urn:dockline:sku:TEA:lot:L-1");
}

TEST(ApiEpcis, ASerialIsOfOnePieceWhoeverElseClaimsIt) {
  EpcisThings things(kCodes);
  things.add("CUP", 3, lot("", "S1"));
  things.add("CUP", 1, lot("L-1", "S1"));
  EXPECT_THAT(things.epcs(), ElementsAre(kCup + "/21/S1"));
  EXPECT_THAT(amounts(things), ElementsAre("2 " + kCup, "1 " + kCup + "/10/L-1"));
  EXPECT_THAT(things.lots(), IsEmpty());
}

TEST(ApiEpcis, LotsThatGs1CannotNameAreOursAndNoSignBreaksAUri) {
  EpcisThings things(kCodes);
  things.add("CUP", 1, lot("A/1+%#"));  // a # is not of GS1's characters
  things.add("CUP", 1, lot("A/1+%?"));
  things.add("CUP", 1, lot("12345678901234567890"));
  things.add("CUP", 1, lot("123456789012345678901"));
  things.add("CUP", 1, lot("\xC3\x96l 1"));
  EXPECT_THAT(amounts(things), ElementsAre("1 urn:dockline:sku:CUP:lot:A%2F1%2B%25%23",
                                           "1 " + kCup + "/10/A%2F1%2B%25%3F",
                                           "1 " + kCup + "/10/12345678901234567890",
                                           "1 urn:dockline:sku:CUP:lot:123456789012345678901",
                                           "1 urn:dockline:sku:CUP:lot:%C3%96l%201"));
  EXPECT_EQ(epcis_place("leipzig/shelf", "A/1 \xC3\xA4"),
            "urn:dockline:place:leipzig/shelf/A%2F1%20%C3%A4");
  EXPECT_EQ(epcis_place("leipzig/shelf", ""), "urn:dockline:place:leipzig/shelf");
}

TEST(ApiEpcis, ABoxSaysWhatWasScannedIntoItAndNoMoreThanItHolds) {
  const auto e = event_of(wire::PackClosed{
      "o",
      {"l", 1},
      {{1, "CUP", 5, 0, std::vector<domain::LotPieces>{{lot("L-1"), 2}, {lot("L-2", "S1"), 1}}},
       {2, "CUP", 1, 0, std::vector<domain::LotPieces>{{lot("L-1"), 9}}},
       {3, "TEA", 0, 1, std::vector<domain::LotPieces>{{lot("L-3"), 1}}}},
      {"DL1", "340123450000000018", "c", "s"}});
  EXPECT_EQ(at(e, "childEPCs"), "[\"" + kCup + "/21/S1\"]");
  EXPECT_EQ(at(e, "childQuantityList"), "[{\"epcClass\":\"" + kCup +
                                            "/10/L-1\",\"quantity\":3},{\"epcClass\":\"" + kCup +
                                            "\",\"quantity\":2}]");
  EXPECT_EQ(at(e, "dockline:lots"),
            "[{\"id\":\"" + kCup + "/21/S1\",\"dockline:lot\":{\"id\":\"" + kCup + "/10/L-2\"}}]");
  EXPECT_EQ(at(e, "ilmd"), "none");
}

TEST(ApiEpcis, MasterDataOfALotIsWhereItBeginsAlone) {
  constexpr std::int64_t kMarch2027 = 1'803'859'200'000;  // 2027-03-01T00:00Z: good until 28 Feb
  const auto found = event_of(
      wire::StockMoved{"CUP", 2, "adjustment", "a/shelf", "found", lot("L-1", "", kMarch2027)});
  EXPECT_EQ(at(found, "action"), "\"ADD\"");
  EXPECT_EQ(at(found, "ilmd"),
            R"({"cbvmda:lotNumber":"L-1","cbvmda:itemExpirationDate":"2027-02-28"})");
  EXPECT_EQ(at(found, "quantityList"), "[{\"epcClass\":\"" + kCup + "/10/L-1\",\"quantity\":2}]");
  const auto piece = event_of(
      wire::StockMoved{"CUP", 1, "adjustment", "a/shelf", "found", lot("", "S1", kMarch2027)});
  EXPECT_EQ(at(piece, "ilmd"), R"({"cbvmda:itemExpirationDate":"2027-02-28"})");
  EXPECT_EQ(at(piece, "quantityList"), "none");
  // Nothing begins: of no lot, gone, or the supplier's.
  for (const auto& [from, to, of] : {std::tuple{"adjustment", "a/shelf", lot("", "", kMarch2027)},
                                     {"a/shelf", "adjustment", lot("L-1", "", kMarch2027)},
                                     {"supplier", "a/shelf", lot("L-1", "", kMarch2027)},
                                     {"a/shelf", "a/quarantine", lot("L-1", "", kMarch2027)}}) {
    EXPECT_EQ(at(event_of(wire::StockMoved{"CUP", 1, from, to, "x", of}), "ilmd"), "none")
        << from << " " << to;
  }
  wire::DeliveryReceived came{{}, "a", "CUP", {}, 3, 1, lot("L-1", "", kMarch2027), "ada", "R-2"};
  const auto both = told(came);
  ASSERT_EQ(both.size(), 2U);
  for (const auto& e : both) EXPECT_EQ(at(e.as_object(), "ilmd"), "none");
}

TEST(ApiEpcis, BinsAreSubLocationsOfTheirShelf) {
  const auto place = [](const std::string& of) {
    return "{\"id\":\"urn:dockline:place:" + of + "\"}";
  };
  wire::StockMoved m{"CUP", 2, "a/shelf", "a/shelf", "tidied", {}, "R-1", "R/2"};
  auto e = event_of(m);
  EXPECT_EQ(at(e, "readPoint"), place("a/shelf/R%2F2"));
  EXPECT_EQ(at(e, "dockline:from"), place("a/shelf/R-1"));
  EXPECT_EQ(at(e, "bizLocation"), R"({"id":"urn:dockline:site:a"})");
  EXPECT_EQ(at(e, "bizStep"), "\"storing\"");
  m.from_bin.reset();  // out of the home bin
  EXPECT_EQ(at(event_of(m), "dockline:from"), place("a/shelf"));
  m = {"CUP", 2, "a/shelf", "a/damaged", "broken", {}, "R-1", {}};
  e = event_of(m);
  EXPECT_EQ(at(e, "readPoint"), place("a/damaged"));
  EXPECT_EQ(at(e, "dockline:from"), place("a/shelf/R-1"));
  m = {"CUP", 2, "a/shelf", "adjustment", "lost", {}, "R-1", {}};
  e = event_of(m);
  EXPECT_EQ(at(e, "readPoint"), place("a/shelf/R-1"));
  EXPECT_EQ(at(e, "dockline:from"), "none");
  m = {"CUP", 2, "supplier", "a/shelf", "receipt", {}, {}, "R-3"};
  EXPECT_EQ(at(event_of(m), "readPoint"), place("a/shelf/R-3"));
  wire::StockCounted counted{"a", "CUP", 4, {}, {}, "R-2", "ada"};
  EXPECT_EQ(at(event_of(counted), "readPoint"), place("a/shelf/R-2"));
  // Damaged pieces lie beside the shelf.
  wire::DeliveryReceived came{{}, "a", "CUP", {}, 3, 1, {}, "ada", "R-2"};
  const auto both = told(came);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(at(both[0].as_object(), "readPoint"), place("a/shelf/R-2"));
  EXPECT_EQ(at(both[1].as_object(), "readPoint"), place("a/shelf"));
}

}  // namespace
}  // namespace dockline::server::api
