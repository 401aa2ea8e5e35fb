#include "server/app/put_back.hpp"

#include <algorithm>
#include <map>

namespace dockline::server {
namespace {

using domain::Quantity;

struct Goods {
  std::string site, sku;
  Quantity quantity = 0;
};

struct Subject {
  std::string before, after;  // "order#detail"
};
Subject split(const std::string& subject) {
  const auto at = subject.rfind('#');
  if (at == std::string::npos) return {subject, {}};
  return {subject.substr(0, at), subject.substr(at + 1)};
}

// What is in the box beyond what the order wanted when it was closed.
std::vector<Goods> extra_in_box(HubCore& core, const Subject& subject) {
  std::vector<Goods> goods;
  const auto ord = core.store->orders.ord_of(subject.before);
  if (!ord) return goods;
  const auto lease = core.store->orders.lease_by_tracking(*ord, subject.after);
  if (!lease) return goods;
  for (const auto& line : core.store->orders.parcel(lease->lease)) {
    if (line.quantity > line.accepted) {
      goods.push_back({lease->site, line.sku, line.quantity - line.accepted});
    }
  }
  return goods;
}

// What was packed for the order and is not wanted any more.
std::vector<Goods> cancelled_in_boxes(HubCore& core, const std::string& order) {
  std::vector<Goods> goods;
  auto& books = core.store->orders;
  const auto ord = books.ord_of(order);
  if (!ord) return goods;
  std::map<std::int64_t, Quantity> wanted;  // pieces in boxes that still count
  for (const auto& line : books.lines(*ord)) {
    wanted[line.line] = line.units.at(orders::UnitState::packed);
  }
  for (const auto& lease : books.leases(*ord)) {
    for (const auto& line : books.parcel(lease.lease)) {
      auto& left = wanted[line.line];
      const Quantity counts = std::min(left, line.accepted);
      left -= counts;
      if (line.accepted > counts) goods.push_back({lease.site, line.sku, line.accepted - counts});
    }
  }
  return goods;
}

// All of a box that was packed under a fenced lease.
std::vector<Goods> whole_box(HubCore& core, const std::string& event_id) {
  std::vector<Goods> goods;
  const auto body = core.store->log.body_of(event_id);
  if (!body) return goods;
  const auto event = wire::decode(*body);
  const auto* closed = event ? std::get_if<wire::PackClosed>(&event->data) : nullptr;
  if (closed == nullptr) return goods;
  const std::string site(parse_source(event->source).site);
  for (const auto& line : closed->lines) {
    if (line.packed > 0) goods.push_back({site, line.sku, line.packed});
  }
  return goods;
}

}  // namespace

base::Status put_back(HubCore& core, const std::string& kind, const std::string& subject) {
  const Subject parts = split(subject);
  std::vector<Goods> goods;
  if (kind == "overpacked") goods = extra_in_box(core, parts);
  if (kind == "cancelled_after_pack") goods = cancelled_in_boxes(core, subject);
  if (kind == "fenced_work") goods = whole_box(core, parts.after);
  for (const auto& g : goods) {
    const auto kept =
        core.record(wire::StockMoved{g.sku, g.quantity, ledger::packed(g.site),
                                     ledger::shelf(g.site), "put back"},
                    {.subject = g.sku, .correlation = parts.before, .causation = {}, .id = {}});
    if (!kept) return base::pass(kept.error());
  }
  return core.store->trouble();
}

}  // namespace dockline::server
