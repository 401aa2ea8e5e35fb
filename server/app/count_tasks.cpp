#include "server/app/count_tasks.hpp"

#include "server/app/station.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {

wire::CountAsked question(const store::CountTask& task, store::StockBook& stock) {
  wire::CountAsked out;
  out.task = task.task;
  out.site = task.site;
  out.station = task.station;
  out.sku = task.sku;
  out.title = task.sku;
  out.why = task.why;
  if (auto item = stock.item(task.sku)) {
    out.title = item->title;
    out.barcodes = std::move(item->barcodes);
  }
  if (!task.bin.empty()) out.bin = task.bin;
  return out;
}

base::Status Stations::ask_count(const wire::CountAsked& asked) {
  const auto found = stations_.find({asked.site, asked.station});
  if (found == stations_.end() || !found->second->counts) return {};
  const auto told = tell(asked.site, asked.station, asked, asked.task);
  if (told || told.error().fault != base::Fault::reject) return told;
  core_.raise("other", asked.site + "/" + asked.station,
              asked.site + "/" + asked.station + " was not asked to count " + asked.sku + ".",
              told.error().detail);
  return {};
}

// Also to a bench that was not heard since this server's start: it may have been asked before.
base::Status Stations::drop_count(const store::CountTask& task, const std::string& why) {
  const auto found = stations_.find({task.site, task.station});
  if (found == stations_.end() || found->second->cannot_count) return {};
  return tell(task.site, task.station, wire::CountDropped{task.task, why}, task.task);
}

// A program that can count was heard where none was known of since this server's start. What it
// knows already it takes no second time.
base::Status Stations::see_counts(Station& s, bool counts) {
  s.cannot_count = !counts;
  if (s.counts == counts) return {};
  s.counts = counts;
  s.snapshot.set_counts(counts);
  if (!counts) return {};
  for (const auto& task : core_.store->counts.open_of(s.site, s.name, kCountsToldMost)) {
    if (auto ok = ask_count(question(task, core_.store->stock)); !ok) return ok;
  }
  return core_.store->trouble();
}

}  // namespace dockline::server
