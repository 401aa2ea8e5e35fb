#include "tests/sim/nodes/computer.hpp"

#include <algorithm>
#include <utility>

namespace dockline::sim {
namespace {

constexpr std::int64_t kRestartMs = 2'000;  // RestartSec of the service
constexpr std::int64_t kDarkMs = 5'000;

}  // namespace

Computer::Computer(World& world, Broker& broker, Build build)
    : world_(world), broker_(broker), build_(std::move(build)), clock_(world) {}

Computer::~Computer() = default;

void Computer::end_process() {
  process_.reset();
  dying_.reset();
}

void Computer::trace(const std::string& line) const {
  if (world_.tracing()) world_.trace(build_.name, line);
}

void Computer::start() {
  if (running() || !powered_) return;
  wanted_ = true;
  ++generation_;
  process_ = make_process();
  process_->set_slow_ms(slow_ms_);
  const auto ok = begin();
  const bool dead = disk_dead();
  if (ok && !dead) return trace(build_.program + " started");
  if (dead) return die("its disk lost power while it started");
  trace(build_.program + " cannot start: " + ok.error().detail);
  process_->lane.kill();
  forget_process();
  world_.after(kRestartMs, [this] { start(); });
}

void Computer::stop() {
  wanted_ = false;
  if (!running()) return;
  farewell();
  process_->lane.kill();
  forget_process();
}

void Computer::forget_process() {
  if (!running()) return;
  dying_ = std::move(process_);
  world_.after(0, [this, gone = dying_.get()] {
    if (dying_.get() == gone) dying_.reset();
  });
  process_gone();
}

void Computer::die(const std::string& why) {
  if (disk_dead()) return power_cut(kDarkMs);
  kill(why);
}

void Computer::kill(const std::string& why) {
  if (!running()) return;
  trace(build_.program + " killed " + why);
  world_.mix("killed");
  report(Mishap::killed, why);
  process_->lane.kill();
  forget_process();
  world_.after(1, [this] {
    dying_.reset();
    if (build_.disk != nullptr && powered_) build_.disk->process_died();
  });
  world_.after(kRestartMs, [this] {
    if (wanted_) start();
  });
}

void Computer::power_cut(std::int64_t off_ms) {
  if (!powered_) return;
  trace("power cut");
  world_.mix("power");
  report(Mishap::power_cut, "");
  powered_ = false;
  if (running()) process_->lane.kill();
  broker_.computer_lost(build_.name);
  forget_process();
  world_.after(1, [this] {
    dying_.reset();
    if (build_.disk != nullptr) build_.disk->power_cut();
  });
  world_.after(std::max<std::int64_t>(off_ms, 10), [this] { boot(); });
}

void Computer::boot() {
  if (powered_) return;
  powered_ = true;
  clock_.reboot();
  world_.after(build_.boot_ms, [this] {
    if (wanted_) start();
  });
}

void Computer::restore(const DiskImage& image) {
  if (build_.disk != nullptr && !powered_) build_.disk->restore(image);
}

void Computer::die_after(std::uint64_t effects) {
  if (running()) process_->die_after(effects);
}

void Computer::die_never() {
  if (running()) process_->die_never();
}

void Computer::pause(std::int64_t ms) {
  if (!running() || process_->lane.paused()) return;
  trace("stands still for " + std::to_string(ms) + " ms");
  process_->lane.pause();
  world_.after(ms, [this, generation = generation_] {
    if (running() && generation == generation_) process_->lane.resume();
  });
}

void Computer::resume() {
  if (running() && process_->lane.paused()) process_->lane.resume();
}

void Computer::set_slow_ms(std::int64_t ms) {
  slow_ms_ = ms;
  if (running()) process_->set_slow_ms(ms);
}

}  // namespace dockline::sim
