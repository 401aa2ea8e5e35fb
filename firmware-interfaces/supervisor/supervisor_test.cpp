#include "firmware-interfaces/supervisor/supervisor.hpp"

#include <gtest/gtest.h>

namespace dockline::firmware {
namespace {

using Action = Supervisor::Action;
using State = Supervisor::State;

base::Instant at(std::int64_t ms) { return {ms, 0}; }

TEST(Supervisor, TriesAgainAfterAQuarterSecondThenEverySecond) {
  Supervisor s;
  EXPECT_EQ(s.start(at(0)), Action::open);
  std::int64_t now = 0;
  for (const std::int64_t delay : {250, 500, 1000, 1000, 1000}) {
    EXPECT_EQ(s.closed(at(now), "no such device"), Action::none);
    EXPECT_EQ(s.state(), State::absent);
    EXPECT_EQ(s.deadline_ms(), now + delay);
    EXPECT_EQ(s.tick(at(now + delay - 1)), Action::none);
    now += delay;
    EXPECT_EQ(s.tick(at(now)), Action::open);
    EXPECT_EQ(s.state(), State::opening);
  }
  EXPECT_EQ(s.why(), "no such device");
}

TEST(Supervisor, NoticesWithinTwoSecondsThatNothingAnswers) {
  Supervisor s;
  (void)s.start(at(0));
  EXPECT_FALSE(s.tried());
  EXPECT_LT(s.deadline_ms().value(), 2000);
  EXPECT_EQ(s.tick(at(1500)), Action::close);
  EXPECT_EQ(s.state(), State::absent);
  EXPECT_TRUE(s.tried());
}

TEST(Supervisor, WorksAgainByItselfAfterADeviceReturned) {
  Supervisor s;
  (void)s.start(at(0));
  (void)s.opened(at(10));
  EXPECT_EQ(s.state(), State::ready);
  EXPECT_FALSE(s.deadline_ms());
  (void)s.closed(at(5000), "unplugged");
  EXPECT_EQ(s.state(), State::backing_off);
  EXPECT_EQ(s.tick(at(5250)), Action::open);
  (void)s.opened(at(5260));
  EXPECT_EQ(s.state(), State::ready);
  EXPECT_TRUE(s.why().empty());
}

TEST(Supervisor, ReopensADeviceThatDoesNotWork) {
  Supervisor s;
  (void)s.start(at(0));
  (void)s.opened(at(10));
  EXPECT_EQ(s.fault(at(100), "silent"), Action::close);
  EXPECT_EQ(s.state(), State::faulty);
  EXPECT_EQ(s.closed(at(101), "late"), Action::none);
  EXPECT_EQ(s.why(), "silent");
  EXPECT_EQ(s.tick(at(350)), Action::open);
}

}  // namespace
}  // namespace dockline::firmware
