#include "tests/sim/people/errands.hpp"

#include <algorithm>
#include <array>

#include "server/store/reader_receiving.hpp"
#include "tests/sim/people/customers.hpp"

namespace dockline::sim {

using namespace server;  // the commands

void Errands::one() {
  auto& draw = Officer::draw();
  const auto& sku = goods_.all()[draw.below(goods_.all().size())].sku;
  const auto& site = sites_[draw.below(sites_.size())];
  switch (draw.below(6)) {
    case 0:
    case 1:
      return move(sku, site);
    case 2:
      return deliver(sku, site);
    case 3:
      return transfer(sku);
    case 4:
      return count(sku, site);
    default:
      return answer();
  }
}

// A few pieces look odd; some minutes later they are fine, or thrown away.
void Errands::move(const std::string& sku, const std::string& site) {
  auto& draw = Officer::draw();
  if (draw.chance(400)) return tidy(sku, site);
  if (on_hand(sku, site) < 3) return;
  const auto pieces = draw.between(1, 2);
  const bool fine = draw.chance(700);
  const auto later = some_time(draw, 120'000);
  ask(MoveStock{sku, site, "shelf", "quarantine", pieces, "looks odd", {}}, "quarantined",
      [this, sku, site, pieces, fine, later](const Reply&) {
        world_.after(later, [this, sku, site, pieces, fine] {
          ask(MoveStock{sku,
                        site,
                        "quarantine",
                        fine ? "shelf" : "damaged",
                        pieces,
                        fine ? "is fine" : "is broken",
                        {}},
              fine ? "released" : "written_off");
        });
      });
}

// From one bin of the shelf to another, now and then as many as the whole shelf has, so that the
// next box finds the home bin empty; nobody looks first whether a bin holds them.
void Errands::tidy(const std::string& sku, const std::string& site) {
  static constexpr std::array kBins = {"", "B", "C"};
  auto& draw = Officer::draw();
  const auto from = draw.below(kBins.size());
  const auto to = (from + 1 + draw.below(kBins.size() - 1)) % kBins.size();
  const bool all = draw.chance(400);
  const auto pieces = all ? std::max<std::int64_t>(1, on_hand(sku, site)) : draw.between(1, 3);
  ask(MoveStock{sku, site, "shelf", "shelf", pieces, "tidied", {}, kBins[from], kBins[to]},
      "tidied");
}

// Announced and received in parts, a piece more or less; or not announced at all.
void Errands::deliver(const std::string& sku, const std::string& site) {
  auto& draw = Officer::draw();
  const auto pieces = draw.between(5, 40);
  if (draw.chance(300)) {
    ReceiveGoods goods{{}, site, sku, "", pieces, draw.chance(200) ? 1 : 0, {}, "office"};
    if (draw.chance(600)) {
      // Some keep for hours, some for minutes, some came too late; some are a customer's own.
      goods.lot.emplace();
      goods.lot->lot = "L" + std::to_string(draw.below(4));
      goods.lot->expires_ms = hub_.clock().now().wall_ms + draw.between(-2, 60) * 60'000;
      if (draw.chance(200)) goods.lot->ownership = "customer";
    }
    if (draw.chance(300)) goods.bin = "B";
    ask(std::move(goods), "received_blind");
    return;
  }
  const std::string id = "ASN-" + std::to_string(++deliveries_);
  const auto more = draw.chance(300) ? draw.between(-2, 2) : 0;
  const auto first = draw.between(1, pieces - 3);
  const auto later = some_time(draw, 120'000);
  ask(
      AnnounceDelivery{
          id, "POTTERS", site, hub_.clock().now().wall_ms + 600'000, {{sku, pieces}}, "api"},
      "announced", [this, id, sku, pieces, more, first, later](const Reply&) {
        world_.after(later, [this, id, sku, pieces, more, first, later] {
          ask(ReceiveGoods{id, "", sku, "", first, 0, {}, "office"}, "received_part",
              [this, id, sku, pieces, more, first, later](const Reply&) {
                world_.after(later, [this, id, sku, pieces, more, first] {
                  ask(ReceiveGoods{id, "", sku, "", pieces + more - first, 0, {}, "office"},
                      "received_rest", [this, id](const Reply&) {
                        ask(CloseDelivery{id, "that is all", "office"}, "delivery_closed");
                      });
                });
              });
        });
      });
}

// The receiving site may be heard first.
void Errands::transfer(const std::string& sku) {
  auto& draw = Officer::draw();
  if (sites_.size() < 2) return;
  const auto from = draw.below(sites_.size());
  const auto to = (from + 1 + draw.below(sites_.size() - 1)) % sites_.size();
  const auto here = on_hand(sku, sites_[from]);
  if (here < 5) return;
  const auto pieces = draw.between(2, std::min<std::int64_t>(here - 1, 10));
  const auto lost = draw.chance(150) ? 1 : 0;
  const bool ahead = draw.chance(200);
  const auto road = some_time(draw, 180'000);
  ask(OrderTransfer{sku, sites_[from], sites_[to], pieces, {}, "demand", "office"}, "transfer",
      [this, pieces, lost, ahead, road](const Reply& reply) {
        const auto id = reply.id;
        const auto send = [this, id, pieces] {
          ask(SendTransfer{id, pieces, {}, "office"}, "sent");
        };
        if (!ahead) send();
        world_.after(road, [this, id, pieces, lost, ahead, send] {
          ask(ReceiveTransfer{id, pieces - lost, 0, {}, "office"}, "transfer_received");
          if (ahead) send();
          world_.after(60'000, [this, id] {
            ask(CloseTransfer{id, "it is all", "office"}, "transfer_closed");
          });
        });
      });
}

// Somebody counts: what lies there by the books, a piece more or less now and then.
void Errands::count(const std::string& sku, const std::string& site) {
  auto& draw = Officer::draw();
  if (draw.chance(400)) {
    ask(AskCount{sku, site, "", "the office is not sure"}, "count_asked");
    return;
  }
  const auto found =
      std::max<std::int64_t>(0, on_hand(sku, site) + (draw.chance(300) ? draw.between(-1, 2) : 0));
  ask(CountStock{sku, site, found, "", "office"}, "counted");
}

// A task that waits is answered at the desk, or dropped.
void Errands::answer() {
  auto* reader = hub_.reader();
  if (reader == nullptr) return;
  const auto tasks = store::count_tasks(
      *reader, {.state = "open", .site = {}, .sku = {}, .after = {}, .limit = 1});
  if (!tasks || tasks->items.empty()) return;
  const auto& task = tasks->items.front();
  if (Officer::draw().chance(200)) {
    ask(DropCount{task.task, "not today"}, "count_dropped");
    return;
  }
  ask(CountStock{task.sku, task.site, std::max<std::int64_t>(0, on_hand(task.sku, task.site)), "",
                 "office"},
      "counted_as_asked");
}

}  // namespace dockline::sim
