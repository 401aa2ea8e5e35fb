// What a closed box, a reopened one and a call for help set off.
#include "server/app/delays.hpp"
#include "server/app/reactions.hpp"

namespace dockline::server {
namespace {

std::string box_of(const wire::PackClosed& data, const wire::Event& event) {
  std::string text = "Box " + data.label.tracking + " closed at " + event.source + ":";
  std::size_t listed = 0;
  for (const auto& line : data.lines) {
    if (++listed > 20) return text + " and more";
    text += " " + std::to_string(line.packed) + " x " + line.sku;
    if (line.missing > 0) text += " (" + std::to_string(line.missing) + " missing)";
  }
  return text;
}

std::string words_of(const store::PackedLot& p) {
  std::string text = p.sku;
  if (!p.lot.empty()) text += " lot " + p.lot;
  if (!p.serial.empty()) text += " serial " + p.serial;
  if (p.expires_ms != 0) text += " good until " + base::to_rfc3339(p.expires_ms - 1).substr(0, 10);
  return text;
}

// What was scanned into a box and cannot be by the books. The pieces moved all the same.
void judge_lots(HubCore& core, const std::string& box, const std::string& where) {
  for (const auto& p : core.store->packed.of(box)) {
    const std::string name = p.serial.empty() ? p.lot : p.serial;
    if (p.unknown > 0) {
      core.raise("lot_unknown", p.sku + "@" + where.substr(0, where.find('/')) + "#" + name,
                 std::to_string(p.unknown) + " of " + words_of(p) + " were packed at " + where +
                     " for order " + p.order + "; the books have none on that shelf.",
                 "All pieces there have other lots by the books");
    }
    if (!p.other.empty()) {
      core.raise("serial_twice", p.sku + "#" + p.serial,
                 words_of(p) + " was packed at " + where + " for order " + p.order +
                     "; it is in the box of order " + p.other + " already.",
                 "Both boxes name it");
    }
  }
}

}  // namespace

base::Status Reactions::on(const Fresh& fresh, const wire::PackClosed& data) {
  const std::string site(parse_source(fresh.event.source).site);
  judge_lots(core_, fresh.accepted ? data.work.lease : fresh.event.id,
             fresh.event.source.substr(1));
  for (const auto& line : data.lines) {
    if (line.packed < 1) continue;
    core_.engine->touch(line.sku, fresh.event.time_ms);
    check_negative(line.sku, site);
  }
  const auto ord = core_.store->orders.ord_of(data.order);
  const auto head = ord ? core_.store->orders.head(*ord) : std::nullopt;
  if (!head || !fresh.accepted) return fenced(fresh, data, head ? &*head : nullptr);
  judge_box(fresh, data, *head);
  judge_closed(data, *head);
  note_pack_time(fresh, data, *ord);
  touch_order(*ord, fresh.event.time_ms);
  tell_status(*ord, fresh.event.time_ms);
  closed_[{*ord, data.label.tracking}] = fresh.event.time_ms;
  domain::Quantity missing = 0;
  for (const auto& line : data.lines) missing += line.missing;
  const std::string again =
      missing > 0 ? std::to_string(missing) + " missing at " + site : "what was not in the box";
  if (auto ok = route(*ord, again); !ok) return ok;
  if (auto ok = end_if_done(*ord); !ok) return ok;
  return release(*ord);
}

// Booked, and not the order's: the lost future of a restored server is taken in, everything else is
// for a person.
base::Status Reactions::fenced(const Fresh& fresh, const wire::PackClosed& data,
                               const store::OrderHead* head) {
  see_label(data.label);
  if (restored_) {
    see_epoch(data.work.epoch);
    if (head == nullptr) return {};  // the census brings the order
    const auto lease = core_.store->orders.lease(data.work.lease);
    if (!lease || (lease->state != "done" && data.work.epoch >= lease->epoch)) {
      auto done = accept(fresh.event.id, {"It was packed in what the server has lost", "server"});
      if (done || done.error().fault != base::Fault::conflict) return done;
    }
  }
  raise_fenced(fresh.event.id, data.order,
               box_of(data, fresh.event) + "; lease " + data.work.lease + ", epoch " +
                   std::to_string(data.work.epoch));
  return core_.store->trouble();
}

// Short picks, and pieces in the box that nobody wants (any more).
void Reactions::judge_box(const Fresh& fresh, const wire::PackClosed& data,
                          const store::OrderHead& head) {
  const std::string site(parse_source(fresh.event.source).site);
  for (const auto& line : data.lines) {
    if (line.missing < 1) continue;
    core_.raise("short_pick", line.sku + "@" + site,
                std::to_string(line.missing) + " of " + line.sku + " were not found at " + site +
                    " for order " + head.number + ".",
                "The books show " +
                    std::to_string(core_.store->stock.balance(line.sku, ledger::shelf(site))) +
                    " on that shelf");
  }
  domain::Quantity extra = 0;
  for (const auto& packed : core_.store->orders.parcel(data.work.lease)) {
    extra += packed.quantity - packed.accepted;
  }
  if (extra == 0) return;
  core_.raise("overpacked", head.id + "#" + data.label.tracking,
              "The box of order " + head.number + " holds " + std::to_string(extra) +
                  " pieces that the order does not want (any more).",
              box_of(data, fresh.event));
}

base::Status Reactions::on(const Fresh& fresh, const wire::PackReopened& data) {
  const auto ord = core_.store->orders.ord_of(data.order);
  const auto head = ord ? core_.store->orders.head(*ord) : std::nullopt;
  if (!head) return {};
  if (!fresh.accepted) {
    const auto from = parse_source(fresh.event.source);
    const auto box =
        core_.store->leases.newest_box(data.work.lease, data.work.epoch, from.site, from.station);
    return box ? settle_fenced(data.order + "#" + box->box) : core_.store->trouble();
  }
  touch_order(*ord, fresh.event.time_ms);
  raise_delay_again(core_, *head, "its box was opened again");
  const auto lease = core_.store->orders.lease(data.work.lease);
  if (lease) {
    if (auto ok = settle("told_twice", head->id + "#" + lease->label.tracking); !ok) return ok;
  }
  // Nobody packs it any further: it was held, or its label names the former address.
  if (lease && lease->state == "held" && (lease->stale || head->held)) {
    if (auto ok = revoke(*ord, lease->stale ? "changed" : "held"); !ok) return ok;
  }
  const auto handed = core_.store->handovers.find(data.work.lease);
  if (lease && handed && handed->state == "reopened") {
    core_.raise("reopened_after_handover", head->id,
                "The box of order " + head->number + " was opened again at " +
                    fresh.event.source.substr(1) + "; by the books it was handed over.",
                "Tracking " + lease->label.tracking);
  }
  if (lease && lease->told) {
    core_.raise("reopened_after_told", head->id,
                "The box of order " + head->number +
                    " was opened again after its channel was told that it left.",
                "Tracking " + lease->label.tracking);
  }
  return {};
}

base::Status Reactions::on(const Fresh& fresh, const wire::PackPutBack& data) {
  for (const auto& line : data.lines) {
    core_.engine->touch(line.sku, fresh.event.time_ms);
    core_.store->own.add_reroute(line.sku);
  }
  return core_.store->trouble();
}

// Its goods are on the shelf again: nothing is left to decide.
base::Status Reactions::settle_fenced(const std::string& subject) {
  for (const char* kind : {"fenced_work", "packed_twice"}) {
    if (auto ok = settle(kind, subject); !ok) return ok;
  }
  return core_.store->trouble();
}

base::Status Reactions::settle(std::string_view kind, const std::string& subject,
                               const std::string& action, const std::string& by) {
  const auto id = core_.store->cases.open_id(kind, subject);
  if (!id) return core_.store->trouble();
  const auto kept = core_.record(wire::ExceptionResolved{*id, action, by}, {.subject = subject});
  return kept ? core_.store->trouble() : base::pass(kept.error());
}

base::Status Reactions::on(const Fresh& fresh, const wire::ProblemNoted& data) {
  const std::string at = fresh.event.source.substr(1);
  core_.raise("bench_problem", at, "A packer at " + at + " asks for help (" + data.about + ").",
              (data.order ? "Order " + *data.order + ". " : std::string{}) +
                  (data.barcode ? "Barcode " + *data.barcode : std::string{}));
  return {};
}

base::Status Reactions::on(const Fresh& fresh, const wire::StationTrouble& data) {
  const std::string at = fresh.event.source.substr(1);
  core_.raise("station_trouble", at + "#" + data.kind, at + " reports: " + data.kind + ".",
              data.detail);
  return {};
}

void Reactions::tell_status(std::int64_t ord, std::int64_t caused_ms) {
  const auto head = core_.store->orders.head(ord);
  if (!head) return;
  const auto queued = core_.engine->tell_status(
      core_.now, core_.store->outbox, head->channel,
      {.order = head->id, .number = head->number, .status = head->state, .caused_ms = caused_ms});
  if (!queued) {
    core_.raise("other", head->channel, "The outbox takes nothing more for " + head->channel + ".",
                queued.error().detail);
  }
}

}  // namespace dockline::server
