#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "agent/station/command.hpp"
#include "shared/base/limits.hpp"
#include "tests/sim/people/packer_look.hpp"

namespace dockline::sim {
namespace {

constexpr std::int64_t kLostLookMs = 1'500, kHasteMinMs = 450, kHasteMaxMs = 900;

}  // namespace

Packer::Packer(World& world, StationNode& node, const Catalogue& goods, Report report, Count count,
               Protest protest)
    : world_(world),
      node_(node),
      goods_(goods),
      report_(std::move(report)),
      count_(std::move(count)),
      protest_(std::move(protest)) {
  node_.on_sound = [this](const std::string& name) { heard_.push_back(name); };
  node_.on_view = [this] { on_view(); };
}

void Packer::begin(const Habits& habits) {
  habits_ = habits;
  here_ = true;
  next();
}

void Packer::settle() {
  const auto pace = habits_;
  habits_ = Habits{};
  habits_.pace_min_ms = pace.pace_min_ms;
  habits_.pace_max_ms = pace.pace_max_ms;
  habits_.bulk = pace.bulk;
  careful_ = here_ = true;
  for (std::size_t i = 0; i < node_.printers(); ++i) node_.printer(i).clear();
  for (std::size_t i = 0; i < node_.scanners(); ++i) node_.scanner(i).set_plugged(true);
  next();
}

void Packer::leave() {
  here_ = false;
  world_.cancel(std::exchange(due_, 0));
}

// The boxes still stand there; what is in them, the screen will say.
void Packer::disk_was_changed() {
  if (!number_.empty()) aside_[number_];
  for (auto& [number, box] : aside_) box.clear();
  box_.clear();
  number_.clear();
  hand_.clear();
  label_scanned_.clear();
  script_.clear();
  last_serial_.clear();
}

std::string Packer::doing() const {
  return "order " + (number_.empty() ? "-" : number_) + ", page " + banner_ + "/" + body_;
}

void Packer::next(std::int64_t in_ms) {
  world_.cancel(due_);
  due_ = world_.after(in_ms, [this] {
    due_ = 0;
    step();
  });
}

void Packer::count_without_rest(std::int64_t ms) {
  restless_until_ms_ = world_.now_ms() + ms;
  next();
}

void Packer::rest(std::int64_t ms) {
  if (!here_ || careful_) return;
  report_(StationMishap{node_.id(), Mishap::walked_away, ""});
  script_.clear();
  back_at_ms_ = world_.now_ms() + ms;
}

bool Packer::restless() const { return !careful_ && world_.now_ms() < restless_until_ms_; }

std::int64_t Packer::think() {
  if (restless()) {
    return world_.random("packer " + node_.place().computer).between(kHasteMinMs, kHasteMaxMs);
  }
  return world_.random("packer " + node_.place().computer)
      .between(habits_.pace_min_ms, habits_.pace_max_ms);
}

bool Packer::mistake(std::uint32_t per_mille, const char* kind) {
  if (per_mille == 0 || careful_) return false;
  if (!world_.random("packer " + node_.place().computer).chance(per_mille)) return false;
  count_(kind);
  return true;
}

void Packer::on_view() {
  if (here_ && due_ == 0) next();
}

void Packer::step() {
  if (!here_) return;
  if (world_.now_ms() < back_at_ms_ && !careful_) return next(back_at_ms_ - world_.now_ms());
  collect_sheets();
  const auto page = node_.view();
  if (page.empty()) {  // "agent lost": nothing to be done but wait
    script_.clear();
    return next(kLostLookMs);
  }
  const Look view(page);
  if (world_.tracing() && (banner_ != view.banner || body_ != view.kind)) {
    world_.trace(node_.packer, "sees " + view.banner + "/" + view.kind + " " + view.order);
  }
  banner_ = view.banner;
  body_before_ = std::exchange(body_, view.kind);
  if (view.kind == "full") {  // says nothing of the box; what was heard before was counted
    if (!view.order.empty() && view.order != number_ && label_scanned_.empty()) {
      switch_order(view.order);
    }
    hear_tick();
    unanswered_ = true;
  } else {
    compare(view);
  }
  heard_.clear();
  if (mistake(habits_.walk_away, "walked_away")) {
    report_(StationMishap{node_.id(), Mishap::walked_away, ""});
    script_.clear();
    return next(
        world_.random("packer " + node_.place().computer).between(60'000, habits_.away_most_ms));
  }
  if (!script_.empty()) {
    const auto [code, sku, pieces] = std::move(script_.front());
    script_.pop_front();
    hand_ = sku;
    hand_pieces_ = pieces;
    hand_case_.clear();
    scan(code);
    return next();
  }
  look(view);
}

void Packer::look(const Look& view) {
  working_ = !view.order.empty();
  if (view.kind == "full") {
    // Perhaps it goes now: what is in the hand, or any piece.
    if (mistake(500, "scan_on_full_disk")) scan_again();
    return next(8'000);
  }
  if (view.banner == "other-order") {
    sheet(mistake(300, "stays_with_order") ? "NO" : "CONFIRM");
    return next();
  }
  if (view.kind == "queue" || view.kind == "left") return idle(view);
  if (view.kind == "lines" || view.kind == "pair") return pack(view);
  if (view.kind == "back") return take_out(view);
  if (view.kind == "count") return count_shelf(view);
  if (view.kind == "ladder" || view.kind == "question") return label(view);
  if (view.kind == "sheet") sheet("PACK");
  next(kLostLookMs);
}

// The first sound answers the scan; what comes later may be the printer's. What a full disk did
// not let count is not counted later: what is heard when there is room again is of something else.
bool Packer::counted() const { return !unanswered_ && !heard_.empty() && heard_.front() == "tick"; }

void Packer::hear_tick() {
  const bool tick = counted();
  if (!tick || hand_.empty() || number_.empty() || body_before_ == "back") return;
  box_[hand_] += hand_pieces_;
  acts_.emplace_back(hand_, hand_pieces_);
  hand_.clear();
}

// What lies in the box against what the screen says.
void Packer::compare(const Look& view) {
  if (!label_scanned_.empty()) {
    const bool heard = std::ranges::find(heard_, "done") != heard_.end();
    if (heard || (view.order != number_ && view.did("closed", number_))) box_closed();
    label_scanned_.clear();
  }
  if (view.order != number_) switch_order(view.order);
  if (std::exchange(reopening_, false) && number_ == closed_box_.first) {
    report_(BoxReopened{node_.id(), number_, "", closed_label_});
  }
  if (number_.empty()) return;
  const bool tick = counted();
  if (tick && !hand_.empty() && view.kind != "back") {
    box_[hand_] += hand_pieces_;
    acts_.emplace_back(hand_, hand_pieces_);
  }
  if (view.kind == "lines" || view.kind == "back") {
    Box shown;
    std::int64_t seen = 0;
    for (const auto* row : view.rows("lines")) {
      shown[text(*row, "sku")] += number(*row, "have");
      seen += number(*row, "have");
    }
    // A long order has more lines than the page has rows: of an article in two lines one may be
    // below its edge, so that its rows show less than was answered with a tick and nothing is
    // wrong. What was taken back is then known from the hand that did it, and instead of the
    // article the box as a whole is held against the page.
    const bool hidden = seen < view.pieces_done;
    if (hidden && unsure_) take_back_acts(view.pieces_done);
    if (hidden && view.kind == "lines" && !just_opened_ && !unsure_ && hand_pieces_ == 1 &&
        whole_known_ && pieces_in_box() > view.pieces_done) {
      protest_("order " + number_ + " at " + node_.id() + ": " + std::to_string(pieces_in_box()) +
               " pieces were answered with a tick, the screen says " +
               std::to_string(view.pieces_done));
    }
    for (const auto& [sku, pieces] : shown) {
      if (hidden && pieces < box_[sku]) continue;
      // Of several by QTY the number may have been lost on its way; a case says itself how many.
      if (pieces < box_[sku] && view.kind == "lines" && !just_opened_ && !unsure_ &&
          (hand_pieces_ == 1 || !hand_case_.empty())) {
        protest_("order " + number_ + " at " + node_.id() + ": " + std::to_string(box_[sku]) +
                 " of " + sku + " were answered with a tick, the screen shows " +
                 std::to_string(pieces));
      }
      // What was counted unheard lies in the hand: into the box with it.
      const auto most = box_[sku] + (sku == hand_ ? hand_pieces_ : 0);
      if (pieces > most && view.kind == "lines" && !just_opened_ && !unsure_ && !tick) {
        protest_("order " + number_ + " at " + node_.id() + ": the screen shows " +
                 std::to_string(pieces) + " of " + sku + ", the packer scanned " +
                 std::to_string(most));
      } else if (pieces > box_[sku] && tick && view.kind == "lines" && !just_opened_ && !unsure_) {
        protest_("order " + number_ + " at " + node_.id() + ": the screen shows " +
                 std::to_string(pieces) + " of " + sku + ", the packer put in " +
                 std::to_string(box_[sku]));
      }
      box_[sku] = pieces;
    }
    unsure_ = false;
  } else {
    const auto sum = pieces_in_box();
    if (sum < view.pieces_done && !hand_.empty()) box_[hand_] += view.pieces_done - sum;
    if (sum > view.pieces_done && unsure_ && view.kind == "pair") {  // taken out: what is needed
      auto& pieces = box_[text(view.body->at("need").as_object(), "sku")];
      pieces -= std::min(pieces, sum - view.pieces_done);
    }
  }
  hand_.clear();
  // Until a page shows what is in the box.
  just_opened_ = just_opened_ && view.kind != "lines" && view.kind != "back";
}

std::int64_t Packer::pieces_in_box() const {
  std::int64_t sum = 0;
  for (const auto& [sku, pieces] : box_) sum += pieces;
  return sum;
}

void Packer::take_back_acts(std::int64_t done) {
  auto sum = pieces_in_box();
  for (; sum > done && !acts_.empty(); acts_.pop_back()) {
    const auto& [sku, pieces] = acts_.back();
    const auto out = std::min({pieces, sum - done, box_[sku]});
    box_[sku] -= out;
    sum -= out;
  }
  // Taken out is what was counted before this box was put aside: which article, nobody remembers.
  if (sum > done) whole_known_ = false;
}

void Packer::switch_order(const std::string& order) {
  acts_.clear();
  last_serial_.clear();
  whole_known_ = true;
  const bool empty = body_before_ == "back" || banner_ == "given-back";
  if (!number_.empty() && !box_.empty() && !empty) {
    aside_[number_] = std::move(box_);
  }
  box_.clear();
  hand_.clear();
  just_opened_ = true;
  number_ = order;
  // The closed box stands open again when the screen says so: the scan of UNDO may be lost.
  if (reopening_ && order == closed_box_.first) aside_[order] = closed_box_.second;
  if (const auto found = aside_.find(order); found != aside_.end()) {
    box_ = std::move(found->second);
    aside_.erase(found);
  }
  waited_since_ms_ = world_.now_ms();
}

void Packer::box_closed() {
  ++closed_;
  seen_numbers_.erase(number_);
  Box pieces;
  for (const auto& [sku, n] : box_) {
    if (n > 0) pieces[sku] = n;
  }
  report_(BoxClosed{node_.id(), number_, "", label_scanned_, pieces});
  closed_box_ = {number_, std::exchange(box_, {})};
  closed_label_ = label_scanned_;
}

void Packer::idle(const Look& view) {
  auto& draw = world_.random("packer " + node_.place().computer);
  if (view.banner == "order-closed" && mistake(habits_.undo_closed, "undo_closed")) {
    reopening_ = true;
    sheet("UNDO");
    return next();
  }
  if (view.banner == "order-closed" && mistake(habits_.reprint, "reprint_closed")) {
    report_(ReprintWanted{node_.id(), "", "REPRINT"});
    sheet("REPRINT");
    return next();
  }
  std::vector<std::string> offered;
  for (const auto* row : view.rows("rows")) offered.push_back(text(*row, "number"));
  for (const auto& n : offered) seen_numbers_.insert(n);
  if (offered.empty() && view.kind == "left") {
    offered.assign(seen_numbers_.begin(), seen_numbers_.end());
  }
  if (!wanted_.empty()) {
    scan(wanted_.back());
    wanted_.pop_back();
    return next();
  }
  if (offered.empty() && careful_ && !aside_.empty()) {  // a box stands there: what is with it?
    const auto first = aside_.begin()->first;
    if (!asked_about_.insert(first).second) aside_.erase(first);
    scan(first);
    return next();
  }
  if (restless() && (offered.empty() || draw.chance(700))) {
    sheet("PROBLEM");
    return next();
  }
  if (goes_counting(view, !offered.empty())) {
    sheet("COUNT");
    return next();
  }
  if (offered.empty()) return;  // the page will say when something comes
  if (mistake(habits_.foreign_code, "foreign_code")) {
    scan(draw.chance(500) ? goods_.all().front().barcode : "V" + std::to_string(draw.below(500)));
    return next();
  }
  if (mistake(habits_.problem, "problem")) {
    sheet("PROBLEM");
    return next();
  }
  const auto pick = draw.chance(850) ? 0 : draw.below(offered.size());
  if (view.kind == "left") seen_numbers_.erase(offered[pick]);
  scan(offered[pick]);
  next();
}

void Packer::pack(const Look& view) {
  auto& draw = world_.random("packer " + node_.place().computer);
  if (view.kind == "pair") {
    scan_item(text(view.body->at("need").as_object(), "sku"));
    return next();
  }
  std::vector<const json::object*> open;
  for (const auto* row : view.rows("lines")) {
    if (number(*row, "have") + number(*row, "short") < number(*row, "want")) open.push_back(row);
  }
  if (open.empty()) return next(kLostLookMs);
  if (view.several >= 0) return several(view);
  if (restless() && view.pieces_done > 0 && draw.chance(900)) {
    unsure_ = true;
    sheet("UNDO");
    return next();
  }
  if (view.banner == "short") {
    if (mistake(200, "undo_short")) {
      sheet("UNDO");
    } else {
      const auto key = number(*open[draw.below(open.size())], "key");
      sheet(std::to_string(key == 0 ? 1 : key));
    }
    return next();
  }
  if (mistake(habits_.short_pick, "short_pick")) {
    sheet("SHORT");
    return next();
  }
  if (mistake(habits_.hold, "hold")) {
    sheet("HOLD");
    return next();
  }
  if (mistake(habits_.problem, "problem")) {
    sheet("PROBLEM");
    return next();
  }
  if (mistake(habits_.undo, "undo")) {
    // What is taken back is taken out of the box: look at the screen for what that was.
    unsure_ = true;
    sheet("UNDO");
    return next();
  }
  if (mistake(habits_.wrong_item, "wrong_item")) {
    scan_item(goods_.all()[draw.below(goods_.all().size())].sku);
    return next();
  }
  if (mistake(habits_.other_order, "other_order") && !seen_numbers_.empty()) {
    scan(*std::next(seen_numbers_.begin(),
                    static_cast<std::ptrdiff_t>(draw.below(seen_numbers_.size()))));
    return next();
  }
  const auto& row = *open[draw.chance(800) ? 0 : draw.below(open.size())];
  const auto sku = text(row, "sku");
  if (scan_case(sku, number(row, "want") - number(row, "have") - number(row, "short"))) {
    return next();
  }
  const auto room = std::min(number(row, "want") - number(row, "have") - number(row, "short"),
                             base::limits::kTypedQuantityMax);
  if (room >= 2 && ((habits_.bulk && room > 2) || mistake(habits_.quantity, "quantity"))) {
    const auto* goods = goods_.find(sku);
    if (goods == nullptr || goods->tracked != "serial") {
      sheet("QTY");
      for (const char digit : std::to_string(room)) {
        script_.push_back({agent::station::sheet_code(std::string(1, digit)), {}, 0});
      }
      if (goods != nullptr) script_.push_back({code_on(*goods), sku, room});
      return next();
    }
  }
  scan_item(sku);
  next();
}

// QTY was read and something came between: so many pieces at once after all, or never mind.
void Packer::several(const Look& view) {
  if (view.several > 0 && world_.random("packer " + node_.place().computer).chance(700)) {
    for (const auto* row : view.rows("lines")) {
      const auto room = number(*row, "want") - number(*row, "have") - number(*row, "short");
      if (room < view.several) continue;
      scan_item(text(*row, "sku"), view.several);
      return next();
    }
  }
  unsure_ = true;
  sheet("UNDO");
  next();
}

void Packer::take_out(const Look& view) {
  for (const auto* row : view.rows("lines")) {
    if (number(*row, "have") <= 0) continue;
    scan_item(text(*row, "sku"));
    return next();
  }
  next(kLostLookMs);
}

// ---------------------------------------------------------------- the hand
void Packer::scan(const std::string& code) {
  ++scans_;
  unanswered_ = false;
  auto& draw = world_.random("packer " + node_.place().computer);
  auto trouble = ScanTrouble::none;
  if (mistake(habits_.doubled, "scan_doubled"))
    trouble = ScanTrouble::doubled;
  else if (mistake(habits_.garbled, "scan_garbled"))
    trouble = ScanTrouble::garbled;
  else if (mistake(habits_.cut, "scan_cut"))
    trouble = ScanTrouble::cut;
  else if (mistake(habits_.no_read, "scan_no_read"))
    trouble = ScanTrouble::no_read;
  else if (mistake(habits_.run_together, "scan_run_together"))
    trouble = ScanTrouble::run_together;
  const auto which = node_.scanners() > 1 && draw.chance(200) ? 1U : 0U;
  if (world_.tracing()) world_.trace(node_.packer, "scans " + code);
  if (mistake(habits_.typed, "typed")) return node_.type(code);
  if (!node_.scanner(which).scan(code, trouble)) node_.scanner(which).set_plugged(true);
}

void Packer::scan_item(const std::string& sku, std::int64_t pieces) {
  const auto* goods = goods_.find(sku);
  hand_ = sku;
  hand_pieces_ = pieces;
  hand_case_.clear();
  scan(goods == nullptr ? sku : code_on(*goods));
}

// What was in the hand when the disk was full, or any piece.
void Packer::scan_again() {
  if (hand_.empty()) return scan_item(goods_.all().front().sku);
  if (hand_case_.empty()) return scan_item(hand_, hand_pieces_);
  scan(hand_case_);
}

// What is printed on the piece in hand: of tracked goods a code with lot or serial, and beside it
// the plain one. Some pieces have expired, and some were scanned a moment ago.
std::string Packer::code_on(const Goods& goods) {
  if (goods.tracked.empty() || body_ == "back") return goods.barcode;
  if (mistake(habits_.wrong_item, "plain_code")) return goods.barcode;
  std::string code = "010" + goods.barcode;
  code += mistake(habits_.wrong_item, "expired_piece") ? "17000101" : "17660101";
  if (goods.tracked == "lot") return code + "10L" + std::to_string(world_.now_ms() / 3'600'000);
  auto& last = last_serial_[goods.sku];
  if (last.empty() || !mistake(habits_.wrong_item, "serial_again")) {
    std::uint64_t bench = 0;  // no two benches have a piece with one serial
    for (const char c : node_.place().computer) {
      bench = (bench * 31 + static_cast<unsigned char>(c)) % 1'000'000;
    }
    last = std::to_string(world_.now_ms()) + "-" + std::to_string(bench);
  }
  return code + "21" + last;
}

void Packer::sheet(const std::string& word) { scan(agent::station::sheet_code(word)); }

}  // namespace dockline::sim
