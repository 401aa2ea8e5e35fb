#include "server/app/snapshot.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "server/app/bin_names.hpp"
#include "server/app/count_tasks.hpp"
#include "server/app/json_text.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server {
namespace {

namespace limits = base::limits;

constexpr std::int64_t kItemsPage = 100;

// Of a closed box the bench needs to know that it is closed and what was printed.
bool tells_of_closed(std::string_view type) {
  return type == wire::PackClosed::kType || type == wire::PackReopened::kType ||
         type == wire::LabelChanged::kType || type == wire::LeaseReturned::kType;
}

}  // namespace

StationSnapshot::StationSnapshot(HubCore& core, std::string site, std::string station,
                                 SnapshotSlots& slots)
    : core_(core), site_(std::move(site)), station_(std::move(station)), slots_(&slots) {}

StationSnapshot::~StationSnapshot() { end(); }

void StationSnapshot::end() {
  if (view_) --slots_->under_way;
  view_.reset();
  marks_.clear();
}

std::optional<sync::Cursor> StationSnapshot::begin() {
  end();
  if (slots_->under_way >= limits::kSnapshotsMax) {
    const std::pair me(site_, station_);
    if (std::ranges::find(slots_->waiting, me) == slots_->waiting.end()) {
      slots_->waiting.push_back(me);
    }
    return std::nullopt;
  }
  auto view = store::SnapshotView::open(core_.config.db_path, core_.config.vfs);
  if (!view) return std::nullopt;
  view_ = std::move(*view);
  ++slots_->under_way;
  at_ = view_->down(site_, station_);
  at_ms_ = core_.now.wall_ms;
  has_counts_ = counts_;
  if (!view_->trouble()) {
    end();
    return std::nullopt;
  }
  marks_.assign(1, Mark{});
  return at_;
}

// A piece is whole lines. Asked for again it is read again: the transaction still shows the cut.
std::optional<sync::SnapshotPiece> StationSnapshot::piece(std::uint32_t n) {
  if (!view_ || n == 0 || n > marks_.size()) return std::nullopt;
  Walk walk{marks_[n - 1], {}, {}};
  const std::size_t skip = std::exchange(walk.mark.line, 0);
  fill(walk);
  walk.mark.line = skip;
  sync::SnapshotPiece piece;
  while (walk.mark.section != Section::done && view_->trouble()) {
    if (walk.mark.line >= walk.lines.size()) {
      step_on(walk);
      continue;
    }
    const std::string& line = walk.lines[walk.mark.line];
    if (piece.bytes.size() + line.size() + 1 > limits::kPieceBytesMax) break;
    piece.bytes.append(line).push_back('\n');
    ++walk.mark.line;
  }
  if (!view_->trouble()) return std::nullopt;
  // What is left may be nothing but empty sections.
  while (walk.mark.section != Section::done && walk.mark.line >= walk.lines.size()) step_on(walk);
  piece.last = walk.mark.section == Section::done;
  if (!piece.last && marks_.size() == n) marks_.push_back(walk.mark);
  return piece;
}

void StationSnapshot::step_on(Walk& walk) {
  if (walk.last_key.empty()) {  // the section is read through
    walk.mark.section = static_cast<Section>(static_cast<int>(walk.mark.section) + 1);
  }
  walk.mark.key = walk.last_key;
  walk.mark.line = 0;
  fill(walk);
}

// Reads the group of rows that follows walk.mark.key; last_key is empty when there is none after.
void StationSnapshot::fill(Walk& walk) {
  walk.lines.clear();
  walk.last_key.clear();
  switch (walk.mark.section) {
    case Section::header:
      add_header(walk);
      break;
    case Section::items:
      add_items(walk);
      break;
    case Section::counts:
      if (has_counts_) add_counts(walk);
      break;
    case Section::in_force:
    case Section::closed: {
      const bool closed = walk.mark.section == Section::closed;
      const auto next =
          closed ? view_->closed(site_, station_, walk.mark.key, limits::kSnapshotClosedMax, 1)
                 : view_->in_force(site_, station_, walk.mark.key, 1);
      if (next.empty()) break;
      add_lease(walk, next[0], closed);
      walk.last_key = next[0];
      break;
    }
    case Section::done:
      break;
  }
}

void StationSnapshot::add_header(Walk& walk) {
  boost::json::array up;
  for (const auto& [inc, through] : view_->up(site_, station_)) {
    up.push_back(boost::json::array{inc, through});
  }
  walk.lines.push_back(boost::json::serialize(boost::json::object{{"snapshot", 1}, {"up", up}}));
  // A restored server asks before it tells: what the station was given in the lost future is named
  // by its answer, and stays at the bench until the server has decided.
  if (const auto census = view_->census(site_, station_); !census.empty()) {
    auto& own = core_.store->own;
    add_line(walk, wire::LeaseCensus{census, own.value("generation"), own.value("census_epoch")},
             census);
  }
}

void StationSnapshot::add_items(Walk& walk) {
  for (auto& sku : view_->skus(site_, walk.mark.key, kItemsPage)) {
    if (auto item = view_->stock.item(sku)) {
      add_line(
          walk,
          wire::CatalogueItem{std::move(*item), bins_of(view_->stock, view_->bins, sku, site_)},
          sku);
    }
    walk.last_key = std::move(sku);
  }
}

void StationSnapshot::add_counts(Walk& walk) {
  for (const auto& task : view_->counts.open_of(site_, station_, kCountsToldMost)) {
    add_line(walk, question(task, view_->stock), task.task);
  }
}

void StationSnapshot::add_lease(Walk& walk, const std::string& id, bool closed) {
  const auto lease = view_->orders.lease(id);
  const auto head = lease ? view_->orders.head(lease->ord) : std::nullopt;
  if (!head) return;
  auto grant = granted(*lease, *head);
  if (grant.lines.empty()) return;  // nothing of it is at this bench any more
  if (!closed && !lease->holder.empty()) grant.holder = lease->holder;
  add_line(walk, std::move(grant), head->id);
  view_->facts(lease->ord, "/" + site_ + "/" + station_,
               [&](std::string_view type, std::string_view body) {
                 if (!closed || tells_of_closed(type)) walk.lines.emplace_back(body);
               });
}

// The lines that were granted: what is reserved under the lease, or what its box holds.
wire::LeaseGranted StationSnapshot::granted(const store::Lease& lease,
                                            const store::OrderHead& head) {
  wire::LeaseGranted out;
  out.order = head.id;
  out.work = {lease.lease, lease.epoch};
  out.number = head.number;
  out.channel = head.channel;
  out.ship_to = address_of(head.ship_to_json);
  out.label = lease.label;
  const auto texts = view_->orders.texts(head.ord);
  const auto add = [&](std::int64_t number, const std::string& sku, domain::Quantity quantity) {
    domain::WorkLine line;
    line.line = number;
    line.sku = sku;
    line.quantity = quantity;
    line.bin = bins_for(view_->stock, view_->bins, sku, site_, quantity);
    for (const auto& text : texts) {
      if (text.line == number) line.title = text.title;
    }
    if (auto item = view_->stock.item(sku)) {
      line.title = item->title;
      line.detail = item->detail;
      line.barcodes = item->barcodes;
      line.weight_g = item->weight_g;
      line.tracked = item->tracked;
    }
    out.lines.push_back(std::move(line));
  };
  for (const auto& r : view_->orders.reservations(head.ord)) {
    if (r.lease == lease.lease) add(r.line, r.sku, r.quantity);
  }
  if (!out.lines.empty()) return out;
  for (const auto& p : view_->orders.parcel(lease.lease)) {
    if (p.quantity > 0) add(p.line, p.sku, p.quantity);
  }
  if (!out.lines.empty() || lease.state != "revoking") return out;
  // The order was cancelled whole: nothing is reserved, and the bench must still give it back.
  for (const auto& l : view_->orders.lines(head.ord)) add(l.line, l.sku, l.quantity);
  return out;
}

void StationSnapshot::add_line(Walk& walk, wire::EventData data, const std::string& subject) {
  wire::Event event;
  event.data = std::move(data);
  event.id = id_of("snapshot " + std::string(event.type()) + " " + subject + " " +
                   std::to_string(at_.through) + sync::to_hex(at_.chain));
  event.source = "/server";
  event.subject = subject;
  event.time_ms = at_ms_;
  // What does not fit into a fact could not be told when it was new either; it was raised then.
  if (auto bytes = wire::encode(event)) walk.lines.push_back(std::move(*bytes));
}

}  // namespace dockline::server
