#include "server/app/projector.hpp"

#include <algorithm>

#include "server/orders/units.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

// The order a fact belongs to, for its timeline.
template <class T>
std::string_view order_of(const T& data) {
  if constexpr (requires { data.order.value_or(""); }) {
    return data.order ? std::string_view(*data.order) : std::string_view{};
  } else if constexpr (requires { data.order; }) {
    return data.order;
  } else if constexpr (requires { data.subject; }) {
    return data.subject;  // decisions and exceptions about an order
  } else {
    return {};
  }
}

}  // namespace

SiteStation parse_source(std::string_view source) {
  if (source.size() < 4 || source.front() != '/') return {};
  const auto slash = source.find('/', 1);
  if (slash == std::string_view::npos) return {};
  return {source.substr(1, slash - 1), source.substr(slash + 1)};
}

bool in_force(const store::Lease& lease, std::int64_t epoch, std::string_view source,
              std::string_view inc) {
  if (PLANT("lease-without-fence")) return true;
  const auto from = parse_source(source);
  return lease.epoch == epoch && from.site == lease.site && from.station == lease.station &&
         (lease.holder.empty() || lease.holder == inc) &&
         (lease.state == "held" || lease.state == "revoking");
}

bool opens_box_in_force(const std::optional<store::Lease>& lease, store::LeaseBook& boxes,
                        std::int64_t epoch, std::string_view source, std::string_view inc) {
  const auto from = parse_source(source);
  if (!lease || lease->state != "done" || lease->epoch != epoch || lease->site != from.site ||
      lease->station != from.station) {
    return false;
  }
  const auto other = boxes.open_box(lease->lease, epoch, from.site, from.station);
  return !other || other->holder != inc;
}

void Projector::fold(const Kept& kept, const wire::Event& event) {
  Kept at = kept;
  at.inc = event.dlinc;
  at.id = event.id;
  // Nothing is heard before it was done, whatever the clock of its station says.
  at.hlc = std::min(event.dlhlc != 0 ? static_cast<std::int64_t>(event.dlhlc) : kept.time_ms << 16,
                    kept.heard_ms << 16 | 0xffff);
  std::visit(
      [&](const auto& data) {
        on(at, data);
        const std::string_view order = order_of(data);
        if (order.empty()) return;
        if (const auto ord = orders_.ord_of(std::string(order))) orders_.note(*ord, at.position);
      },
      event.data);
}

void Projector::on(const Kept& at, const wire::DeviceChanged& data) {
  const auto from = parse_source(at.source);
  if (!from.site.empty()) cases_.put_device(from.site, from.station, at.time_ms, data);
}

void Projector::on(const Kept& at, const wire::ItemRegistered& data) {
  stock_.put_item(data.item, data.origin, at.position);
}

// What lies in the home bin goes along: the goods lie there now. So does what was put there before
// it was the home bin.
void Projector::on(const Kept& at, const wire::BinAssigned& data) {
  std::int64_t n = 0;
  move_bins(at, n, bins_.dissolve(data.sku, data.site, data.bin));
  stock_.put_bin(data.sku, data.site, data.bin);
}

void Projector::on(const Kept& at, const wire::StockMoved& data) {
  std::int64_t n = 0;
  ledger::Move move{data.sku,
                    data.quantity,
                    data.from,
                    data.to,
                    bin_of(data.sku, data.from, data.from_bin),
                    bin_of(data.sku, data.to, data.to_bin)};
  if (!move.from_bin.empty()) {
    // What the bin does not hold can only come from the home bin.
    const auto held = bins_.held(data.sku, ledger::site_of(data.from), move.from_bin);
    if (held > 0 && held < move.quantity) {
      auto first = move;
      first.quantity = held;
      book(at, n, data.reason, first, data.lot);
      move.quantity -= held;
    }
    if (held < data.quantity) move.from_bin.clear();
  }
  book(at, n, data.reason, move, data.lot);
}

void Projector::on(const Kept& at, const wire::ExceptionRaised& data) {
  cases_.raise(at.position, at.heard_ms, data);
}

void Projector::on(const Kept& at, const wire::ExceptionResolved& data) {
  if (const auto about = cases_.find(data.exception); about && about->open) {
    if (about->kind == "told_twice") decide_notice(about->subject, data.action);
  }
  cases_.resolve(at.heard_ms, data);
}

// What of a parcel is told after a person's word: all of it, or what its channel has not heard of
// under another label.
void Projector::decide_notice(const std::string& subject, std::string_view action) {
  const auto hash = subject.rfind('#');
  if (hash == std::string::npos || action != "keep_first") return;
  const auto ord = orders_.ord_of(subject.substr(0, hash));
  if (!ord) return;
  const std::string tracking = subject.substr(hash + 1);
  std::map<std::int64_t, store::Quantity> heard;
  for (const auto& other : orders_.told_elsewhere(*ord, tracking)) {
    if (other.told) heard[other.line] += other.quantity;
  }
  for (const auto& mine : orders_.notices(*ord)) {
    if (mine.tracking != tracking || heard[mine.line] == 0) continue;
    orders_.put_notice(*ord, tracking, mine.line, mine.quantity - heard[mine.line]);
  }
}

void Projector::on(const Kept& at, const wire::ChannelStockConfirmed& data) {
  stock_.put_told(data, at.time_ms);
}

void Projector::on(const Kept& at, const wire::ChannelFulfilmentConfirmed& data) {
  const auto ord = orders_.ord_of(data.order);
  if (!ord) return;
  orders_.set_fulfilled(*ord, at.time_ms);
  // The channel has let go of what it kept for these pieces, also when their label was taken from
  // the order while it was told of it.
  const auto before = kept_for(*ord);
  orders_.set_told(*ord, data.tracking);
  change_held(data.channel, *ord, before);
  auto lease = orders_.lease_by_tracking(*ord, data.tracking);
  if (!lease || lease->told) return;
  lease->told = true;
  orders_.put(*lease);
}

void Projector::on(const Kept&, const wire::ImportRecorded& data) {
  for (const auto& row : data.rows) cases_.put_import_row(data.fingerprint, row);
}

}  // namespace dockline::server
