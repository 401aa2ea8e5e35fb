// A person, or a scanner at the gate, says what became of closed boxes.
#include <algorithm>
#include <map>

#include "server/app/commands.hpp"
#include "server/app/handover.hpp"
#include "server/app/stock_desk.hpp"
#include "server/orders/intake.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server {
namespace {

using base::Fault;
using orders::UnitState;
using store::Handover;

constexpr std::int64_t kAheadMostMs = 300'000;                    // of this server's clock
constexpr std::int64_t kFirstMs = std::int64_t{946'684'800'000};  // 2000-01-01

base::Result<std::int64_t> moment(const std::optional<std::int64_t>& given, std::int64_t now_ms,
                                  const std::string& field) {
  if (!given) return now_ms;
  if (*given >= kFirstMs && *given <= now_ms + kAheadMostMs) return *given;
  return base::fail(Fault::reject, field + ": " + std::to_string(*given) +
                                       " is not in the past; give milliseconds since 1970, UTC, or "
                                       "leave it out for now");
}

std::string at_ms(std::int64_t ms) { return base::to_rfc3339(ms); }

// Why a box cannot be handed over now.
std::string standing(const Handover& box) {
  if (box.state == "waiting") return {};
  if (box.state == "reopened") return "its box was opened again at " + box.site;
  return "it was handed over at " + at_ms(box.handed_ms) + " already";
}

Reply changed(const std::string& id) {
  Reply reply;
  reply.id = id;
  reply.created = true;
  return reply;
}

// Facts about boxes of several orders; how many there were.
template <class Fact>
base::Result<std::size_t> record_all(HubCore& core, std::vector<Fact> facts) {
  for (auto& fact : facts) {
    const std::string order = fact.order;
    const auto kept = core.record(std::move(fact), {.subject = order});
    if (!kept) return base::pass(kept.error());
  }
  return facts.size();
}

// One hand-over under way: what is recorded, what is left out.
class Giving {
 public:
  Giving(HubCore& core, const HandOver& wish, std::int64_t handed_ms)
      : core_(core), wish_(wish), handed_ms_(handed_ms) {}

  HandedOver done;

  // `named`: whoever held it in hand says that it left, whatever speaks against it.
  base::Status give(const Handover& box, bool named) {
    const auto head = core_.store->orders.head(box.ord);
    const auto lease = core_.store->orders.lease(box.box);
    if (!head || !lease) return core_.store->trouble();
    const auto why = stopped_by(core_, *lease, *head);
    if (!named && !why.empty()) {
      leave(box.tracking, head->id, why);
      return {};
    }
    const auto kept =
        core_.record(wire::ParcelHandedOver{head->id, box.box, box.site, box.carrier, box.tracking,
                                            handed_ms_, wish_.manifest, wish_.by},
                     {.subject = head->id});
    if (!kept) return base::pass(kept.error());
    done.parcels.push_back({box.tracking, head->id, why});
    return {};
  }

  base::Status named(const std::string& tracking) {
    const auto boxes = core_.store->handovers.of_tracking(tracking);
    if (boxes.empty()) {
      leave(tracking, "", "no closed box has this number; has its bench been heard since?");
    }
    for (const auto& box : boxes) {
      const auto head = core_.store->orders.head(box.ord);
      auto why = standing(box);
      if (why.empty() && !wish_.site.empty() && wish_.site != box.site) {
        why = "it stands at " + box.site;
      }
      if (!why.empty()) {
        leave(tracking, head ? head->id : "", why);
      } else if (auto ok = give(box, true); !ok) {
        return ok;
      }
    }
    return {};
  }

 private:
  void leave(const std::string& tracking, const std::string& order, const std::string& why) {
    done.left_out.push_back({tracking, order, why});
  }

  HubCore& core_;
  const HandOver& wish_;
  std::int64_t handed_ms_;
};

}  // namespace

base::Result<Reply> Commands::on(const HandOver& c) {
  constexpr auto kMost = static_cast<std::int64_t>(base::limits::kHandedOverMax);
  if (auto ok = orders::check_text(c.by, "by", true); !ok) return base::pass(ok.error());
  if (auto ok = orders::check_text(c.manifest, "manifest"); !ok) return base::pass(ok.error());
  if (auto ok = orders::check_text(c.carrier, "carrier"); !ok) return base::pass(ok.error());
  const auto handed_ms = moment(c.handed_ms, core_.now.wall_ms, "handed_ms");
  if (!handed_ms) return base::pass(handed_ms.error());
  if (!c.site.empty() || c.trackings.empty()) {
    if (auto ok = known_site(c.site); !ok) return base::pass(ok.error());
  }
  if (std::ssize(c.trackings) > kMost) {
    return base::fail(Fault::reject, "parcels: at most " + std::to_string(kMost) +
                                         " in one request; send the rest in another");
  }
  Giving giving(core_, c, *handed_ms);
  for (const auto& tracking : c.trackings) {
    if (auto ok = giving.named(tracking); !ok) return base::pass(ok.error());
  }
  if (c.trackings.empty()) {
    const auto all = core_.store->handovers.waiting(c.site, c.carrier, kMost + 1);
    giving.done.more = std::ssize(all) > kMost;
    for (const auto& box : all) {
      if (&box - all.data() == kMost) break;
      if (auto ok = giving.give(box, false); !ok) return base::pass(ok.error());
    }
  }
  if (auto ok = core_.store->trouble(); !ok) return base::pass(ok.error());
  Reply reply;
  reply.id = c.site;
  reply.created = !giving.done.parcels.empty();
  reply.handed = std::move(giving.done);
  return reply;
}

base::Result<Reply> Commands::on(const TakeBackParcel& c) {
  if (auto ok = orders::check_text(c.why, "why", true); !ok) return base::pass(ok.error());
  if (auto ok = orders::check_text(c.by, "by", true); !ok) return base::pass(ok.error());
  const auto boxes = core_.store->handovers.of_tracking(c.tracking);
  // Orders that go in one parcel share its label: all of their boxes or none.
  std::vector<wire::ParcelTakenBack> facts;
  for (const auto& box : boxes) {
    if (!box.gone()) continue;
    const auto head = core_.store->orders.head(box.ord);
    if (!head) continue;
    for (const auto& line : core_.store->orders.lines(box.ord)) {
      if (line.units.at(UnitState::returned) == 0) continue;
      return base::fail(Fault::conflict,
                        "pieces of order " + head->id +
                            " came back one by one already; record the rest as returned too");
    }
    facts.push_back({head->id, box.box, box.tracking, c.why, c.by});
  }
  if (auto ok = record_all(core_, std::move(facts)); !ok || *ok == 0) {
    if (!ok) return base::pass(ok.error());
    return base::fail(boxes.empty() ? Fault::reject : Fault::conflict,
                      "tracking: \"" + c.tracking +
                          (boxes.empty() ? "\" is on no closed box" : "\" was not handed over"));
  }
  return changed(c.tracking);
}

base::Result<Reply> Commands::on(const DeliverParcel& c) {
  if (auto ok = orders::check_text(c.by, "by", true); !ok) return base::pass(ok.error());
  const auto delivered_ms = moment(c.delivered_ms, core_.now.wall_ms, "delivered_ms");
  if (!delivered_ms) return base::pass(delivered_ms.error());
  const auto boxes = core_.store->handovers.of_tracking(c.tracking);
  if (boxes.empty()) {
    return base::fail(Fault::reject, "tracking: \"" + c.tracking + "\" is on no closed box");
  }
  std::vector<wire::ParcelDelivered> facts;
  for (const auto& box : boxes) {
    if (box.state == "delivered") continue;  // said again
    if (box.state != "handed_over") {
      return base::fail(Fault::conflict, "parcel " + c.tracking + " stands at " + box.site +
                                             " by the books; record its hand-over first "
                                             "(`dockline handover record`)");
    }
    const auto head = core_.store->orders.head(box.ord);
    if (!head) continue;
    facts.push_back({head->id, box.box, box.tracking, *delivered_ms, c.by});
  }
  const auto recorded = record_all(core_, std::move(facts));
  if (!recorded) return base::pass(recorded.error());
  auto reply = changed(c.tracking);
  reply.created = *recorded > 0;
  return reply;
}

base::Result<Reply> Commands::on(const ReturnGoods& c) {
  const auto ord = known_order(c.order);
  if (!ord) return base::pass(ord.error());
  if (auto ok = orders::check_text(c.why, "why", true); !ok) return base::pass(ok.error());
  if (auto ok = orders::check_text(c.by, "by", true); !ok) return base::pass(ok.error());
  if (auto ok = known_site(c.site); !ok) return base::pass(ok.error());
  if (c.lines.empty()) return base::fail(Fault::reject, "lines: name what came back");
  wire::OrderReturned fact{c.order, c.site, {}, c.why, c.by};
  std::map<std::int64_t, domain::Quantity> sums;
  for (std::size_t i = 0; i < c.lines.size(); ++i) {
    const auto& wish = c.lines[i];
    const auto where = "lines[" + std::to_string(i) + "]";
    const auto line = core_.store->orders.line(*ord, wish.line);
    if (!line) {
      return base::fail(Fault::reject, where + ".line: order " + c.order + " has no line " +
                                           std::to_string(wish.line));
    }
    if (wish.to != "shelf" && wish.to != "quarantine" && wish.to != "damaged") {
      return base::fail(Fault::reject,
                        where + ".to: \"" + wish.to + "\" is none of shelf, quarantine, damaged");
    }
    const auto out = line->units.at(UnitState::shipped) + line->units.at(UnitState::delivered);
    if (wish.quantity < 1 || wish.quantity > out - sums[wish.line]) {
      return base::fail(Fault::conflict,
                        where + ".quantity: " + std::to_string(wish.quantity) + " of line " +
                            std::to_string(wish.line) + " cannot come back, " +
                            std::to_string(out - sums[wish.line]) +
                            " were handed over and are not back; record the hand-over first "
                            "(`dockline handover record`)");
    }
    if (auto ok = check_lot(wish.lot, wish.quantity); !ok) return base::pass(ok.error());
    sums[wish.line] += wish.quantity;
    fact.lines.push_back({wish.line, line->sku, wish.quantity, wish.to, wish.lot});
  }
  const auto kept = core_.record(std::move(fact), {.subject = c.order});
  if (!kept) return base::pass(kept.error());
  return changed(c.order);
}

}  // namespace dockline::server
