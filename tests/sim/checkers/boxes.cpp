#include "tests/sim/checkers/boxes.hpp"

#include <algorithm>
#include <ranges>

namespace dockline::sim {

std::int64_t Boxes::Box::pieces() const {
  std::int64_t sum = 0;
  for (const auto& [number, line] : lines) sum += line.pieces;
  return sum;
}

void Boxes::fact(const Fact& fact) {
  if (fact.position == 0) return;
  if (fact.is("dockline.pack.closed.v1")) {
    closed(fact);
  } else if (fact.is("dockline.pack.reopened.v1")) {
    reopened(fact);
  } else if (fact.is("dockline.pack.put.back.v1")) {
    put_back(fact);
  } else if (fact.is("dockline.exception.raised.v1")) {
    if (fact.kind != "fenced_work" && fact.kind != "packed_twice") return;
    const auto id = fact.subject.substr(fact.subject.rfind('#') + 1);
    stands_no_more(id);
    auto* box = named(id);
    if (box == nullptr || box->fenced) return;
    box->fenced = true;
    box->place.clear();
  } else if (fact.is("dockline.pack.accepted.v1")) {
    auto* box = named(fact.box);
    if (box == nullptr) return;
    box->fenced = false;
    box->place = box->pieces() > 0 ? "waiting" : "";
    stands(*box, box->place);
  } else if (fact.is("dockline.parcel.handed.over.v1")) {
    move(fact.box, "handed_over");
  } else if (fact.is("dockline.parcel.taken.back.v1")) {
    move(fact.box, "waiting");
  } else if (fact.is("dockline.parcel.delivered.v1")) {
    move(fact.box, "delivered");
  }
}

void Boxes::closed(const Fact& fact) {
  Box box;
  box.id = fact.id;
  box.order = fact.order;
  box.station = fact.station;
  box.lease = fact.lease;
  box.tracking = fact.tracking;
  box.inc = fact.inc;
  box.epoch = fact.epoch;
  for (const auto& line : fact.lines) {
    if (line.packed > 0) box.lines[line.line] = {line.sku, line.packed};
  }
  if (box.pieces() > 0) box.place = "waiting";
  stands(box, box.place);
  boxes_.push_back(std::move(box));
}

// A bench that packed an order once more from an old image opens that box; else the one that
// counts is opened.
void Boxes::reopened(const Fact& fact) {
  std::size_t found = boxes_.size();
  int rank = 0;
  for (std::size_t i = 0; i < boxes_.size(); ++i) {
    const auto& box = boxes_[i];
    const bool own =
        box.lease == fact.lease && box.epoch == fact.epoch && box.station == fact.station;
    if (!own || (box.fenced && box.pieces() == 0)) continue;
    const int fits = box.fenced && box.inc == fact.inc ? 3 : box.fenced ? 1 : 2;
    if (fits < rank) continue;
    rank = fits;
    found = i;
  }
  if (found == boxes_.size()) return;
  const auto& box = boxes_[found];
  if (!box.fenced) {
    stands_at(box, box.gone() ? "reopened" : "");
    if (box.gone()) opened_gone_.insert(box.order);
  }
  boxes_.erase(boxes_.begin() + static_cast<std::ptrdiff_t>(found));
}

void Boxes::put_back(const Fact& fact) {
  auto* box = fact.box.empty() ? standing(fact.lease) : named(fact.box);
  if (box == nullptr) return;
  for (const auto& back : fact.lines) {
    const auto line = box->lines.find(back.line);
    if (line == box->lines.end()) continue;
    line->second.pieces -= back.quantity;
    if (line->second.pieces <= 0) box->lines.erase(line);
  }
  if (!fact.box.empty()) box->lines.clear();
  if (box->fenced || box->gone() || box->pieces() > 0) return;
  box->place.clear();
  stands_at(*box, "");
}

void Boxes::move(const std::string& lease, const std::string& place) {
  auto* box = standing(lease);
  if (box == nullptr) return;
  box->place = place;
  stands_at(*box, place);
}

void Boxes::stands(const Box& box, const std::string& place) {
  auto& all = stands_[box.lease];
  std::erase_if(all, [&](const Stand& one) { return one.id == box.id; });
  all.push_back({box.id, place});
  this->place(box.lease);
}

void Boxes::stands_at(const Box& box, const std::string& place) {
  for (auto& one : stands_[box.lease]) {
    if (one.id == box.id) one.place = place;
  }
  this->place(box.lease);
}

void Boxes::stands_no_more(const std::string& id) {
  for (auto& [lease, all] : stands_) {
    if (std::erase_if(all, [&](const Stand& one) { return one.id == id; }) > 0) place(lease);
  }
}

void Boxes::place(const std::string& lease) {
  const auto& all = stands_[lease];
  places_[lease] = all.empty() ? "" : all.back().place;
}

Boxes::Box* Boxes::standing(const std::string& lease) {
  for (auto& box : std::views::reverse(boxes_)) {
    if (box.lease == lease && !box.fenced) return &box;
  }
  return nullptr;
}

const Boxes::Box* Boxes::of(const std::string& lease) const {
  const auto found = std::ranges::find_if(
      boxes_, [&](const Box& box) { return box.lease == lease && !box.fenced; });
  return found == boxes_.end() ? nullptr : &*found;
}

Boxes::Box* Boxes::named(const std::string& id) {
  const auto found = std::ranges::find(boxes_, id, &Box::id);
  return found == boxes_.end() ? nullptr : &*found;
}

}  // namespace dockline::sim
