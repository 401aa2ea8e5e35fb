// Random packers against a model that shares no code with the machine: the fold of the facts. Every
// input may be lost to a crash before its commit, every commit may be followed by a restart.
#include <algorithm>
#include <map>
#include <memory>
#include <tuple>

#include <gtest/gtest.h>

#include "agent/station/station.hpp"
#include "agent/station/testing.hpp"
#include "shared/base/prng.hpp"

namespace dockline::agent::station {
namespace {

using firmware::DeviceState;
using firmware::PrintStep;

// What the server would believe.
struct Ledger {
  std::map<std::pair<std::string, std::int64_t>, domain::Quantity> packed, missing;
  std::map<std::string, bool> closed;
  std::vector<std::string> wrong;

  void fold(const wire::EventData& fact) {
    if (const auto* c = std::get_if<wire::ItemCounted>(&fact)) {
      packed[{c->order, c->line}] += c->quantity;
      if (closed[c->order]) wrong.push_back("counted in a closed order");
    } else if (const auto* u = std::get_if<wire::ItemUncounted>(&fact)) {
      packed[{u->order, u->line}] -= u->quantity;
    } else if (const auto* s = std::get_if<wire::ShortNoted>(&fact)) {
      missing[{s->order, s->line}] += s->quantity;
    } else if (const auto* p = std::get_if<wire::PackClosed>(&fact)) {
      if (closed[p->order]) wrong.push_back("closed twice");
      closed[p->order] = true;
      domain::Quantity in_box = 0;
      for (const auto& [key, pieces] : packed) in_box += key.first == p->order ? pieces : 0;
      for (const auto& l : p->lines) {
        in_box -= l.packed;
        if (l.packed != packed[{p->order, l.line}] || l.missing != missing[{p->order, l.line}]) {
          wrong.push_back("closed with other counts than were told");
        }
      }
      if (in_box != 0) wrong.push_back("closed over pieces that it does not tell of");
    } else if (const auto* r = std::get_if<wire::PackReopened>(&fact)) {
      closed[r->order] = false;
    } else if (const auto* l = std::get_if<wire::LeaseReturned>(&fact)) {
      std::erase_if(missing, [&](const auto& e) { return e.first.first == l->order; });
    }
  }
};

class RandomPacker {
 public:
  explicit RandomPacker(std::uint64_t seed) : prng_(seed) { load(true); }

  void run(int steps) {
    for (int i = 0; i < steps && problem_.empty(); ++i) {
      now_.mono_ms += prng_.between(10, 1'500);
      now_.wall_ms += 1'000;
      one_input();
      check();
    }
  }
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] int counted() const { return counted_; }
  [[nodiscard]] int closed() const { return closed_; }
  [[nodiscard]] int given_again() const { return given_again_; }
  [[nodiscard]] int shelves() const { return shelves_; }

 private:
  void load(bool fresh) {
    std::vector<Job> live;
    for (const auto& [id, job] : books_.jobs) {
      if (!is_final(job.state) || job.job == state_.last_label) live.push_back(job);
    }
    station_ =
        std::make_unique<Station>(Bench{{"zebra", "spare"}, {"left", "right"}, 0}, state_, live);
    Effects fx;
    ASSERT_TRUE(station_->restart(now_, books_, fresh, fx));
    commit(fx);
  }

  void one_input() {
    Effects fx;
    std::string verdict;
    const auto dice = prng_.below(100);
    if (dice < 78) {
      const std::string code = pick_code();
      const auto got =
          station_->scan(now_, {prng_.chance(500) ? "left" : "right", code, ""}, books_, fx);
      verdict = got.value();
    } else if (dice < 92) {
      random_report(fx);
    } else if (dice < 94) {
      station_->tick(now_, fx);
    } else if (prng_.chance(50)) {
      return withdraw(fx);
    } else if (dice < 95) {
      if (give_again(fx)) commit(fx);
      return;
    } else if (dice < 96) {
      const std::string order = prng_.chance(500) ? "web:A100" : "web:A200";
      const auto known = books_.works.find(order);
      if (known == books_.works.end()) return;
      ASSERT_TRUE(
          station_->revoked(now_, {order, known->second.order.work, "cancelled"}, books_, fx));
    } else {
      load(true);
      return;
    }
    if (prng_.chance(100)) {  // the power fails before the commit: nothing of it happened
      load(true);
      return;
    }
    if (verdict == "counted") ++counted_;
    if (verdict == "closed") ++closed_;
    commit(fx);
    if (prng_.chance(30)) load(false);  // a failed commit elsewhere: memory is made anew
  }

  // A customer changed A100 and it is granted anew. False: not now, or the power failed.
  bool give_again(Effects& fx) {
    const auto known = books_.works.find("web:A100");
    if (known == books_.works.end() || known->second.state == WorkState::done) return false;
    auto work = known->second;
    if (station_->state().phase == Phase::closed && station_->state().order == work.order.order) {
      return false;
    }
    ++work.order.work.epoch;
    work.order.lines.clear();
    const auto first = testing::small_shop().works.at("web:A100").order;
    for (auto line : first.lines) {
      line.quantity = static_cast<domain::Quantity>(prng_.below(4));
      if (line.quantity > 0) work.order.lines.push_back(std::move(line));
    }
    if (work.order.lines.empty()) return false;
    if (work.state == WorkState::revoked) work.state = WorkState::held;
    const bool ok = station_->granted(now_, work.order, books_, fx).has_value();
    if (prng_.chance(100)) {
      load(true);
      return false;
    }
    known->second = std::move(work);
    ++given_again_;
    if (!ok) problem_ = "a grant failed";
    return ok;
  }

  std::string pick_code() {
    static const std::vector<std::string> codes{
        "A100",         "A200",         "4006381333931", "4006381333931", "14006381333938",
        "96385074",     "96385074",     "5901234123457", "nonsense",      "DL0000000017",
        "DL0000000017", "DL0000000024", "DL0000000024",  "POT",           "MUG-RED"};
    static const std::vector<std::string> words{"UNDO", "UNDO",    "SHORT",   "QTY",   "1",
                                                "2",    "HOLD",    "NO",      "OTHER", "REPRINT",
                                                "HELP", "CONFIRM", "PROBLEM", "COUNT"};
    if (station_->state().phase == Phase::counting && prng_.chance(250)) {
      return sheet_code("CONFIRM");
    }
    if (station_->state().phase == Phase::idle && prng_.chance(150)) return sheet_code("COUNT");
    if (prng_.chance(300)) {
      const auto& word = words[prng_.below(words.size())];
      return sheet_code(word);
    }
    return codes[prng_.below(codes.size())];
  }

  void answered(const std::string& task) {
    if (std::erase_if(books_.counts, [&](const auto& one) { return one.task == task; }) != 1) {
      problem_ = "a task that was answered before";
    }
    ask();
  }
  void ask() {
    CountTask task;
    task.task = "t-" + std::to_string(++asked_);
    task.sku = "MUG-RED";
    task.barcodes = {{"4006381333931", 1}, {"14006381333938", 2}};
    books_.counts.push_back(std::move(task));
  }
  // Counted at the desk meanwhile.
  void withdraw(Effects& fx) {
    if (books_.counts.empty()) return ask();
    const auto task = books_.counts.front().task;
    books_.counts.clear();
    station_->count_dropped(now_, {task, "counted"}, fx);
    commit(fx);
  }

  void random_report(Effects& fx) {
    const auto& jobs = station_->journal().jobs();
    if (jobs.empty()) return;
    const Job job = jobs[prng_.below(jobs.size())];
    static constexpr PrintStep kSteps[] = {
        PrintStep::prepared, PrintStep::prepared, PrintStep::sent,      PrintStep::confirmed,
        PrintStep::waiting,  PrintStep::refused,  PrintStep::uncertain, PrintStep::not_printed};
    const auto step = kSteps[prng_.below(std::size(kSteps))];
    const auto state = step == PrintStep::waiting || step == PrintStep::refused
                           ? DeviceState::paper_out
                           : DeviceState::ready;
    if (step == PrintStep::not_printed || step == PrintStep::refused) ++allowed_[job.job];
    station_->print(now_, {job.printer, job.id(), step, state, {}, ""}, fx);
  }

  void commit(const Effects& fx) {
    for (const auto& effect : fx) {
      if (const auto* save = std::get_if<SaveWork>(&effect)) books_.take(*save);
      if (const auto* drop = std::get_if<DropWork>(&effect)) dropped_[drop->lease] = true;
      if (const auto* fact = std::get_if<RecordFact>(&effect)) {
        ledger_.fold(fact->data);
        const auto* label = std::get_if<wire::LabelChanged>(&fact->data);
        if (label != nullptr && label->state == "void") ++allowed_[label->job];
        if (label != nullptr && label->state == "wanted" && label->attempt > 1) {
          ++allowed_[label->job];
        }
      }
      if (const auto* send = std::get_if<SendSheet>(&effect)) {
        const std::string label = send->id.substr(0, send->id.find('#'));
        if (++sent_[label] > 1 + allowed_[label]) problem_ = "sent twice unasked: " + send->id;
      }
    }
    for (const auto& effect : fx) {
      if (const auto* done = std::get_if<CountAnswered>(&effect)) answered(done->task);
      const auto* fact = std::get_if<RecordFact>(&effect);
      const auto* count = fact == nullptr ? nullptr : std::get_if<wire::StockCounted>(&fact->data);
      if (count == nullptr) continue;
      ++shelves_;
      if (count->task.value_or("") != station_before_.task) problem_ = "a count of another task";
      if (count->counted != station_before_.tally) problem_ = "other pieces than were scanned";
    }
    station_before_ = station_->state();
    for (const auto& [lease, gone] : dropped_) books_.drop(lease);
    for (auto& job : station_->take_changed_sheets()) books_.jobs[job.id()] = job;
    const auto text = to_json(station_->state());
    state_ = state_from_json(text).value();
    if (to_json(state_) != text) problem_ = "the saved state is not the state";
  }

  // Machine, held rows and the fold of the facts say the same of every line.
  void check() {
    if (!ledger_.wrong.empty()) problem_ = ledger_.wrong.front();
    const auto& s = station_->state();
    if (!station_->order()) return;
    for (const auto& l : station_->order()->lines) {
      const auto c = station_->count_of(l.line);
      const auto told = ledger_.packed[{s.order, l.line}];
      if (c.packed != told) {
        problem_ = "line " + std::to_string(l.line) + ": packed " + std::to_string(c.packed) +
                   ", told " + std::to_string(told);
      }
      const bool too_many = c.packed + c.missing > l.quantity && s.phase != Phase::taking_out;
      if (c.packed < 0 || c.missing < 0 || too_many) {
        problem_ = "line " + std::to_string(l.line) + " beyond its quantity";
      }
    }
    for (const auto& c : s.counts) {
      const bool known = std::ranges::any_of(station_->order()->lines,
                                             [&](const auto& l) { return l.line == c.line; });
      if (c.packed > 0 && !known) problem_ = "pieces in the box that no scan takes out";
    }
    if (s.phase == Phase::closed && !ledger_.closed[s.order]) problem_ = "closed and not told";
  }

  base::Prng prng_;
  base::Instant now_{1'000'000, 1'790'000'000'000};
  testing::MemoryBooks books_ = testing::small_shop();
  std::map<std::string, bool> dropped_;
  State state_;
  std::unique_ptr<Station> station_;
  Ledger ledger_;
  std::map<std::string, int> sent_, allowed_;
  std::string problem_;
  State station_before_;  // as committed last
  int counted_ = 0, closed_ = 0, given_again_ = 0, shelves_ = 0, asked_ = 0;
};

TEST(StationProperty, NoCountIsLostOrDoubledUnderRandomScansAndPowerCuts) {
  int counted = 0, closed = 0, given_again = 0, shelves = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    RandomPacker packer(seed);
    packer.run(150);
    ASSERT_EQ(packer.problem(), "") << "seed " << seed;
    counted += packer.counted();
    closed += packer.closed();
    given_again += packer.given_again();
    shelves += packer.shelves();
  }
  EXPECT_GT(counted, 1'000);  // the packers really worked
  EXPECT_GT(closed, 100);
  EXPECT_GT(given_again, 100);
  EXPECT_GT(shelves, 100);
}

}  // namespace
}  // namespace dockline::agent::station
