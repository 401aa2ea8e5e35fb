#include "tests/sim/people/gate.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tests/sim/people/customers.hpp"

namespace dockline::sim {

using namespace server;  // the commands

void Gate::one() {
  switch (Officer::draw().below(12)) {
    case 0:
    case 1:
    case 2:
      return load_all();
    case 3:
    case 4:
    case 5:
      return scan_some();
    case 6:
      return take_back();
    case 7:
    case 8:
      return deliver();
    default:
      return bring_goods();
  }
}

void Gate::heard(const Reply& reply) {
  if (reply.error && reply.error->fault == base::Fault::conflict) count_("gate_refused");
  if (reply.error && reply.error->fault == base::Fault::reject) count_("gate_not_understood");
  if (!reply.error && reply.handed && !reply.handed->left_out.empty()) count_("parcel_left_out");
}

// What waits, oldest first; what has left, newest first.
Gate::Rows Gate::parcels(bool gone) {
  auto* reader = hub_.reader();
  if (reader == nullptr) return {};
  auto page = store::handovers(*reader, {.gone = gone, .limit = 30});
  return page ? std::move(page->items) : Rows();
}

// The driver takes all that waits for the carrier, or all that waits; now and then somebody enters
// it an hour later.
void Gate::load_all() {
  auto& draw = Officer::draw();
  HandOver wish;
  wish.site = sites_[draw.below(sites_.size())];
  wish.by = "gate";
  const auto rows = parcels(false);
  if (!rows.empty() && draw.chance(500)) wish.carrier = rows[draw.below(rows.size())].box.carrier;
  if (draw.chance(50)) wish.carrier = "Nobody";
  if (draw.chance(400)) wish.manifest = "M" + std::to_string(world_.now_ms() / 60'000);
  if (draw.chance(200)) wish.handed_ms = hub_.clock().now().wall_ms - draw.between(0, 3'600'000);
  ask(std::move(wish), "loaded");
}

// One by one under the scanner: mostly what waits, whatever speaks against it; some of it left
// before, is another site's, or is nobody's.
void Gate::scan_some() {
  auto& draw = Officer::draw();
  HandOver wish;
  wish.by = "gate";
  const auto waiting = parcels(false), gone = parcels(true);
  const auto scan = [&](const Rows& rows) {
    if (!rows.empty()) wish.trackings.push_back(rows[draw.below(rows.size())].box.tracking);
  };
  for (auto n = draw.between(1, 3); n > 0; --n) scan(waiting);
  // What should have stayed leaves all the same.
  const auto stopped =
      std::ranges::find_if(waiting, [](const auto& r) { return !r.stopped.empty(); });
  if (stopped != waiting.end() && draw.chance(500)) wish.trackings.push_back(stopped->box.tracking);
  if (draw.chance(300)) scan(gone);
  if (draw.chance(100)) wish.trackings.emplace_back("NOSUCH");
  if (draw.chance(300)) wish.site = sites_[draw.below(sites_.size())];
  if (wish.trackings.empty()) return;
  ask(std::move(wish), "scanned_out");
}

// It stayed, or the carrier brought it back whole; minutes later it leaves again, mostly.
void Gate::take_back() {
  auto& draw = Officer::draw();
  const auto rows = parcels(!draw.chance(100));  // now and then one that never left
  if (rows.empty()) return;
  const auto tracking = rows[draw.below(rows.size())].box.tracking;
  const bool again = draw.chance(600);
  const auto later = some_time(draw, 120'000);
  ask(TakeBackParcel{tracking, "it was left behind", "gate"}, "parcel_taken_back",
      [=, this](const Reply&) {
        if (!again) return;
        world_.after(later, [=, this] {
          HandOver wish;
          wish.trackings = {tracking};
          wish.by = "gate";
          ask(std::move(wish), "scanned_out");
        });
      });
}

// The carrier says so, now and then twice, now and then of what stands here.
void Gate::deliver() {
  auto& draw = Officer::draw();
  const auto rows = parcels(!draw.chance(100));
  if (rows.empty()) return;
  const DeliverParcel word{rows[draw.below(rows.size())].box.tracking, std::nullopt, "carrier"};
  ask(word, "delivered");
  if (draw.chance(300)) ask(word, "delivered");
}

// A buyer sends pieces back, some of them too many or of an order that has not left.
void Gate::bring_goods() {
  static constexpr std::array kPlaces = {"shelf", "shelf", "quarantine", "damaged"};
  auto& draw = Officer::draw();
  const auto rows = parcels(!draw.chance(100));
  auto* reader = hub_.reader();
  if (rows.empty() || reader == nullptr) return;
  const auto& row = rows[draw.below(rows.size())];
  const auto order = reader->order(row.order);
  if (!order || !*order) return;
  ReturnGoods back;
  back.order = row.order;
  back.site = draw.chance(800) ? row.box.site : sites_[draw.below(sites_.size())];
  back.why = "does not fit";
  back.by = "gate";
  for (const auto& line : (*order)->lines) {
    const auto here = line.shipped + line.delivered;
    if (here < 1 && !draw.chance(30)) continue;
    if (!back.lines.empty() && draw.chance(500)) continue;
    const auto pieces =
        draw.chance(50) ? here + 1 : draw.between(1, std::max<std::int64_t>(here, 1));
    ReturnedPieces one;
    one.line = line.line;
    one.to = kPlaces[draw.below(kPlaces.size())];
    one.lot = lot_on(line.sku);
    one.quantity = one.lot && one.lot->serial ? 1 : pieces;
    if (pieces > one.quantity || (pieces > 1 && draw.chance(300))) {
      auto rest = one;  // found in different states
      rest.to = kPlaces[draw.below(kPlaces.size())];
      rest.lot.reset();
      one.quantity = 1;
      rest.quantity = pieces - 1;
      back.lines.push_back(std::move(rest));
    }
    back.lines.push_back(std::move(one));
  }
  if (back.lines.empty()) return;
  ask(std::move(back), "goods_came_back");
}

// What is read on them: nothing, a lot, a serial; some have expired, some are not the house's.
std::optional<domain::Lot> Gate::lot_on(const std::string& sku) {
  auto& draw = Officer::draw();
  const auto* goods = goods_.find(sku);
  const bool tracked = goods != nullptr && !goods->tracked.empty();
  if (!draw.chance(tracked ? 800 : 300)) return std::nullopt;
  domain::Lot lot;
  if (goods != nullptr && goods->tracked == "serial") {
    lot.serial = "R" + std::to_string(++serials_);
  } else {
    lot.lot = "L" + std::to_string(draw.below(4));
  }
  if (draw.chance(400)) {
    lot.expires_ms = hub_.clock().now().wall_ms + draw.between(-30, 90) * 60'000;
  }
  if (draw.chance(150)) lot.ownership = "customer";
  return lot;
}

}  // namespace dockline::sim
