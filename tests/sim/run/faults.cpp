#include "tests/sim/run/faults.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace dockline::sim {
namespace {

constexpr std::int64_t kSecondMs = 1'000, kMinuteMs = 60'000, kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs, kYearMs = 365 * kDayMs;
constexpr std::int64_t kImageEveryMs = 7 * kMinuteMs;
constexpr std::size_t kImagesKept = 6;

// Short ones are as likely as long ones.
std::int64_t span(base::Prng& draw, std::int64_t low, std::int64_t high) {
  const double at = static_cast<double>(draw.below(1'001)) / 1'000.0;
  return static_cast<std::int64_t>(
      static_cast<double>(low) *
      std::pow(static_cast<double>(high) / static_cast<double>(low), at));
}

}  // namespace

Faults::Faults(Fleet& fleet) : fleet_(fleet), world_(fleet.world) {}

void Faults::begin() {
  active_ = true;
  ++era_;
  using F = Faults;
  const std::array<std::pair<std::string_view, Incident>, 31> all{
      {{"partition", &F::partition},
       {"half_open", &F::half_open},
       {"broker_restart", &F::broker_restart},
       {"broker_forgets", &F::broker_forgets},
       {"agent_crash", &F::agent_crash},
       {"agent_crash_midturn", &F::agent_crash_midturn},
       {"hub_crash", &F::hub_crash},
       {"hub_crash_midturn", &F::hub_crash_midturn},
       {"power_cut", &F::power_cut},
       {"power_cut_midwrite", &F::power_cut_midwrite},
       {"hub_power_cut", &F::hub_power_cut},
       {"hub_power_cut_midwrite", &F::hub_power_cut_midwrite},
       {"agent_pause", &F::agent_pause},
       {"hub_pause", &F::hub_pause},
       {"silent", &F::silent},
       {"later_version", &F::later_version},
       {"backlog", &F::backlog},
       {"lunch", &F::lunch},
       {"disk_full", &F::disk_full},
       {"io_error", &F::io_error},
       {"hub_disk_full", &F::hub_disk_full},
       {"hub_io_error", &F::hub_io_error},
       {"bad_read", &F::bad_read},
       {"hub_bad_read", &F::hub_bad_read},
       {"restored_image", &F::restored_image},
       {"replaced_disk", &F::replaced_disk},
       {"clock_jump", &F::clock_jump},
       {"wrong_year", &F::wrong_year},
       {"printer_trouble", &F::printer_trouble},
       {"scanner_unplugged", &F::scanner_unplugged},
       {"shop_away", &F::shop_away}}};
  for (const auto& [kind, incident] : all) {
    if (fleet_.plan.has(kind)) arm(kind, incident);
  }
  fleet_.broker.set_faults(net_faults(fleet_.plan));
  for (auto& shop : fleet_.shops) shop->set_faults(shop_faults(fleet_.plan));
  fleet_.hub->set_slow_ms(fleet_.plan.of("hub_slow"));
  auto& draw = world_.random("fault clock_drift");
  for (auto& bench : fleet_.benches) {
    const auto ppm = fleet_.plan.of("clock_drift");
    if (ppm > 0) bench.node->clock().set_drift(draw.between(-ppm, ppm));
    const auto split = static_cast<std::uint32_t>(fleet_.plan.of("split_bytes"));
    for (std::size_t i = 0; i < bench.node->printers(); ++i) {
      bench.node->printer(i).set_split_per_mille(split);
    }
    for (std::size_t i = 0; i < bench.node->scanners(); ++i) {
      bench.node->scanner(i).set_split_per_mille(split);
    }
  }
  if (fleet_.plan.has("restored_image")) remember_images();
}

void Faults::arm(std::string_view kind, Incident incident) {
  auto& draw = world_.random("fault " + std::string(kind));
  world_.after(some_time(draw, fleet_.plan.of(kind)), [this, kind, incident, &draw, era = era_] {
    if (era != era_) return;
    if (world_.tracing()) world_.trace("FAULT", kind);
    fleet_.count(kind);
    (this->*incident)(draw);
    arm(kind, incident);
  });
}

void Faults::end() {
  active_ = false;
  ++era_;
  fleet_.broker.set_faults(NetFaults{});
  if (!fleet_.broker.running()) fleet_.broker.start();
  fleet_.broker.set_reach("server", Reach::open);
  if (auto* disk = fleet_.storage.disk("server")) disk->relieve();
  fleet_.hub->die_never();
  fleet_.hub->resume();
  for (auto& bench : fleet_.benches) {
    auto& node = *bench.node;
    fleet_.broker.set_reach(node.place().computer, Reach::open);
    if (node.place().disk != nullptr) node.place().disk->relieve();
    node.die_never();
    node.resume();
  }
}

Bench& Faults::some_bench(base::Prng& draw) {
  return fleet_.benches[draw.below(fleet_.benches.size())];
}

// The end of an incident: comes also when the calm has begun.
void Faults::later(std::int64_t ms, std::function<void()> what) {
  world_.after(ms, std::move(what));
}

// ---------------------------------------------------------------- network
void Faults::partition(base::Prng& draw) {
  const bool server = draw.chance(150);
  const auto computer = server ? "server" : some_bench(draw).node->place().computer;
  fleet_.broker.set_reach(computer, Reach::cut);
  later(span(draw, 5 * kSecondMs, 20 * kMinuteMs),
        [this, computer] { fleet_.broker.set_reach(computer, Reach::open); });
}

void Faults::half_open(base::Prng& draw) {
  const bool server = draw.chance(150);
  const auto computer = server ? "server" : some_bench(draw).node->place().computer;
  fleet_.broker.set_reach(computer, draw.chance(500) ? Reach::deaf : Reach::mute);
  later(span(draw, 2 * kSecondMs, 5 * kMinuteMs),
        [this, computer] { fleet_.broker.set_reach(computer, Reach::open); });
}

void Faults::stop_broker(base::Prng& draw, bool keep_retained) {
  if (!fleet_.broker.running()) return;
  fleet_.broker.stop(keep_retained);
  later(span(draw, 100, kMinuteMs), [this] {
    if (!fleet_.broker.running()) fleet_.broker.start();
  });
}
void Faults::broker_restart(base::Prng& draw) { stop_broker(draw, true); }
void Faults::broker_forgets(base::Prng& draw) { stop_broker(draw, false); }

// ---------------------------------------------------------------- processes and computers
void Faults::agent_crash(base::Prng& draw) { some_bench(draw).node->kill("by kill -9"); }
void Faults::agent_crash_midturn(base::Prng& draw) {
  auto& bench = some_bench(draw);
  bench.node->die_after(draw.below(6));
}
void Faults::hub_crash(base::Prng&) { fleet_.hub->kill("by kill -9"); }
void Faults::hub_crash_midturn(base::Prng& draw) { fleet_.hub->die_after(draw.below(8)); }

void Faults::power_cut(base::Prng& draw) {
  auto& bench = some_bench(draw);
  bench.node->power_cut(span(draw, kSecondMs, 3 * kMinuteMs));
}
void Faults::power_cut_midwrite(base::Prng& draw) {
  auto* disk = some_bench(draw).node->place().disk;
  if (disk != nullptr) disk->fail_at(1 + draw.below(60), DiskFault::power_cut);
}
void Faults::hub_power_cut(base::Prng& draw) {
  fleet_.hub->power_cut(span(draw, kSecondMs, 2 * kMinuteMs));
}
void Faults::hub_power_cut_midwrite(base::Prng& draw) {
  if (auto* disk = fleet_.storage.disk("server")) {
    disk->fail_at(1 + draw.below(80), DiskFault::power_cut);
  }
}
void Faults::agent_pause(base::Prng& draw) {
  some_bench(draw).node->pause(span(draw, kSecondMs, 4 * kMinuteMs));
}
void Faults::hub_pause(base::Prng& draw) {
  fleet_.hub->pause(span(draw, kSecondMs, 2 * kMinuteMs));
}
void Faults::silent(base::Prng& draw) {
  auto& node = *some_bench(draw).node;
  const auto off_ms = span(draw, 2 * kMinuteMs, 2 * kHourMs);
  fleet_.report(StationMishap{node.id(), Mishap::silenced, std::to_string(off_ms / 1'000) + " s"});
  node.power_cut(off_ms);
}

void Faults::later_version(base::Prng& draw) { some_bench(draw).node->try_later_version(draw); }

// More facts than the stream may have under way wait at the end of it.
void Faults::backlog(base::Prng& draw) {
  auto& bench = some_bench(draw);
  const auto computer = bench.node->place().computer;
  const auto cut_ms = span(draw, 8 * kMinuteMs, 25 * kMinuteMs);
  fleet_.broker.set_reach(computer, Reach::cut);
  bench.packer->count_without_rest(cut_ms);
  later(cut_ms, [this, computer] { fleet_.broker.set_reach(computer, Reach::open); });
}

// The packer comes back to a box begun before, at a bench that nobody has heard of since: the
// office may have given the order to another one.
void Faults::lunch(base::Prng& draw) {
  std::vector<Bench*> at_work;
  for (auto& bench : fleet_.benches) {
    if (bench.packer->at_work()) at_work.push_back(&bench);
  }
  if (at_work.empty()) return;
  auto& bench = *at_work[draw.below(at_work.size())];
  const auto computer = bench.node->place().computer;
  const auto cut_ms = span(draw, 3 * kMinuteMs, 15 * kMinuteMs);
  fleet_.broker.set_reach(computer, Reach::cut);
  bench.packer->rest(cut_ms * draw.between(4, 9) / 10);
  later(cut_ms, [this, computer] { fleet_.broker.set_reach(computer, Reach::open); });
}

// ---------------------------------------------------------------- disks and clocks
void Faults::disk_full(base::Prng& draw) {
  auto& node = *some_bench(draw).node;
  auto* disk = node.place().disk;
  if (disk == nullptr) return;
  fleet_.report(StationMishap{node.id(), Mishap::disk_full, ""});
  disk->fail_at(1 + draw.below(40), DiskFault::full);
  later(span(draw, 3 * kSecondMs, 8 * kMinuteMs), [disk] { disk->relieve(); });
}
void Faults::io_error(base::Prng& draw) {
  auto& node = *some_bench(draw).node;
  if (node.place().disk == nullptr) return;
  fleet_.report(StationMishap{node.id(), Mishap::io_error, ""});
  node.place().disk->fail_at(1 + draw.below(60), DiskFault::io_error);
}
void Faults::hub_disk_full(base::Prng& draw) {
  auto* disk = fleet_.storage.disk("server");
  if (disk == nullptr) return;
  fleet_.report(HubMishap{Mishap::disk_full, ""});
  disk->fail_at(1 + draw.below(60), DiskFault::full);
  later(span(draw, 3 * kSecondMs, 4 * kMinuteMs), [disk] { disk->relieve(); });
}
void Faults::hub_io_error(base::Prng& draw) {
  auto* disk = fleet_.storage.disk("server");
  if (disk == nullptr) return;
  fleet_.report(HubMishap{Mishap::io_error, ""});
  disk->fail_at(1 + draw.below(80), DiskFault::io_error);
}

void Faults::bad_read(base::Prng& draw) {
  auto& node = *some_bench(draw).node;
  if (node.place().disk == nullptr) return;
  fleet_.report(StationMishap{node.id(), Mishap::io_error, "read"});
  node.place().disk->fail_at(1 + draw.below(40), DiskFault::bad_read);
}
void Faults::hub_bad_read(base::Prng& draw) {
  auto* disk = fleet_.storage.disk("server");
  if (disk == nullptr) return;
  fleet_.report(HubMishap{Mishap::io_error, "read"});
  disk->fail_at(1 + draw.below(60), DiskFault::bad_read);
}

// Someone makes images of the stations' disks now and then.
void Faults::remember_images() {
  if (!active_) return;
  for (auto& bench : fleet_.benches) {
    auto& node = *bench.node;
    const auto now_is = node.standing();
    if (node.place().disk == nullptr || !now_is.running || now_is.up_inc.empty()) continue;
    auto& kept = images_[node.id()];
    kept.push_back({node.place().disk->image(), now_is.up_inc + " " +
                                                    std::to_string(now_is.up_last) + " " +
                                                    std::to_string(world_.now_ms())});
    if (kept.size() > kImagesKept) kept.erase(kept.begin());
  }
  world_.after(kImageEveryMs, [this, era = era_] {
    if (era == era_) remember_images();
  });
}

void Faults::restored_image(base::Prng& draw) {
  auto& bench = some_bench(draw);
  auto& kept = images_[bench.node->id()];
  if (kept.empty() || !bench.node->powered()) return;
  const auto image = kept[draw.below(kept.size())];
  bench.node->power_cut(span(draw, 10 * kSecondMs, 5 * kMinuteMs));
  later(2, [this, &bench, image] {
    if (bench.node->powered()) return;
    fleet_.report(StationMishap{bench.node->id(), Mishap::restored_image, image.detail});
    bench.node->restore(image.files);
    bench.packer->disk_was_changed();
  });
}

void Faults::replaced_disk(base::Prng& draw) {
  auto& bench = some_bench(draw);
  if (!bench.node->powered()) return;
  bench.node->power_cut(span(draw, 10 * kSecondMs, 10 * kMinuteMs));
  later(2, [this, &bench] {
    if (bench.node->powered()) return;
    fleet_.report(StationMishap{bench.node->id(), Mishap::replaced_disk, ""});
    bench.node->restore({});
    bench.packer->disk_was_changed();
  });
}

void Faults::clock_jump(base::Prng& draw) {
  const auto by_ms = (draw.chance(500) ? 1 : -1) * span(draw, 100, kDayMs);
  if (draw.chance(150)) {
    fleet_.hub->clock().jump(by_ms);
    return fleet_.report(HubMishap{Mishap::clock_jump, std::to_string(by_ms) + " ms", by_ms});
  }
  auto& node = *some_bench(draw).node;
  node.clock().jump(by_ms);
  fleet_.report(StationMishap{node.id(), Mishap::clock_jump, std::to_string(by_ms) + " ms"});
}

void Faults::wrong_year(base::Prng& draw) {
  auto& node = *some_bench(draw).node;
  const auto by_ms = draw.between(1, 20) * kYearMs * (draw.chance(600) ? -1 : 1);
  node.clock().jump(by_ms);
  fleet_.report(StationMishap{node.id(), Mishap::clock_jump, std::to_string(by_ms) + " ms"});
  later(span(draw, kMinuteMs, kHourMs), [&node] { node.clock().set_right(); });
}

// ---------------------------------------------------------------- devices and shops
void Faults::printer_trouble(base::Prng& draw) {
  auto& node = *some_bench(draw).node;
  auto& printer = node.printer(draw.below(node.printers()));
  constexpr std::array all{PrinterTrouble::paper_out,   PrinterTrouble::head_open,
                           PrinterTrouble::paused,      PrinterTrouble::no_status,
                           PrinterTrouble::not_reading, PrinterTrouble::unplugged,
                           PrinterTrouble::power_cycle, PrinterTrouble::garbage};
  constexpr std::array<const char*, 8> names{
      "printer_paper_out",   "printer_head_open", "printer_paused",      "printer_no_status",
      "printer_not_reading", "printer_unplugged", "printer_power_cycle", "printer_garbage"};
  const auto which = draw.below(all.size());
  fleet_.count(names.at(which));
  printer.trouble(all.at(which));
  later(span(draw, 2 * kSecondMs, 6 * kMinuteMs), [&printer] { printer.clear(); });
}

void Faults::scanner_unplugged(base::Prng& draw) {
  auto& node = *some_bench(draw).node;
  auto& scanner = node.scanner(draw.below(node.scanners()));
  scanner.set_plugged(false);
  later(span(draw, kSecondMs, 2 * kMinuteMs), [&scanner] { scanner.set_plugged(true); });
}

void Faults::shop_away(base::Prng& draw) {
  auto& shop = *fleet_.shops[draw.below(fleet_.shops.size())];
  shop.set_away(true);
  later(span(draw, 5 * kSecondMs, 10 * kMinuteMs), [&shop] { shop.set_away(false); });
}

}  // namespace dockline::sim
