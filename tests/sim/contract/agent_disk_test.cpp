// A bench packs an order while the n-th call of its disk fails, for every n until a run meets no
// fault any more: what was answered is kept, the server hears everything once, the file is whole.
#include <optional>
#include <set>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "agent/app/testing.hpp"
#include "agent/station/command.hpp"
#include "agent/station/testing.hpp"
#include "server/audit/audit.hpp"
#include "shared/sqlite/db.hpp"
#include "tests/sim/disk/sim_disk.hpp"

namespace dockline::sim {
namespace {

namespace json = boost::json;
using agent::testing::Bench;

constexpr const char* kMug = "4006381333931";
constexpr const char* kPot = "96385074";
constexpr const char* kLabel = "DL0000000017";
constexpr const char* kFile = "/bench/agent.db";

wire::LeaseGranted order() {
  return agent::station::testing::small_shop().works.at("web:A100").order;
}

class Packing {
 public:
  explicit Packing(std::uint64_t seed)
      : disks_(seed), disk(disks_.of("bench")), bench_(true, kFile, disks_.vfs()) {
    bench_.server.tell(bench_.now, order());
    bench_.online = true;
  }

  // What a packer does who looks at the screen before each scan. True: the box is closed.
  bool pack() {
    for (int looks = 0; looks < 60; ++looks) {
      const auto screen = look();
      if (screen.at("closed_today").as_int64() == 1) return true;
      if (screen.at("order").is_null()) {
        scan("A100");
        bench_.run_for(2'000);
        continue;
      }
      const auto done = screen.at("order").at("pieces_done").as_int64();
      EXPECT_GE(done, answered_) << "an answered piece is gone";
      const auto banner = screen.at("banner").at("id").as_string();
      if (refused_at_ && done != *refused_at_) {
        EXPECT_EQ(banner, "restarted") << "a refused piece counts, and nobody was told";
      }
      refused_at_.reset();
      if (done < 3) {
        if (scan(done < 2 ? kMug : kPot))
          answered_ = done + 1;
        else if (!disk.dead())
          refused_at_ = done;
      } else if (banner == "printing" && printed_ < bench_.prints.size()) {
        printed_ = bench_.prints.size();
        bench_.print_well();
      } else if (banner == "label-unknown") {
        // Did a label come out? Then it is scanned.
        scan(printed_ > 0 ? kLabel : agent::station::sheet_code("NO"));
      } else {
        scan(kLabel);
      }
      heal();
    }
    return false;
  }

  void judge() {
    disk.relieve();
    bench_.run_for(60'000);
    const auto& server = bench_.server;
    EXPECT_EQ(server.count<wire::PackOpened>(), 1U);
    EXPECT_EQ(server.count<wire::ItemCounted>(), 3U);
    EXPECT_EQ(server.count<wire::PackClosed>(), 1U);
    std::set<std::string> ids;
    for (const auto& fact : server.facts) EXPECT_TRUE(ids.insert(fact.id).second) << fact.id;
    bench_.turn.reset();
    const std::vector<std::string> files = {kFile};
    const auto report = server::audit::check_files("", files, disks_.vfs());
    ASSERT_TRUE(report.has_value()) << report.error().detail;
    EXPECT_TRUE(report->clean()) << server::audit::to_text(*report);
  }

 private:
  json::object look() {
    for (int tries = 0; tries < 5 && bench_.turn->app() == nullptr; ++tries) {
      disk.relieve();  // somebody makes room
      heal();
      bench_.pass(turn::kHoldMs);
      bench_.tick();
      bench_.tick();
    }
    return json::parse(bench_.view()).as_object();
  }
  // True: it was answered, not refused.
  bool scan(const std::string& code) {
    const auto refused = bench_.rejected.size();
    bench_.scan(code);
    if (bench_.rejected.size() == refused) return true;
    EXPECT_NE(bench_.rejected.back().fault, base::Fault::bug) << bench_.rejected.back().detail;
    if (bench_.rejected.back().fault == base::Fault::full) disk.relieve();
    heal();
    return false;
  }
  void heal() {
    if (!disk.dead()) return;
    disk.power_cut();
    bench_.start();
  }

  Disks disks_;

 public:
  Disk& disk;

 private:
  Bench bench_;
  std::int64_t answered_ = 0;
  std::optional<std::int64_t> refused_at_;  // pieces in the box when the last one was refused
  std::size_t printed_ = 0;
};

class AgentOnABadDisk : public testing::TestWithParam<DiskFault> {};

TEST_P(AgentOnABadDisk, LosesNothingThatWasAnsweredWhicheverCallFails) {
  for (std::uint64_t n = 1; n < 2'000; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    Packing run(n);
    const auto before = run.disk.calls();
    run.disk.fail_at(n, GetParam());
    ASSERT_TRUE(run.pack()) << "the box was never closed";
    const bool met = run.disk.calls() >= before + n;
    run.judge();
    if (HasFailure()) return;
    if (!met) {
      EXPECT_GT(n, 50U) << "hardly anything was written";
      return;
    }
  }
  FAIL() << "no run passed without a fault";
}

std::string name_of(const testing::TestParamInfo<DiskFault>& fault) {
  switch (fault.param) {
    case DiskFault::two_errors:
      return "TwoErrors";
    case DiskFault::io_error:
      return "IoError";
    case DiskFault::bad_read:
      return "BadRead";
    case DiskFault::full:
      return "Full";
    case DiskFault::power_cut:
      return "PowerCut";
  }
  return "";
}

INSTANTIATE_TEST_SUITE_P(Faults, AgentOnABadDisk,
                         testing::Values(DiskFault::io_error, DiskFault::two_errors,
                                         DiskFault::bad_read, DiskFault::full,
                                         DiskFault::power_cut),
                         name_of);

TEST(AgentStartOnABadDisk, AStartThatFailsAtAnyCallSucceedsTheNextTime) {
  for (std::uint64_t n = 1; n < 2'000; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    Disks disks(n);
    auto& disk = disks.of("bench");
    disk.fail_at(n, DiskFault::io_error);
    agent::StationSettings settings;
    settings.site = "leipzig";
    settings.station = "bench-4";
    settings.database = kFile;
    settings.vfs = disks.vfs();
    agent::StationProcess process;
    const auto first = agent::StationApp::begin_process(settings, process);
    if (!first) {
      EXPECT_NE(first.error().fault, base::Fault::bug) << first.error().detail;
    }
    const bool met = disk.calls() >= n;
    disk.relieve();
    ASSERT_TRUE(agent::StationApp::begin_process(settings, process)) << "not even now";
    const auto app = agent::StationApp::open(settings, process, {1'000, 1'790'000'000'000});
    ASSERT_TRUE(app.has_value()) << app.error().detail;
    if (!met) return;
  }
  FAIL() << "no start passed without a fault";
}

}  // namespace
}  // namespace dockline::sim
