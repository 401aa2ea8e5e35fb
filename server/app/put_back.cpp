#include "server/app/put_back.hpp"

#include <algorithm>
#include <map>

#include "server/app/handover.hpp"

namespace dockline::server {
namespace {

using domain::Quantity;

// Pieces out of one box.
struct Goods {
  std::string lease, box, site;
  std::vector<wire::AdoptedLine> lines;
};

struct Subject {
  std::string before, after;  // "order#detail"
};
Subject split(const std::string& subject) {
  const auto at = subject.rfind('#');
  if (at == std::string::npos) return {subject, {}};
  return {subject.substr(0, at), subject.substr(at + 1)};
}

// The tracking number of a box that the case is about and that has left.
std::optional<std::string> left_already(HubCore& core, const std::string& kind,
                                        const std::string& subject, const Subject& parts) {
  const bool one = kind == "overpacked";
  const auto ord = core.store->orders.ord_of(one ? parts.before : subject);
  if (!ord || (!one && kind != "cancelled_after_pack")) return std::nullopt;
  for (const auto& box : core.store->handovers.of_order(*ord)) {
    if (box.gone() && (!one || box.tracking == parts.after)) return box.tracking;
  }
  return std::nullopt;
}

// What is in the box beyond what the order wanted when it was closed.
std::vector<Goods> extra_in_box(HubCore& core, const Subject& subject) {
  const auto ord = core.store->orders.ord_of(subject.before);
  if (!ord) return {};
  const auto lease = core.store->orders.lease_by_tracking(*ord, subject.after);
  if (!lease) return {};
  Goods goods{lease->lease, {}, lease->site, {}};
  for (const auto& line : core.store->orders.parcel(lease->lease)) {
    if (line.quantity > line.accepted) {
      goods.lines.push_back({line.line, line.sku, line.quantity - line.accepted});
    }
  }
  return {std::move(goods)};
}

// What was packed for the order and is not wanted any more.
std::vector<Goods> cancelled_in_boxes(HubCore& core, const std::string& order) {
  std::vector<Goods> all;
  auto& books = core.store->orders;
  const auto ord = books.ord_of(order);
  if (!ord) return all;
  std::map<std::int64_t, Quantity> wanted;  // pieces in boxes that still count
  for (const auto& line : books.lines(*ord)) {
    wanted[line.line] = line.units.at(orders::UnitState::packed);
  }
  for (const auto& lease : books.leases(*ord)) {
    if (has_left(core, lease)) continue;
    Goods goods{lease.lease, {}, lease.site, {}};
    for (const auto& line : books.parcel(lease.lease)) {
      auto& left = wanted[line.line];
      const Quantity counts = std::min(left, line.accepted);
      left -= counts;
      if (line.accepted > counts) {
        goods.lines.push_back({line.line, line.sku, line.accepted - counts});
      }
    }
    all.push_back(std::move(goods));
  }
  return all;
}

// All of a box that was packed under a fenced lease; nothing when it is open or accepted by now.
std::vector<Goods> whole_box(HubCore& core, const std::string& id) {
  const auto box = core.store->leases.box(id);
  if (!box || box->state != "open") return {};
  Goods goods{box->lease, box->box, box->site, {}};
  for (const auto& line : core.store->leases.lines(id)) {
    goods.lines.push_back({line.line, line.sku, line.quantity});
  }
  return {std::move(goods)};
}

}  // namespace

base::Status put_back(HubCore& core, const std::string& kind, const std::string& subject,
                      const std::string& by) {
  const Subject parts = split(subject);
  std::vector<Goods> all;
  const auto gone = left_already(core, kind, subject, parts);
  if (kind == "overpacked" && !gone) all = extra_in_box(core, parts);
  if (kind == "cancelled_after_pack") all = cancelled_in_boxes(core, subject);
  if (kind == "fenced_work" || kind == "packed_twice") all = whole_box(core, parts.after);
  std::erase_if(all, [](const Goods& goods) { return goods.lines.empty(); });
  if (all.empty() && gone) {
    return base::fail(base::Fault::conflict,
                      "parcel " + *gone +
                          " was handed over; have the carrier bring it back and record that "
                          "(`dockline handover take-back`), then put the goods back");
  }
  for (auto& goods : all) {
    wire::PackPutBack fact{parts.before, goods.box, goods.lease,           goods.site,
                           kind,         by,        std::move(goods.lines)};
    const auto kept = core.record(std::move(fact), {.subject = parts.before});
    if (!kept) return base::pass(kept.error());
  }
  return core.store->trouble();
}

}  // namespace dockline::server
