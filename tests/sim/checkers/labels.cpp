// No label comes out twice without a person's word.
#include <map>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

constexpr std::int64_t kInThePrinterMs = 5'000;

class Labels final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "labels"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>& out) override {
    now_ms_ = at_ms;
    if (const auto* wanted = std::get_if<ReprintWanted>(&seen)) {
      if (wanted->tracking.empty())
        ++words_at_[wanted->station];  // for the box closed last there
      else
        ++of_[wanted->tracking].words;
    } else if (const auto* sheet = std::get_if<LabelCameOut>(&seen)) {
      auto& label = of_[sheet->tracking];
      ++label.sheets;
      auto& spare = words_at_[sheet->station];
      if (label.sheets > 1 + label.words && spare > 0) {
        --spare;
        ++label.words;
      }
      label.where += (label.where.empty() ? "" : ", ") + sheet->station + " at " +
                     std::to_string(at_ms) + " ms";
      label.stations.insert(sheet->station);
      // It was in the printer when the disk was changed.
      const auto changed = changed_ms_.find(sheet->station);
      if (changed != changed_ms_.end() && at_ms < changed->second + kInThePrinterMs) ++label.words;
      late_.insert(sheet->tracking);
      static_cast<void>(out);
    } else if (const auto* mishap = std::get_if<StationMishap>(&seen)) {
      // Whoever puts an older disk in, or an empty one, vouches for what it cannot know.
      const bool disk = mishap->what == Mishap::restored_image ||
                        mishap->what == Mishap::replaced_disk || mishap->what == Mishap::cloned;
      if (disk) changed_ms_[mishap->station] = at_ms;
      for (auto& [tracking, label] : of_) {
        if (disk && label.stations.contains(mishap->station)) ++label.words;
      }
    }
  }

 private:
  void fact(const Fact& fact) override {
    // The box was taken apart by a person and the order given back: its next box has a label too.
    if (fact.is("dockline.lease.returned.v1")) ++returns_[fact.lease];
    if (fact.is("dockline.lease.revoked.v1") && fact.reason == "forced") ++returns_[fact.lease];
    if (fact.is("dockline.order.released.v1")) leases_of_[fact.tracking].insert(fact.lease);
  }
  void forget() override {
    returns_.clear();
    leases_of_.clear();
  }

  // Judged when the log tells as well: a word is heard before its sheet, a return may come later.
  void now(std::vector<Violation>& out) override { judge(out, false); }
  void last(const Evidence&, std::vector<Violation>& out) override { judge(out, true); }

  void judge(std::vector<Violation>& out, bool all_is_known) {
    for (auto at = late_.begin(); at != late_.end();) {
      const auto& label = of_.at(*at);
      int returns = 0;  // several orders in one parcel have one label
      for (const auto& lease : leases_of_[*at]) returns += returns_[lease];
      if (label.sheets > 1 + label.words + returns) {
        if (!all_is_known) {  // the station may know more than the log so far
          ++at;
          continue;
        }
        say(out, "Label " + *at + " came out " + std::to_string(label.sheets) +
                     " times; a person asked " + std::to_string(label.words) + " times (" +
                     label.where + ").");
      }
      at = late_.erase(at);
    }
  }

  struct Label {
    int sheets = 0, words = 0;
    std::string where;
    std::set<std::string> stations;
  };
  std::map<std::string, Label> of_;
  std::set<std::string> late_;  // to be judged
  std::map<std::string, int> returns_, words_at_;
  std::map<std::string, std::int64_t> changed_ms_;  // by station: its last other disk
  std::map<std::string, std::set<std::string>> leases_of_;
};

}  // namespace

OneChecker make_labels(std::shared_ptr<Log> log) {
  return std::make_unique<Labels>(std::move(log));
}

}  // namespace dockline::sim
