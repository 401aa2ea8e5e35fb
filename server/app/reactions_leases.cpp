// Leases that a person, a census or a new incarnation decides about (PROTOCOL.md sections 9, 11).
#include <algorithm>
#include <map>

#include "server/app/intake.hpp"
#include "server/app/reactions.hpp"
#include "server/fleet/fleet.hpp"
#include "server/orders/intake.hpp"

namespace dockline::server {
namespace {

using base::Fault;

constexpr std::int64_t kReleasesPerTurn = 100;

std::string name_of(const wire::StationRef& s) { return s.site + "/" + s.station; }

bool is_held(const store::Lease& lease) {
  return lease.state == "held" || lease.state == "revoking";
}

// "leipzig/bench-4#inc" -> its parts.
struct HolderSubject {
  std::string site, station, inc;
};
HolderSubject parse_subject(const std::string& subject) {
  const auto slash = subject.find('/');
  const auto hash = subject.rfind('#');
  if (slash == std::string::npos || hash == std::string::npos || hash < slash) return {};
  return {subject.substr(0, slash), subject.substr(slash + 1, hash - slash - 1),
          subject.substr(hash + 1)};
}

}  // namespace

// ---------------------------------------------------------------- a restored server
base::Status Reactions::open() {
  auto& own = core_.store->own;
  restored_ = own.value("restored") != 0;
  census_ = own.text("census");
  const auto generation = own.value("generation");
  if (restored_ && own.value("census_generation") != generation) {
    if (auto ok = begin_restore("command", "The restore command was used"); !ok) return ok;
  }
  // What is routed in the first turn goes by it too.
  if (auto ok = facts_.rules().look_at_arrivals(); !ok) return ok;
  // `dockline audit` reads no configuration: it must know that their boxes may wait untold.
  for (const auto& channel : core_.config.tell_at_handover) {
    const auto name = "tells_handed:" + channel;
    if (own.text(name).empty()) own.set_text(name, "1");
  }
  for (const auto& [site, why] : facts_.rules().unread()) {
    core_.raise("site_unread", site, "What was described of " + site + " cannot be read here.",
                why);
  }
  return run();
}

base::Status Reactions::begin_restore(const std::string& reason, const std::string& detail) {
  auto& own = core_.store->own;
  if (reason != "command") own.set("generation", own.value("generation") + 1);
  const auto generation = own.value("generation");
  own.set("restored", 1);
  own.set("census_generation", generation);
  own.set("restore_boot", static_cast<std::int64_t>(stations_.process().boot));
  // Epochs and numbers of labels of the lost future are not given again.
  const auto numbering = fleet::after_restore(fence(), core_.now.wall_ms);
  own.set("fence", numbering.generation);
  own.set("epoch", numbering.counter);
  // So are those of transfers and purchases: sites and suppliers may know the lost ones.
  for (const auto* counter : {"tracking", "transfer", "purchase"}) {
    own.set(counter, fleet::label_after_restore(own.value(counter), core_.now.wall_ms));
  }
  own.set("sscc", own.value("sscc") + fleet::serials_skipped(core_.config.company_prefix));
  restored_ = true;
  census_ = core_.new_id();
  own.set_text("census", census_);
  const auto known = core_.store->orders.max_epoch();
  own.set("census_epoch", known);
  const auto all = stations_.all();
  const auto kept = core_.record(wire::RestoreBegun{census_, generation, reason, detail, all},
                                 {.subject = "server"});
  if (!kept) return base::pass(kept.error());
  std::string names;
  for (const auto& s : all) {
    names += (names.empty() ? "" : ", ") + name_of(s);
    auto told =
        stations_.tell(s.site, s.station, wire::LeaseCensus{census_, generation, known}, census_);
    if (!told) return told;
  }
  core_.raise("restored", "server#" + std::to_string(generation),
              "This server goes on from a backup: no order is given to a bench until every bench "
              "has said what it holds.",
              detail + ". Asked: " + (names.empty() ? "nobody, no station is known" : names));
  return end_restore();
}

// Over when everybody has answered or was written off.
base::Status Reactions::end_restore() {
  if (!restored_) return core_.store->trouble();
  for (const auto& row : core_.store->leases.census(census_)) {
    if (row.state == "waiting") return core_.store->trouble();
  }
  auto& own = core_.store->own;
  own.set("restored", 0);
  restored_ = false;
  for (const auto& s : stations_.all()) {
    own.set_text("forked:" + name_of(s), std::to_string(own.value("generation")));
  }
  const auto kept = core_.record(wire::RestoreEnded{census_}, {.subject = "server"});
  if (!kept) return base::pass(kept.error());
  const std::string subject = "server#" + std::to_string(own.value("census_generation"));
  if (const auto id = core_.store->cases.open_id("restored", subject)) {
    const auto done =
        core_.record(wire::ExceptionResolved{*id, "ended", "server"}, {.subject = subject});
    if (!done) return base::pass(done.error());
  }
  for (const auto& box : core_.store->leases.open_boxes()) {
    raise_fenced(box.box, box.order, "It came while the server was restored");
  }
  releasing_ = true;
  release_after_.reset();
  return core_.store->trouble();
}

// A station knew more of its down stream than this server. Once for each restore: the first such
// fork after the generation was raised belongs to the restore that is known.
base::Status Reactions::see_forked() {
  auto& own = core_.store->own;
  for (const auto& s : stations_.take_forked()) {
    const std::string key = "forked:" + name_of(s);
    const auto generation = std::to_string(own.value("generation"));
    const std::string before = own.text(key);
    const bool known = restored_ || (before.empty() ? generation != "1" : before != generation);
    own.set_text(key, generation);
    if (known) continue;
    const auto begun = begin_restore(
        "fork", name_of(s) + " knows facts of this server that its own file does not have");
    if (!begun) return begun;
    own.set_text(key, std::to_string(own.value("generation")));
  }
  return run();
}

base::Status Reactions::on(const Fresh& fresh, const wire::ServerRestoredSeen& data) {
  if (restored_ || data.boot <= core_.store->own.value("restore_boot")) return {};
  return begin_restore("boot", fresh.event.source.substr(1) + " remembers start " +
                                   std::to_string(data.known_boot) + " of this server, it counts " +
                                   std::to_string(data.boot) + " now");
}

// After a start and after a census: what waits for a station gets one.
base::Status Reactions::release_all() {
  if (!releasing_ || restored_) return core_.store->trouble();
  const auto orders = core_.store->orders.allocated(release_after_, kReleasesPerTurn);
  for (const auto& [ord, rank] : orders) {
    if (auto ok = release(ord); !ok) return ok;
    release_after_ = rank;
  }
  if (std::cmp_less(orders.size(), kReleasesPerTurn)) releasing_ = false;
  return core_.store->trouble();
}

void Reactions::see_epoch(std::int64_t epoch) {
  auto& own = core_.store->own;
  if (epoch > fleet::epoch(fence(), own.value("epoch"))) {
    own.set("fence", fleet::generation_of(epoch) + 1);
  }
}

// A number of a label of the lost future, perhaps of a restore from the same backup, is not given
// again. One far off is none that this server has counted: it does not use up the range.
void Reactions::see_label(const domain::ShippingLabel& label) {
  constexpr std::int64_t kTrackingAhead = 1'000'000'000, kSkipsAhead = 20;
  auto& own = core_.store->own;
  const auto see = [&](const char* counter, std::optional<std::int64_t> seen, std::int64_t ahead) {
    const std::int64_t known = own.value(counter);
    if (seen && *seen > known && *seen - known <= ahead) own.set(counter, *seen);
  };
  const auto& prefix = core_.config.company_prefix;
  see("tracking", fleet::number_of(label.tracking), kTrackingAhead);
  see("sscc", fleet::serial_of(prefix, label.sscc), kSkipsAhead * fleet::serials_skipped(prefix));
}

// The generation of epochs. `generation` counts the restores; a file of before this counter was
// there has given epochs under that.
std::int64_t Reactions::fence() {
  auto& own = core_.store->own;
  return std::max(own.value("generation"), own.value("fence"));
}

// ---------------------------------------------------------------- what a station says it holds
base::Status Reactions::on(const Fresh& fresh, const wire::LeaseHeld& data) {
  if (restored_) {
    // What the server has lost may include that this incarnation works there.
    const auto from = parse_source(fresh.event.source);
    const std::string site(from.site), station(from.station);
    if (data.census && stations_.works(site, station) != fresh.event.dlinc) {
      stations_.set_works(site, station, fresh.event.dlinc);
    }
    for (const auto& held : data.held) {
      see_epoch(held.work.epoch);
      if (held.grant) see_label(held.grant->label);
      if (auto ok = held_at_census(fresh, held); !ok) return ok;
    }
  }
  if (data.part < data.parts) return core_.store->trouble();
  if (data.reason == "start" || data.reason == "fork") return new_incarnation(fresh, data);
  if (auto ok = compare_leases(fresh, data); !ok) return ok;
  return data.census && *data.census == census_ ? end_restore() : core_.store->trouble();
}

base::Status Reactions::held_at_census(const Fresh& fresh, const wire::HeldLease& held) {
  auto& books = core_.store->orders;
  const auto from = parse_source(fresh.event.source);
  const auto lease = books.lease(held.work.lease);
  if (lease && lease->state == "done") return {};
  if (lease && held.work.epoch < lease->epoch) return {};  // told to give it back below
  const bool same = lease && is_held(*lease) && lease->site == from.site &&
                    lease->station == from.station && lease->epoch == held.work.epoch &&
                    (lease->holder.empty() || lease->holder == fresh.event.dlinc);
  if (same && held.state != "done") return {};
  if (held.grant) {
    if (auto ok = adopt_order(*held.grant); !ok) return ok;
  }
  if (!books.ord_of(held.order)) return {};
  if (held.state == "done") {
    const auto box =
        core_.store->leases.open_box(held.work.lease, held.work.epoch, from.site, from.station);
    if (!box) return core_.store->trouble();
    auto ok = accept(box->box, {"It was packed in what the server has lost", "server"});
    // Nothing in it is wanted any more: the end of the restore makes a case of its box.
    return !ok && ok.error().fault == Fault::conflict ? base::Status{} : ok;
  }
  if (held.state == "revoked") return {};
  return adopt(fresh, held);
}

// The order itself may be lost with the server's future; its grant names all that is needed.
base::Status Reactions::adopt_order(const wire::LeaseGranted& grant) {
  if (core_.store->orders.ord_of(grant.order)) return {};
  wire::OrderReceived order;
  order.order = grant.order;
  order.channel = grant.channel;
  order.number = grant.number;
  order.external_id = grant.external_id;
  order.placed_ms = core_.now.wall_ms;
  // The grant does not say: nothing is known of its prices but what the channel's orders are in.
  order.currency = core_.store->orders.currency_of(grant.channel).value_or(store::kNoCurrency);
  order.ship_to = grant.ship_to;
  for (const auto& line : grant.lines) {
    order.lines.push_back(
        {line.line, line.sku, line.title, line.quantity, std::nullopt, line.external_id});
  }
  const auto taken = take_order(core_, order, "census");
  if (taken || taken.error().fault != Fault::reject) {
    return taken ? base::Status{} : base::pass(taken.error());
  }
  core_.raise("other", grant.order, "An order that only a bench remembers cannot be taken in.",
              taken.error().detail,
              "Enter it by hand; the bench holds it as " + grant.number + ".");
  return {};
}

base::Status Reactions::adopt(const Fresh& fresh, const wire::HeldLease& held) {
  auto& books = core_.store->orders;
  const auto from = parse_source(fresh.event.source);
  const auto ord = books.ord_of(held.order);
  const auto lease = books.lease(held.work.lease);
  wire::LeaseAdopted adopted{
      held.order, held.work, std::string(from.site), std::string(from.station), fresh.event.dlinc,
      {},         {}};
  if (held.grant) {
    adopted.label = held.grant->label;
    for (const auto& l : held.grant->lines) adopted.lines.push_back({l.line, l.sku, l.quantity});
  } else if (lease) {
    adopted.label = lease->label;
    for (const auto& r : books.reservations(*ord)) {
      if (r.lease == lease->lease || (!is_held(*lease) && r.lease.empty())) {
        adopted.lines.push_back({r.line, r.sku, r.quantity});
      }
    }
  }
  if (adopted.lines.empty()) return {};
  const bool other =
      lease && is_held(*lease) && (lease->site != from.site || lease->station != from.station);
  if (other) {
    auto told = stations_.tell(
        lease->site, lease->station,
        wire::LeaseRevoked{held.order, {lease->lease, lease->epoch}, "forced", {}, {}}, held.order);
    if (!told) return told;
  }
  const auto kept = core_.record(std::move(adopted), {.subject = held.order});
  return kept ? base::Status{} : base::pass(kept.error());
}

// Both lists of leases side by side: what only the station has it gives back, what only the server
// has is free again.
base::Status Reactions::compare_leases(const Fresh& fresh, const wire::LeaseHeld& data) {
  auto& books = core_.store->orders;
  const auto from = parse_source(fresh.event.source);
  const std::string site(from.site), station(from.station);
  const auto rows = core_.store->leases.held(site, station);
  for (const auto& row : rows) {
    if (row.state == "done" || row.state == "revoked") continue;
    const auto lease = books.lease(row.lease);
    const bool good = lease && is_held(*lease) && lease->site == site &&
                      lease->station == station && lease->epoch == row.epoch;
    // A higher epoch is on its way to it already.
    const bool coming = lease && is_held(*lease) && lease->site == site &&
                        lease->station == station && lease->epoch > row.epoch;
    if (good || coming) continue;
    auto told = stations_.tell(
        site, station, wire::LeaseRevoked{row.order, {row.lease, row.epoch}, "moved", {}, {}},
        row.order);
    if (!told) return told;
  }
  for (const auto& lease : books.leases_at(site, station)) {
    const bool there = std::any_of(rows.begin(), rows.end(),
                                   [&](const auto& row) { return row.lease == lease.lease; });
    // While the server is restored nothing is granted; else what was granted after the facts that
    // this answer takes into account is on its way.
    const auto told = core_.store->mirror.lease({site, station}, lease.lease);
    const bool known = told && told->epoch == lease.epoch && told->seq <= data.down;
    if (there || lease.holder != fresh.event.dlinc || !(restored_ || known)) continue;
    core_.divergence.forget_lease({site, station}, lease.lease, lease.epoch);
    if (auto ok = free_lease(lease, "forced", {"The bench does not have it", "server"}, false);
        !ok) {
      return ok;
    }
    if (auto ok = release(lease.ord); !ok) return ok;
  }
  return core_.store->trouble();
}

// ---------------------------------------------------------------- another memory under one name
base::Status Reactions::new_incarnation(const Fresh& fresh, const wire::LeaseHeld& data) {
  const auto from = parse_source(fresh.event.source);
  const std::string site(from.site), station(from.station), inc = fresh.event.dlinc;
  const std::string before = stations_.works(site, station);
  if (before == inc) return core_.store->trouble();  // its first one
  std::vector<store::Lease> stale;
  for (auto& lease : core_.store->orders.leases_at(site, station)) {
    if (!lease.holder.empty() && lease.holder != inc) stale.push_back(std::move(lease));
  }
  const bool same_process = data.reason == "fork" && !restored_ &&
                            stations_.process_of(site, station, before) == data.process;
  const bool gone = stations_.ended(site, station, stations_.process_of(site, station, before));
  if (same_process || (stale.empty() && (data.reason == "start" || gone))) {
    stations_.set_works(site, station, inc);
    for (const auto& lease : stale) {
      const Word word{"The same computer began a new stream", "server"};
      if (auto ok = free_lease(lease, "anew", word, false); !ok) return ok;
      if (auto ok = release(lease.ord, station); !ok) return ok;
    }
    return stations_.refresh(site, station);
  }
  stations_.note_other(site, station, inc);
  // Without orders at stake nobody is asked: whoever still speaks after a while works.
  if (!stale.empty()) raise_holder(site, station, inc, data.process, stale.size());
  return stations_.refresh(site, station);
}

void Reactions::raise_holder(const std::string& site, const std::string& station,
                             const std::string& inc, const std::string& process,
                             std::size_t orders) {
  const std::string before = stations_.works(site, station);
  core_.raise("lease_holder", site + "/" + station + "#" + inc,
              site + "/" + station + " speaks from another computer or disk than the one that " +
                  std::to_string(orders) + " orders were given to.",
              "Its stream is " + inc + ", process " + process + "; before it was " + before +
                  ", process " + stations_.process_of(site, station, before));
}

// The computer that works has been silent for long while another one speaks under its name.
base::Status Reactions::see_successors() {
  for (const auto& next : stations_.take_successors()) {
    if (restored_ || stations_.works(next.site, next.station) == next.inc) continue;
    std::size_t stale = 0;
    for (const auto& lease : core_.store->orders.leases_at(next.site, next.station)) {
      stale += !lease.holder.empty() && lease.holder != next.inc ? 1U : 0U;
    }
    const std::string process = stations_.process_of(next.site, next.station, next.inc);
    if (process.empty()) continue;  // its stream is not open so far
    if (stale > 0) {
      raise_holder(next.site, next.station, next.inc, process, stale);
      continue;
    }
    stations_.set_works(next.site, next.station, next.inc);
    if (auto ok = stations_.refresh(next.site, next.station); !ok) return ok;
  }
  return run();
}

base::Status Reactions::use_new(const std::string& subject, const Word& word) {
  const auto of = parse_subject(subject);
  if (!stations_.knows(of.site, of.station)) return {};
  stations_.set_works(of.site, of.station, of.inc);
  for (const auto& lease : core_.store->orders.leases_at(of.site, of.station)) {
    if (lease.holder.empty() || lease.holder == of.inc) continue;
    // The box stands at the same bench: its label stays good.
    if (auto ok = free_lease(lease, "anew", word, false); !ok) return ok;
    if (auto ok = run(); !ok) return ok;
    if (auto ok = release(lease.ord, of.station); !ok) return ok;
  }
  return stations_.refresh(of.site, of.station);
}

// ---------------------------------------------------------------- a person's word
base::Status Reactions::free_lease(const store::Lease& lease, const std::string& reason,
                                   const Word& word, bool tell) {
  const auto head = core_.store->orders.head(lease.ord);
  if (!head) return core_.store->trouble();
  wire::LeaseRevoked revoked{head->id, {lease.lease, lease.epoch}, reason, word.why, word.by};
  if (tell) {
    auto told = stations_.tell(lease.site, lease.station, revoked, head->id);
    if (!told) return told;
  }
  const auto kept = core_.record(std::move(revoked), {.subject = head->id});
  return kept ? base::Status{} : base::pass(kept.error());
}

base::Status Reactions::force(std::int64_t ord, const Word& word) {
  if (restored_) {
    return base::fail(Fault::conflict,
                      "the server was restored and is asking its stations what they hold; write "
                      "the silent station off instead, on the Stations page or with `dockline "
                      "stations write-off`");
  }
  bool any = false;
  for (const auto& lease : core_.store->orders.leases(ord)) {
    if (!is_held(lease)) continue;
    any = true;
    if (auto ok = free_lease(lease, "forced", word, true); !ok) return ok;
  }
  if (!any) {
    return base::fail(Fault::conflict, "no bench holds this order; there is nothing to take back");
  }
  if (auto ok = run(); !ok) return ok;
  return release(ord);
}

base::Status Reactions::write_off(const std::string& site, const std::string& station,
                                  const Word& word) {
  if (!stations_.knows(site, station)) {
    return base::fail(Fault::reject, "station: \"" + site + "/" + station +
                                         "\" is not known; `dockline stations` lists them");
  }
  stations_.write_off(site, station);
  wire::StationWrittenOff off{site, station, std::nullopt, word.why, word.by};
  if (restored_) off.census = census_;
  const auto kept = core_.record(std::move(off), {.subject = site + "/" + station});
  if (!kept) return base::pass(kept.error());
  const auto leases = core_.store->orders.leases_at(site, station);
  for (const auto& lease : leases) {
    if (auto ok = free_lease(lease, "forced", word, true); !ok) return ok;
  }
  if (auto ok = run(); !ok) return ok;
  if (auto ok = end_restore(); !ok) return ok;
  for (const auto& lease : leases) {
    if (auto ok = release(lease.ord); !ok) return ok;
  }
  return run();
}

base::Status Reactions::write_off_waiting(const Word& word) {
  if (!restored_) return core_.store->trouble();
  const auto rows = core_.store->leases.census(census_);
  for (const auto& row : rows) {
    if (row.state != "waiting") continue;
    if (auto ok = write_off(row.site, row.station, word); !ok) return ok;
  }
  return core_.store->trouble();
}

// ---------------------------------------------------------------- boxes without the right to
void Reactions::raise_fenced(const std::string& box_id, const std::string& order,
                             const std::string& context) {
  const auto box = core_.store->leases.box(box_id);
  const auto ord = core_.store->orders.ord_of(order);
  const auto head = ord ? core_.store->orders.head(*ord) : std::nullopt;
  const auto lease = box ? core_.store->orders.lease(box->lease) : std::nullopt;
  const std::string subject = order + "#" + box_id;
  if (head && lease && lease->state == "done") {
    core_.raise("packed_twice", subject,
                "Order " + head->number + " was packed twice: at " + lease->site + "/" +
                    lease->station + " (" + lease->label.tracking + ") and at " + box->site + "/" +
                    box->station + " (" + box->label.tracking + ").",
                context);
    return;
  }
  core_.raise("fenced_work", subject,
              head ? "A box of order " + head->number +
                         " was packed under a lease that is no longer its own."
                   : "A box was packed for an order that is not known here: " + order + ".",
              context,
              head ? "" : "Enter the order if it is real; else open the box and put it back.");
}

base::Status Reactions::accept(const std::string& id, const Word& word) {
  auto& books = core_.store->orders;
  const auto box = core_.store->leases.box(id);
  if (!box || box->state != "open") {
    return base::fail(Fault::conflict, "this box was opened, put back or accepted already");
  }
  const auto ord = books.ord_of(box->order);
  if (!ord) {
    return base::fail(Fault::conflict, "order " + box->order +
                                           " is not known here; enter it first, or open the box "
                                           "and put its goods back");
  }
  const auto lease = books.lease(box->lease);
  if (lease && lease->state == "done") {
    return base::fail(Fault::conflict, "the order was packed meanwhile at " + lease->site + "/" +
                                           lease->station + " (" + lease->label.tracking +
                                           "); open one of the two boxes and put it back");
  }
  // By line: what the order wants of it, and of that what other benches are to pack. The parts of
  // an order that was taken back go on under each other's leases: the box's own may have none of
  // it.
  domain::Quantity wanted = 0;
  std::map<std::int64_t, domain::Quantity> elsewhere;
  for (const auto& packed : core_.store->leases.lines(id)) {
    const auto line = books.line(*ord, packed.line);
    if (!line || line->sku != packed.sku) continue;
    const auto free = line->units.unrouted() + line->units.at(orders::UnitState::allocated);
    const auto some = std::min(packed.quantity, free + line->units.at(orders::UnitState::released));
    wanted += some;
    elsewhere[packed.line] += some - free;
  }
  if (wanted == 0) {
    return base::fail(Fault::conflict,
                      "the order wants nothing of it any more; open the box and put it back");
  }
  const auto reserved = books.reservations(*ord);
  const auto takes = [&](const store::Lease& one) {
    bool any = false;
    for (const auto& r : reserved) {
      const auto at = elsewhere.find(r.line);
      if (r.lease != one.lease || at == elsewhere.end() || at->second < 1) continue;
      at->second -= r.quantity;
      any = true;
    }
    return any;
  };
  if (lease && is_held(*lease)) {
    takes(*lease);
    if (auto ok = free_lease(*lease, "moved", word, true); !ok) return ok;
  }
  for (const auto& other : books.leases(*ord)) {
    if (!is_held(other) || other.lease == box->lease || !takes(other)) continue;
    // Its pieces are needed for this box at once; what is packed of them all the same is fenced.
    if (auto ok = free_lease(other, "forced", word, true); !ok) return ok;
  }
  const auto kept =
      core_.record(wire::PackAccepted{box->order, {box->lease, box->epoch}, id, word.why, word.by},
                   {.subject = box->order});
  return kept ? base::Status{} : base::pass(kept.error());
}

base::Status Reactions::on(const Fresh& fresh, const wire::PackAccepted& data) {
  const auto ord = core_.store->orders.ord_of(data.order);
  const auto head = ord ? core_.store->orders.head(*ord) : std::nullopt;
  const auto box = core_.store->leases.box(data.box);
  if (!head || !box || box->state != "accepted") return {};
  touch_order(*ord, fresh.event.time_ms);
  tell_status(*ord, fresh.event.time_ms);
  if (auto ok = fulfil(fresh.event.time_ms, *head, box->label.tracking); !ok) return ok;
  if (auto ok = route(*ord, "what was not in the box"); !ok) return ok;
  return release(*ord);
}

}  // namespace dockline::server
