// Accepting a box of an order that goes out from two sites. Its parts were taken back and go on
// under each other's leases, so that the lease of the box says nothing of who packs its pieces now.
#include <gmock/gmock.h>

#include "server/audit/audit.hpp"
#include "server/rulebook/rulebook.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kRules = R"([routing]
currency = "EUR"
chain = "parts"
[[chain]]
name = "parts"
split = "lines"
rules = ["stock"]
[[site]]
name = "leipzig"
[[site]]
name = "ulm"
)";

struct AcceptedBox : ::testing::Test {
  void SetUp() override {
    auto book = rulebook::read(kRules, "routing.toml", std::nullopt);
    ASSERT_TRUE(book.has_value()) << config::to_text(book.error());
    w.config.rulebook = std::make_shared<const routing::Rulebook>(std::move(*book));
    w.start();
    (void)leipzig();
    (void)ulm();
    w.stock("MUG", "leipzig", 5);
    w.stock("TEE", "ulm", 5);
    id = w.order("1", {{"MUG", 1}, {"TEE", 1}});
    ASSERT_EQ(leipzig().leases.size(), 1U);
    ASSERT_EQ(ulm().leases.size(), 1U);
    // Ulm packs its part unheard; a person has the order taken back from both.
    ulm().connected = false;
    w.say_pack(ulm(), ulm().leases[0]);
    ASSERT_FALSE(w.ask(ForceRevoke{id, "the bench is silent", "boss"}).error.has_value());
    w.settle();
  }
  void TearDown() override {
    EXPECT_THAT(w.rejected, IsEmpty());
    const auto report = w.verify();
    for (const auto& t : report.tables) EXPECT_TRUE(t.equal) << t.table;
    const auto audited = audit::check_files(w.config.db_path, {}, "");
    ASSERT_TRUE(audited) << audited.error().detail;
    for (const auto& f : audited->findings) {
      ADD_FAILURE() << f.check << " " << f.place << ": " << f.what;
    }
  }
  testing::Bench& leipzig() { return w.bench("leipzig", "bench-1"); }
  testing::Bench& ulm() { return w.bench("ulm", "bench-2"); }
  void heard() {
    ulm().connected = true;
    w.pass(70'000);
    ASSERT_EQ(ulm().leases.size(), 2U);
    ASSERT_THAT(w.open_exceptions(), Contains("fenced_work"));
  }
  Reply decide(const std::string& action) {
    const auto page = w.reader->exceptions("open", "", 50).value();
    Reply reply;
    for (const auto& row : page.items) {
      if (row.kind == "fenced_work") reply = w.ask(ResolveException{row.id, action, "boss"});
    }
    w.settle();
    return reply;
  }
  domain::Quantity packed(int line) { return w.look(id).lines.at(line).packed; }
  static bool has(const std::vector<wire::LeaseRevoked>& all, const wire::LeaseGranted& lease) {
    return std::ranges::any_of(
        all, [&](const auto& one) { return one.work == lease.work && one.reason == "forced"; });
  }

  testing::World w;
  std::string id;
};

// Found by dockline-sim, seed 91000019: the bench that has the box's line now kept it and packed it
// as well, and both boxes left.
TEST_F(AcceptedBox, IsTakenFromWhoeverHasItsPiecesNow) {
  heard();
  const auto mine = ulm().leases[0], again = ulm().leases[1];
  ASSERT_EQ(again.lines.at(0).sku, "TEE");
  ASSERT_NE(again.work.lease, mine.work.lease) << "the parts go on under each other's leases";
  const auto done = decide("accept");
  ASSERT_FALSE(done.error) << done.error->detail;
  EXPECT_TRUE(has(ulm().revoked, again));
  EXPECT_EQ(packed(1), 1);
  EXPECT_EQ(ulm().leases.size(), 2U) << "nothing of it is left to pack in Ulm";
  w.pack(leipzig(), leipzig().leases.back());
  EXPECT_EQ(packed(0), 1);
  EXPECT_EQ(w.look(id).order.state, "packed");
  EXPECT_THAT(w.open_exceptions(), Not(Contains("fenced_work")));
}

TEST_F(AcceptedBox, IsRefusedWhenItsPiecesArePackedInAnotherPart) {
  heard();
  w.pack(ulm(), ulm().leases[1]);
  EXPECT_EQ(packed(1), 1);
  const auto refused = decide("accept");
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(refused.error->fault, base::Fault::conflict);
  EXPECT_TRUE(decide("put_back").created);
  EXPECT_EQ(packed(1), 1);
  w.pack(leipzig(), leipzig().leases.back());
  EXPECT_EQ(w.look(id).order.state, "packed");
}

}  // namespace
}  // namespace dockline::server
