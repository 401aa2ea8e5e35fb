// What a channel is told of a parcel: once under its label, and not unasked when it was told that
// the same pieces left in another one.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "server/app/reactions.hpp"
#include "server/store/told_kits.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

using Notices = std::vector<store::OrderBook::Notice>;

constexpr std::string_view kTwice = "told_twice";

std::string list_of(const Notices& notices) {
  std::string text;
  for (const auto& one : notices) {
    text += (text.empty() ? "" : ", ") + std::to_string(one.quantity) + " of line " +
            std::to_string(one.line) + " as " + one.tracking;
  }
  return text;
}

}  // namespace

bool Reactions::is_telling(const store::OrderHead& head, const std::string& tracking) const {
  return core_.engine->telling(head.channel, head.id, tracking);
}

// Of lines that are in this parcel too: what the channel was told, or is being told, under labels
// that the order no longer has. Their boxes were opened and packed elsewhere.
Notices Reactions::heard_elsewhere(const store::OrderHead& head, const std::string& tracking) {
  std::set<std::int64_t> mine;
  for (const auto& one : core_.store->orders.notices(head.ord)) {
    if (one.tracking == tracking) mine.insert(one.line);
  }
  auto others = core_.store->orders.told_elsewhere(head.ord, tracking);
  std::erase_if(others, [&](const auto& one) {
    return !mine.contains(one.line) || !(one.told || is_telling(head, one.tracking));
  });
  return others;
}

base::Status Reactions::fulfil(std::int64_t caused_ms, const store::OrderHead& head,
                               const std::string& tracking) {
  for (const auto& other : core_.store->orders.leases(head.ord)) {
    if (PLANT("one-parcel-per-order") && other.told) return {};
  }
  // A box that was opened again after its channel was told: no parcel is told twice.
  const auto lease = core_.store->orders.lease_by_tracking(head.ord, tracking);
  if (!lease || lease->told || !core_.engine->serves(head.channel)) return {};
  if (core_.config.tell_at_handover.contains(head.channel)) {
    const auto box = core_.store->handovers.find(lease->lease);
    const bool told_early = PLANT("told-before-it-left");
    if (!told_early && (!box || !box->gone())) return {};  // on() of its hand-over comes here again
  }
  const auto others = is_telling(head, tracking) ? Notices{} : heard_elsewhere(head, tracking);
  if (others.empty()) return tell_parcel(caused_ms, *lease, head);
  core_.raise(kTwice, head.id + "#" + tracking,
              "Parcel " + tracking + " of order " + head.number + " holds pieces of which " +
                  head.channel + " was told that they left as " + others.front().tracking +
                  "; it is not told of " + tracking + " so far.",
              "Told before: " + list_of(others));
  return core_.store->trouble();
}

base::Status Reactions::tell_closed() {
  for (const auto& [box, caused_ms] : std::exchange(closed_, {})) {
    const auto& [ord, tracking] = box;
    const auto head = core_.store->orders.head(ord);
    const auto lease = core_.store->orders.lease_by_tracking(ord, tracking);
    if (!head || !lease || lease->state != "done") continue;  // opened again in the same turn
    if (auto ok = fulfil(caused_ms, *head, tracking); !ok) return ok;
  }
  return run();
}

base::Status Reactions::tell_parcel(std::int64_t caused_ms, const store::Lease& lease,
                                    const store::OrderHead& head) {
  channels::FulfilmentPush push;
  push.order = head.id;
  push.number = head.number;
  if (!head.external_id.empty()) push.external_id = head.external_id;
  push.carrier = lease.label.carrier;
  push.tracking = lease.label.tracking;
  push.caused_ms = caused_ms;
  const auto texts = core_.store->orders.texts(head.ord);
  // Who hears at the hand-over hears of what left, not of what was in the box when it was closed
  // first.
  const bool late = core_.config.tell_at_handover.contains(head.channel);
  std::map<std::int64_t, domain::Quantity> inside;
  for (const auto& one : core_.store->orders.parcel(lease.lease)) inside[one.line] = one.accepted;
  for (const auto& one : core_.store->orders.notices(head.ord)) {
    if (one.tracking != push.tracking || one.told) continue;
    const auto pieces = late ? std::min(one.quantity, inside[one.line]) : one.quantity;
    if (pieces < 1) continue;
    channels::FulfilledLine line{one.line, {}, std::nullopt, pieces};
    for (const auto& text : texts) {
      if (text.line != one.line) continue;
      line.sku = text.sku;
      line.external_id = text.external_id;
    }
    push.lines.push_back(std::move(line));
  }
  if (auto ok = as_sold(head, push); !ok) return ok;
  if (push.lines.empty()) return {};
  core_.changed.insert("outbox");
  return core_.engine->fulfil(core_.now, core_.store->outbox, head.channel, push);
}

// The channel sold kits: it is told of those that this parcel makes whole, with what is in the
// other parcels that it may have heard of. A parcel with nothing but parts of kits that another one
// completes is not told of at all.
base::Status Reactions::as_sold(const store::OrderHead& head, channels::FulfilmentPush& push) {
  const auto kits = core_.store->kits.lines(head.ord);
  if (kits.empty()) return {};
  const bool late = core_.config.tell_at_handover.contains(head.channel);
  const auto counts = [&](const store::OrderBook::Notice& one) {
    if (!late || one.told || one.tracking == push.tracking) return true;
    const auto lease = core_.store->orders.lease_by_tracking(head.ord, one.tracking);
    const auto box = lease ? core_.store->handovers.find(lease->lease) : std::nullopt;
    return box && box->gone();
  };
  std::map<std::int64_t, domain::Quantity> all;
  for (const auto& one : core_.store->orders.notices(head.ord)) {
    if (counts(one)) all[one.line] += one.quantity;
  }
  store::ToldKits told(core_.store->db());
  for (const auto& kit : kits) {
    auto whole = kit.quantity;
    for (const auto& [part, pieces] : kit.parts) {
      whole = std::min(whole, all[part] / pieces);
      std::erase_if(push.lines, [&](const auto& line) { return line.line == part; });
    }
    if (!PLANT("kit-told-with-each-parcel")) {
      whole -= told.elsewhere(head.ord, kit.line, push.tracking);
    }
    if (whole < 1) continue;
    told.put(head.ord, kit.line, push.tracking, whole);
    push.lines.push_back({kit.line, kit.sku, kit.external_id, whole});
  }
  return told.trouble();
}

// ---------------------------------------------------------------- a person's word
std::optional<Reactions::Parcel> Reactions::parcel_of(const std::string& subject) {
  const auto hash = subject.rfind('#');
  if (hash == std::string::npos) return std::nullopt;
  const auto ord = core_.store->orders.ord_of(subject.substr(0, hash));
  const auto head = ord ? core_.store->orders.head(*ord) : std::nullopt;
  if (!head) return std::nullopt;
  const auto lease = core_.store->orders.lease_by_tracking(*ord, subject.substr(hash + 1));
  if (!lease) return std::nullopt;
  return Parcel{*head, *lease};
}

base::Status Reactions::may_decide(const std::string& subject) {
  const auto parcel = parcel_of(subject);
  if (!parcel) return {};
  for (const auto& other :
       core_.store->orders.told_elsewhere(parcel->head.ord, parcel->lease.label.tracking)) {
    if (other.told || !is_telling(parcel->head, other.tracking)) continue;
    return base::fail(base::Fault::conflict,
                      other.tracking + " is still on its way to " + parcel->head.channel +
                          "; decide when it has arrived or was given up (`dockline outbox`)");
  }
  return {};
}

base::Status Reactions::on(const Fresh& fresh, const wire::ExceptionResolved& data) {
  const auto about = core_.store->cases.find(data.exception);
  const bool tells = data.action == "tell" || data.action == "keep_first";
  if (!about || about->kind != kTwice || !tells) return {};
  const auto parcel = parcel_of(about->subject);
  if (!parcel || parcel->lease.state != "done" || parcel->lease.told) return {};
  return tell_parcel(fresh.event.time_ms, parcel->lease, parcel->head);
}

}  // namespace dockline::server
