// For tests of this and higher modules: a small shop in memory, and a bench that is easy to talk
// to.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/station/barcode.hpp"
#include "agent/station/station.hpp"

namespace dockline::agent::station::testing {

class MemoryBooks : public Books {
 public:
  base::Result<std::optional<Work>> find_work(std::string_view code) override {
    for (const auto& [id, w] : works) {
      if (equal_ignoring_case(id, code) || equal_ignoring_case(w.order.number, code) ||
          (w.order.tote && equal_ignoring_case(*w.order.tote, code))) {
        return w;
      }
    }
    return std::optional<Work>{};
  }
  base::Result<std::optional<Work>> work(std::string_view lease) override {
    for (const auto& [id, w] : works) {
      if (w.order.work.lease == lease) return w;
    }
    return std::optional<Work>{};
  }
  base::Result<std::optional<ItemHit>> find_item(std::string_view key) override {
    const auto found = items.find(std::string(key));
    if (found == items.end()) return std::optional<ItemHit>{};
    return found->second;
  }
  base::Result<std::optional<domain::WorkLine>> item(std::string_view sku) override {
    std::optional<domain::WorkLine> out;
    for (const auto& [key, hit] : items) {
      if (hit.sku != sku) continue;
      if (!out) out = domain::WorkLine{0, hit.sku, hit.title, {}, hit.bin, 0, {}, {}, {}};
      out->barcodes.push_back({key, hit.pieces});
    }
    return out;
  }
  base::Result<std::vector<Job>> sheets(std::string_view job) override {
    std::vector<Job> out;
    for (const auto& [id, sheet] : jobs) {
      if (sheet.job == job) out.push_back(sheet);
    }
    return out;
  }
  base::Result<std::optional<std::string>> box_with(std::string_view sku, std::string_view serial,
                                                    std::string_view but_lease) override {
    for (const auto& [id, w] : works) {
      if (w.order.work.lease == but_lease) continue;
      for (const auto& c : w.counts) {
        for (const auto& pieces : c.lots) {
          if (c.sku == sku && pieces.lot.serial == serial) return w.order.number;
        }
      }
    }
    return std::optional<std::string>{};
  }
  base::Result<std::optional<std::string>> box_under(std::string_view tracking,
                                                     std::string_view but_job) override {
    for (const auto& [id, sheet] : jobs) {
      if (sheet.state == JobState::applied && sheet.label.tracking == tracking &&
          sheet.job != but_job) {
        return sheet.number;
      }
    }
    return std::optional<std::string>{};
  }
  base::Result<std::optional<CountTask>> count_task(std::string_view task) override {
    for (const auto& one : counts) {
      if (one.task == task) return one;
    }
    return std::optional<CountTask>{};
  }
  base::Result<std::optional<CountTask>> next_count() override {
    return counts.empty() ? std::nullopt : std::optional(counts.front());
  }
  void take(const SaveWork& save) {
    for (auto& [id, w] : works) {
      if (w.order.work.lease != save.lease) continue;
      w.state = save.state;
      w.counts = save.counts;
    }
  }
  void drop(std::string_view lease) {
    std::erase_if(works, [&](const auto& entry) { return entry.second.order.work.lease == lease; });
  }

  std::map<std::string, Work> works;
  std::map<std::string, ItemHit> items;
  std::map<std::string, Job> jobs;  // by id
  std::vector<CountTask> counts;    // open ones
};

// "A100": two mugs (EAN, a case of 2, SKU) in bin B-1, a pot in A-1. "A200": one pot.
[[nodiscard]] inline MemoryBooks small_shop() {
  MemoryBooks books;
  Order a;
  a.order = "web:A100";
  a.work = {"lease-1", 1};
  a.number = "A100";
  a.channel = "web";
  a.ship_to.name = "Ada Example";
  a.lines = {{1,
              "MUG-RED",
              "Mug red",
              std::nullopt,
              "B-1",
              2,
              {{"4006381333931", 1}, {"14006381333938", 2}},
              300},
             {2, "POT", "Tea pot", std::nullopt, "A-1", 1, {{"96385074", 1}}, 900}};
  a.label = {"DL0000000017", "003401230000000014", "House", "parcel"};
  a.tote = "T-7";
  Order b = a;
  b.order = "web:A200";
  b.work = {"lease-2", 1};
  b.number = "A200";
  b.tote.reset();
  b.lines = {a.lines[1]};
  b.lines[0].line = 1;
  b.label = {"DL0000000024", "003401230000000021", "House", "parcel"};
  books.works["web:A100"] = {a, WorkState::open, {}};
  books.works["web:A200"] = {b, WorkState::open, {}};
  books.items[item_key("4006381333931")] = {"MUG-RED", "Mug red", "B-1", 1};
  books.items[item_key("96385074")] = {"POT", "Tea pot", "A-1", 1};
  books.items[item_key("5901234123457")] = {"MUG-BLUE", "Mug blue", "B-2", 1};
  return books;
}

}  // namespace dockline::agent::station::testing
