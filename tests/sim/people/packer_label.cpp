// The label: looked for in the printer's tray, asked for again, stuck on and scanned.
#include <cstddef>
#include <iterator>
#include <utility>

#include "tests/sim/people/packer_look.hpp"

namespace dockline::sim {
namespace {

constexpr std::int64_t kSearchMs = 6'000, kMendMostMs = 40'000, kGiveUpMs = 120'000;

}  // namespace

void Packer::label(const Look& view) {
  auto& draw = world_.random("packer " + node_.place().computer);
  auto tracking = text(*view.body, "tracking");
  if (mistake(habits_.undo, "undo")) {
    unsure_ = true;
    sheet("UNDO");
    return next();
  }
  if (mistake(habits_.hold, "hold")) {
    sheet("HOLD");
    return next();
  }
  if (mistake(habits_.wrong_label, "wrong_label") && !sheets_.empty()) {
    // Any of the labels that lie about; it may be the right one after all.
    label_scanned_ =
        *std::next(sheets_.begin(), static_cast<std::ptrdiff_t>(draw.below(sheets_.size())));
    scan(label_scanned_);
    return next();
  }
  if (tracking.empty()) {  // the question does not show the number; the sheet in the tray does
    if (!fresh_.empty()) tracking = fresh_.back();
  }
  if (!tracking.empty() && sheets_.contains(tracking)) {
    label_scanned_ = tracking;
    scan(tracking);
    waited_since_ms_ = world_.now_ms();
    return next();
  }
  no_label(view, tracking);
}

void Packer::no_label(const Look& view, const std::string& tracking) {
  auto& draw = world_.random("packer " + node_.place().computer);
  const auto waited = world_.now_ms() - waited_since_ms_;
  for (std::size_t i = 0; i < node_.printers(); ++i) {
    auto& printer = node_.printer(i);
    if (!printer.in_trouble() || view.banner != "printer-paper") continue;
    if (view.offers("OTHER") && draw.chance(500)) {
      report_(ReprintWanted{node_.id(), tracking, "OTHER"});
      sheet("OTHER");
      return next();
    }
    if (waited > draw.between(3'000, kMendMostMs) || careful_) printer.clear();
    return next(3'000);
  }
  const bool search = waited < kSearchMs && !mistake(habits_.impatient, "impatient");
  if (search || view.banner == "printing" || view.banner == "printer-paper") {
    if (waited > kGiveUpMs) {
      for (std::size_t i = 0; i < node_.printers(); ++i) node_.printer(i).clear();
      waited_since_ms_ = world_.now_ms();
    }
    return next(1'000);
  }
  const char* word = view.offers("NO") ? "NO" : "REPRINT";
  report_(ReprintWanted{node_.id(), tracking, word});
  waited_since_ms_ = world_.now_ms();
  sheet(word);
  next();
}

void Packer::collect_sheets() {
  for (std::size_t i = 0; i < node_.printers(); ++i) {
    for (auto& sheet_of : node_.printer(i).take_sheets()) {
      fresh_.push_back(sheet_of.tracking);
      if (fresh_.size() > 3) fresh_.erase(fresh_.begin());
      sheets_.insert(std::move(sheet_of.tracking));
    }
  }
}

}  // namespace dockline::sim
