// What the packer was answered is what the log says: each box that was closed with "done" is one
// fact with the same pieces and label, and each counted piece is kept.
#include <algorithm>
#include <cctype>
#include <map>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

using Pieces = std::map<std::string, std::int64_t>;

std::string words(const Pieces& pieces) {
  std::string text;
  for (const auto& [sku, quantity] : pieces) {
    text += (text.empty() ? "" : ", ") + std::to_string(quantity) + " x " + sku;
  }
  return text.empty() ? "nothing" : text;
}

// A bench takes a label in whatever case its scanner types it (caps lock); it is the same label.
std::string without_case(std::string code) {
  for (auto& c : code) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return code;
}

// The EAN-13 within an element string that begins with it as AI 01; else nothing.
std::string plain_code(const std::string& code) {
  const bool element_string = code.starts_with("010") && code.size() > 16;
  return element_string ? code.substr(3, 13) : std::string{};
}

struct Box {
  std::string order;
  std::size_t said = 0;
  std::vector<Pieces> heard, kept;
};

class Answers final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "answers"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>&) override {
    now_ms_ = at_ms;
    if (const auto* closed = std::get_if<BoxClosed>(&seen)) {
      auto& box = boxes_[{closed->station, without_case(closed->tracking)}];
      Pieces pieces;
      for (const auto& [sku, quantity] : closed->pieces) {
        if (quantity != 0) pieces[sku] = quantity;
      }
      box.order = closed->order;
      box.heard.push_back(std::move(pieces));
    } else if (const auto* scan = std::get_if<ScanAnswered>(&seen)) {
      if (scan->shelf) {  // no order's piece, no box
        if (scan->sound == "done") ++shelves_heard_[scan->station];
        return;
      }
      if (scan->sound == "tick") ++ticks_[{scan->station, scan->code}];
      // Said by the station, also when the packer had turned away already.
      if (scan->sound == "done") ++dones_[{scan->station, without_case(scan->code)}];
    } else if (const auto* mishap = std::get_if<StationMishap>(&seen)) {
      const bool disk = mishap->what == Mishap::restored_image ||
                        mishap->what == Mishap::replaced_disk || mishap->what == Mishap::cloned;
      if (disk) new_disk_.insert(mishap->station);
      if (mishap->what == Mishap::killed || mishap->what == Mishap::power_cut ||
          mishap->what == Mishap::io_error || mishap->what == Mishap::disk_full) {
        cut_off_.insert(mishap->station);
      }
    }
  }

 private:
  void fact(const Fact& fact) override {
    if (fact.position == 0 || fact.station.empty()) return;
    if (fact.is("dockline.pack.closed.v1")) {
      auto& box = boxes_[{fact.station, without_case(fact.tracking)}];
      Pieces pieces;
      for (const auto& line : fact.lines) {
        if (line.packed != 0) pieces[line.sku] += line.packed;
      }
      box.order = fact.order;
      box.kept.push_back(std::move(pieces));
    } else if (fact.is("dockline.pack.item.counted.v1")) {
      if (!fact.barcode.empty()) ++counted_[{fact.station, fact.barcode}];
      if (!fact.barcode.empty()) sku_of_[fact.barcode] = fact.sku;
      // A code with lot or serial; out of the box the plain one beside it will do.
      if (const auto plain = plain_code(fact.barcode); !plain.empty()) sku_of_[plain] = fact.sku;
    } else if (fact.is("dockline.stock.counted.v1")) {
      ++shelves_kept_[fact.station];
    } else if (fact.is("dockline.pack.item.uncounted.v1")) {
      ++uncounted_[{fact.station, fact.sku}];
    }
  }
  void forget() override {
    counted_.clear();
    uncounted_.clear();
    shelves_kept_.clear();
    for (auto& [key, box] : boxes_) box.kept.clear();
  }

  void last(const Evidence&, std::vector<Violation>& out) override {
    for (const auto& [key, times] : dones_) boxes_[key].said = times;
    for (const auto& [key, box] : boxes_) judge(key.first, key.second, box, out);
    for (const auto& [station, heard] : shelves_heard_) {
      const auto kept = shelves_kept_[station];
      if (kept >= heard || new_disk_.contains(station)) continue;
      say(out, station + " answered \"done\" for " + std::to_string(heard) +
                   " counts of shelves, the log has " + std::to_string(kept) + ".");
    }
    for (const auto& [key, heard] : ticks_) judge_piece(key.first, key.second, heard, out);
  }

  void judge(const std::string& station, const std::string& label, const Box& box,
             std::vector<Violation>& out) {
    const bool excused = new_disk_.contains(station);
    const std::string what = "order " + box.order + " under label " + label;
    const auto said = std::max(box.said, box.heard.size());
    if (sku_of_.contains(label)) return;  // "done" for the last piece out of a cancelled box
    if (box.kept.size() < said && !excused) {
      say(out, station + " answered \"done\" for " + what + " " + std::to_string(said) +
                   " times, the log has " + std::to_string(box.kept.size()) +
                   " closed boxes of it.");
      return;
    }
    if (box.kept.size() > said && !cut_off_.contains(station) && !excused) {
      say(out, "The log says that " + station + " closed " + what + " " +
                   std::to_string(box.kept.size()) + " times, its packer heard \"done\" " +
                   std::to_string(said) + " times and no crash hid one.");
      return;
    }
    for (const auto& heard : box.heard) {
      if (excused || std::ranges::find(box.kept, heard) != box.kept.end()) continue;
      say(out, "The box of " + what + " that " + station + " closed holds " + words(heard) +
                   "; the log says " + (box.kept.empty() ? "nothing" : words(box.kept.back())) +
                   ".");
    }
  }

  // A tick for the barcode of an item is a piece in the box or (order cancelled) out of it.
  void judge_piece(const std::string& station, const std::string& code, std::int64_t heard,
                   std::vector<Violation>& out) {
    const auto sku = sku_of_.find(code);
    if (sku == sku_of_.end() || new_disk_.contains(station)) return;
    const auto count = [](const auto& in, const auto& key) -> std::int64_t {
      const auto found = in.find(key);
      return found == in.end() ? 0 : found->second;
    };
    const auto kept = count(counted_, std::pair(station, code)) +
                      count(uncounted_, std::pair(station, sku->second));
    if (kept >= heard) return;
    say(out, station + " answered " + std::to_string(heard) + " pieces of " + sku->second + " (" +
                 code + "), the log has " + std::to_string(kept) + ".");
  }

  using Key = std::pair<std::string, std::string>;  // station and label, barcode or sku
  std::map<Key, Box> boxes_;
  std::map<Key, std::size_t> dones_;
  std::map<Key, std::int64_t> ticks_, counted_, uncounted_;
  std::map<std::string, std::string> sku_of_;
  std::map<std::string, std::int64_t> shelves_heard_, shelves_kept_;  // counts, by station
  std::set<std::string> new_disk_, cut_off_;
};

}  // namespace

OneChecker make_answers(std::shared_ptr<Log> log) {
  return std::make_unique<Answers>(std::move(log));
}

}  // namespace dockline::sim
